package dev.countersign.approval.overrides;

import dev.countersign.approval.kafka.Outgoing;
import dev.countersign.approval.prompts.StoredPrompt;
import dev.countersign.protocol.ChangeSource;
import dev.countersign.protocol.EventType;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.OverrideCommand;
import dev.countersign.protocol.PromptOption;
import dev.countersign.protocol.token.TokenSigner;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Makes the signed commands that store what a person settled for good. */
@ApplicationScoped
public class OverrideCommands {
  private static final String SUBJECT = "approval-service";
  private static final List<String> ROLES = List.of("service");

  private final TokenSigner signer;

  public OverrideCommands(TokenSigner signer) {
    this.signer = signer;
  }

  /** The id of the command that an answer to a prompt leads to: always the same one. */
  public static String idFor(String promptId) {
    return "prompt:" + promptId;
  }

  /** The command for what is settling: a person's choice, or an edit that only tightens. */
  public Outgoing of(StoredPrompt prompt, Instant now) {
    OverrideCommand command = prompt.storesEdit() ? write(prompt) : set(prompt);
    Outgoing outgoing = Outgoing.event(command, command.commandId(), now);
    String purpose = EventType.OVERRIDE_COMMANDED.ceType();
    String assertion =
        signer.signAssertion(
            SUBJECT, command.tenant(), ROLES, purpose, outgoing.value(), Map.of(), now);
    return outgoing.with(Headers.ASSERTION, assertion);
  }

  private static OverrideCommand write(StoredPrompt prompt) {
    StoredPrompt.Choice choice = prompt.choice();
    String session = prompt.request().key().sessionId();
    return OverrideCommand.write(
        prompt.request().key().tenant(),
        choice == null ? prompt.edit().commandId() : choice.commandId(),
        prompt.request().owner(),
        prompt.edit().document(),
        prompt.edit().version(),
        choice == null
            ? new ChangeSource(ChangeSource.Via.AGENT, session, null, null, session)
            : new ChangeSource(
                ChangeSource.Via.PROMPT,
                choice.person(),
                prompt.request().promptId(),
                choice.feedback(),
                session));
  }

  private static OverrideCommand set(StoredPrompt prompt) {
    StoredPrompt.Choice choice = prompt.choice();
    PromptOption option =
        prompt
            .option(choice.optionId())
            .orElseThrow(() -> new IllegalStateException("the chosen option vanished"));
    return new OverrideCommand(
        prompt.request().key().tenant(),
        choice.commandId(),
        prompt.request().owner(),
        OverrideCommand.Action.SET,
        option.stores(),
        option.resource(),
        option.kind() == PromptOption.Kind.ALLOW_ALWAYS ? "always" : "never",
        false,
        new ChangeSource(
            ChangeSource.Via.PROMPT,
            choice.person(),
            prompt.request().promptId(),
            choice.feedback(),
            prompt.request().key().sessionId()));
  }
}
