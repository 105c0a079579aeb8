package io.claviger.web.server;

import io.javalin.http.Context;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Request;

/**
 * Runs actions at the end of a request: after the answer was sent, or after the connection was
 * closed.
 */
final class Completion {
  private static final String ATTRIBUTE = "io.claviger.completion";

  private final ReentrantLock lock = new ReentrantLock();
  private final List<Runnable> actions = new ArrayList<>();
  private final EndPoint connection;
  private boolean over;

  /**
   * The number of nanoseconds that the request has waited for places since the last part of its
   * answer.
   */
  private long waited;

  /**
   * The time since which the request has only waited for its caller to read; 0 if it does not wait
   * for this.
   */
  private volatile long waitsSince;

  Completion(EndPoint connection) {
    this.connection = connection;
  }

  static Completion of(Request request) {
    Completion completion =
        new Completion(request.getConnectionMetaData().getConnection().getEndPoint());
    request.setAttribute(ATTRIBUTE, completion);
    return completion;
  }

  static Completion of(Context ctx) {
    if (ctx.req().getAttribute(ATTRIBUTE) instanceof Completion completion) {
      return completion;
    }
    throw new IllegalStateException("the request has bypassed the outermost handler");
  }

  /** Records that all or a part of the answer only waits for the caller to read. */
  void waitsForCaller() {
    waited = 0;
    long now = System.nanoTime();
    waitsSince = now == 0 ? 1 : now;
  }

  /** Records that the caller waits for a part of the answer. */
  void callerWaits() {
    waitsSince = 0;
  }

  /** Returns for how many nanoseconds the caller has read nothing; 0 if the caller waits. */
  long unread() {
    long since = waitsSince;
    return since == 0 ? 0 : System.nanoTime() - since;
  }

  /**
   * Waits for a place. Only called by the thread that answers the request.
   *
   * @param inAll the maximum time for all waits together before the next part of the answer
   * @param wait the wait, which receives how much of this time is left
   */
  <T> T waiting(Duration inAll, Function<Duration, T> wait) {
    long began = System.nanoTime();
    try {
      return wait.apply(inAll.minusNanos(waited));
    } finally {
      waited += System.nanoTime() - began;
    }
  }

  /** Adds an action. If the request has already ended, the action runs immediately. */
  void then(Runnable action) {
    if (!added(action)) {
      action.run();
    }
  }

  /** Closes the connection. Every attempt to read from a closed connection or write to it fails. */
  void abort() {
    connection.close(new EofException("the request was aborted in favour of other requests"));
  }

  /** Runs the actions that have been added so far. Actions that are added later run immediately. */
  void over() {
    taken().forEach(Runnable::run);
  }

  private boolean added(Runnable action) {
    lock.lock();
    try {
      return !over && actions.add(action);
    } finally {
      lock.unlock();
    }
  }

  private List<Runnable> taken() {
    lock.lock();
    try {
      over = true;
      List<Runnable> taken = List.copyOf(actions);
      actions.clear();
      return taken;
    } finally {
      lock.unlock();
    }
  }
}
