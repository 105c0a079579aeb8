package io.claviger.gateway.relay;

import io.claviger.application.gateway.AuthorizedCall;
import io.claviger.domain.instances.Timeout;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.in.ParsedCall;
import io.claviger.gateway.out.Connecting;
import io.claviger.gateway.out.ConnectionWaiter;
import io.claviger.gateway.out.ProviderAddress;
import io.claviger.gateway.out.ProviderConnection;
import io.claviger.gateway.out.ProviderListener;
import io.claviger.gateway.out.ProviderPool;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The provider's side of a call: the connection, the request that is sent on it, and the answer.
 * Confined to the event loop of the call.
 */
final class ProviderExchange {
  private final ProviderPool pool;
  private final HttpRequest head;
  private final ByteBufAllocator buffers;

  private @Nullable RequestRelay request;
  private @Nullable ResponseRelay answer;
  private @Nullable AnswerGate gate;
  private @Nullable Connecting connecting;
  private @Nullable ProviderConnection connection;

  /**
   * @param head of the caller's request
   */
  ProviderExchange(ProviderPool pool, HttpRequest head, ByteBufAllocator buffers) {
    this.pool = pool;
    this.head = head;
    this.buffers = buffers;
  }

  /**
   * Prepares the request, in place of one that was prepared before.
   *
   * @param growth by how many bytes its body is longer than the caller's
   * @throws CallRefused when the request can't be sent as it is
   */
  void prepare(AuthorizedCall authorized, ParsedCall parsed, long growth) {
    forgetRequest();
    request = RequestRelay.of(head, authorized, parsed, growth, buffers);
  }

  /**
   * @param fresh whether the connection must be a new one
   */
  void connect(AuthorizedCall by, boolean fresh, ConnectionWaiter waiter) {
    ProviderAddress target = ProviderAddress.of(by);
    int timeout = by.timeout().millis();
    connecting =
        fresh
            ? pool.acquireFresh(target, by.owner(), timeout, waiter)
            : pool.acquire(target, by.owner(), timeout, waiter);
  }

  /**
   * @param listener the relay, or a gate before it
   */
  void begin(
      ProviderConnection opened, ResponseRelay relay, ProviderListener listener, Timeout timeout) {
    connection = opened;
    answer = relay;
    gate = listener instanceof AnswerGate before ? before : null;
    opened.begin(listener, timeout.millis());
  }

  /**
   * Begins with the head. Nothing is sent before {@link #flush}.
   *
   * @param onDead told when the head could not be sent
   */
  void start(ProviderConnection opened, Runnable onDead) {
    request().start(opened, onDead);
  }

  /** Sends a buffered body, unless it was sent before, even if the connection was just dropped. */
  void sendOnce(ProviderConnection opened, BufferedUpload upload) {
    upload.sendOnce(request(), opened);
  }

  /**
   * @param part taken over
   */
  void send(ByteBuf part, boolean last) {
    ProviderConnection current = Objects.requireNonNull(connection);
    request().body(current, part);
    if (last) {
      request().end(current);
    }
  }

  void flush() {
    if (connection != null) {
      request().flush(connection);
    }
  }

  boolean isOn(ProviderConnection other) {
    return connection == other;
  }

  boolean isConnected() {
    return connection != null;
  }

  boolean isWritable() {
    return connection != null && connection.isWritable();
  }

  Optional<ResponseRelay> answer() {
    return Optional.ofNullable(answer);
  }

  void callerWritable() {
    if (answer != null) {
      answer.callerWritable();
    }
  }

  /**
   * Gives up the connection where all that is missing of a streamed answer is its end.
   *
   * @return the connection; null where more is missing, or where there is no connection
   */
  @Nullable ProviderConnection takeIfOnlyEndIsMissing(RequestBody body) {
    boolean onlyEndIsMissing =
        body.isComplete() && answer != null && answer.isStreamComplete() && body.isBufferEmpty();
    return onlyEndIsMissing ? takeConnection() : null;
  }

  private @Nullable ProviderConnection takeConnection() {
    ProviderConnection taken = connection;
    connection = null;
    return taken;
  }

  /** Closes the connection, or stops waiting for it. */
  void drop() {
    if (connecting != null) {
      connecting.abandon();
      connecting = null;
    }
    detachAnswer();
    ProviderConnection dropped = takeConnection();
    if (dropped != null) {
      dropped.abort();
    }
  }

  /**
   * The answer is complete.
   *
   * @param reusable whether another call may use the connection
   */
  void end(boolean reusable) {
    if (connection == null) {
      return;
    }
    if (reusable) {
      connection.release();
    } else {
      connection.abort();
    }
  }

  /** Wipes what is kept of the request. Can be repeated. */
  void forgetRequest() {
    if (request != null) {
      request.forget();
    }
  }

  /** Ignores whatever still arrives of the answer. Can be repeated. */
  void detachAnswer() {
    if (gate != null) {
      gate.close();
    }
    if (answer != null) {
      answer.detach();
    }
  }

  private RequestRelay request() {
    return Objects.requireNonNull(request);
  }
}
