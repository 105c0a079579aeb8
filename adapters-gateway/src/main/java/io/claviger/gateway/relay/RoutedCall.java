package io.claviger.gateway.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.application.gateway.CallAuthorization.CallRequest;
import io.claviger.application.gateway.CallTarget;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.routing.ModelRouting;
import io.claviger.application.routing.ModelRouting.ModelDecision;
import io.claviger.application.routing.ModelRouting.RoutedTarget;
import io.claviger.application.routing.ModelRouting.RoutingDecision;
import io.claviger.application.routing.ModelRouting.RoutingQuestion;
import io.claviger.application.routing.ModelRouting.RoutingRequest;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.formats.ModelPath;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.formats.ProviderApi.SocketUse;
import io.claviger.domain.objects.ObjectReference;
import io.claviger.domain.routing.ObjectRouter.Choice;
import io.claviger.domain.routing.ObjectRouter.StoringService;
import io.claviger.domain.spending.BodyUse;
import io.claviger.gateway.authorize.CallAuthorizer;
import io.claviger.gateway.authorize.Inquiry;
import io.claviger.gateway.authorize.Inquiry.InquiryTerms;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.errors.Continuation;
import io.claviger.gateway.errors.OperationRefusal;
import io.claviger.gateway.head.BodyLength;
import io.claviger.gateway.head.HeadGuard;
import io.claviger.gateway.head.ModelRequest;
import io.claviger.gateway.head.ModelUrl;
import io.claviger.gateway.head.ParsedCall;
import io.claviger.gateway.head.QueryFilter;
import io.claviger.gateway.head.RequestTarget;
import io.claviger.gateway.model.BodyModel;
import io.claviger.gateway.model.HeldRequest;
import io.claviger.gateway.model.LiveMessage;
import io.claviger.gateway.model.MessageScan;
import io.claviger.gateway.model.NameScan;
import io.claviger.gateway.model.SeparatedBody;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The part of a call that is needed only if the call's URL names no service. This part finds the
 * caller, the requested model, and the services that serve the model. Only used on the event loop
 * of the call.
 */
final class RoutedCall {
  /**
   * The longest time, in milliseconds, that the search for the service may take. Of this time,
   * obtaining tokens for requests to providers may take two seconds, and the requests may take
   * three seconds. The remaining time is for the database queries before and after the requests.
   */
  private static final int MOST_MILLIS = 6_000;

  private final GatewayCall call;
  private final CallParts parts;
  private final CallEnvironment environment;
  private final HttpRequest request;
  private final Channel caller;
  private final RequestTarget target;
  private final ModelUrl url;

  /**
   * The part of the call for stored objects; null before the head has been read, and null if the
   * call requests a model.
   */
  private @Nullable RoutedObjects objects;

  /** The protocol of the call's WebSocket; null if the call opens no WebSocket. */
  private @Nullable SocketUse socket;

  /** The model in the handshake or in the caller's first message. */
  private String socketModel = "";

  /** Whether the token is being checked. */
  private boolean checksToken;

  /** The client secret of the call; null if the call neither creates nor presents one. */
  private @Nullable SessionSecrets secrets;

  private @Nullable ModelRequest asked;
  private Optional<ModelPath> path = Optional.empty();
  private @Nullable NameScan scan;
  private @Nullable BodyModel named;

  /** The target for which the body was last sent; null if the body has not been sent. */
  private @Nullable RoutedTarget adaptedTo;

  private @Nullable TargetFailover failover;

  private RoutedCall(GatewayCall call, CallParts parts, RequestTarget target, ModelUrl url) {
    this.call = call;
    this.parts = parts;
    this.environment = parts.environment();
    this.request = parts.requested().head();
    this.caller = parts.caller().channel();
    this.target = target;
    this.url = url;
  }

  /**
   * Returns the part of a call that finds its service; null if the call's URL names a service or
   * project.
   */
  static @Nullable RoutedCall ifNamesNoService(GatewayCall call, CallParts parts) {
    RequestTarget target;
    try {
      target = RequestTarget.of(parts.requested().head().uri());
    } catch (CallRefused malformed) {
      return null;
    }
    Optional<ModelUrl> url = target.namesCallee() ? Optional.empty() : ModelUrl.of(target.path());
    return url.isPresent() ? new RoutedCall(call, parts, target, url.get()) : null;
  }

