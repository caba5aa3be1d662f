package dev.countersign.approval.loops;

import dev.countersign.approval.config.ApprovalConfig;
import dev.countersign.approval.deadlines.Cleaner;
import dev.countersign.approval.deadlines.DeadlineSweep;
import dev.countersign.approval.deadlines.PolicySweep;
import dev.countersign.approval.health.Progress;
import dev.countersign.approval.overrides.DocumentProjector;
import dev.countersign.approval.overrides.Erasures;
import dev.countersign.approval.overrides.SettlingSweep;
import dev.countersign.approval.policies.ManagedRulesImport;
import dev.countersign.approval.prompts.OpenPrompts;
import dev.countersign.approval.publish.StatePublisher;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Everything this service does by itself, each on a thread of its own. */
@ApplicationScoped
public class Loops {
  private static final Duration CLEANING = Duration.ofHours(1);
  private static final Duration STOPPING = Duration.ofSeconds(6);

  private final ApprovalConfig config;
  private final Kicks kicks;
  private final StatePublisher publisher;
  private final DeadlineSweep deadlines;
  private final PolicySweep policies;
  private final SettlingSweep settling;
  private final ManagedRulesImport managedRules;
  private final DocumentProjector projector;
  private final Erasures erasures;
  private final Cleaner cleaner;
  private final OpenPrompts openPrompts;
  private final Progress progress;
  private final List<Loop> running = new ArrayList<>();
  private volatile boolean stopping;

  public Loops(
      ApprovalConfig config,
      Kicks kicks,
      StatePublisher publisher,
      DeadlineSweep deadlines,
      PolicySweep policies,
      SettlingSweep settling,
      ManagedRulesImport managedRules,
      DocumentProjector projector,
      Erasures erasures,
      Cleaner cleaner,
      OpenPrompts openPrompts,
      Progress progress) {
    this.config = config;
    this.kicks = kicks;
    this.publisher = publisher;
    this.deadlines = deadlines;
    this.policies = policies;
    this.settling = settling;
    this.managedRules = managedRules;
    this.projector = projector;
    this.erasures = erasures;
    this.cleaner = cleaner;
    this.openPrompts = openPrompts;
    this.progress = progress;
  }

  void onStart(@Observes StartupEvent event) {
    Duration sweep = config.sweepInterval();
    start("managed rules", config.managedRulesInterval(), managedRules::importNewer);
    start(DocumentProjector.NAME, sweep, () -> projector.follow(() -> stopping));
    kicks.publisher(start(StatePublisher.NAME, sweep, publisher::publishAll));
    kicks.publisher(start(SettlingSweep.NAME, sweep, settling::sweep));
    start(DeadlineSweep.NAME, sweep, deadlines::sweep);
    kicks.judge(start(PolicySweep.NAME, sweep, policies::sweep));
    start(Erasures.NAME, sweep, erasures::sweep);
    start(Cleaner.NAME, CLEANING, cleaner::clean);
    start(OpenPrompts.NAME, config.metricsInterval(), openPrompts::read);
  }

  private Loop start(String name, Duration interval, Runnable work) {
    Loop loop = Loop.start(name, interval, work, progress);
    running.add(loop);
    return loop;
  }

  void onStop(@Observes ShutdownEvent event) {
    stopping = true;
    running.forEach(Loop::stop);
    long deadline = System.nanoTime() + STOPPING.toNanos();
    running.forEach(loop -> loop.awaitEnd(deadline));
  }
}
