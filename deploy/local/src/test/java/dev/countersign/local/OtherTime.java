package dev.countersign.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** Answers every request over HTTP with 200, and with a time that is not now. */
final class OtherTime implements AutoCloseable {
  private static final DateTimeFormatter DATE = DateTimeFormatter.RFC_1123_DATE_TIME;

  private final ServerSocket socket;
  private final Duration off;

  OtherTime(Duration off) throws IOException {
    this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.off = off;
    Thread thread = new Thread(this::serve, "other-time");
    thread.setDaemon(true);
    thread.start();
  }

  static Instant parse(String date) {
    return ZonedDateTime.parse(date, DATE).toInstant();
  }

  String url() {
    return "http://127.0.0.1:" + socket.getLocalPort();
  }

  private void serve() {
    while (!socket.isClosed()) {
      try (Socket client = socket.accept()) {
        // The heads of these requests fit into one packet.
        client.getInputStream().read(new byte[8192]);
        client
            .getOutputStream()
            .write(
                ("HTTP/1.1 200 OK\r\nDate: %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                        .formatted(DATE.format(ZonedDateTime.now(ZoneOffset.UTC).plus(off))))
                    .getBytes(StandardCharsets.US_ASCII));
      } catch (IOException e) {
        // A client that lost its patience asks again, and a closed socket ends the loop.
      }
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
