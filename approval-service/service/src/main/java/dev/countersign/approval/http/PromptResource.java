package dev.countersign.approval.http;

import dev.countersign.approval.policies.SessionKey;
import dev.countersign.approval.prompts.PromptPages;
import dev.countersign.approval.prompts.PromptPages.Page;
import dev.countersign.approval.prompts.PromptPages.Wanted;
import dev.countersign.approval.prompts.PromptStore;
import dev.countersign.approval.prompts.StoredPrompt;
import dev.countersign.approval.requests.RequestMessages;
import dev.countersign.approval.sessions.SessionReader;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.PromptState;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** Prompts as they stand. */
@Path("/internal/prompts")
@Produces(MediaType.APPLICATION_JSON)
public class PromptResource {
  private static final int MAX_LIMIT = 1000;
  private static final Logger LOG = Logger.getLogger(PromptResource.class);

  private final Callers callers;
  private final PromptStore prompts;
  private final PromptPages pages;
  private final SessionReader sessions;
  private final RequestMessages messages;

  public PromptResource(
      Callers callers,
      PromptStore prompts,
      PromptPages pages,
      SessionReader sessions,
      RequestMessages messages) {
    this.callers = callers;
    this.prompts = prompts;
    this.pages = pages;
    this.sessions = sessions;
    this.messages = messages;
  }

  /**
   * A page of the prompts that are open or settling, oldest first.
   *
   * @param next what to pass as {@code after} for the next page; null if this is the last
   */
  record Listing(List<PromptState> prompts, String next) {}

  /**
   * One prompt.
   *
   * @param prompt null once it ended
   * @param decision null until it ended
   */
  record View(PromptState prompt, String state, PermissionReply decision) {}

  @GET
  public byte[] prompts(
      @HeaderParam("Authorization") String authorization,
      @QueryParam("sessionId") String sessionId,
      @QueryParam("after") @DefaultValue("0") String after,
      @QueryParam("limit") @DefaultValue("1000") int limit) {
    Caller caller = callers.of(authorization);
    Wanted wanted = wanted(after, limit);
    Page found;
    if (sessionId != null || caller.agent()) {
      String session = sessionId == null ? caller.subject() : sessionId;
      if (!visible(caller, session)) {
        throw ProblemException.notFound("unknown_session", "there is no session " + session);
      }
      found = pages.ofSession(caller.tenant(), session, wanted);
    } else if (caller.admin()) {
      found = pages.ofTenant(caller.tenant(), wanted);
    } else {
      found = pages.ofOwner(caller.tenant(), caller.subject(), wanted);
    }
    List<PromptState> shown = found.prompts().stream().flatMap(PromptResource::shown).toList();
    return Json.write(new Listing(shown, found.next() == null ? null : found.next().toString()));
  }

  private static Wanted wanted(String after, int limit) {
    if (!after.matches("\\d{1,18}")) {
      throw new ProblemException(
          400,
          "invalid_parameter",
          "The request cannot be read",
          "after must be what a page named as next");
    }
    return new Wanted(Long.parseLong(after), Math.max(1, Math.min(limit, MAX_LIMIT)));
  }

  /** One that cannot be shown hides none of the others. */
  private static Stream<PromptState> shown(StoredPrompt prompt) {
    try {
      return Stream.of(prompt.state());
    } catch (RuntimeException e) {
      LOG.errorf(e, "Prompt %s cannot be shown", prompt.request().promptId());
      return Stream.empty();
    }
  }

  @GET
  @Path("/{id}")
  public byte[] prompt(
      @HeaderParam("Authorization") String authorization, @PathParam("id") String id) {
    Caller caller = callers.of(authorization);
    StoredPrompt prompt =
        prompts
            .find(caller.tenant(), id)
            .filter(p -> visible(caller, p.request().key().sessionId()))
            .orElseThrow(
                () -> ProblemException.notFound("unknown_prompt", "there is no prompt " + id));
    boolean decided = prompt.request().decided();
    return Json.write(
        new View(
            decided ? null : prompt.state(),
            prompt.request().state().word(),
            decided ? messages.decision(prompt.request()) : null));
  }

  private boolean visible(Caller caller, String sessionId) {
    return sessions
        .find(new SessionKey(caller.tenant(), sessionId))
        .filter(caller::maySee)
        .isPresent();
  }
}
