package dev.countersign.gateway.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.protocol.InvalidEventException;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.Problem;
import dev.countersign.protocol.token.TokenException;
import java.util.List;
import java.util.Map;

/** The problems this gateway answers with; the codes are the contract. */
public final class Problems {
  private Problems() {}

  /** A problem with the title that belongs to its code. */
  public static ProblemException of(int status, String code, String title, String detail) {
    return new ProblemException(Problem.of(status, code, title, detail));
  }

  /** 400: one field is wrong. */
  public static ProblemException invalid(String code, String field, String detail) {
    return invalid(400, code, field, detail);
  }

  /** A problem about one field. */
  public static ProblemException invalid(int status, String code, String field, String detail) {
    return aboutField(status, code, "The request is not valid.", field, detail);
  }

  /**
   * 403: what was asked for needs more authority than the caller has.
   *
   * @param field the setting that needs it; null if it is none
   */
  public static ProblemException notEntitled(String field, String detail) {
    String title = "This needs more authority.";
    return field == null
        ? of(403, "not_entitled", title, detail)
        : aboutField(403, "not_entitled", title, field, detail);
  }

  private static ProblemException aboutField(
      int status, String code, String title, String field, String detail) {
    Problem plain = Problem.of(status, code, title, detail);
    return new ProblemException(
        new Problem(
            plain.type(),
            title,
            status,
            detail,
            code,
            List.of(new Problem.FieldError(field, detail))));
  }

  /** 400: a body that breaks the protocol, or is no JSON at all. */
  public static ProblemException invalid(InvalidEventException e) {
    if (e.field().equals("$")) {
      return of(
          400,
          "malformed_json",
          "The body cannot be read.",
          "The body " + e.getMessage().substring(2) + ".");
    }
    return invalid("invalid_request", e.field(), e.getMessage());
  }

  /** 401, or 403 where the token is good but of the wrong type. */
  public static ProblemException token(TokenException e) {
    if (e.code().equals("wrong_type")) {
      return of(403, e.code(), "This token does not do here.", sentence(e.getMessage()));
    }
    String challenge = "Bearer realm=\"countersign\"";
    if (!e.code().equals("missing_token")) {
      challenge += ", error=\"invalid_token\"";
    }
    return of(401, e.code(), "A valid token is needed.", sentence(e.getMessage()))
        .header("WWW-Authenticate", challenge);
  }

  /** 403: only a person may do this. */
  public static ProblemException agentsCannotAnswer() {
    return of(
        403,
        "agents_cannot_answer",
        "Agents cannot answer prompts.",
        "A prompt is answered by a person; a session token can only ask.");
  }

  /** 413. */
  public static ProblemException tooLarge(long limit) {
    return of(
        413,
        "too_large",
        "The body is too large.",
        "The body is over the limit of " + limit + " bytes.");
  }

  /** 429. */
  public static ProblemException tooMany(String detail) {
    return of(429, "too_many_requests", "Too many requests are waiting.", detail)
        .header("Retry-After", "1");
  }

  /** 503: try again with the same id. */
  public static ProblemException unavailable(String code, String detail) {
    return of(503, code, "A part of the system is not available.", detail)
        .header("Retry-After", "1");
  }

  /** 503: what is stored cannot be read in time. */
  public static ProblemException approvalSilent() {
    return unavailable(
        "approval_unavailable",
        "The approval service does not answer; send the request again with the same id.");
  }

  /** The body of a problem's response, in JSON. */
  public static byte[] body(ProblemException e) {
    ObjectNode body = Json.mapper().valueToTree(e.problem());
    for (Map.Entry<String, Object> member : e.members().entrySet()) {
      body.set(member.getKey(), Json.mapper().valueToTree(member.getValue()));
    }
    return Json.write(body);
  }

  private static String sentence(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1) + ".";
  }
}