  /** Starts the check of the caller's token. Called after the head of the request has been read. */
  void begin() {
    if (HeadGuard.isRead(request) && url.isBase()) {
      call.answer(GatewayCall.NOTHING);
      return;
    }
    try {
      String operation = url.operation(request.method().name());
      if (HeadGuard.isWebSocketHandshake(request)) {
        socket =
            url.format()
                .api()
                .socketAt(url.below())
                .orElseThrow(() -> new CallRefused(CallError.NO_WEB_SOCKETS));
      } else {
        objects = RoutedObjects.ifCalled(this, call, parts, url.format(), operation, url.below());
      }
      asked =
          ModelRequest.of(
              request,
              target,
              url,
              operation,
              objects == null ? environment.buffering().largestHeld() : objects.mostBytes());
    } catch (CallRefused e) {
      call.fail(
          e.error().equals(CallError.BODY_TOO_LARGE)
              ? environment.buffering().heldTooLarge()
              : e.error());
      return;
    }
    secrets = concernedSecrets();
    if (secrets == null || secrets.isMade()) {
      ask(new RoutingQuestion.Admission(), this::admitted);
    } else {
      secrets.find(
          token -> {
            token.ifPresent(known -> asked = asked().with(known));
            ask(new RoutingQuestion.Admission(), this::admitted);
          });
    }
  }

  private @Nullable SessionSecrets concernedSecrets() {
    boolean isOfFormat =
        socket != null || url.format().api().sessionOfSecretAt(url.below()).isPresent();
    return isOfFormat
        ? SessionSecrets.ifConcerned(call, parts, url.below(), asked().credential().token())
        : null;
  }

  <A extends RoutingDecision> void ask(RoutingQuestion<A> what, Consumer<A> then) {
    inquire(what, new Answered<>(what.answerType(), then));
  }

  private void inquire(RoutingQuestion<?> what, Continuation<RoutingDecision> then) {
    RoutingRequest question =
        new RoutingRequest(
            asked().credential().token(),
            url.format(),
            what,
            parts.requested().from(),
            parts.requested().requestId());
    ModelRouting routing = environment.authorization().routing();
    Inquiry.ask(
        environment.authorization().executor(),
        new InquiryTerms(
            loop(), question.address(), question.token(), question.requestId(), MOST_MILLIS),
        () -> routing.answerAtOnce(question),
        () -> routing.answer(question),
        then);
  }

  private void admitted(RoutingDecision.Admitted admitted) {
    parts.record().setFormat(url.format());
    parts.record().setCaller(admitted.caller());
    try {
      if (socket != null) {
        converse(admitted.countedAs(), socket);
      } else if (asked().asksForModels(request)) {
        list();
      } else if (secrets != null) {
        secrets.receive(admitted.countedAs());
      } else if (objects != null) {
        objects.begin(admitted.countedAs());
      } else {
        hold(admitted.countedAs());
      }
    } catch (CallRefused e) {
      call.fail(e.error());
    }
  }

  private void converse(UUID who, SocketUse use) {
    if (use.namesModelLater()) {
      call.converse(
          Conversation.awaiting(
              call, parts, url.format().api(), use, who, new FirstMessageReader()));
    } else {
      routeTo(
          RealtimeSession.asked(
              target.query(), Optional.ofNullable(secrets).map(shown -> shown.request().model())));
    }
  }

  private final class FirstMessageReader implements Conversation.ServiceFinder {
    @Override
    public Conversation.First read(ByteBuf first) {
      if (socket == SocketUse.CALLS) {
        MessageScan read = MessageScan.begin(first);
        return new Conversation.First(read, () -> begin(read.model(), CallError.MODEL_REQUIRED));
      }
      LiveMessage read = LiveMessage.begin(first, "", Dialogue.MALFORMED);
      return new Conversation.First(read, () -> begin(read.clearModel(), Dialogue.MALFORMED));
    }

    @Override
    public void checkToken(Consumer<CallError> ended) {
      if (!checksToken) {
        checksToken = true;
        inquire(new RoutingQuestion.Admission(), new TokenCheck(ended));
      }
    }
  }

  /**
   * Ends a call if the caller's token no longer permits it. While the token can't be checked, the
   * call continues.
   */
  private final class TokenCheck implements Continuation<RoutingDecision> {
    private final Consumer<CallError> ended;

    TokenCheck(Consumer<CallError> ended) {
      this.ended = ended;
    }

    @Override
    public void done(RoutingDecision answer) {
      checksToken = false;
      if (answer instanceof RoutingDecision.Refused no) {
        ended.accept(CallError.of(no.why(), no.retryAfter()));
      }
    }

