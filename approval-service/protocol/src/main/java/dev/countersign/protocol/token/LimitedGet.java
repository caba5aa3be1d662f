package dev.countersign.protocol.token;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;

/**
 * Reads a text over HTTP from somebody who may mean no good: all of it arrives within {@link
 * #LONGEST} and {@value #MOST_BYTES} bytes, or the connection is closed. Blocks nobody.
 */
final class LimitedGet {
  /** From the beginning to the last byte, however steadily they come. */
  static final Duration LONGEST = Duration.ofSeconds(5);

  static final int MOST_BYTES = 256 * 1024;

  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NORMAL)
          .connectTimeout(LONGEST)
          .build();

  private LimitedGet() {}

  /** The text of a 200; any other outcome is a failure. Completes within {@link #LONGEST}. */
  static CompletableFuture<String> read(HttpRequest request) {
    try {
      CompletableFuture<HttpResponse<byte[]>> answer =
          CLIENT.sendAsync(request, head -> new LimitedBody());
      // The client's own limits end with the head of the answer.
      CompletableFuture.delayedExecutor(LONGEST.toMillis(), TimeUnit.MILLISECONDS)
          .execute(() -> answer.cancel(true));
      return answer.thenCompose(LimitedGet::text);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static CompletionStage<String> text(HttpResponse<byte[]> answer) {
    return answer.statusCode() == 200
        ? CompletableFuture.completedFuture(new String(answer.body(), StandardCharsets.UTF_8))
        : CompletableFuture.failedFuture(new IOException("answered " + answer.statusCode()));
  }

  private static final class LimitedBody implements HttpResponse.BodySubscriber<byte[]> {
    private final ByteArrayOutputStream read = new ByteArrayOutputStream();
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private Flow.Subscription subscription;

    @Override
    public CompletionStage<byte[]> getBody() {
      return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      this.subscription = subscription;
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      for (ByteBuffer buffer : buffers) {
        if (read.size() + buffer.remaining() > MOST_BYTES) {
          subscription.cancel();
          body.completeExceptionally(
              new IOException("answered more than " + MOST_BYTES + " bytes"));
          return;
        }
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        read.writeBytes(bytes);
      }
    }

    @Override
    public void onError(Throwable failure) {
      body.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      body.complete(read.toByteArray());
    }
  }
}
