package io.claviger.gateway.relay;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.objects.ObjectReference;
import io.claviger.domain.spending.BodyUse;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.errors.Continuation;
import io.claviger.gateway.head.ParsedCall;
import io.claviger.gateway.model.BodyBuffering;
import io.claviger.gateway.model.BodyEdits;
import io.claviger.gateway.model.BodyModel;
import io.claviger.gateway.model.BodyReaders;
import io.claviger.gateway.model.BufferedBody;
import io.claviger.gateway.model.CallerScan;
import io.claviger.gateway.model.EndpointScan;
import io.claviger.gateway.model.InlineBatchScan;
import io.claviger.gateway.model.SeparatedBody;
import io.claviger.gateway.out.ProviderConnection;
import io.claviger.gateway.wire.BodyTimeouts;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The body of a call, if the whole body is read before any of it is sent. A reason for this may be
 * that the body names the model, or says whether the stream has to state the usage. Only used on
 * the event loop of the call.
 */
final class BufferedUpload {
  private final BufferedBody body;
  private final BodyReaders readers;
  private final BiPredicate<Endpoint, String> reasons;
  private final Channel caller;
  private final long began = System.nanoTime();

  /**
   * Whether the body stays in memory until it is clear that the call will not be sent to another
   * target.
   */
  private boolean kept;

  /**
   * The model of the target to which the body is sent; null if the model did not decide which
   * target is called.
   */
  private @Nullable String called;

  /** Whether it is clear that the provider accepts what the gateway has added to the body. */
  private boolean accepted;

  /**
   * Whether the body may have to be sent again, because the call may have been sent too early for
   * the provider's limits.
   */
  private boolean repeatable;

  private boolean taken;
  private boolean sent;

  private BufferedUpload(
      BufferedBody body, CallEnvironment environment, Channel caller, boolean kept) {
    this.body = body;
    this.readers = environment.bodyReaders();
    this.reasons = environment.reasons();
    this.caller = caller;
    this.kept = kept;
  }

  /** Buffers a body that names a model, if the model decides which service is called. */
  static BufferedUpload of(BufferedBody body, CallEnvironment environment, Channel caller) {
    return new BufferedUpload(body, environment, caller, true);
  }

  /**
   * Buffers the body if it has to be read before it is sent.
   *
   * @param path the path that is called, without the path of the service's endpoint
   * @return null if the body need not be read before it is sent
   * @throws CallRefused if the request is refused because of its model, or if there is no room in
   *     memory for its body
   */
  static @Nullable BufferedUpload ifReadFirst(
      AuthorizedCall authorized,
      HttpRequest request,
      String path,
      CallEnvironment environment,
      Channel caller) {
    SeparatedBody.demandTaken(authorized, request, path);
    BufferedBody body =
        BodyBuffering.ifReadFirst(
            authorized,
            request,
            path,
            authorized.terms().capacity().filter(environment.turns()::readsBody).isPresent(),
            environment.bufferBudget(),
            environment.authorization().heldBodyBytes(),
            environment.maxBodyBytes(),
            caller.alloc());
    return body == null ? null : new BufferedUpload(body, environment, caller, false);
  }

  /**
   * @param part the next part; from now on, the callee has to release it
   * @param last whether the body is complete with this part
   * @throws CallRefused when the body becomes too large, either for this call or together with the
   *     bodies of other calls
   */
  void add(ByteBuf part, boolean last) {
    body.add(part, last);
  }

  /**
   * Reads the whole body to find the models that it requests.
   *
   * @param then receives the body, or the error with which the call is refused
   */
  void read(Continuation<BufferedBody> then) {
    readers.read(body, body.caller(), caller.eventLoop(), then);
  }

  /** Returns the whole body; the receiver has to release the result. */
  ByteBuf content() {
    return Unpooled.wrappedBuffer(body.take().toArray(ByteBuf[]::new));
  }

  /**
   * @param authorized the permission that the call was given after its model became known
   * @throws CallRefused if the body names a model to which the caller's permission no longer
   *     extends
   */
  void demandPermitted(AuthorizedCall authorized) {
    body.demandOnly(authorized.models());
  }

  /**
   * Sends the buffered part of the body. Only the first call of this method has an effect: the
   * relay itself sends the body again if it needs another connection.
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

  /** Called when the call will not be sent to another target. */
  void letGo() {
    kept = false;
    closeIfSent();
  }

