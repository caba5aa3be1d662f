package dev.countersign.approval.http;

import dev.countersign.approval.config.ApprovalConfig;
import dev.countersign.approval.policies.SessionKey;
import dev.countersign.approval.requests.RequestQueries;
import dev.countersign.approval.requests.StoredRequest;
import dev.countersign.approval.sessions.SessionReader;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.Receipt;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/** Receipts: every decision there is. */
@Path("/internal/receipts")
@Produces(MediaType.APPLICATION_JSON)
public class ReceiptResource {
  private static final int MAX_LIMIT = 1000;

  private final Callers callers;
  private final RequestQueries requests;
  private final SessionReader sessions;
  private final ApprovalConfig config;

  public ReceiptResource(
      Callers callers, RequestQueries requests, SessionReader sessions, ApprovalConfig config) {
    this.callers = callers;
    this.requests = requests;
    this.sessions = sessions;
    this.config = config;
  }

  /**
   * A page.
   *
   * @param next what to pass as {@code after} for the next page; null if this is the last
   */
  record Page(List<Receipt> receipts, String next) {}

  @GET
  public byte[] receipts(
      @HeaderParam("Authorization") String authorization,
      @QueryParam("sessionId") String sessionId,
      @QueryParam("requestId") String requestId,
      @QueryParam("after") @DefaultValue("0") long after,
      @QueryParam("limit") @DefaultValue("100") int limit) {
    Caller caller = callers.of(authorization);
    int size = Math.max(1, Math.min(limit, MAX_LIMIT));
    String session = sessionId == null && caller.agent() ? caller.subject() : sessionId;
    if (session != null && !visible(caller, session)) {
      throw ProblemException.notFound("unknown_session", "there is no session " + session);
    }
    String owner = caller.agent() || caller.admin() ? null : caller.subject();
    List<StoredRequest> found =
        requests.decided(caller.tenant(), owner, session, requestId, after, size);
    String next = found.size() < size ? null : Long.toString(found.get(found.size() - 1).seq());
    return Json.write(
        new Page(found.stream().map(r -> r.receipt(config.allowValidity())).toList(), next));
  }

  private boolean visible(Caller caller, String sessionId) {
    return sessions
        .find(new SessionKey(caller.tenant(), sessionId))
        .filter(caller::maySee)
        .isPresent();
  }
}
