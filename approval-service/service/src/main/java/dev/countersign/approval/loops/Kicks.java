package dev.countersign.approval.loops;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Tells the loops of this process that there is something to do. A lost kick costs one interval.
 */
@ApplicationScoped
public class Kicks {
  private final List<Loop> publishers = new CopyOnWriteArrayList<>();
  private final List<Loop> judges = new CopyOnWriteArrayList<>();

  void publisher(Loop loop) {
    publishers.add(loop);
  }

  void judge(Loop loop) {
    judges.add(loop);
  }

  /** A request's state changed and must be published. */
  public void somethingToPublish() {
    publishers.forEach(Loop::kick);
  }

  /** A policy changed and open prompts and grants must be judged again. */
  public void somethingToJudge() {
    judges.forEach(Loop::kick);
  }
}