    @Override
    public void refused(CallError why) {
      checksToken = false;
    }

    @Override
    public void failed(Throwable why) {
      ended.accept(CallError.INTERNAL);
    }
  }

  private Optional<CallError> begin(Optional<String> named, CallError unnamed) {
    named.ifPresent(this::routeTo);
    return named.isPresent() ? Optional.empty() : Optional.of(unnamed);
  }

  private void routeTo(String model) {
    socketModel = model;
    resolve(model);
  }

  private void resolve(String model) {
    ask(new RoutingQuestion.Model(model), this::resolved);
  }

  private void list() {
    String one = asked().model();
    Optional<String> other =
        one.isEmpty() ? url.format().api().otherModelList(query()) : Optional.empty();
    if (other.isPresent()) {
      call.answer(other.get().getBytes(UTF_8));
      return;
    }
    ModelLists lists = ModelLists.of(url.format(), query());
    ask(
        new RoutingQuestion.Models(),
        listed -> {
          if (one.isEmpty()) {
            answer(() -> lists.page(listed.models()));
          } else {
            // A name that is not in the list might be another spelling of a listed name.
            lists
                .one(listed.models(), one)
                .ifPresentOrElse(
                    call::answer,
                    () -> askForModel(one, to -> call.answer(lists.one(listed.models(), one, to))));
          }
        });
  }

  private void answer(Supplier<byte[]> body) {
    byte[] rendered;
    try {
      rendered = body.get();
    } catch (CallRefused e) {
      call.fail(e.error());
      return;
    }
    call.answer(rendered);
  }

  private void hold(UUID who) {
    path = url.format().api().modelPath(asked().operation());
    if (!request.method().equals(HttpMethod.POST)
        || (url.format().api().namesModelInPath(asked().operation()) && path.isEmpty())) {
      throw new CallRefused(operationRefusal());
    }
    BodyLength length = BodyLength.of(request);
    if (!length.isChunked() && length.bytes() == 0) {
      throw new CallRefused(CallError.MODEL_REQUIRED);
    }
    HeldRequest held =
        new HeldRequest(request, url.format(), asked().operation(), path.map(ModelPath::model));
    hold(held, held.names(), who);
  }

  /**
   * Buffers the body until the service is known.
   *
   * @param names the scan for the requested model; null if the body requests no model
   * @param who the id of the user or account whose limit on memory applies
   * @throws CallRefused if there is no memory for the body
   */
  void hold(HeldRequest held, @Nullable NameScan names, UUID who) {
    scan = names;
    parts.body().hold(environment.buffering().hold(held, names, who, caller.alloc()), caller);
    call.buffer();
  }

  /** Returns the error for a caller whose body was refused. */
  CallError meaning(CallError why) {
    return objects != null || secrets != null || isLent() ? why : operationRefusal();
  }

  /** Called after the complete body has been read, so that the requested model is known. */
  void bodyRead() {
    if (objects != null) {
      objects.bodyRead();
      return;
    }
    if (secrets != null) {
      makeSecret(secrets);
      return;
    }
    BodyModel found = Objects.requireNonNull(scan).named();
    if (url.model(request.method().name()).filter(m -> !m.equals(found.name())).isPresent()) {
      call.fail(CallError.MODEL_INVALID);
      return;
    }
    named = found;
    List<ObjectReference> references = parts.body().buffer().body().found();
    if (references.isEmpty()) {
      resolve(found.name());
    } else {
      new RoutedObjects(this, call, parts, url.format())
          .locate(
              RoutedObjects.named(url.format(), references),
              located -> resolveAt(located.choice(), found.name()));
    }
  }

  private void makeSecret(SessionSecrets made) {
    String model;
    try {
      model = made.read();
    } catch (CallRefused e) {
      call.fail(e.error());
      return;
    }
    String session = url.format().api().sessionOfSecretAt(asked().operation()).orElseThrow();
    askForModel(
        model,
        to -> {
          made.setRoutedModel(to.model());
          call.goTo(authorizer(to.callTarget(), session, SocketUse.SESSION.method()), made);
        });
  }

  /** Finds the model. If the request refers to objects, their service is looked up first. */
  private void resolveAt(Choice where, String name) {
    if (where instanceof Choice.One(StoringService service)) {
      ask(
          new RoutingQuestion.ModelAt(name, service.id()),
          answer -> {
            switch (answer) {
              case RoutingDecision.Routed routed -> tryTargets(routed);
              case RoutingDecision.Unknown unknown -> resolve(name);
            }
          });
    } else {
      resolve(name);
    }
  }

