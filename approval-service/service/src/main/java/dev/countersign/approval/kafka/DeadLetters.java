package dev.countersign.approval.kafka;

import dev.countersign.protocol.DeadLetter;
import dev.countersign.protocol.Identifiers;
import dev.countersign.protocol.Topics;
import dev.countersign.protocol.token.TokenSigner;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/** Makes dead letters of records that cannot be used. */
public final class DeadLetters {
  private static final int MAX_DETAIL = 2000;
  private static final String SERVICE = "approval-service";
  private static final Set<String> OF_PERSONS =
      Set.of(Topics.OVERRIDE_REPLIES, Topics.OVERRIDE_DOCUMENTS);

  private DeadLetters() {}

  /** The dead letter of a record. What was wrong is told to its sender, if it is proven. */
  public static Outgoing of(InboundRecord record, String code, Instant now) {
    String key = record.keyText();
    boolean plain = !OF_PERSONS.contains(record.topic()) && Identifiers.isId(key);
    return of(record, plain ? key : null, code, now);
  }

  /** The dead letter of a record whose key names a person. */
  public static Outgoing ofPerson(
      InboundRecord record, TokenSigner signer, String code, Instant now) {
    String key = record.keyText();
    return of(record, key == null ? null : signer.pseudonym(key), code, now);
  }

  private static Outgoing of(InboundRecord record, String key, String code, Instant now) {
    DeadLetter letter =
        new DeadLetter(
            null,
            record.topic(),
            record.partition(),
            record.offset(),
            key,
            SERVICE,
            code,
            null,
            record.headers(),
            record.size(),
            now);
    Source about = Source.of(record);
    return Outgoing.event(letter, about.toString(), now).about(about);
  }

  /** The dead letter of what was made here and no topic takes; names the record it was about. */
  static Outgoing ofUnsendable(Outgoing outgoing, String code, String detail, Instant now) {
    Source about = outgoing.about() == null ? Source.unknown(outgoing.topic()) : outgoing.about();
    return of(about, code, detail, now);
  }

  /**
   * The dead letter about a record whose content is not at hand.
   *
   * @param detail quotes nothing of it
   */
  public static Outgoing of(Source about, String code, String detail, Instant now) {
    DeadLetter letter =
        new DeadLetter(
            null,
            about.topic(),
            about.partition(),
            about.offset(),
            null,
            SERVICE,
            code,
            cut(detail),
            Map.of(),
            0,
            now);
    return Outgoing.event(letter, about + "/" + code, now).about(about);
  }

  private static String cut(String text) {
    return text == null || text.length() <= MAX_DETAIL ? text : text.substring(0, MAX_DETAIL);
  }
}
