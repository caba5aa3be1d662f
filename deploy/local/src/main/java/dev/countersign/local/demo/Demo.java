package dev.countersign.local.demo;

import dev.countersign.embedded.DevKeys;
import dev.countersign.local.Access;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.Topics;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Plays the main job against a ready stack and prints what was asked, what was decided and by whom.
 * Every run has users and sessions of its own, so that it can be played again and again.
 */
public final class Demo {
  private final PrintStream out;
  private final Table table =
      new Table("", "#", "via", "for", "mode", "asked", "decision", "decided by", "reason");
  private final List<String> faults = new ArrayList<>();

  private Demo(PrintStream out) {
    this.out = out;
  }

  /**
   * Whether everything went as it should.
   *
   * @param run a word that no earlier run on this state had
   */
  public static boolean play(Access access, DevKeys keys, String run, PrintStream out) {
    Demo demo = new Demo(out);
    try (PlainKafka kafka = new PlainKafka(access.kafka(), Topics.replies(Access.CLIENT))) {
      Player player = new Player(kafka, run);
      List<Scene> scenes = Script.scenes(new Cast(access, keys, run));
      for (int i = 0; i < scenes.size(); i++) {
        demo.scene(i + 1, player, scenes.get(i));
      }
      return demo.finish(scenes.size());
    }
  }

  private void scene(int number, Player player, Scene scene) {
    String fault;
    PermissionReply reply = null;
    try {
      reply = player.play(scene);
      fault = scene.expected().differences(reply);
      fault = fault.isEmpty() ? player.receiptFaults(scene, reply) : fault;
    } catch (RuntimeException e) {
      fault = e.getMessage();
    }
    table.row(
        fault.isEmpty() ? "ok" : "WRONG",
        String.valueOf(number),
        scene.way() == Scene.Way.KAFKA ? "Kafka" : "HTTP",
        scene.role().agent().user(),
        scene.role().session(),
        scene.asked(),
        reply == null ? "none" : decision(reply),
        reply == null ? "" : who(reply),
        reply == null ? "" : reply.reason());
    if (!fault.isEmpty()) {
      faults.add(number + ": " + fault);
    }
  }

  private boolean finish(int scenes) {
    out.println();
    table.print(out);
    out.println();
    faults.forEach(fault -> out.println("WRONG " + fault));
    out.printf(
        "%d of %d decisions are as they should be, each with one receipt that says the same.%n",
        scenes - faults.size(), scenes);
    return faults.isEmpty();
  }

  private static String decision(PermissionReply reply) {
    boolean plain = reply.code().equals("allowed") || reply.code().equals("denied");
    return word(reply.effect()) + (plain ? "" : ": " + reply.code());
  }

  private static String who(PermissionReply reply) {
    if (reply.user() != null) {
      return "user " + reply.user();
    }
    String by = word(reply.decidedBy());
    return reply.rule() == null ? by : by + " " + reply.rule();
  }

  private static String word(Object value) {
    return Json.mapper().valueToTree(value).asText();
  }
}
