package io.claviger.gateway.relay;

import io.claviger.application.gateway.AuthorizedCall;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.in.BodyTimeouts;
import io.claviger.gateway.in.ParsedCall;
import io.claviger.gateway.model.BodyEdits;
import io.claviger.gateway.model.BodyReaders;
import io.claviger.gateway.model.BufferedBody;
import io.claviger.gateway.out.ProviderConnection;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The body of a call that is read whole before any of it is sent, because it says which model is
 * asked for, or whether its stream states its usage. Confined to the event loop of the call.
 */
final class BufferedUpload {
  private final BufferedBody body;
  private final BodyReaders readers;
  private final Channel caller;
  private final long began = System.nanoTime();

  private BufferedUpload(BufferedBody body, BodyReaders readers, Channel caller) {
    this.body = body;
    this.readers = readers;
    this.caller = caller;
  }

  /**
   * Buffers the body where it has to be read.
   *
   * @return null where the body need not be read first
   * @throws CallRefused when the request is refused for its model, or there is no room for its body
   */
  static @Nullable BufferedUpload ifReadFirst(
      AuthorizedCall authorized,
      HttpRequest request,
      ParsedCall parsed,
      CallEnvironment environment,
      Channel caller) {
    BufferedBody body =
        BufferedBody.ifReadFirst(
            authorized,
            request,
            parsed,
            environment.bufferBudget(),
            environment.maxBodyBytes(),
            caller.alloc());
    return body == null ? null : new BufferedUpload(body, environment.bodyReaders(), caller);
  }

  /**
   * @param part taken over
   * @throws CallRefused when the body becomes too large, for this call or together with others
   */
  void add(ByteBuf part) {
    body.add(part);
  }

  /**
   * Reads the whole body for its model.
   *
   * @param then told on the event loop why the call is refused, or nothing where it is not
   * @param onFailure told on the event loop of an unexpected failure
   */
  void read(Consumer<Optional<CallError>> then, Consumer<Throwable> onFailure) {
    readers.read(body, caller.eventLoop(), then, onFailure);
  }

  /**
   * @param authorized what may be called, now that the model is known
   * @throws CallRefused when the body asks for a model that may no longer be called
   */
  void demandPermitted(AuthorizedCall authorized) {
    body.demandOnly(authorized.models());
  }

  /**
   * Sends the body as far as it is buffered. Only the first call does: on another connection the
   * relay sends it again.
   *
   * @param whole whether nothing of the body follows
   */
  void sendOnce(RequestRelay relay, ProviderConnection connection, boolean whole) {
    if (!body.isTaken()) {
      body.take().forEach(segment -> relay.body(connection, segment));
      if (whole) {
        relay.end(connection);
      }
      relay.flush(connection);
      relay.whenSent(connection, body::close);
    }
  }

  /** Whether the body is sent as it is, while the rest of it still arrives. */
  boolean isGivenUp() {
    return body.isGivenUp();
  }

  /** What is changed in the body; nothing unless it was read. */
  BodyEdits edits() {
    return body.edits();
  }

  /** Whether all of the body has been handed to the operating system, or dropped. */
  boolean isClosed() {
    return body.isClosed();
  }

  /**
   * Whether the caller has taken too long to send the body.
   *
   * @param now in nanoseconds
   */
  boolean isLate(long now, BodyTimeouts timeouts) {
    return now - began > timeouts.held().toNanos();
  }

  /**
   * The models that the body asks for; empty if it was not read, or if the path names the model.
   */
  Optional<String> models() {
    return body.models();
  }

  /** The call is over. */
  void close() {
    body.close();
  }
}
