package io.claviger.gateway.authorize;

import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.Continuation;
import io.netty.channel.EventLoop;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Asks the ledger of provider objects, which may have to ask the database.
 *
 * @param <T> what is asked for
 */
public final class ObjectInquiry<T> implements Inquiry.Asker<T> {
  private static final long MOST_MILLIS = 3_000;

  private final Supplier<Optional<T>> atOnce;
  private final Supplier<T> blocking;
  private final Continuation<T> then;

  private ObjectInquiry(Supplier<Optional<T>> atOnce, Supplier<T> blocking, Continuation<T> then) {
    this.atOnce = atOnce;
    this.blocking = blocking;
    this.then = then;
  }

  /**
   * Asks. The answer may come before this returns.
   *
   * @param address the caller's
   * @param atOnce answers without blocking; empty if {@code blocking} has to be called
   * @param blocking answers on another thread
   */
  public static <T> void ask(
      AuthorizationContext context,
      EventLoop loop,
      String address,
      String requestId,
      Supplier<Optional<T>> atOnce,
      Supplier<T> blocking,
      Continuation<T> then) {
    new Inquiry<>(
            context.executor(),
            new Inquiry.InquiryTerms(loop, address, requestId, MOST_MILLIS),
            new ObjectInquiry<>(atOnce, blocking, then))
        .begin();
  }

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
    // An answer of the ledger holds no secrets.
  }

  @Override
  public void refused(CallError why) {
    then.refused(why);
  }

  @Override
  public void failed(Throwable why) {
    then.failed(why);
  }
}
