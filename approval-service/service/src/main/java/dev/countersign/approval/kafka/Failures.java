package dev.countersign.approval.kafka;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.countersign.approval.db.SqlErrors;
import io.vertx.core.VertxException;
import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.RetriableException;

/**
 * Tells infrastructure that is unavailable, where waiting helps, from everything else, where the
 * same again fails the same way.
 */
public final class Failures {
  private static final int MAX_WORDS = 200;

  private Failures() {}

  /**
   * Whether the same may succeed later: Kafka or Postgres is unavailable, busy, or lost a race.
   * Whatever is not known to be of that kind is not.
   */
  public static boolean passing(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause() == t ? null : t.getCause()) {
      if (t instanceof PgException pg) {
        return SqlErrors.passing(pg);
      }
      if (t instanceof JsonProcessingException) {
        // Though it calls itself an input or output error: what cannot be written never can.
        return false;
      }
      if (ofInfrastructure(t)) {
        return true;
      }
    }
    return false;
  }

  private static boolean ofInfrastructure(Throwable t) {
    return t instanceof KafkaSender.KafkaUnavailableException
        || t instanceof RetriableException
        || t instanceof AuthenticationException
        || t instanceof ClusterAuthorizationException
        || t instanceof IOException
        || t instanceof TimeoutException
        || t instanceof io.smallrye.mutiny.TimeoutException
        // What the Postgres client says of a connection or a pool that is gone.
        || t instanceof VertxException
        || t instanceof NoStackTraceThrowable
        || t instanceof VirtualMachineError && !(t instanceof StackOverflowError);
  }

  /** Whether a topic refuses this very record, or everything of ours; null if it does not. */
  static String refusal(Throwable failure) {
    boolean passing =
        failure instanceof RetriableException
            || failure instanceof AuthenticationException
            || failure instanceof ClusterAuthorizationException;
    return failure instanceof ApiException && !passing ? words(failure) : null;
  }

  /** A failure in few words, for a log or a health check. */
  public static String words(Throwable failure) {
    String words = failure.toString();
    return words.length() > MAX_WORDS ? words.substring(0, MAX_WORDS) + "…" : words;
  }
}