  /** Keeps the whole body in memory until {@link #keepNoLonger}, so that it can be sent again. */
  void keep() {
    repeatable = true;
  }

  /**
   * Called when it is clear that the provider has not refused the call for the reason that the
   * provider's account is called too fast.
   */
  void keepNoLonger() {
    repeatable = false;
    closeIfSent();
  }

  /** Whether the whole body has been handed to the operating system. */
  boolean isSent() {
    return sent;
  }

  /** Prepares to send the same body once more. */
  void sendAgain() {
    taken = false;
    sent = false;
  }

  /**
   * Whether the gateway asks for the reasoning of the response although the caller did not ask for
   * it.
   */
  boolean includesReasoning() {
    return body.includesReasoning();
  }

  /** Called as soon as it is certain that the provider has not refused to include the reasoning. */
  void accepted() {
    accepted = true;
    closeIfSent();
  }

  /** Prepares to send the same body again, but without the request for the reasoning. */
  void leaveOutReasoning(AuthorizedCall authorized) {
    body.leaveOutReasoning();
    body.nameCaller(authorized, reasons);
    taken = false;
    sent = false;
  }

  /**
   * Adapts the body to a target to which it has not been sent yet.
   *
   * @param named the model that the caller named in the request
   * @param model the provider's name of that model
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
    body.adapt(named.naming(model), model, authorized, reasons);
    called = model;
    accepted = false;
    taken = false;
    sent = false;
    authorized
        .models()
        .ifPresent(
            allowed -> body.demandWithin(allowed, model, authorized.standard().format(), path));
  }

  /**
   * Adapts a body that requests no model to the service to which it is sent.
   *
   * @throws CallRefused if the body refers to an object of a kind that is not lent
   */
  void adapt(AuthorizedCall authorized) {
    body.adapt(authorized);
    taken = false;
    sent = false;
  }

  /**
   * Returns the objects at the provider to which the body refers, including objects of kinds that
   * are not lent.
   */
  List<ObjectReference> found() {
    return body.found();
  }

  /**
   * Writes the names of the caller into the body.
   *
   * @throws CallRefused if the names can't be written, or if the provider would store something
   *     although storage of that kind is not lent
   */
  void nameCaller(AuthorizedCall authorized) {
    body.nameCaller(authorized, reasons);
  }

  Optional<CallerScan.ResultStorage> storage() {
    return body.storage();
  }

  /**
   * What the body requests, such as tokens, as far as limits and charges depend on it; empty before
   * the body has been read.
   */
  BodyUse use() {
    return body.use();
  }

  /**
   * The objects at the provider to which the body refers. The list is complete once the body has
   * been read. All these objects are of kinds that are lent.
   */
  List<ObjectReference> references() {
    return body.references();
  }

  /**
   * Whether the call puts the files to which the body refers into a container. Files in a container
   * can be read later.
   */
  boolean fillsContainer() {
    return body.fillsContainer();
  }

  /**
   * Whether the body demands that the answer shows the content of objects to which the body refers.
   */
  boolean showsContent() {
    return body.showsContent();
  }

  /**
   * The content of a body that creates a batch from a file; empty if the body creates no such
   * batch.
   */
  Optional<EndpointScan.Said> batchOfFile() {
    return body.batchOfFile();
  }

  /** The requests of a batch in the body; empty if the body contains none. */
  Optional<InlineBatchScan> batch() {
    return body.batch();
  }

  boolean asksForUsage() {
    return body.asksForUsage();
  }

  /** Whether the body is sent unchanged, while its later parts are still arriving. */
  boolean isGivenUp() {
    return body.isGivenUp();
  }

  /** The edits that are applied to the body before it is sent; none if the body was not read. */
  BodyEdits edits() {
    return body.edits();
  }

  /** Whether the whole body has been handed to the operating system, or has been dropped. */
  boolean isClosed() {
    return body.isClosed();
  }

  /**
   * Whether the caller has taken too long to send the body.
   *
   * @param now the current time in nanoseconds
   */
  boolean isLate(long now, BodyTimeouts timeouts) {
    return now - began > timeouts.held().toNanos();
  }

  /**
   * The models that the body requests; empty if the body was not read, or if the path names the
   * model.
   */
  Optional<String> models() {
    return body.models();
  }

  /** The name by which the provider knows the called model; empty if the body was not read. */
  Optional<String> model() {
    return called == null ? body.model() : Optional.of(called);
  }

  void close() {
    body.close();
  }
}
