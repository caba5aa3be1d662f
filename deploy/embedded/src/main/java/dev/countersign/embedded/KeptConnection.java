package dev.countersign.embedded;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * One HTTP/1.1 connection to loopback on which one request after another is asked: it shows which
 * answer is sent without anything more being said, which clients that open a new connection, or ask
 * again, hide.
 */
public final class KeptConnection implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;

  /**
   * Opens the connection.
   *
   * @param patience how long nothing may come of an answer
   */
  public KeptConnection(int port, Duration patience) throws IOException {
    socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout((int) patience.toMillis());
    in = socket.getInputStream();
  }

  /**
   * Sends a request and reads its whole answer.
   *
   * @param token null for none
   * @param body JSON; empty for none
   * @return the status
   * @throws java.net.SocketTimeoutException if the answer does not come, or not whole
   */
  public int ask(String method, String path, String token, String body) throws IOException {
    byte[] content = body.getBytes(StandardCharsets.UTF_8);
    String request =
        method
            + " "
            + path
            + " HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nContent-Length: "
            + content.length
            + (token == null ? "" : "\r\nAuthorization: Bearer " + token)
            + "\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().write(content);
    int status = Integer.parseInt(line().split(" ")[1]);
    Map<String, String> headers = headers();
    boolean head = method.equals("HEAD");
    if (!head && headers.getOrDefault("transfer-encoding", "").equals("chunked")) {
      readChunks();
    } else if (status != 204 && !head) {
      skip(Integer.parseInt(headers.getOrDefault("content-length", "0")));
    }
    return status;
  }

  private void skip(int bytes) throws IOException {
    if (in.readNBytes(bytes).length < bytes) {
      throw new EOFException("the connection ended within an answer");
    }
  }

  private Map<String, String> headers() throws IOException {
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return headers;
  }

  private void readChunks() throws IOException {
    int size;
    do {
      size = Integer.parseInt(line(), 16);
      skip(size);
      line();
    } while (size > 0);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the connection ended within an answer");
      }
      line.append((char) c);
    }
    return line.toString().strip();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
