package io.claviger.gateway.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.application.credentials.TokenSource;
import io.claviger.application.gateway.CallAuthorization.CallRequest;
import io.claviger.application.gateway.CallAuthorization.RequestedBatch;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.objects.HeldObjects.UseDecision;
import io.claviger.domain.accounts.CallerOrigin;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.keys.Secret;
import io.claviger.gateway.authorize.CallAuthorizer;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.errors.CapacityErrors;
import io.claviger.gateway.events.CallTrace;
import io.claviger.gateway.head.AllowedOrigins;
import io.claviger.gateway.head.HeadGuard;
import io.claviger.gateway.head.ParsedCall;
import io.claviger.gateway.head.RequestTarget;
import io.claviger.gateway.head.RootPaths;
import io.claviger.gateway.in.CallerConnection;
import io.claviger.gateway.in.IncomingCall;
import io.claviger.gateway.model.BufferedBody;
import io.claviger.gateway.out.ProviderConnection;
import io.claviger.gateway.wire.GuardedTask;
import io.claviger.gateway.wire.LoopTurn;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A call, from the head of the request to the last byte of the answer. Confined to one event loop,
 * which serves both the caller's connection and the provider's connection.
 *
 * <p>The methods are in the order of the steps: {@link #start} reads the head, {@link ServiceCall}
 * authorizes it, and then {@link #buffer}, {@link #checkObjects}, {@link #connect} and {@link
 * #send} follow. Before {@link #connect}, {@link CallTurn} and {@link CallToken} may delay the
 * call. The relay forwards the answer from {@link #answerBegun} to {@link #answerEnded}. {@link
 * CallEnding} charges and reports the call, however it ends. If the URL names no service, {@link
 * RoutedCall} does the steps between the head and {@link #connect}, and calls {@link #connect}
 * again for each further target.
 */
public final class GatewayCall implements IncomingCall {
  private final CallParts parts;
  private final RequestBody body;
  private final ProviderExchange provider;
  private final CallPermission permission;
  private final CallEnding ending;
  private final ServiceCall service;

  /**
   * The part of the call that is needed only if the call's URL names no service. This field is null
   * if the URL names a service or project, and as soon as the call continues as a call to one
   * service.
   */
  private @Nullable RoutedCall routed;

  /** The part of the call for stored objects; null if the call can't concern stored objects. */
  private @Nullable CallObjects objects;

  /** Whether it is known which stored objects the call concerns. */
  private boolean areObjectsKnown;

  private @Nullable ObjectListing listing;

  /** The turn of the call; null if the call needs no turn or has not requested one. */
  private @Nullable CallTurn turn;

  /** The minted token to send with the call; null if the service needs none. */
  private @Nullable CallToken token;

  /** The conversation on the call's WebSocket; null if the call opens no WebSocket. */
  private @Nullable Conversation conversation;

  /**
   * Whether the header with the caller's certificate does not have the form that a trusted proxy
   * uses.
   */
  private final boolean isFromUnclear;

  private CallPhase phase = CallPhase.AUTHORIZING;

  /** The body of an answer without content. */
  static final byte[] NOTHING = {};

  /** Returns a factory of calls for one event loop. */
  public static IncomingCall.Factory factory(CallEnvironment environment) {
    return environment.rootPaths()
        ? (caller, request) -> new GatewayCall(caller, environment, RootPaths.lead(request))
        : (caller, request) -> new GatewayCall(caller, environment, request);
  }

  private GatewayCall(CallerConnection caller, CallEnvironment environment, HttpRequest head) {
    CallTrace trace = RequestedCall.trace(environment.events(), head);
    HttpRequest request = RequestedCall.traced(head, trace);
    CallHeaders headers =
        new CallHeaders(
            RequestedCall.newRequestId(),
            () -> ParsedCall.guessFormat(request),
            environment.origins().permission(request));
    CallerOrigin from = caller.originOf(request);
    this.isFromUnclear = from == null;
    RequestedCall requested =
        new RequestedCall(request, from == null ? caller.peer() : from, headers.requestId());
    CallRecord record = new CallRecord(environment.events(), requested, trace);
    this.body = new RequestBody(request, environment);
    this.provider = new ProviderExchange(environment, request, caller.channel());
    boolean keepAlive = HttpUtil.isKeepAlive(request) && !environment.leaving().get();
    this.permission = new CallPermission(record, headers, environment.links());
    this.parts =
        new CallParts(
            environment,
            requested,
            caller,
            headers,
            record,
            permission,
            body,
            provider,
            new CallerResponse(caller.channel(), request, headers, keepAlive));
    this.ending = new CallEnding(this, parts);
    this.service = new ServiceCall(this, parts);
    this.routed = RoutedCall.ifNamesNoService(this, parts);
  }

  @Override
  public void start() {
    try {
      HeadGuard.checkFraming(parts.requested().head());
    } catch (CallRefused e) {
      ending.refuse(e.error(), false);
      return;
    }
    if (!parts.caller().admits(parts.requested().head())) {
      ending.refuse(CallError.MALFORMED, false);
      return;
    }
    if (isFromUnclear) {
      ending.refuse(CallError.CERTIFICATE_UNCLEAR, false);
      return;
    }
    HttpRequest head = parts.requested().head();
    if (AllowedOrigins.isPreflight(head)) {
      preflight(head);
    } else if (routed == null && isProbe(head)) {
      answer(NOTHING);
    } else if (routed == null) {
      service.begin();
    } else {
      routed.begin();
    }
  }

  /**
   * Answers a preflight request, which has no token. From the answer, scripts learn only whether
   * their origin is listed.
   */
  private void preflight(HttpRequest head) {
    if (parts.environment().origins().include(head)) {
      answer(NOTHING);
    } else {
      fail(CallError.ORIGIN_NOT_ALLOWED);
    }
  }

  /**
   * Whether a client only probes the base URL of a service. The answer does not even reveal whether
   * such a service exists.
   */
  private static boolean isProbe(HttpRequest request) {
    try {
      return HeadGuard.isRead(request) && RequestTarget.of(request.uri()).isBase();
    } catch (CallRefused unreadable) {
      return false;
    }
  }

  /**
   * Checks that the caller may use the objects in the request, before anything is reserved or sent.
   *
   * @param then an action that continues the call
   */
  void checkObjects(AuthorizedCall given, Runnable then) {
    CallObjects named = CallObjects.of(parts, given, provider.path(), this::broken);
    objects = named;
    areObjectsKnown = true;
    if (named == null) {
      then.run();
    } else if (given.token().isEmpty()) {
      checkObjects(named, then);
    } else {
      token()
          .take(
              () -> {
                CallObjects withToken =
                    CallObjects.of(parts, permission.call(), provider.path(), this::broken);
                objects = withToken;
                checkObjects(Objects.requireNonNull(withToken), then);
              },
              this::fail);
    }
  }

  private void checkObjects(CallObjects named, Runnable then) {
    enter(CallPhase.CHECKING);
    named.check(new CheckingObjects(named, then));
  }

  /**
   * Checks the permission and the objects again after a wait. During the wait, the owner might have
   * ceased to lend storage, the objects might have been deleted, or the caller might have lost
   * access to them.
   */
  void checkObjectsAgain(Runnable then) {
    if (objects == null || objects.isList() || !objects.areUsed()) {
      then.run();
    } else {
      enter(CallPhase.CHECKING);
      CallObjects named = objects;
      parts.checkPermissionAgain(
          permission.authorizer().request(),
          usedBasis(),
          new CheckingPermission(() -> checkObjects(named, then)));
    }
  }

  void buffer() {
    enter(CallPhase.BUFFERING);
    body.sendContinueIfExpected(parts.response());
    parts.caller().advance();
  }

  private void readBuffered() {
    enter(CallPhase.CHECKING);
    body.read(new Reading());
  }

  /**
   * The input of the new batch; empty before the input has been checked, and if the call creates no
   * batch.
   */
  Optional<RequestedBatch> batch() {
    return Optional.ofNullable(objects).flatMap(CallObjects::requestedBatch);
  }

  /** Whether the call creates an object that is not yet in the ledger. */
  boolean leavesObject() {
    return objects != null && objects.isUnrecorded();
  }

  /** Whether the call might end an object whose end is not yet being recorded. */
  boolean endsObject() {
    return objects != null && objects.mayEnd();
  }

  /**
   * Whether the call names or creates objects at its target, and is therefore bound to this target.
   */
  boolean keepsToTarget() {
    return objects != null && (objects.isCreate() || !body.references().isEmpty());
  }

  /** Connects to the provider when it is the call's turn. */
  void connect(AuthorizedCall given) {
    if (objects != null && objects.isList()) {
      CallObjects held = objects;
      AuthorizedCall newest = permission.call();
      if (newest.token().isPresent() && newest.key().isEmpty()) {
        token().take(() -> beginList(permission.call(), held), this::fail);
      } else {
        beginList(given, held);
      }
    } else if (objects != null && objects.answerOfDeletion().isPresent()) {
      enter(CallPhase.CONNECTING);
      deleteLater(objects, objects.answerOfDeletion().get());
    } else if (given.terms().capacity().isEmpty() || (turn != null && turn.isHeld())) {
      connectNow(given);
    } else {
      turn().take(given.terms().capacity().get(), () -> connectNow(given));
    }
  }

  /** Takes the token only now, because the token might expire while the call waits for its turn. */
  private void connectNow(AuthorizedCall given) {
    connectNow(given, false);
  }

  /**
   * @param fresh whether the connection must be new
   */
  private void connectNow(AuthorizedCall given, boolean fresh) {
    if (given.token().isEmpty()) {
      connectTo(given, fresh);
    } else {
      token().take(() -> connectTo(permission.call(), fresh), this::notConnected);
    }
  }

  private void connectTo(AuthorizedCall given, boolean fresh) {
    enter(CallPhase.CONNECTING);
    provider.connect(given, fresh, new Connecting());
  }

  /**
   * Opens a WebSocket to the provider, and a WebSocket to the caller unless it is already open.
   *
   * @param secret the client secret that the caller presents; null if the caller presents an access
   *     token. The secret is used up only when the gateway has no more reason to refuse the call
   */
  void converse(SocketTarget target, @Nullable SessionSecrets secret) {
    if (secret == null) {
      if (trySetTarget(target)) {
        openWithProvider();
      }
      return;
    }
    SocketTarget named;
    try {
      named = target.with(secret.request());
    } catch (CallRefused e) {
      fail(e.error());
      return;
    }
    if (trySetTarget(named)) {
      secret.take(permission.call(), this::openWithProvider);
    }
  }

  /**
   * Sets the target of the conversation. Returns false if the target does not permit the WebSocket,
   * or if the gateway is about to stop. If the result is false, the call has failed.
   */
  private boolean trySetTarget(SocketTarget target) {
    Conversation open = conversation;
    try {
      if (open == null) {
        conversation = Conversation.of(this, parts, target);
      } else {
        open.setTarget(target);
      }
    } catch (CallRefused e) {
      fail(e.error());
      return false;
    }
    return !isRefusedAtStop();
  }

  /**
   * Refuses a WebSocket if the gateway is about to stop, because the WebSocket would have to close
   * soon.
   */
  private boolean isRefusedAtStop() {
    boolean stops = parts.environment().draining().get();
    if (stops) {
      fail(CapacityErrors.LEAVING);
    }
    return stops;
  }

  private void openWithProvider() {
    connectNow(permission.call(), true);
  }

  /** Opens a WebSocket to the caller. The caller's first message selects the service. */
  void converse(Conversation begun) {
    conversation = begun;
    if (!isRefusedAtStop()) {
      begun.openToCaller();
    }
  }

  /** Called after the end of the conversation, while both sides are being closed. */
  void conversationEnded() {
    ending.conversationEnded();
  }

  private void notConnected(CallError why) {
    if (why.equals(CallError.PROVIDER_UNREACHABLE)) {
      parts.record().reportUnreachable();
    }
    TargetFailover targets = failover();
    if (targets == null || !targets.isTakenOver(why)) {
      fail(why);
    }
  }

  private CallTurn turn() {
    CallTurn known = turn == null ? new CallTurn(this, parts) : turn;
    turn = known;
    return known;
  }

  private CallToken token() {
    CallToken known = token == null ? new CallToken(this, parts) : token;
    token = known;
    return known;
  }

  /** Obtains another service's token for a request by the gateway itself. */
  void askForToken(TokenSource from, Consumer<Secret> then, Consumer<CallError> otherwise) {
    token().ask(from, then, otherwise);
  }

  /** Stops waiting for tokens. */
  void leaveTokens() {
    token().leave();
  }

  /** Records what an answer says about the provider's limits. */
  void learnOfLimits(HttpResponse head) {
    if (turn != null) {
      turn.learnOfTarget(head);
    }
  }

  /** The targets of the call's model; null if the URL names a service, or before they are known. */
  @Nullable TargetFailover failover() {
    return routed == null ? null : routed.failover();
  }

  /**
   * Ends the call's turn at a target. Called after the target has refused the call without doing
   * the requested work.
   */
  void endAttempt() {
    if (turn != null) {
      turn.endAttempt();
    }
  }

  /**
   * Ends the call's turn. If the call is waiting for a turn or a token, ends the wait. This method
   * can be called repeatedly.
   */
  void endTurn() {
    if (token != null) {
      token.leave();
    }
    if (turn != null) {
      turn.end();
    }
  }

  @Override
  public void gatewayLeaves() {
    if (conversation != null) {
      conversation.gatewayLeaves();
      return;
    }
    if (phase == CallPhase.WAITING) {
      fail(CapacityErrors.LEAVING);
    }
  }

  @Override
  public void gatewayStops() {
    gatewayLeaves();
    ending.gatewayStops();
  }

  /** Continues the call as a call that creates a client secret for a session at one service. */
  void goTo(CallAuthorizer authorizer, SessionSecrets made) {
    routed = null;
    service.begin(authorizer, made);
  }

  /** Continues the call as a call to one service. */
  void goTo(CallAuthorizer authorizer) {
    routed = null;
    service.begin(authorizer);
  }

  /**
   * @param answer the response to the caller; it is sent as soon as the ledger says that the object
   *     is to be deleted
   */
  private void deleteLater(CallObjects held, String answer) {
    held.deleteLater(
        new CallStep<>(this) {
          @Override
          void next(Boolean done) {
            answer(answer.getBytes(UTF_8));
          }
        });
  }

  /** Answers with a list of the caller's objects at the service. */
  private void beginList(AuthorizedCall given, CallObjects held) {
    enter(CallPhase.CONNECTING);
    ProviderApi api = given.standard().format().api();
    ParsedCall parsed = permission.authorizer().parsed();
    RequestedPage page;
    try {
      page = RequestedPage.of(api, provider.query(parsed, given));
    } catch (CallRefused e) {
      fail(e.error());
      return;
    }
    list(
        new ObjectListing(
            this,
            parts,
            api,
            provider.path(),
            page,
            held.wanted(page),
            held.source(
                permission.authorizer(),
                parsed.credential().asBearer(),
                provider.ownAddresses(given))));
  }

  /** Answers with a list that the gateway compiles. */
  void list(ObjectListing of) {
    listing = of;
    of.begin();
  }

  /**
   * Gives up requests that the gateway itself has sent to the provider. This method can be called
   * repeatedly.
   */
  void endListing() {
    if (listing != null) {
      listing.end();
    }
  }

  private void send(ProviderConnection opened) {
    enter(CallPhase.FORWARDING);
    if (conversation != null) {
      conversation.begin(opened);
      return;
    }
    parts.headers().storage(body.storage());
    provider.begin(opened, this, parts, objects, turn);
    parts.record().markSent();
    body.beginMeasuring();
    provider.start(opened, GuardedTask.of(() -> headNotSent(opened), this::broken));
    body.sendContinueIfExpected(parts.response());
    body.sendBuffered(provider, opened);
    parts.caller().advance();
  }

  /**
   * Called if no part of the request was sent. If a pooled connection was dead, the call uses
   * another connection.
   */
  private void headNotSent(ProviderConnection dead) {
    if (provider.isOn(dead) && dead.wasUsed() && !parts.response().isBegun()) {
      provider.drop();
      parts.record().markUnsent();
      connectTo(permission.call(), true); // the new connection gets the kept part of the request
    }
  }

  /** Called after the provider has refused to include the reasoning. */
  void repeatWithoutReasoning() {
    AuthorizedCall given = permission.call();
    provider.drop();
    parts.record().markUnsent();
    try {
      body.buffer().leaveOutReasoning(given);
      provider.prepare(given, permission.authorizer().parsed(), body.length());
    } catch (CallRefused e) {
      fail(e.error());
      return;
    }
    connect(given);
  }

  /** Sends the request again after the provider has refused it. The body is still in memory. */
  void repeat() {
    RenewedPermission.ifGivenBack(this, parts, this::sendAgain);
  }

  private void sendAgain() {
    AuthorizedCall given = permission.call();
    try {
      body.sendAgain();
      provider.prepare(given, permission.authorizer().parsed(), body.length());
    } catch (CallRefused e) {
      fail(e.error());
      return;
    }
    connectNow(given);
  }

  /** Called after the provider has rejected the key. */
  void keyRejected(int status) {
    parts.record().reportRejectedKey(status);
    permission.call().token().ifPresent(TokenSource::rejected);
  }

  /**
   * Called after an answer that might be due to the call's minted token. The token is then renewed,
   * at most once a minute, and stays in use until then, because callers can cause such answers.
   */
  void tokenDoubted() {
    permission.call().token().ifPresent(TokenSource::doubted);
  }

  void answerBegun() {
    parts.record().markAnswerBegun();
  }

  void answerEnded() {
    parts.record().markAnswered();
    ending.answerEnded();
  }

  /** Sends an answer by the gateway itself, without a call to the provider. */
  void answer(byte[] json) {
    ending.answer(json);
  }

  /** Answers with an error. If the caller's answer has already begun, breaks it off instead. */
  void fail(CallError why) {
    if (conversation == null || conversation.isDropped(why)) {
      ending.fail(why);
    }
  }

  CallPhase phase() {
    return phase;
  }

  void enter(CallPhase next) {
    phase = next;
  }

  @Override
  public boolean takesBody() {
    return body.isWanted(phase, provider.isWritable());
  }

  @Override
  public long accepted() {
    return phase == CallPhase.BUFFERING ? body.missing() : 0;
  }

  @Override
  public void body(HttpContent part) {
    try {
      body.receive(part, phase, provider);
    } catch (CallRefused e) {
      fail(e.error());
      return;
    }
    if (phase == CallPhase.BUFFERING && body.isGivenUp()) {
      service.bodyGivenUp();
    } else if (body.isComplete()) {
      bodyComplete();
    }
  }

  private void bodyComplete() {
    if (phase == CallPhase.BUFFERING) {
      readBuffered();
    } else if (phase == CallPhase.DISCARDING) {
      ending.end();
    }
  }

  @Override
  public void flushBody() {
    if (phase == CallPhase.FORWARDING) {
      provider.flush();
    }
  }

  void providerWritable() {
    body.beginMeasuring();
    parts.caller().advance();
  }

  @Override
  public void callerWritable() {
    if (conversation != null) {
      conversation.callerWritable();
    }
    provider.callerWritable();
  }

  @Override
  public boolean isBodyLate(long now) {
    return body.isLate(phase, now, provider.isWritable());
  }

  @Override
  public @Nullable CallRequest request() {
    return phase.isAnswered() ? null : permission.request();
  }

  @Override
  public AuthorizedCall.@Nullable AuthorizationBasis basis() {
    if (phase.isAnswered()) {
      return null;
    }
    return permission.basis() == null ? null : usedBasis();
  }

  /**
   * The basis of the call's permission, without the objects and batches that the call does not use.
   * A call counts as one that uses objects until it is known which objects it concerns. Must be
   * called only after the call has been permitted.
   */
  AuthorizedCall.AuthorizationBasis usedBasis() {
    AuthorizedCall.AuthorizationBasis given = permission.call().basis();
    CallObjects concerned = objects;
    if (!areObjectsKnown) {
      return given;
    }
    if (concerned == null || !concerned.areUsed()) {
      return given.storingNothing();
    }
    return concerned.makesBatch() ? given : given.batchingNothing();
  }

  /** Called if the body is not read, so that the call can't use stored objects. */
  void usesNoObjects() {
    areObjectsKnown = true;
  }

  @Override
  public @Nullable UUID countedAs() {
    return phase.isAnswered() ? null : permission.countedAs();
  }

  @Override
  public void revoked(CallRefusal why) {
    boolean isPart =
        why == CallRefusal.BAD_TOKEN && permission.authorizer().parsed().upload().isPresent();
    parts.record().markLeft();
    fail(isPart ? CallError.UPLOAD_ENDED : CallError.of(why));
  }

  @Override
  public void callerGone() {
    if (conversation != null && conversation.callerGone()) {
      return;
    }
    ending.callerGone();
  }

  /** Runs a task later on the event loop of this call. If the task fails, the call ends. */
  Future<?> schedule(Runnable task, Duration delay) {
    return parts
        .caller()
        .channel()
        .eventLoop()
        .schedule(GuardedTask.of(task, this::broken), delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void callerStalled() {
    ending.callerStalled();
  }

  @Override
  public void broken(Throwable why) {
    if (conversation != null && conversation.isDropped(why)) {
      conversation = null;
    }
    if (conversation == null) {
      ending.broken(why);
    }
  }

  private final class Reading extends CallStep<BufferedBody> {
    Reading() {
      super(GatewayCall.this);
    }

    @Override
    void next(BufferedBody whole) {
      LoopTurn.next(parts.caller().channel(), GuardedTask.of(this::goOn, GatewayCall.this::broken));
    }

    private void goOn() {
      if (phase != CallPhase.CHECKING) {
        return; // the call has ended meanwhile
      }
      if (routed == null) {
        service.bodyRead();
      } else {
        routed.bodyRead();
      }
    }

    @Override
    void stop(CallError why) {
      fail(routed == null ? why : routed.meaning(why));
    }
  }

  private final class CheckingObjects extends CallStep<UseDecision> {
    private final CallObjects named;
    private final Runnable then;

    CheckingObjects(CallObjects named, Runnable then) {
      super(GatewayCall.this);
      this.named = named;
      this.then = then;
    }

    @Override
    void next(UseDecision allowed) {
      try {
        if (body.keepItems(named.keptItems())) { // the length of the body is different now
          provider.prepare(permission.call(), permission.authorizer().parsed(), body.length());
        }
      } catch (CallRefused e) {
        fail(e.error());
        return;
      }
      then.run();
    }
  }

  private final class CheckingPermission extends CallStep<Optional<CallRefusal>> {
    private final Runnable then;

    CheckingPermission(Runnable then) {
      super(GatewayCall.this);
      this.then = then;
    }

    @Override
    void next(Optional<CallRefusal> why) {
      why.map(CallError::of).ifPresentOrElse(GatewayCall.this::fail, then);
    }
  }

  private final class Connecting extends CallStep<ProviderConnection> {
    Connecting() {
      super(GatewayCall.this);
    }

    @Override
    void next(ProviderConnection opened) {
      try {
        send(opened);
      } catch (Throwable e) {
        opened.abort();
        broken(e);
      }
    }

    @Override
    void drop(ProviderConnection late) {
      late.abort();
    }

    @Override
    void stop(CallError why) {
      notConnected(why);
    }
  }
}