  /** Sends the call to one service. The call must have a buffered body without a model. */
  void tryOnly(Handle who, RoutedTarget to) {
    tryTargets(new RoutingDecision.Routed(who, List.of(to), false, true));
  }

  /**
   * Finds the service for a model. If there are several services, only the first is tried.
   *
   * @param then an action that receives the service; it is not called if there is none
   */
  void askForModel(String name, Consumer<RoutedTarget> then) {
    ask(
        new RoutingQuestion.Model(name),
        answer -> {
          switch (answer) {
            case RoutingDecision.Routed routed -> then.accept(routed.targets().getFirst());
            case RoutingDecision.Unknown unknown -> notFound(unknown);
          }
        });
  }

  private void resolved(ModelDecision answer) {
    switch (answer) {
      case RoutingDecision.Routed routed -> tryTargets(routed);
      case RoutingDecision.Unknown unknown -> notFound(unknown);
    }
  }

  private void tryTargets(RoutingDecision.Routed routed) {
    RoutingDecision.Routed tried = secrets == null ? routed : ofSecret(routed, secrets);
    if (tried.targets().isEmpty()) {
      call.fail(CallError.BAD_CLIENT_SECRET);
      return;
    }
    TargetFailover all = new TargetFailover(call, parts, this, environment.cooldowns(), tried);
    failover = all;
    all.begin();
  }

  /**
   * Of the services that might get the call, keeps only the service for which the client secret was
   * made.
   */
  private static RoutingDecision.Routed ofSecret(
      RoutingDecision.Routed routed, SessionSecrets shown) {
    List<RoutedTarget> made =
        routed.targets().stream().filter(target -> shown.isMadeFor(target.id())).toList();
    return new RoutingDecision.Routed(routed.caller(), made, false, routed.offered());
  }

  private void notFound(RoutingDecision.Unknown unknown) {
    Optional<String> assumed =
        Optional.ofNullable(named).filter(BodyModel::isAssumed).map(BodyModel::name);
    call.fail(
        CallError.modelNotFound(
            assumed,
            unknown.usable().stream()
                .map(name -> url.format().api().nameForClients(asked().operation(), name))
                .toList(),
            unknown.elsewhere().map(ModelUrl::base),
            unknown.why()));
  }

  /** The targets of the model; null before they are known. */
  @Nullable TargetFailover failover() {
    return failover;
  }

  CallRequest request(RoutedTarget to) {
    if (socket != null) {
      String operation = url.format().api().operationOfSocket(asked().operation());
      return ofHead(to.callTarget(), socket.method(), operation).opening();
    }
    return request(
        to.callTarget(), pathFor(to.model()), parts.body().buffer().body().use().named(to.model()));
  }

  private CallRequest request(CallTarget to, String path, BodyUse use) {
    CallRequest head = ofHead(to, request.method().name(), path);
    // The amount that a batch requests is known only after the batch's file has been looked up.
    return objects != null && objects.makesBatchOfFile() ? head : head.withBodyRead(use);
  }

  private CallRequest ofHead(CallTarget to, String method, String path) {
    return CallRequest.ofHead(
        asked().credential().token(),
        to,
        method,
        path,
        parts.requested().from(),
        parts.requested().requestId());
  }

  private String pathFor(String model) {
    return path.filter(p -> !p.model().equals(model))
        .map(p -> p.with(model))
        .orElseGet(() -> objects == null ? asked().operation() : objects.path());
  }

  /** Returns the key for a call to a target; empty if the cache does not know the key. */
  Optional<TargetCooldowns.CooldownKey> keyInUse(CallRequest wanted) {
    return environment
        .authorization()
        .authorizeCall()
        .basisAtOnce(wanted)
        .map(TargetCooldowns.CooldownKey::of);
  }

  CallAuthorizer authorizer(RoutedTarget to) {
    return authorizer(request(to));
  }

  /** Creates the authorizer of a call without a body. */
  CallAuthorizer authorizer(CallTarget to, String path) {
    return authorizer(request(to, path, BodyUse.UNREAD));
  }

  private CallAuthorizer authorizer(CallTarget to, String path, String method) {
    return authorizer(ofHead(to, method, path));
  }

  private CallAuthorizer authorizer(CallRequest wanted) {
    return CallAuthorizer.ofWhole(
        parsed(wanted.callTarget(), wanted.path()), wanted, loop(), environment.authorization());
  }

