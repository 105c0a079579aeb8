package io.claviger.gateway.webhooks;

import io.claviger.domain.accounts.User;
import io.claviger.domain.webhooks.DeliveryFailure;
import io.claviger.gateway.egress.AddressScope;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.Continuation;
import io.claviger.gateway.out.PendingConnection;
import io.claviger.gateway.out.ProviderAddress;
import io.claviger.gateway.out.ProviderConnection;
import io.claviger.gateway.out.ProviderListener;
import io.claviger.gateway.out.ProviderPool;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt to deliver a message. It ends when the head of the answer has arrived. Only the
 * status counts. Confined to its event loop.
 */
final class WebhookCall implements Continuation<ProviderConnection>, ProviderListener {
  private static final Logger LOG = LoggerFactory.getLogger(WebhookCall.class);

  /**
   * The address rule for users' services applies. The signature is not a secret, and TLS protects
   * it.
   */
  private static final AddressScope SCOPE = AddressScope.OF_USERS;

  private final WebhookRequest request;
  private final User.Id owner;
  private final Duration limit;
  private final ProviderPool connections;
  private final CompletableFuture<Optional<DeliveryFailure>> result = new CompletableFuture<>();

  private Runnable onEnd = () -> {};
  private @Nullable Future<?> alarm;
  private @Nullable PendingConnection connecting;
  private @Nullable ProviderConnection connection;

  /**
   * @param owner the owner; look-ups of host names count against this owner's limits
   * @param connections opens the connection, which is closed after the call
   */
  WebhookCall(WebhookRequest request, User.Id owner, Duration limit, ProviderPool connections) {
    this.request = request;
    this.owner = owner;
    this.limit = limit;
    this.connections = connections;
  }

  CompletableFuture<Optional<DeliveryFailure>> result() {
    return result;
  }

  void start(EventLoop loop, Runnable whenOver) {
    onEnd = whenOver;
    alarm =
        loop.schedule(
            () -> guarded(() -> fail(DeliveryFailure.TIMED_OUT)),
            limit.toMillis(),
            TimeUnit.MILLISECONDS);
    ProviderAddress address =
        new ProviderAddress(true, request.url().host(), request.url().port(), SCOPE);
    guarded(() -> connecting = connections.acquireFresh(address, owner, limitMillis(), this));
  }

  @Override
  public void done(ProviderConnection opened) {
    if (result.isDone()) {
      opened.abort();
      return;
    }
    connecting = null;
    connection = opened;
    guarded(() -> send(opened));
  }

  private void send(ProviderConnection opened) {
    opened.begin(this, limitMillis());
    ChannelFuture unused = opened.write(request.buffer());
    opened.requestComplete();
    opened.flush();
  }

  @Override
  public void refused(CallError why) {
    fail(
        why.code().equals(CallError.DESTINATION_NOT_ALLOWED.code())
            ? DeliveryFailure.ADDRESS_NOT_ALLOWED
            : DeliveryFailure.UNREACHABLE);
  }

  @Override
  public void failed(Throwable why) {
    giveUp();
  }

  @Override
  public void answered(HttpResponse head) {
    int status = head.status().code();
    end(status >= 200 && status < 300 ? Optional.empty() : Optional.of(DeliveryFailure.REJECTED));
  }

  /** Drops the content: the body of the answer is not read. */
  @Override
  public void content(ByteBuf content) {
    content.release();
  }

  @Override
  public void answerEnded() {}

  @Override
  public void silent() {
    fail(DeliveryFailure.TIMED_OUT);
  }

  @Override
  public void broken() {
    fail(DeliveryFailure.UNREACHABLE);
  }

  @Override
  public void malformed() {
    fail(DeliveryFailure.REJECTED);
  }

  /** Ends the attempt early. */
  void giveUp() {
    fail(DeliveryFailure.UNREACHABLE);
  }

  private void fail(DeliveryFailure why) {
    end(Optional.of(why));
  }

  private void guarded(Runnable step) {
    try {
      step.run();
    } catch (Throwable e) {
      LOG.error("a message to a webhook failed", e);
      failed(e);
    }
  }

  /** Ends the attempt with this outcome, unless it has one already. */
  private void end(Optional<DeliveryFailure> outcome) {
    if (result.isDone()) {
      return;
    }
    try {
      if (alarm != null) {
        alarm.cancel(false);
      }
      if (connecting != null) {
        connecting.abandon();
      }
      if (connection != null) {
        connection.abort();
      }
      onEnd.run();
    } finally {
      boolean unused = result.complete(outcome);
    }
  }

  private int limitMillis() {
    return Math.clamp(limit.toMillis(), 1, Integer.MAX_VALUE);
  }
}
