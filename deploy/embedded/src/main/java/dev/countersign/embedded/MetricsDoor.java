package dev.countersign.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Knocks at a listener for metrics as those do who have no business there. */
public final class MetricsDoor {
  private static final int TIMEOUT_MILLIS = 30_000;

  private MetricsDoor() {}

  /** The status for who announces a body that nobody needs, and sends none of it. */
  public static int announcing(URI metrics, long bytes) {
    return status(metrics, "POST /x", "Content-Length: " + bytes);
  }

  /** The status for who scrapes. */
  public static int scraper(URI metrics) {
    return status(metrics, "GET " + metrics.getPath(), "Accept: text/plain");
  }

  /** The status for the page of another site. */
  public static int page(URI metrics) {
    return status(metrics, "GET " + metrics.getPath(), "Origin: https://a.example");
  }

  private static int status(URI metrics, String method, String header) {
    String request = method + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + header + "\r\n\r\n";
    try (Socket socket = new Socket(metrics.getHost(), metrics.getPort())) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String line =
          new BufferedReader(
                  new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
              .readLine();
      return Integer.parseInt(line.split(" ")[1]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