  /** Returns the request as if its URL named a service. */
  ParsedCall parsed(CallTarget to, String path) {
    return asked().to(to, path);
  }

  String query() {
    ProviderApi api = url.format().api();
    return QueryFilter.without(target.query(api.idleParameters()), api::isNeedless);
  }

  /**
   * Calls a permitted target.
   *
   * @param given the permission, owned by the callee
   * @param attempt the number of the attempt, from 1
   * @param isLast whether the call fails if the request can't be sent to this target
   * @return true if the target is called or the call fails; false if another target has to be
   *     called, because the request can't be sent to this one. The answer of an earlier failed
   *     target is then still available
   */
  boolean attempt(
      AuthorizedCall given,
      CallAuthorizer authorizer,
      RoutedTarget to,
      int attempt,
      boolean isLast) {
    Optional<CallError> unfit = unfit(given, authorizer.parsed(), to.model());
    if (unfit.isPresent() && !isLast) {
      given.close();
      adaptToEarlier();
      return false;
    }
    if (socket == null) {
      parts.body().buffer().sendAgain();
    }
    parts.provider().drop();
    call.endAttempt();
    parts.permission().accept(given, authorizer);
    if (attempt == 1 && parts.caller().isCrowded(given.countedAs())) {
      call.fail(CallError.BUSY);
      return true;
    }
    adaptedTo = to;
    if (named != null) {
      parts.headers().attempt(to.model(), attempt);
      parts.body().setRoutedModel(to.model());
    }
    if (unfit.isPresent()) {
      call.fail(unfit.get());
      return true;
    }
    if (socket != null) {
      SocketTarget.Names names = new SocketTarget.Names(socketModel, to.model());
      call.converse(
          SocketTarget.of(given, socket, asked().operation(), target.query(), Optional.of(names)),
          secrets);
      return true;
    }
    call.checkObjects(
        given,
        () -> {
          if (call.batch().isPresent() || !given.isCounted()) {
            new ServiceCall(call, parts).reserve();
          } else {
            call.connect(given);
          }
        });
    return true;
  }

  /**
   * If the body was edited for a target that can't get the request, undoes these edits. The request
   * might be sent once more to an earlier target, which had refused the call because of the
   * account's rate limits.
   */
  private void adaptToEarlier() {
    RoutedTarget earlier = adaptedTo;
    if (earlier != null && socket == null) {
      adapt(parts.permission().call(), parts.permission().authorizer().parsed(), earlier.model());
    }
  }

  /**
   * Prepares the request for a target.
   *
   * @return why the request can't be sent to the target; empty if it can be sent
   */
  private Optional<CallError> unfit(AuthorizedCall given, ParsedCall parsed, String model) {
    try {
      if (socket != null) {
        SocketHandshake.demandFit(parts, given);
      } else {
        adapt(given, parsed, model);
        parts.provider().prepare(given, parsed, parts.body().length());
      }
      return Optional.empty();
    } catch (CallRefused e) {
      return Optional.of(e.error());
    } catch (Throwable e) {
      given.close();
      throw e;
    }
  }

  private void adapt(AuthorizedCall given, ParsedCall parsed, String model) {
    SeparatedBody.demandTaken(given, request, parsed.path(request, given.standard()));
    BodyModel name = named;
    if (name == null) {
      parts.body().buffer().adapt(given);
    } else {
      parts.body().buffer().adapt(name, model, given, request, parsed);
    }
  }

  /** Frees the body, because no other target will get the call. */
  void letGoOfBody() {
    if (socket != null) {
      return; // a WebSocket call has no buffered body
    }
    parts.body().buffer().letGo();
  }

  private boolean isLent() {
    return url.format().api().lends(request.method().name(), asked().operation());
  }

  private CallError operationRefusal() {
    return OperationRefusal.of(url.format(), request.method().name(), asked().operation());
  }

  private ModelRequest asked() {
    return Objects.requireNonNull(asked);
  }

  private EventLoop loop() {
    return caller.eventLoop();
  }

  private final class Answered<A extends RoutingDecision> extends CallStep<RoutingDecision> {
    private final Class<A> type;
    private final Consumer<A> then;

    Answered(Class<A> type, Consumer<A> then) {
      super(call);
      this.type = type;
      this.then = then;
    }

    @Override
    void next(RoutingDecision answer) {
      if (answer instanceof RoutingDecision.Refused no) {
        stop(CallError.of(no.why(), no.retryAfter()));
      } else {
        then.accept(type.cast(answer));
      }
    }
  }
}
