package io.claviger.gateway.authorize;

import io.claviger.application.shared.QueryTimeout;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.domain.accounts.TokenText;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.Continuation;
import io.claviger.gateway.wire.GuardedTask;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets an answer that a call needs. A cached answer is available immediately. If the answer is not
 * cached, another thread gets it, which can require a query of the database. The asker always
 * receives the answer on the event loop.
 */
public final class Inquiry<T> {
  private static final Logger LOG = LoggerFactory.getLogger(Inquiry.class);

  /** An asker, which knows how to find an answer, and receives the answer. */
  interface Asker<T> extends Continuation<T> {
    /**
     * Returns the cached answer without blocking; empty if the answer is not cached. If the result
     * is empty, {@link #ask} has to be called.
     */
    Optional<T> askAtOnce();

    /** Returns the answer. This method may block and is not called on the event loop. */
    T ask();

    /** Frees the memory of an answer that nobody needs any longer. May be called on any thread. */
    void discard(T answer);

    /**
     * Whether {@link #ask} may be called a second time, because the process was suspended and the
     * first answer is too old.
     */
    default boolean mayAskAgain() {
      return false;
    }
  }

  /**
   * @param address the caller's address
   * @param presented the token that has yet to be checked; null if the caller's identity is already
   *     known
   * @param mostMillis the longest time to wait for the answer to one question, in milliseconds. A
   *     permission that arrives later might be out of date. If the process was suspended meanwhile,
   *     the question may be asked once more
   */
  public record InquiryTerms(
      EventLoop loop,
      String address,
      @Nullable TokenText presented,
      String requestId,
      int mostMillis) {
    /** Makes the terms for asking about a caller whose identity is already known. */
    public InquiryTerms(EventLoop loop, String address, String requestId, int mostMillis) {
      this(loop, address, null, requestId, mostMillis);
    }
  }

  private final AuthorizationExecutor executor;
  private final InquiryTerms terms;
  private final Asker<T> asker;
  private final LongSupplier nanos;
  private @Nullable Future<?> deadline;
  private long began;
  private boolean answered;

  /** Whether the deadline was moved, because the process was suspended. */
  private boolean extended;

  /** Whether the answer was requested a second time. */
  private boolean repeated;

  Inquiry(AuthorizationExecutor executor, InquiryTerms terms, Asker<T> asker) {
    this(executor, terms, asker, System::nanoTime);
  }

  /**
   * @param nanos the current time in nanoseconds, as returned by {@link System#nanoTime}
   */
  Inquiry(AuthorizationExecutor executor, InquiryTerms terms, Asker<T> asker, LongSupplier nanos) {
    this.executor = executor;
    this.terms = terms;
    this.asker = asker;
    this.nanos = nanos;
  }

  /**
   * Requests an answer without secrets. The answer might arrive before this method returns.
   *
   * @param atOnce a function that returns the answer without blocking; it returns empty if {@code
   *     blocking} has to be called
   * @param blocking a function that returns the answer, and may block; it is called on another
   *     thread
   */
  public static <T> void ask(
      AuthorizationExecutor executor,
      InquiryTerms terms,
      Supplier<Optional<T>> atOnce,
      Supplier<T> blocking,
      Continuation<T> then) {
    new Inquiry<>(executor, terms, new PlainAsker<>(atOnce, blocking, then)).begin();
  }

  /** Begins the inquiry. The asker may receive the answer before this method returns. */
  void begin() {
    Optional<T> atOnce;
    try {
      atOnce = asker.askAtOnce();
    } catch (Throwable e) {
      LOG.error("{}: the authorization failed", terms.requestId(), e);
      asker.refused(CallError.INTERNAL);
      return;
    }
    if (atOnce.isPresent()) {
      handOver(atOnce.get());
    } else {
      askOffLoop();
    }
  }

  /**
   * Gives the answer to the asker. If the asker throws an exception, the answer and its secrets are
   * discarded.
   */
  private void handOver(T answer) {
    try {
      asker.done(answer);
    } catch (Throwable e) {
      asker.discard(answer);
      asker.failed(e);
    }
  }

