package dev.countersign.local.demo;

import dev.countersign.local.Agent;
import dev.countersign.local.LaunchException;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.Receipt;
import java.util.List;

/** Plays scenes one after the other: asks, answers, waits for the decision, reads the receipt. */
final class Player {
  private static final int WAIT_SECONDS = 30;

  private final PlainKafka kafka;
  private final String run;
  private int questions;

  Player(PlainKafka kafka, String run) {
    this.kafka = kafka;
    this.run = run;
  }

  /** The decision as the agent got it. */
  PermissionReply play(Scene scene) {
    if (!scene.sameIdAsBefore()) {
      questions++;
    }
    Agent agent = scene.role().agent();
    if (scene.way() == Scene.Way.KAFKA) {
      return kafka.ask(
          agent.request(requestId(), scene.call(), scene.maxWaitMillis()), agent.sessionToken());
    }
    Agent.Status status = agent.ask(requestId(), scene.call(), scene.maxWaitMillis());
    if (status.decision() != null) {
      return status.decision();
    }
    if (scene.answer() != null) {
      agent.answer(status.promptId(), scene.answer()).orThrow();
    }
    PermissionReply decision = agent.read(requestId(), WAIT_SECONDS).decision();
    if (decision == null) {
      throw new LaunchException("no decision within " + WAIT_SECONDS + " s");
    }
    return decision;
  }

  private String requestId() {
    return "demo-" + run + "-" + questions;
  }

  /** What is wrong with the stored record of the last decision; empty if nothing is. */
  String receiptFaults(Scene scene, PermissionReply decision) {
    List<Receipt> receipts = scene.role().agent().receipts(requestId());
    if (receipts.size() != 1) {
      return receipts.size() + " receipts instead of one";
    }
    PermissionReply stored = receipts.get(0).decision();
    boolean another = decision.code().equals("request_id_reused");
    return another || stored.equals(decision) ? "" : "the receipt says otherwise: " + stored;
  }
}
