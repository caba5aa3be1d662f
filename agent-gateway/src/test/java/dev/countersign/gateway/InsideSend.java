package dev.countersign.gateway;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.OutgoingInterceptor;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.reactive.messaging.Message;

/** Lets a test do something in the thread that hands a record to the channel, while it does so. */
@ApplicationScoped
@Identifier("out")
public class InsideSend implements OutgoingInterceptor {
  private volatile Runnable once = () -> {};

  void once(Runnable what) {
    once = what;
  }

  @Override
  public Message<?> beforeMessageSend(Message<?> message) {
    Runnable what = once;
    once = () -> {};
    what.run();
    return message;
  }

  @Override
  public void onMessageAck(Message<?> message) {}

  @Override
  public void onMessageNack(Message<?> message, Throwable failure) {}
}