  private void askOffLoop() {
    began = nanos.getAsLong();
    setDeadline();
    try {
      executor.execute(terms.address(), terms.presented(), this::answer);
    } catch (RejectedExecutionException e) {
      tellRefused(CallError.BUSY);
    }
  }

  private void setDeadline() {
    if (deadline != null) {
      deadline.cancel(false);
    }
    deadline =
        terms.loop().schedule(guarded(this::late), terms.mostMillis(), TimeUnit.MILLISECONDS);
  }

  /** Asks the question. Returns an action that tells the event loop the answer. */
  private Runnable answer() {
    T answer;
    try {
      answer = asker.ask();
    } catch (StoreUnavailable | QueryTimeout e) {
      logUnanswered("the database can't be asked");
      return () -> refuse(CallError.SERVICE_UNAVAILABLE);
    } catch (Throwable e) {
      LOG.error("{}: the authorization failed", terms.requestId(), e);
      return () -> refuse(CallError.INTERNAL);
    }
    return () -> report(answer);
  }

  private void report(T answer) {
    try {
      terms.loop().execute(guarded(() -> tell(answer)));
    } catch (RejectedExecutionException stopped) {
      asker.discard(answer);
    } catch (Throwable e) {
      asker.discard(answer);
      throw e;
    }
  }

  private void refuse(CallError why) {
    try {
      terms.loop().execute(guarded(() -> tellRefused(why)));
    } catch (RejectedExecutionException stopped) {
      LOG.debug(
          "{}: the event loop ended before {} could be reported to it",
          terms.requestId(),
          why.code());
    }
  }

  private Runnable guarded(Runnable task) {
    return GuardedTask.of(task, asker::failed);
  }

  private void late() {
    // If the timer itself is very late, the process was suspended. If the database has answered
    // meanwhile, the answer is too old, but the database can be asked again. So the answer gets
    // time to arrive.
    if (asker.mayAskAgain() && !extended && !repeated && waitedMillis() > mostOfBusyLoop()) {
      extended = true;
      setDeadline();
      return;
    }
    refuseAsUnanswered();
  }

  private long waitedMillis() {
    return TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong() - began);
  }

  /** The longest wait after which the timer is taken for one that a busy event loop delayed. */
  private long mostOfBusyLoop() {
    return terms.mostMillis() * 4L / 3;
  }

  private void refuseAsUnanswered() {
    logUnanswered(
        "there was no answer within %d ms: the database does not answer, or this node is too busy"
            .formatted(terms.mostMillis()));
    tellRefused(CallError.SERVICE_UNAVAILABLE);
  }

  /**
   * While the node gets no answers from the database, all calls are refused. The log does not get a
   * line for each refused call, but only one line a minute.
   */
  private void logUnanswered(String why) {
    if (executor.logsUnanswered()) {
      LOG.warn("{}: refused, because {}; logged once a minute", terms.requestId(), why);
    }
  }

  private void tell(T answer) {
    if (answered) {
      asker.discard(answer);
    } else if (waitedMillis() <= terms.mostMillis()) {
      boolean unused = isFirst();
      handOver(answer);
    } else {
      // The process was suspended, or the event loop was busy. A permission in this answer might
      // have been revoked since.
      asker.discard(answer);
      if (asker.mayAskAgain() && !repeated) {
        repeated = true;
        askOffLoop();
      } else {
        refuseAsUnanswered();
      }
    }
  }

  private void tellRefused(CallError why) {
    if (isFirst()) {
      asker.refused(why);
    }
  }

  private boolean isFirst() {
    boolean first = !answered;
    answered = true;
    if (deadline != null) {
      deadline.cancel(false);
    }
    return first;
  }

  private record PlainAsker<T>(
      Supplier<Optional<T>> atOnce, Supplier<T> blocking, Continuation<T> then)
      implements Asker<T>, Continuation.Before<T> {
    @Override
    public Optional<T> askAtOnce() {
      return atOnce.get();
    }

    @Override
    public T ask() {
      return blocking.get();
    }

    @Override
    public void done(T answer) {
      then.done(answer);
    }

    @Override
    public void discard(T answer) {
      // The answer contains no secrets, so there is nothing to erase.
    }
  }
}
