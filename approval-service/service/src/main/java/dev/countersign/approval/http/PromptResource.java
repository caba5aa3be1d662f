package dev.countersign.approval.http;

import dev.countersign.approval.policies.SessionKey;
import dev.countersign.approval.prompts.PromptStore;
import dev.countersign.approval.prompts.StoredPrompt;
import dev.countersign.approval.requests.RequestMessages;
import dev.countersign.approval.sessions.SessionReader;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.PromptState;
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
  private static final Logger LOG = Logger.getLogger(PromptResource.class);

  private final Callers callers;
  private final PromptStore prompts;
  private final SessionReader sessions;
  private final RequestMessages messages;

  public PromptResource(
      Callers callers, PromptStore prompts, SessionReader sessions, RequestMessages messages) {
    this.callers = callers;
    this.prompts = prompts;
    this.sessions = sessions;
    this.messages = messages;
  }

  /**
   * The prompts that are open or settling, oldest first.
   *
   * @param more true if there are others than fit into one answer; null if not
   */
  record Listing(List<PromptState> prompts, Boolean more) {}

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
      @QueryParam("sessionId") String sessionId) {
    Caller caller = callers.of(authorization);
    PromptStore.Undecided found;
    if (sessionId != null || caller.agent()) {
      String session = sessionId == null ? caller.subject() : sessionId;
      if (!visible(caller, session)) {
        throw ProblemException.notFound("unknown_session", "there is no session " + session);
      }
      found = prompts.undecidedIn(caller.tenant(), session);
    } else if (caller.admin()) {
      found = prompts.undecided(caller.tenant());
    } else {
      found = prompts.undecidedOf(caller.tenant(), caller.subject());
    }
    List<PromptState> shown = found.prompts().stream().flatMap(PromptResource::shown).toList();
    return Json.write(new Listing(shown, found.more() ? true : null));
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
