package dev.countersign.approval.overrides;

import dev.countersign.approval.answers.AnswerOutcomes;
import dev.countersign.approval.db.Database;
import dev.countersign.approval.db.SqlErrors;
import dev.countersign.approval.kafka.Batches;
import dev.countersign.approval.kafka.DeadLetters;
import dev.countersign.approval.kafka.InboundRecord;
import dev.countersign.approval.kafka.Outgoing;
import dev.countersign.approval.kafka.Workers;
import dev.countersign.approval.loops.Kicks;
import dev.countersign.approval.policies.PolicyBook;
import dev.countersign.approval.policies.SessionPolicy;
import dev.countersign.approval.prompts.PromptStore;
import dev.countersign.approval.prompts.StoredPrompt;
import dev.countersign.approval.requests.Outcome;
import dev.countersign.approval.requests.Outcomes;
import dev.countersign.approval.requests.RequestKey;
import dev.countersign.approval.requests.RequestStore;
import dev.countersign.approval.sessions.SessionStore;
import dev.countersign.approval.texts.DecisionTexts;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.Identifiers;
import dev.countersign.protocol.InvalidEventException;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.OverrideReply;
import dev.countersign.protocol.token.StoreSignature;
import dev.countersign.protocol.token.TokenException;
import dev.countersign.protocol.token.TokenSigner;
import dev.countersign.protocol.token.TokenVerifier;
import io.smallrye.reactive.messaging.annotations.Blocking;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * Hears what the store made of override commands. The new document and the decision that waited for
 * it are stored together: whoever hears the decision, every replica already sees the document. What
 * the store did not sign is dead-lettered.
 */
@ApplicationScoped
public class OverrideReplyConsumer implements Batches.Each {
  private final Database database;
  private final PromptStore prompts;
  private final RequestStore requests;
  private final SessionStore sessions;
  private final PolicyBook book;
  private final TokenVerifier verifier;
  private final TokenSigner signer;
  private final Batches batches;
  private final Kicks kicks;

  public OverrideReplyConsumer(
      Database database,
      PromptStore prompts,
      RequestStore requests,
      SessionStore sessions,
      PolicyBook book,
      TokenVerifier verifier,
      TokenSigner signer,
      Batches batches,
      Kicks kicks) {
    this.database = database;
    this.prompts = prompts;
    this.requests = requests;
    this.sessions = sessions;
    this.book = book;
    this.verifier = verifier;
    this.signer = signer;
    this.batches = batches;
    this.kicks = kicks;
  }

  @Incoming("override-replies")
  @Blocking(Workers.DECISIONS)
  public void consume(ConsumerRecords<byte[], byte[]> records) {
    batches.each("override-replies", records, this);
    kicks.somethingToPublish();
    kicks.somethingToJudge();
  }

  @Override
  public List<Outgoing> giveUp(InboundRecord record, Instant now) {
    return List.of(DeadLetters.ofPerson(record, signer, "internal_error", now));
  }

  @Override
  public List<Outgoing> handle(InboundRecord record, Instant now) {
    try {
      if (record.value() == null) {
        throw new InvalidEventException("$", "is missing");
      }
      OverrideReply reply =
          StoreSignature.reply(
              verifier, record.value(), record.header(Headers.ASSERTION), record.appendedAt());
      if (reply.document() != null && !Identifiers.isUser(reply.user())) {
        throw new InvalidEventException("user", Identifiers.USER_RULE);
      }
      database.transaction(connection -> settle(connection, reply));
      return List.of();
    } catch (TokenException e) {
      return List.of(DeadLetters.ofPerson(record, signer, e.code(), now));
    } catch (InvalidEventException e) {
      return List.of(DeadLetters.ofPerson(record, signer, "malformed_json", now));
    } catch (RuntimeException e) {
      if (!SqlErrors.dataAtFault(e)) {
        throw e;
      }
      return List.of(DeadLetters.ofPerson(record, signer, "invalid_request", now));
    }
  }

  /**
   * Locks the prompt, then its session, then the document, as everybody does who takes several. The
   * whole policy is locked only behind the document: who holds it shared could wait for another one
   * who does.
   */
  private Void settle(SqlConnection connection, OverrideReply reply) {
    Optional<StoredPrompt> waiting =
        prompts
            .lockSettling(connection, reply.tenant(), reply.commandId())
            .filter(prompt -> prompt.request().owner().equals(reply.user()));
    waiting.ifPresent(prompt -> sessions.hold(connection, prompt.request().key().session()));
    if (reply.document() != null) {
      ProjectionStore.upsert(
          connection,
          List.of(
              new ProjectionStore.Version(
                  reply.tenant(),
                  reply.user(),
                  reply.version(),
                  Json.write(reply.document()),
                  null)));
    }
    waiting.ifPresent(prompt -> finish(connection, prompt, reply));
    return null;
  }

  private void finish(SqlConnection connection, StoredPrompt prompt, OverrideReply reply) {
    RequestKey key = prompt.request().key();
    SessionPolicy policy = book.hold(connection, key.session());
    Outcome outcome = reply.ok() ? stored(prompt, policy, reply) : refused(reply);
    requests.finish(connection, List.of(new RequestStore.Finish(key, outcome, policy.fence())));
  }

  private static Outcome stored(StoredPrompt prompt, SessionPolicy policy, OverrideReply reply) {
    return prompt.storesEdit()
        ? AnswerOutcomes.editStored(prompt, reply.version())
        : AnswerOutcomes.stored(prompt, policy);
  }

  private static Outcome refused(OverrideReply reply) {
    return reply.code().equals(Outcomes.VERSION_CONFLICT)
        ? Outcomes.system(Outcomes.VERSION_CONFLICT, DecisionTexts.documentMoved())
        : Outcomes.system(
            "override_not_stored", "what was settled was refused by the store: " + reply.detail());
  }
}
