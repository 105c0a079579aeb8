package io.claviger.gateway.probe;

import io.claviger.application.gateway.AuthorizedCall;
import io.claviger.application.gateway.ConnectionStatus;
import io.claviger.application.gateway.port.ProviderProbe.Probed;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.in.BodyLength;
import io.claviger.gateway.out.Connecting;
import io.claviger.gateway.out.ConnectionWaiter;
import io.claviger.gateway.out.OutboundTransport;
import io.claviger.gateway.out.ProviderAddress;
import io.claviger.gateway.out.ProviderConnection;
import io.claviger.gateway.out.ProviderListener;
import io.claviger.gateway.out.ProviderPool;
import io.claviger.gateway.relay.BufferedErrorBody;
import io.claviger.gateway.relay.RequestRelay;
import io.claviger.gateway.relay.ResponsePolicy;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call that finds out whether a provider accepts the key. It ends with the head of the answer,
 * except where only the body tells what the answer means. Its connection serves nothing else.
 * Confined to its event loop.
 */
final class ProbeCall implements ConnectionWaiter, ProviderListener {
  private static final Logger LOG = LoggerFactory.getLogger(ProbeCall.class);

  private final AuthorizedCall authorized;
  private final Duration limit;
  private final ProviderPool connections;
  private final CompletableFuture<Probed> result = new CompletableFuture<>();
  private final long began = System.nanoTime();

  private Runnable onEnd = () -> {};
  private @Nullable Future<?> alarm;
  private @Nullable Connecting connecting;
  private @Nullable ProviderConnection connection;
  private @Nullable RequestRelay upload;
  private @Nullable BufferedErrorBody undecided;
  private OptionalInt status = OptionalInt.empty();
  private long answered;
  private boolean notAllowed;
  private boolean over;

  /**
   * @param connections opens the connection, which is not kept
   */
  ProbeCall(AuthorizedCall authorized, Duration limit, ProviderPool connections) {
    this.authorized = authorized;
    this.limit = limit;
    this.connections = connections;
  }

  CompletableFuture<Probed> result() {
    return result;
  }

  void start(EventLoop loop, Runnable whenOver) {
    onEnd = whenOver;
    long left = limit.toNanos() - (System.nanoTime() - began);
    alarm = loop.schedule(() -> guarded(this::silent), left, TimeUnit.NANOSECONDS);
    guarded(
        () ->
            connecting =
                connections.acquireFresh(
                    ProviderAddress.of(authorized), authorized.owner(), limitMillis(), this));
  }

  @Override
  public void notConnected(CallError why) {
    notAllowed = why.code().equals(CallError.DESTINATION_NOT_ALLOWED.code());
    end(ConnectionStatus.UNREACHABLE);
  }

  @Override
  public void connected(ProviderConnection opened) {
    if (over) {
      opened.abort();
      return;
    }
    connecting = null;
    connection = opened;
    opened.begin(this, limitMillis());
    guarded(() -> send(opened));
  }

  private void send(ProviderConnection opened) {
    ProbeRequest trial = ProbeRequest.of(authorized);
    HttpRequest head = trial.request(authorized);
    RequestRelay request =
        RequestRelay.of(
            head,
            authorized,
            trial.path(),
            trial.query(),
            false,
            BodyLength.of(head.headers()),
            OutboundTransport.BUFFERS);
    upload = request;
    request.start(opened, this::broken);
    request.end(opened);
    request.flush(opened);
  }

  @Override
  public void answered(HttpResponse head) {
    answered = System.nanoTime();
    int code = head.status().code();
    status = OptionalInt.of(code);
    if (ResponsePolicy.dependsOnBody(head, authorized.standard().format())) {
      undecided = new BufferedErrorBody(head, OutboundTransport.BUFFERS);
    } else if (code >= 200 && code < 300) {
      end(ConnectionStatus.OK);
    } else {
      end(code == 401 || code == 403 ? ConnectionStatus.UNAUTHORIZED : ConnectionStatus.ERROR);
    }
  }

  @Override
  public void content(ByteBuf content) {
    if (undecided == null) {
      content.release();
    } else if (undecided.collect(content)) {
      answerEnded();
    }
  }

  /** What has arrived so far decides. */
  @Override
  public void answerEnded() {
    boolean rejection = undecided != null && undecided.isRejection();
    end(rejection ? ConnectionStatus.UNAUTHORIZED : ConnectionStatus.ERROR);
  }

  @Override
  public void paused() {}

  @Override
  public void writable() {}

  @Override
  public void silent() {
    if (status.isPresent()) {
      answerEnded();
    } else {
      end(ConnectionStatus.TIMEOUT);
    }
  }

  @Override
  public void broken() {
    answerEnded();
  }

  @Override
  public void malformed() {
    answerEnded();
  }

  /** Ends the probe early, and tells whoever waits for it. */
  void giveUp() {
    end(ConnectionStatus.UNREACHABLE);
  }

  private void guarded(Runnable step) {
    try {
      step.run();
    } catch (Throwable e) {
      LOG.error("a connection check failed", e);
      end(ConnectionStatus.ERROR);
    }
  }

  private void end(ConnectionStatus outcome) {
    if (over) {
      return;
    }
    over = true;
    try {
      letGo();
      onEnd.run();
    } finally {
      long until = status.isPresent() ? answered : System.nanoTime();
      // Last, because whoever asked closes the authorized call now.
      result.complete(new Probed(outcome, status, Duration.ofNanos(until - began), notAllowed));
    }
  }

  private void letGo() {
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
    if (undecided != null) {
      undecided.close();
      undecided = null;
    }
  }

  private int limitMillis() {
    return (int) Math.max(1, Math.min(limit.toMillis(), Integer.MAX_VALUE));
  }
}
