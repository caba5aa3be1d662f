package dev.countersign.preflight;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** The clock of the machine of another service, by the header {@code Date} of its health. */
public final class PeerClock implements ReferenceClock {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** The header says whole seconds. */
  private static final Duration RESOLUTION = Duration.ofSeconds(1);

  private final String name;
  private final HttpRequest request;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();

  /**
   * @param url the service's base address
   */
  public PeerClock(String name, URI url) {
    this.name = name;
    String base = url.toString().replaceAll("/+$", "");
    this.request =
        HttpRequest.newBuilder(URI.create(base + "/q/health/live")).timeout(PATIENCE).build();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Reading read() throws IOException, InterruptedException {
    String date =
        client
            .send(request, BodyHandlers.discarding())
            .headers()
            .firstValue("Date")
            .orElseThrow(() -> new IOException("no Date"));
    Instant time = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    return new Reading(time, time.plus(RESOLUTION));
  }
}
