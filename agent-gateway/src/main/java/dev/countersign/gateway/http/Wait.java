package dev.countersign.gateway.http;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How long a caller will wait, from {@code Prefer: wait=N} (RFC 7240), in seconds. */
public final class Wait {
  private static final Pattern PREFERENCE =
      Pattern.compile("(?:^|[,;\\s])wait\\s*=\\s*\"?(\\d{1,9})\"?\\s*(?:$|[,;])");

  private Wait() {}

  /** The time a header asks for, at most {@code max}; empty if it names none. */
  public static Optional<Duration> of(String prefer, Duration max) {
    if (prefer == null) {
      return Optional.empty();
    }
    Matcher matcher = PREFERENCE.matcher(prefer);
    if (!matcher.find()) {
      return Optional.empty();
    }
    Duration asked = Duration.ofSeconds(Long.parseLong(matcher.group(1)));
    return Optional.of(asked.compareTo(max) > 0 ? max : asked);
  }
}
