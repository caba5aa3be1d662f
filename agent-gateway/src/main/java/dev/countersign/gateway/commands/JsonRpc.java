package dev.countersign.gateway.commands;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.protocol.Json;
import java.util.Map;

/** The forms of JSON-RPC 2.0. */
final class JsonRpc {
  static final int PARSE_ERROR = -32700;
  static final int INVALID_REQUEST = -32600;
  static final int METHOD_NOT_FOUND = -32601;
  static final int INVALID_PARAMS = -32602;
  static final int INTERNAL_ERROR = -32603;

  /** The command was understood and refused; {@code data} has the code and the detail. */
  static final int REFUSED = -32000;

  /** A call of a method. A notification has no id and gets no response. */
  record Call(JsonNode id, String method, ObjectNode params) {
    boolean isNotification() {
      return id == null;
    }

    /** The id of the response. */
    JsonNode responseId() {
      return id == null ? NullNode.getInstance() : id;
    }
  }

  /** What is wrong with a call. */
  static final class Fault extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int code;
    private final transient Map<String, ?> data;

    Fault(int code, String message, Map<String, ?> data) {
      super(message, null, false, false);
      this.code = code;
      this.data = data;
    }

    static Fault params(String field, String detail) {
      return new Fault(INVALID_PARAMS, "Invalid params", Map.of("field", field, "detail", detail));
    }
  }

  private JsonRpc() {}

  /** Reads one call. */
  static Call read(JsonNode call) {
    if (!call.isObject()) {
      throw invalid("a call is an object");
    }
    JsonNode id = call.get("id");
    if (id != null && !id.isTextual() && !id.isNumber() && !id.isNull()) {
      throw invalid("id is a string, a number or null");
    }
    if (!"2.0".equals(call.path("jsonrpc").textValue())) {
      throw invalid("jsonrpc must be \"2.0\"");
    }
    if (!call.path("method").isTextual()) {
      throw invalid("method must be a string");
    }
    JsonNode params = call.get("params");
    if (params != null && !params.isObject() && !params.isArray()) {
      throw invalid("params must be an object");
    }
    if (params != null && params.isArray()) {
      throw new Fault(
          INVALID_PARAMS, "Invalid params", Map.of("detail", "params are given by name"));
    }
    return new Call(
        id,
        call.get("method").textValue(),
        params == null ? JsonNodeFactory.instance.objectNode() : (ObjectNode) params);
  }

  /** The id to answer under when a call cannot be read. */
  static JsonNode idOf(JsonNode call) {
    JsonNode id = call.path("id");
    return id.isTextual() || id.isNumber() ? id : NullNode.getInstance();
  }

  static ObjectNode result(JsonNode id, Object result) {
    ObjectNode response = response(id);
    response.set("result", Json.mapper().valueToTree(result));
    return response;
  }

  static ObjectNode error(JsonNode id, Fault fault) {
    ObjectNode response = response(id);
    ObjectNode error = response.putObject("error");
    error.put("code", fault.code).put("message", fault.getMessage());
    if (!fault.data.isEmpty()) {
      error.set("data", Json.mapper().valueToTree(fault.data));
    }
    return response;
  }

  private static Fault invalid(String detail) {
    return new Fault(INVALID_REQUEST, "Invalid Request", Map.of("detail", detail));
  }

  private static ObjectNode response(JsonNode id) {
    ObjectNode response = JsonNodeFactory.instance.objectNode();
    response.put("jsonrpc", "2.0");
    response.set("id", id);
    return response;
  }
}
