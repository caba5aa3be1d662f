package dev.countersign.gateway.kafka;

import dev.countersign.gateway.GatewayConfig;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * The marks by which replies find their way back to this replica, under {@code
 * countersign-reply-to}. Ids that callers choose never find a reply: two callers may choose the
 * same.
 */
@Singleton
public class ReplyMarks {
  /** A mark has at most 128 characters. */
  private static final int MAX_INSTANCE = 100;

  private static final int RANDOM_BYTES = 16;

  private final SecureRandom random = new SecureRandom();
  private final String instance;

  public ReplyMarks(GatewayConfig config) {
    this.instance = config.instanceId();
    if (instance.isEmpty() || instance.length() > MAX_INSTANCE) {
      throw new IllegalArgumentException(
          "countersign.instance-id must have 1 to " + MAX_INSTANCE + " characters");
    }
  }

  /** The mark of this replica, on what its owner's token alone can be answered for: requests. */
  String ofReplica() {
    return instance;
  }

  /** A new mark for one call of a person or an agent. Nobody else can guess it. */
  public String next() {
    byte[] bytes = new byte[RANDOM_BYTES];
    random.nextBytes(bytes);
    return instance + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
