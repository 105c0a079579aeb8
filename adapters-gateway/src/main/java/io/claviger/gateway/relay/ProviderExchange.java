package io.claviger.gateway.relay;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.objects.UploadLinks;
import io.claviger.domain.formats.ErrorMeaning;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.objects.Isolation;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.errors.Continuation;
import io.claviger.gateway.head.BodyLength;
import io.claviger.gateway.head.HeadGuard;
import io.claviger.gateway.head.ParsedCall;
import io.claviger.gateway.head.QueryFilter;
import io.claviger.gateway.model.AnswerRoom;
import io.claviger.gateway.model.HeadReferences;
import io.claviger.gateway.out.PendingConnection;
import io.claviger.gateway.out.ProviderAddress;
import io.claviger.gateway.out.ProviderConnection;
import io.claviger.gateway.out.ProviderListener;
import io.claviger.gateway.out.ProviderPool;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The provider's side of a call: the connection, the request on the connection, and the answer.
 * Only used on the event loop of the call.
 */
final class ProviderExchange {
  private final CallEnvironment environment;
  private final HttpRequest head;
  private final Channel caller;

  private @Nullable RequestRelay request;
  private String path = "";

  /**
   * The last path that was searched for references to objects and contained none. The isolation in
   * {@link #searchedFor} decided which texts counted as references.
   */
  private String searched = "";

  private @Nullable Isolation searchedFor;
  private @Nullable ParsedCall called;
  private @Nullable ResponseRelay answer;
  private @Nullable AnswerGate gate;
  private @Nullable RepeatGate reasoning;
  private @Nullable RepeatGate pace;
  private @Nullable PendingConnection connecting;
  private @Nullable ProviderConnection connection;

  /** The number of connections that this exchange has requested so far. */
  private int connects;

  /**
   * @param head the head of the caller's request
   */
  ProviderExchange(CallEnvironment environment, HttpRequest head, Channel caller) {
    this.environment = environment;
    this.head = head;
    this.caller = caller;
  }

  /**
   * Prepares the request. The new request replaces an earlier prepared request.
   *
   * @param length the length of the body as it will be sent
   * @throws CallRefused if this request can't be sent
   */
  void prepare(AuthorizedCall authorized, ParsedCall parsed, BodyLength length) {
    forgetRequest();
    path = parsed.path(head, authorized.standard());
    if (authorized.standard().format().api().escapesAt(path)) {
      throw new CallRefused(CallError.PAST_THE_GATEWAY);
    }
    if (!authorized.showsRates() && authorized.standard().format().api().showsOthersAt(path)) {
      throw new CallRefused(CallError.SHOWS_OTHERS);
    }
    demandOneModelEach(authorized.standard().format().api());
    called = parsed;
    if (parsed.upload().isPresent()) {
      prepareUpload(parsed.upload().get(), authorized, length);
      return;
    }
    String query = query(parsed, authorized);
    demandNoReferences(authorized, query);
    request =
        RequestRelay.of(
            new RequestHead(head, authorized, path, query, parsed.credential().asBearer()),
            length,
            caller.alloc());
  }

  /**
   * Refuses the call if a header names two models, because a provider might use either of the two.
   */
  private void demandOneModelEach(ProviderApi api) {
    for (String name : api.modelHeaders(path)) {
      if (head.headers().getAll(name).size() > 1) {
        throw new CallRefused(
            CallError.badRequest("The header %s may be sent only once.".formatted(name)));
      }
    }
  }

  /**
   * Refuses the call if the request's head refers to objects. The request may be prepared again
   * after its body has been read, but its head is searched only once.
   */
  @SuppressWarnings("ReferenceEquality") // for an equal but different object, the search runs again
  private void demandNoReferences(AuthorizedCall authorized, String query) {
    Isolation apart = authorized.isolation().orElse(null);
    if (apart != null && (apart != searchedFor || !path.equals(searched))) {
      HeadReferences.demandNone(authorized, head.method().name(), path, query);
      searchedFor = apart;
      searched = path;
    }
  }

  private void prepareUpload(
      UploadLinks.Upload upload, AuthorizedCall authorized, BodyLength length) {
    UploadAddress.check(upload, authorized, head.method().name(), path);
    request =
        RequestRelay.of(
            new RequestHead(head, authorized, upload.below(), upload.query(), false),
            length,
            caller.alloc());
  }

