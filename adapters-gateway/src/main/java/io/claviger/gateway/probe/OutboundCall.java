package io.claviger.gateway.probe;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.Continuation;
import io.claviger.gateway.head.BodyLength;
import io.claviger.gateway.out.OutboundTransport;
import io.claviger.gateway.out.PendingConnection;
import io.claviger.gateway.out.ProviderAddress;
import io.claviger.gateway.out.ProviderConnection;
import io.claviger.gateway.out.ProviderListener;
import io.claviger.gateway.out.ProviderPool;
import io.claviger.gateway.relay.RequestRelay;
import io.claviger.gateway.relay.ResponsePolicy;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A call that Claviger itself makes to a provider, without a body. Its connection is used for
 * nothing else. Confined to its event loop.
 *
 * @param <R> the result of the call
 */
abstract class OutboundCall<R> implements Continuation<ProviderConnection>, ProviderListener {
  private static final Logger LOG = LoggerFactory.getLogger(OutboundCall.class);

  private final AuthorizedCall authorized;
  private final ProbeRequest request;
  private final Duration limit;
  private final CompletableFuture<R> result = new CompletableFuture<>();
  private final long began = System.nanoTime();

  private Runnable onEnd = () -> {};
  private @Nullable Future<?> alarm;
  private @Nullable PendingConnection connecting;
  private @Nullable ProviderConnection connection;
  private @Nullable RequestRelay upload;
  private boolean over;

  OutboundCall(AuthorizedCall authorized, ProbeRequest request, Duration limit) {
    this.authorized = authorized;
    this.request = request;
    this.limit = limit;
  }

  final CompletableFuture<R> result() {
    return result;
  }

  /**
   * @param connections opens the connection, which is closed after the call
   */
  final void start(EventLoop loop, ProviderPool connections, Runnable whenOver) {
    onEnd = whenOver;
    long left = limit.toNanos() - nanos();
    alarm = loop.schedule(() -> guard(this::silent), left, TimeUnit.NANOSECONDS);
    guard(
        () ->
            connecting =
                connections.acquireFresh(
                    ProviderAddress.of(authorized), authorized.owner(), limitMillis(), this));
  }

  @Override
  public final void done(ProviderConnection opened) {
    if (over) {
      opened.abort();
      return;
    }
    connecting = null;
    connection = opened;
    opened.begin(this, limitMillis());
    guard(() -> send(opened));
  }

  private void send(ProviderConnection opened) {
    HttpRequest head = request.request(authorized);
    RequestRelay relay =
        RequestRelay.of(
            head,
            authorized,
            request.path(),
            request.query(),
            false,
            BodyLength.of(head.headers()),
            OutboundTransport.BUFFERS);
    upload = relay;
    relay.start(opened, this::broken);
    relay.end(opened);
    relay.flush(opened);
  }

  /**
   * Continues only if the answer has status 200 and the gateway would also return it to a caller.
   */
  @Override
  public void answered(HttpResponse head) {
    if (head.status().code() != 200 || ResponsePolicy.errorInstead(head).isPresent()) {
      giveUp();
    }
  }

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

  /** Ends the call early, with the result of a call without a usable answer. */
  abstract void giveUp();

  private void guard(Runnable step) {
    try {
      step.run();
    } catch (Throwable e) {
      LOG.error("a call to a provider failed", e);
      failed(e);
    }
  }

  /** Returns the nanoseconds since the call began. */
  final long nanos() {
    return System.nanoTime() - began;
  }

  final void end(R outcome) {
    if (over) {
      return;
    }
    over = true;
    try {
      letGo();
      onEnd.run();
    } finally {
      // This comes last, because it lets the asker close the authorized call.
      result.complete(outcome);
    }
  }

  final boolean isOver() {
    return over;
  }

  /** Frees what the call keeps in memory. */
  void letGo() {
    if (alarm != null) {
      alarm.cancel(false);
    }
    if (connecting != null) {
      connecting.abandon();
    }
    if (connection != null) {
      connection.abort();
    }
    if (upload != null) {
      upload.forget();
    }
  }

  private int limitMillis() {
    return (int) Math.max(1, Math.min(limit.toMillis(), Integer.MAX_VALUE));
  }
}
