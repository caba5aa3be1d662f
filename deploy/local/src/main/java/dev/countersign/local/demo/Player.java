package dev.countersign.local.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.local.Gateway;
import dev.countersign.local.LaunchException;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.PermissionRequest;
import dev.countersign.protocol.PromptOption;
import dev.countersign.protocol.Receipt;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
    return scene.way() == Scene.Way.KAFKA ? overKafka(scene) : overHttp(scene);
  }

  private String requestId() {
    return "demo-" + run + "-" + questions;
  }

  private PermissionReply overKafka(Scene scene) {
    PermissionRequest request =
        new PermissionRequest(
            null,
            scene.agent().sessionId(),
            requestId(),
            null,
            scene.call(),
            scene.maxWaitMillis(),
            null,
            null);
    return kafka.ask(request, scene.agent().sessionToken());
  }

  private PermissionReply overHttp(Scene scene) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("requestId", requestId());
    body.put("toolCall", scene.call());
    if (scene.maxWaitMillis() != null) {
      body.put("maxWaitMillis", scene.maxWaitMillis());
    }
    Gateway agent = scene.agent().agent();
    String session = scene.agent().sessionId();
    Gateway.Reply reply = agent.post("/v1/sessions/" + session + "/requests", body);
    if (reply.status() == 202) {
      if (scene.answer() != null) {
        answer(scene, reply.body().path("promptId").asText());
      }
      reply = agent.get("/v1/requests/" + requestId() + "?sessionId=" + session, WAIT_SECONDS);
    }
    // A question that was none, such as a used id, is a problem that holds the decision.
    JsonNode decision = reply.body().has("decision") ? reply.body().path("decision") : reply.body();
    if (!decision.has("effect")) {
      throw new LaunchException("no decision but " + reply.status() + " " + reply.body());
    }
    return read(decision, PermissionReply.class);
  }

  private static void answer(Scene scene, String promptId) {
    Gateway person = scene.agent().person();
    JsonNode prompt = person.get("/v1/prompts/" + promptId).orThrow().path("prompt");
    List<PromptOption> options = new ArrayList<>();
    prompt.path("options").forEach(option -> options.add(read(option, PromptOption.class)));
    PromptOption chosen =
        options.stream()
            .filter(option -> option.kind() == scene.answer())
            .filter(option -> option.scope() == scope(scene.answer()))
            .findFirst()
            .orElseThrow(
                () ->
                    new LaunchException("the prompt offers no " + scene.answer() + ": " + prompt));
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("optionId", chosen.optionId());
    answer.put("digest", prompt.path("digest").asText());
    person.post("/v1/prompts/" + promptId + "/answer", answer).orThrow();
  }

  private static PromptOption.Scope scope(PromptOption.Kind kind) {
    return switch (kind) {
      case ALLOW_ONCE, REJECT_ONCE -> PromptOption.Scope.ONCE;
      case ALLOW_ALWAYS, REJECT_ALWAYS -> PromptOption.Scope.ALWAYS;
    };
  }

  /** What is wrong with the stored record of the last decision; empty if nothing is. */
  String receiptFaults(Scene scene, PermissionReply decision) {
    JsonNode receipts =
        scene
            .agent()
            .person()
            .get(
                "/v1/receipts?sessionId=%s&requestId=%s"
                    .formatted(scene.agent().sessionId(), requestId()))
            .orThrow()
            .path("receipts");
    if (receipts.size() != 1) {
      return receipts.size() + " receipts instead of one";
    }
    PermissionReply stored = read(receipts.get(0), Receipt.class).decision();
    boolean another = decision.code().equals("request_id_reused");
    return another || stored.equals(decision) ? "" : "the receipt says otherwise: " + stored;
  }

  private static <T> T read(JsonNode json, Class<T> type) {
    return Json.read(Json.write(json), type);
  }
}
