package io.claviger.gateway.relay;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.errors.Continuation;
import io.claviger.gateway.head.ParsedCall;
import io.claviger.gateway.model.BodyModel;
import io.claviger.gateway.model.BodyReaders;
import io.claviger.gateway.model.BufferedBody;
import io.claviger.gateway.model.IncludedReasoning;
import io.claviger.gateway.model.SeparatedBody;
import io.claviger.gateway.out.ProviderConnection;
import io.claviger.gateway.wire.BodyTimeouts;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The body of a call, if the gateway reads the body completely before it sends any part. For
 * example, the body may name the model, or request the usage in the stream. Only used on the event
 * loop of the call.
 */
final class BufferedUpload {
  private final BufferedBody body;
  private final BodyReaders readers;
  private final IncludedReasoning reasoning;
  private final Channel caller;
  private final long began = System.nanoTime();

  /**
   * Whether the body stays in memory until the gateway knows that no other target gets the call.
   */
  private boolean kept;

  /** The model of the target that gets the body; null if the model did not select the target. */
  private @Nullable String called;

  /** Whether the provider has certainly accepted the gateway's additions to the body. */
  private boolean accepted;

  /**
   * Whether the provider might refuse the call due to its rate limits, so that the body might be
   * needed again.
   */
  private boolean repeatable;

  private boolean taken;
  private boolean sent;

  private BufferedUpload(
      BufferedBody body, CallEnvironment environment, Channel caller, boolean kept) {
    this.body = body;
    this.readers = environment.bodyReaders();
    this.reasoning = environment.reasoning();
    this.caller = caller;
    this.kept = kept;
  }

  /** Buffers a body whose model selects the service. */
  static BufferedUpload of(BufferedBody body, CallEnvironment environment, Channel caller) {
    return new BufferedUpload(body, environment, caller, true);
  }

  /**
   * Buffers the body if the gateway has to read it before sending.
   *
   * @param path the path below the service's endpoint
   * @return null if the gateway need not read the body first
   * @throws CallRefused if the request is refused because of its model, or if there is no memory
   *     for the body
   */
  static @Nullable BufferedUpload bufferIfNeeded(
      AuthorizedCall authorized,
      HttpRequest request,
      String path,
      CallEnvironment environment,
      Channel caller) {
    SeparatedBody.demandTaken(authorized, request, path);
    BufferedBody body =
        environment
            .buffering()
            .bufferIfNeeded(
                authorized,
                request,
                path,
                authorized.terms().capacity().filter(environment.turns()::readsBody).isPresent(),
                caller.alloc());
    return body == null ? null : new BufferedUpload(body, environment, caller, false);
  }

  /** What the body contains, and what the gateway changes in it. */
  BufferedBody body() {
    return body;
  }

  /**
   * @param part the next part; the callee has to release it
   * @param last whether the part completes the body
   * @throws CallRefused if the body becomes too large, either by itself or together with other
   *     bodies
   */
  void add(ByteBuf part, boolean last) {
    body.add(part, last);
  }

  /**
   * Reads the whole body.
   *
   * @param then the continuation that receives the body, or the reason why the call is refused
   */
  void read(Continuation<BufferedBody> then) {
    readers.read(body, body.caller(), caller.eventLoop(), then);
  }

  /** Returns the whole body, which the receiver has to release. */
  ByteBuf content() {
    return Unpooled.wrappedBuffer(body.take().toArray(ByteBuf[]::new));
  }

  /**
   * @param authorized the permission for the call with its model
   * @throws CallRefused if the body names a model that this permission does not include
   */
  void demandPermitted(AuthorizedCall authorized) {
    body.demandOnly(authorized.models());
  }

  /**
   * Sends the buffered part of the body. Only the first call of this method has an effect: if the
   * relay needs another connection, the relay itself sends the body again.
   *
   * @param whole whether the buffered part is the whole body
   */
  void sendOnce(RequestRelay relay, ProviderConnection connection, boolean whole) {
    if (!taken) {
      taken = true;
      body.take().forEach(segment -> relay.body(connection, segment));
      if (whole) {
        relay.end(connection);
      }
      relay.flush(connection, this::sent);
    }
  }

  private void sent() {
    sent = true;
    closeIfSent();
  }

  private void closeIfSent() {
    if (sent && !kept && !repeatable && (accepted || !body.includesReasoning())) {
      body.close();
    }
  }

  /** Called when no other target will get the call. */
  void letGo() {
    kept = false;
    closeIfSent();
  }

  /** Keeps the whole body in memory for another attempt, until {@link #keepNoLonger}. */
  void keep() {
    repeatable = true;
  }

  /** Called when the provider has certainly not refused the call because of its rate limits. */
  void keepNoLonger() {
    repeatable = false;
    closeIfSent();
  }

  /** Whether the operating system has accepted the whole body. */
  boolean isSent() {
    return sent;
  }

  /** Prepares another attempt with the same body. */
  void sendAgain() {
    taken = false;
    sent = false;
  }

  /** Called as soon as the provider has certainly not refused to include the reasoning. */
  void accepted() {
    accepted = true;
    closeIfSent();
  }

  /**
   * Called after the provider has refused to include the reasoning. Prepares another attempt with
   * the same body, without the request for the reasoning.
   */
  void leaveOutReasoning(AuthorizedCall authorized) {
    body.reasoningRefused(authorized, reasoning);
    body.nameCaller(authorized, reasoning);
    taken = false;
    sent = false;
  }

  /**
   * Adapts the body to a target. If the target gets the body, {@link #sendAgain} has to be called
   * next.
   *
   * @param named the model in the caller's request
   * @param model the provider's name for this model
   * @throws CallRefused if the request names another model, or refers to an object of a kind that
   *     is not lent
   */
  void adapt(
      BodyModel named,
      String model,
      AuthorizedCall authorized,
      HttpRequest request,
      ParsedCall parsed) {
    String path = parsed.path(request, authorized.standard());
    body.adapt(named.naming(model), model, authorized, reasoning);
    called = model;
    accepted = false;
    authorized
        .models()
        .ifPresent(
            allowed -> body.demandWithin(allowed, model, authorized.standard().format(), path));
  }

  /**
   * Adapts a body without a model to a service. If the body is then sent to this service, {@link
   * #sendAgain} has to be called first.
   *
   * @throws CallRefused if the body refers to an object of a kind that is not lent
   */
  void adapt(AuthorizedCall authorized) {
    body.adapt(authorized, reasoning);
  }

  /**
   * Writes into the body the names by which the provider distinguishes callers.
   *
   * @throws CallRefused if the gateway can't write the names, or if the provider would store an
   *     object of a kind that the service does not lend
   */
  void nameCaller(AuthorizedCall authorized) {
    body.nameCaller(authorized, reasoning);
  }

  /**
   * Whether the caller has taken too long to send the body.
   *
   * @param now the current time in nanoseconds
   */
  boolean isLate(long now, BodyTimeouts timeouts) {
    return now - began > timeouts.held().toNanos();
  }

  /** The provider's name for the model; empty if the body was not read. */
  Optional<String> model() {
    return called == null ? body.model() : Optional.of(called);
  }

  void close() {
    body.close();
  }
}
