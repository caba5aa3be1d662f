package dev.countersign.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.OverrideReply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * One writer among many. It makes one change after another, each through the same way, and each to
 * a place in the document that no other writer touches. It is as patient as a good client: what may
 * or may not have been done is asked for again until it is known to be done.
 */
final class SoakWriter {
  private static final List<String> LEVELS = List.of("ask", "never", "always");
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final long PAUSE_NANOS = Duration.ofMillis(50).toNanos();
  private static final int NOT_KNOWN = -1;

  /** The ways that lead to a user's document. */
  enum Way {
    COMMAND,
    TYPED,
    EDIT,
    IMPORT,
    WHOLE;

    /** The way of the writer with this number. */
    static Way of(int number) {
      return values()[number % values().length];
    }
  }

  /**
   * A change that the store said it has made.
   *
   * @param place which part of the document, see {@link SoakProof#places}
   * @param version of the document with the change; -1 if only known to be made
   */
  record Acknowledged(String user, String place, String value, long version, String id) {}

  /** One attempt: the version with the change, or -1 for done at an unknown one. */
  private interface Attempt {
    long run(int port) throws IOException;
  }

  /** Not done, and nothing is known to be wrong: to be tried again. */
  private static final class TryAgain extends IOException {
    private static final long serialVersionUID = 1L;
  }

  private final String name;
  private final Way way;
  private final StoreClient store;
  private final OverrideCommander commander;
  private final Supplier<List<Integer>> ports;
  private final Random random;
  private final Map<String, Integer> counts = new HashMap<>();
  private final String run;

  SoakWriter(
      String run,
      int number,
      StoreClient store,
      OverrideCommander commander,
      Supplier<List<Integer>> ports) {
    this.run = run;
    this.way = Way.of(number);
    this.name = name(way, number);
    this.store = store;
    this.commander = commander;
    this.ports = ports;
    this.random = new Random(number);
  }

  /** The rule in which an editor keeps count; it must be in the document before. */
  static String rule(String name, int count) {
    return "Bash(" + name + " n" + count + " *)";
  }

  static String name(Way way, int number) {
    return way.name().toLowerCase(Locale.ROOT) + "-w" + number;
  }

  /** Changes the documents of these users until there is enough; every change is acknowledged. */
  void write(List<String> users, BooleanSupplier enough, Collection<Acknowledged> done)
      throws Exception {
    while (!enough.getAsBoolean()) {
      String user = users.get(random.nextInt(users.size()));
      int count = counts.merge(user, 1, Integer::sum);
      done.add(change(user, count));
    }
  }

  private Acknowledged change(String user, int count) throws Exception {
    String level = LEVELS.get(count % LEVELS.size());
    String id = "%s-%s-%s-%d".formatted(run, name, user, count);
    return switch (way) {
      case COMMAND -> {
        OverrideReply reply = commander.set(user, name, level, id);
        if (!reply.ok()) {
          throw new AssertionError(reply.code() + ": " + reply.detail());
        }
        yield new Acknowledged(user, name, level, reply.version(), id);
      }
      case TYPED ->
          new Acknowledged(
              user,
              name,
              level,
              until(port -> ok(store.set(port, user, name, level, id))),
              StoreClient.commandId(user, id));
      case IMPORT -> new Acknowledged(user, name, level, imported(user, level), null);
      case EDIT -> new Acknowledged(user, name, "n" + count, edited(user, count), null);
      case WHOLE -> new Acknowledged(user, name, "n" + count, written(user, count), null);
    };
  }

  /** Without knowing any version: the old text is replaced wherever the document stands. */
  private long edited(String user, int count) throws IOException {
    boolean[] again = new boolean[1];
    return until(
        port -> {
          boolean first = !again[0];
          again[0] = true;
          StoreClient.Answer answer =
              store.edit(port, user, rule(name, count - 1), rule(name, count));
          if (answer.status() == 409 && !first && holds(port, user, rule(name, count))) {
            return NOT_KNOWN;
          }
          return ok(answer);
        });
  }

  /** A file with one override, changed now; what is newer in the meantime is imported over. */
  private long imported(String user, String level) throws IOException {
    return until(
        port -> {
          StoreClient.Answer answer = store.importOverride(port, user, name, level);
          if (answer.status() == 412) {
            throw new TryAgain();
          }
          ok(answer);
          JsonNode report = Json.readTree(answer.body().getBytes(StandardCharsets.UTF_8));
          if (report.path("changed").asBoolean()) {
            return report.path("version").asLong();
          }
          if (report.at("/lines/0/outcome").asText().equals("kept")) {
            throw new TryAgain();
          }
          return NOT_KNOWN;
        });
  }

  private boolean holds(int port, String user, String text) throws IOException {
    StoreClient.Answer answer = store.read(port, user);
    ok(answer);
    return answer.body().contains(text);
  }

  /** Reads, changes and writes until nobody came between. */
  private long written(String user, int count) throws IOException {
    return until(
        port -> {
          while (true) {
            StoreClient.Answer read = store.read(port, user);
            ok(read);
            if (read.body().contains(rule(name, count))) {
              return NOT_KNOWN;
            }
            StoreClient.Answer answer =
                store.write(port, user, with(read.body(), count), read.etag());
            if (answer.status() != 412) {
              return ok(answer);
            }
          }
        });
  }

  private String with(String document, int count) {
    ObjectNode root = (ObjectNode) Json.readTree(document.getBytes(StandardCharsets.UTF_8));
    ArrayNode deny = (ArrayNode) root.at("/rules/deny");
    for (int i = deny.size() - 1; i >= 0; i--) {
      if (deny.get(i).asText().equals(rule(name, count - 1))) {
        deny.remove(i);
      }
    }
    deny.add(rule(name, count));
    return new String(Json.write(root), StandardCharsets.UTF_8);
  }

  private static long ok(StoreClient.Answer answer) throws TryAgain {
    if (answer.status() == 503 || answer.status() == 429) {
      throw new TryAgain();
    }
    if (answer.status() != 200) {
      throw new AssertionError(answer.toString());
    }
    return answer.etag() == null ? NOT_KNOWN : answer.version();
  }

  private long until(Attempt attempt) throws IOException {
    for (long deadline = System.nanoTime() + PATIENCE.toNanos(); ; ) {
      List<Integer> now = ports.get();
      try {
        return attempt.run(now.get(random.nextInt(now.size())));
      } catch (IOException e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }
}
