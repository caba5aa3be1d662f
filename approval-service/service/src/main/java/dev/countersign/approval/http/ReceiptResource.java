package dev.countersign.approval.http;

import dev.countersign.approval.config.ApprovalConfig;
import dev.countersign.approval.policies.SessionKey;
import dev.countersign.approval.requests.RequestQueries;
import dev.countersign.approval.requests.RequestQueries.Decided;
import dev.countersign.approval.requests.RequestQueries.Place;
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
   * A page, in the order of decisions.
   *
   * @param next what to pass as {@code after} for the next page; null if this is the last
   * @param cursor what to pass as {@code after} to go on from here later, also after the last page
   */
  record Page(List<Receipt> receipts, String next, String cursor) {}

  @GET
  public byte[] receipts(
      @HeaderParam("Authorization") String authorization,
      @QueryParam("sessionId") String sessionId,
      @QueryParam("requestId") String requestId,
      @QueryParam("after") @DefaultValue("0") String after,
      @QueryParam("limit") @DefaultValue("100") int limit) {
    Caller caller = callers.of(authorization);
    int size = Math.max(1, Math.min(limit, MAX_LIMIT));
    String session = sessionId == null && caller.agent() ? caller.subject() : sessionId;
    if (session != null && !visible(caller, session)) {
      throw ProblemException.notFound("unknown_session", "there is no session " + session);
    }
    String owner = caller.agent() || caller.admin() ? null : caller.subject();
    Place from =
        Place.of(after)
            .orElseThrow(
                () ->
                    new ProblemException(
                        400,
                        "invalid_parameter",
                        "The request cannot be read",
                        "after must be 0 or what a page named as next or cursor"));
    RequestQueries.Page page =
        requests.decided(caller.tenant(), owner, session, requestId, from, size);
    List<Decided> found = page.requests();
    String cursor =
        found.isEmpty() ? from.toString() : found.get(found.size() - 1).place().toString();
    return Json.write(
        new Page(
            found.stream().map(d -> d.request().receipt(config.allowValidity())).toList(),
            page.last() ? null : cursor,
            cursor));
  }

  private boolean visible(Caller caller, String sessionId) {
    return sessions
        .find(new SessionKey(caller.tenant(), sessionId))
        .filter(caller::maySee)
        .isPresent();
  }
}
