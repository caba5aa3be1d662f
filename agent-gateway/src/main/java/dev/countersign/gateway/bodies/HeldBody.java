package dev.countersign.gateway.bodies;

import io.vertx.ext.web.RoutingContext;

/** What the body of a request takes of the {@link BodyBudget}, from its first byte on. */
public final class HeldBody {
  private static final String SHARE = HeldBody.class.getName();

  private HeldBody() {}

  static void hold(RoutingContext context, BodyBudget.Share share) {
    context.put(SHARE, share);
    context.addEndHandler(end -> share.release());
  }

  /**
   * Gives back early what a body takes, for who waits long and no longer has any of it. At the end
   * of the response it is given back in any case; running it again does nothing.
   */
  public static Runnable letGo(RoutingContext context) {
    return context.get(SHARE) instanceof BodyBudget.Share share ? share::release : () -> {};
  }
}
