package dev.countersign.bench;

import com.cedarpolicy.model.AuthorizationRequest;
import dev.countersign.policy.ToolCall;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One decision, timed again and again; its median is what counts. */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DecisionBenchmark {
  private static final Map<Integer, CountersignEngine> COUNTERSIGN = new ConcurrentHashMap<>();
  private static final Map<Integer, CedarEngine> CEDAR = new ConcurrentHashMap<>();

  /** Countersign with so many rules; compiled once in a process. */
  @State(Scope.Benchmark)
  public static class Countersign {
    /** How many rules. */
    @Param("10")
    public int size;

    /** The name of a {@link BenchCall}. */
    @Param("TOOL")
    public String call;

    private CountersignEngine engine;
    private ToolCall asked;

    /** Finds the engine. */
    @Setup
    public void prepare() {
      engine = COUNTERSIGN.computeIfAbsent(size, n -> new CountersignEngine(BenchRules.of(n)));
      asked = BenchCall.valueOf(call).countersign();
    }
  }

  /** Cedar with as many policies. */
  @State(Scope.Benchmark)
  public static class Cedar {
    /** How many policies. */
    @Param("10")
    public int size;

    /** The name of a {@link BenchCall}. */
    @Param("TOOL")
    public String call;

    private CedarEngine engine;
    private List<AuthorizationRequest> requests;

    /** Finds the engine. */
    @Setup
    public void prepare() {
      engine = CEDAR.computeIfAbsent(size, n -> new CedarEngine(BenchRules.of(n)));
      requests = CedarEngine.requests(BenchCall.valueOf(call));
    }
  }

  /** Decides. */
  @Benchmark
  public Object countersign(Countersign state) {
    return state.engine.decide(state.asked);
  }

  /** Decides. */
  @Benchmark
  public Object cedar(Cedar state) {
    return state.engine.effect(state.requests);
  }

  /** Work that never changes: its spread is the machine's. */
  @Benchmark
  public Object reference() throws NoSuchAlgorithmException {
    return MessageDigest.getInstance("SHA-256").digest(new byte[4096]);
  }
}
