package io.claviger.gateway.out;

import io.claviger.domain.accounts.User;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.Continuation;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A call that Claviger makes for its own purposes, not for a caller. The call has its own
 * connection. Only used on the event loop of the call.
 *
 * @param <R> the result of the call
 */
public abstract class OutboundCall<R>
    implements Continuation<ProviderConnection>, ProviderListener {
  private static final Logger LOG = LoggerFactory.getLogger(OutboundCall.class);

  private final ProviderAddress address;
  private final User.Id owner;
  private final Duration limit;
  private final CompletableFuture<R> result = new CompletableFuture<>();
  private final long began = System.nanoTime();

  private Runnable onEnd = () -> {};
  private @Nullable Future<?> alarm;
  private @Nullable PendingConnection connecting;
  private @Nullable ProviderConnection connection;
  private boolean over;

  /**
   * @param owner the owner of the called service; the owner's limits on look-ups apply
   * @param limit a time limit for the whole call, including the time to connect; the time begins
   *     now
   */
  protected OutboundCall(ProviderAddress address, User.Id owner, Duration limit) {
    this.address = address;
    this.owner = owner;
    this.limit = limit;
  }

  final CompletableFuture<R> result() {
    return result;
  }

  /**
   * @param connections the pool that opens the connection; the connection is closed after the call
   */
  final void start(EventLoop loop, ProviderPool connections, Runnable whenOver) {
    onEnd = whenOver;
    long left = limit.toNanos() - nanos();
    alarm = loop.schedule(() -> guard(this::silent), left, TimeUnit.NANOSECONDS);
    guard(() -> connecting = connections.acquireFresh(address, owner, limitMillis(), this));
  }

  @Override
  public final void done(ProviderConnection opened) {
    if (over) {
      opened.abort();
      return;
    }
    connecting = null;
    connection = opened;
    guard(
        () -> {
          opened.begin(this, limitMillis());
          send(opened);
        });
  }

  /** Writes the request. */
  protected abstract void send(ProviderConnection opened);

  @Override
  public void refused(CallError why) {
    giveUp();
  }

  @Override
  public void silent() {
    giveUp();
  }

  @Override
  public void broken() {
    giveUp();
  }

  @Override
  public void malformed() {
    giveUp();
  }

  @Override
  public void failed(Throwable why) {
    giveUp();
  }

  /** Ends the call early, without a usable answer. */
  protected abstract void giveUp();

  private void guard(Runnable step) {
    try {
      step.run();
    } catch (Throwable e) {
      LOG.error("a call that Claviger made itself failed", e);
      failed(e);
    }
  }

  /** Returns the nanoseconds since the call began. */
  protected final long nanos() {
    return System.nanoTime() - began;
  }

  /** Ends the call with the given outcome, unless the call has already ended. */
  protected final void end(R outcome) {
    if (over) {
      return;
    }
    over = true;
    try {
      letGo();
      onEnd.run();
    } finally {
      // The result is handed over last, because whoever receives it may then close the authorized
      // call.
      result.complete(outcome);
    }
  }

  protected final boolean isOver() {
    return over;
  }

  /** Frees the memory of the call. */
  protected void letGo() {
    if (alarm != null) {
      alarm.cancel(false);
    }
    if (connecting != null) {
      connecting.abandon();
    }
    if (connection != null) {
      connection.abort();
    }
  }

  private int limitMillis() {
    return Math.clamp(limit.toMillis(), 1, Integer.MAX_VALUE);
  }
}
