package io.claviger.web.server;

import io.javalin.http.Context;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.server.Request;

/** What is to be done when a request is over: its answer is sent, or its connection is gone. */
final class Completion {
  private static final String ATTRIBUTE = "io.claviger.completion";
  private static final Runnable NOTHING = () -> {};
  private static final Runnable OVER = () -> {};

  private final AtomicReference<Runnable> action = new AtomicReference<>(NOTHING);

  static Completion of(Request request) {
    Completion completion = new Completion();
    request.setAttribute(ATTRIBUTE, completion);
    return completion;
  }

  static Completion of(Context ctx) {
    if (ctx.req().getAttribute(ATTRIBUTE) instanceof Completion completion) {
      return completion;
    }
    throw new IllegalStateException("a request that came past the frame");
  }

  /** Adds an action; if the request is over already, it is done at once. */
  void then(Runnable added) {
    Runnable before =
        action.getAndUpdate(
            known ->
                known == OVER
                    ? OVER
                    : () -> {
                      known.run();
                      added.run();
                    });
    if (before == OVER) {
      added.run();
    }
  }

  void over() {
    action.getAndSet(OVER).run();
  }
}