  /** Returns the part of the caller's query that the gateway forwards. */
  String query(ParsedCall parsed, AuthorizedCall authorized) {
    if (parsed.target().query().isEmpty()) {
      return "";
    }
    List<String> standards = authorized.standard().queryParameters();
    List<String> listed =
        authorized
            .standard()
            .objectOperation(head.method().name(), path)
            .map(stored -> Stream.concat(standards.stream(), stored.query().stream()).toList())
            .orElse(standards);
    ProviderApi api = authorized.standard().format().api();
    List<String> idle =
        api.idleParameters().stream().filter(name -> !listed.contains(name)).toList();
    String needed =
        QueryFilter.without(
            parsed.target().query(idle),
            (name, value) -> !listed.contains(name) && api.isNeedless(name, value));
    return QueryFilter.passing(needed, listed, name -> api.valuesOf(name, path));
  }

  /** The path below the service's endpoint; empty before the request has been prepared. */
  String path() {
    return path;
  }

  /**
   * @param fresh whether the connection must be new
   */
  void connect(AuthorizedCall authorized, boolean fresh, Continuation<ProviderConnection> waiter) {
    ProviderAddress target = ProviderAddress.of(authorized);
    ProviderPool pool = environment.pool();
    int timeout = authorized.timeout().millis();
    int attempt = beginConnecting();
    await(
        attempt,
        fresh
            ? pool.acquireFresh(target, authorized.owner(), timeout, waiter)
            : pool.acquire(target, authorized.owner(), timeout, waiter));
  }

  int beginConnecting() {
    return ++connects;
  }

  /**
   * Remembers the pending connection, unless the call has requested another connection since this
   * attempt.
   */
  void await(int attempt, PendingConnection pending) {
    if (attempt == connects) {
      connecting = pending;
    }
  }

  /**
   * Begins the exchange on a connection.
   *
   * @param call the call, which is told when the answer ends or fails
   * @param objects the object that records the objects in the answer; null if the answer names no
   *     objects
   * @param turn the call's turn at its target, which can hold the answer back; null if the call
   *     needs no turn
   */
  void begin(
      ProviderConnection opened,
      GatewayCall call,
      CallParts parts,
      @Nullable CallObjects objects,
      @Nullable CallTurn turn) {
    AuthorizedCall authorized = parts.permission().call();
    RequestBody body = parts.body();
    ResponseRelay relay = new ResponseRelay(call, parts, opened, path);
    if (body.asksForUsage()) {
      relay.takeOutUsage();
    }
    if (objects != null) {
      relay.record(objects, new AnswerRoom(environment.buffering().budget(), authorized));
    }
    if (!authorized.standard().format().api().capabilityHeaders().isEmpty()) {
      ParsedCall parsed = Objects.requireNonNull(called);
      relay.replaceAddresses(
          headers ->
              UploadAddress.replace(
                  headers,
                  authorized,
                  parsed,
                  head.method().name(),
                  path,
                  environment.authorization().uploads()));
    }
    OwnAddresses addresses = ownAddresses(authorized);
    if (addresses != null) {
      relay.replaceStated(addresses.filter(path));
    }
    connection = opened;
    answer = relay;
    WireFormat format = authorized.standard().format();
    pace = turn == null || !turn.counts() ? null : gate(relay, call, turn.gate(authorized, format));
    ProviderListener last = pace == null ? relay : pace;
    TargetFailover targets = call.failover();
    gate = targets == null ? null : targets.gate(last, opened, format, caller.eventLoop());
    ProviderListener first = gate == null ? last : gate;
    reasoning = body.includesReasoning() ? gate(first, call, reasoning(call, body, format)) : null;
    opened.begin(
        reasoning == null ? first : reasoning,
        head.method().equals(HttpMethod.HEAD),
        authorized.timeout().millis());
    if (HeadGuard.mayLeaveBodyUnread(head)) {
      opened.useOnce();
    }
  }

  private RepeatGate gate(ProviderListener next, GatewayCall call, RepeatGate.Kind kind) {
    return new RepeatGate(next, caller.eventLoop(), call::broken, kind);
  }

  /**
   * Returns the rule for repeating a request that was refused only because it asks the provider to
   * include the reasoning. The gateway then sends the request to the same provider again, without
   * asking for the reasoning.
   */
  private static RepeatGate.Kind reasoning(GatewayCall call, RequestBody body, WireFormat format) {
    return new RepeatGate.Kind(
        head -> head.status().equals(HttpResponseStatus.BAD_REQUEST),
        refusal -> {
          boolean repeats = refusal.meaning(format) == ErrorMeaning.INCLUDE_REFUSED;
          if (repeats) {
            call.repeatWithoutReasoning();
          }
          return repeats;
        },
        body.buffer()::accepted);
  }

  /**
   * Returns the object that replaces the provider's URLs in answers; null if answers contain no
   * such URLs.
   */
  @Nullable OwnAddresses ownAddresses(AuthorizedCall authorized) {
    return OwnAddresses.of(
        authorized,
        Objects.requireNonNull(called),
        head.method().name(),
        path,
        environment.authorization().uploads(),
        caller.alloc());
  }

  /**
   * Begins to send the head of the request. Nothing is sent before {@link #flush}.
   *
   * @param onDead an action that is called if the head could not be sent because the connection is
   *     dead
   */
  void start(ProviderConnection opened, Runnable onDead) {
    request().start(opened, onDead);
  }

  /**
   * Sends a buffered body that has not been sent before. The body is sent even if the connection
   * has just closed, because the relay can send the body again on another connection.
   *
   * @param whole whether this is the whole body
   */
  void sendOnce(ProviderConnection opened, BufferedUpload upload, boolean whole) {
    upload.sendOnce(request(), opened, whole);
  }

  /**
   * @param part the next part of the body; the callee has to release it
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
   * If only the end of a streamed answer is missing, detaches the connection from this exchange.
   *
   * @return the connection; null if there is no connection, or if more than the end of the answer
   *     is missing
   */
  @Nullable ProviderConnection takeIfOnlyEndIsMissing(RequestBody body) {
    return isOnlyEndMissing(body) ? takeConnection() : null;
  }

  /** Whether the answer is streamed and complete except for its end. */
  boolean isOnlyEndMissing(RequestBody body) {
    return body.isComplete()
        && answer != null
        && answer.use().isStreamComplete()
        && body.isBufferEmpty();
  }

  /**
   * Reads the rest of the answer for its usage, because the caller has left. A call whose caller
   * has left is not sent to another target.
   */
  void readOn() {
    if (answer != null) {
      answer.readOn();
    }
    if (reasoning != null) {
      reasoning.open();
    }
    if (gate != null) {
      gate.open();
    }
    if (pace != null) {
      pace.open();
    }
  }

  private @Nullable ProviderConnection takeConnection() {
    ProviderConnection taken = connection;
    connection = null;
    return taken;
  }

  /**
   * Closes the connection. If the connection is still pending, stops waiting for the connection.
   */
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
   * Ends the exchange after a complete answer that is not forwarded to the caller.
   *
   * @param reusable whether another call may use the connection
   */
  void dropAnswered(boolean reusable) {
    detachAnswer();
    answer = null;
    ProviderConnection answered = takeConnection();
    if (answered != null && reusable) {
      answered.release();
    } else if (answered != null) {
      answered.abort();
    }
  }

  /**
   * Ends the exchange after a complete answer.
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

  /**
   * Erases the parts of the request that are still in memory. This method can be called repeatedly.
   */
  void forgetRequest() {
    if (request != null) {
      request.forget();
    }
  }

  void detachAnswer() {
    if (reasoning != null) {
      noteHeld(reasoning.close());
    }
    if (gate != null) {
      noteHeld(gate.close());
    }
    if (pace != null) {
      noteHeld(pace.close());
    }
    if (answer != null) {
      answer.detach();
    }
  }

  /**
   * Records the status of an answer that was held back until its end. Otherwise, the call would be
   * charged as if the provider had not answered. Only the body of a refusal says whether the
   * provider bills the prompt, as Azure does if its content filter has refused it. So if the caller
   * leaves before the body has arrived, nobody is charged for such a prompt.
   */
  private void noteHeld(OptionalInt status) {
    if (answer != null && status.isPresent()) {
      answer.use().answered(status.getAsInt());
    }
  }

  private RequestRelay request() {
    return Objects.requireNonNull(request);
  }
}
