package io.claviger.gateway.relay;

import io.claviger.application.gateway.CallAuthorization.CallRequest;
import io.claviger.application.gateway.CallTarget;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.routing.ModelRouting;
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
import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.usage.UsageModel;
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
import io.claviger.gateway.model.BodyBuffering;
import io.claviger.gateway.model.BodyModel;
import io.claviger.gateway.model.HeldRequest;
import io.claviger.gateway.model.LiveMessage;
import io.claviger.gateway.model.MessageScan;
import io.claviger.gateway.model.NameScan;
import io.claviger.gateway.model.SeparatedBody;
import io.claviger.gateway.out.ProviderConnection;
import io.claviger.gateway.out.ProviderListener;
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
 * The part of a call that is needed only if the URL of the call names no service. This part finds
 * out who calls, which model they request, and which services serve that model. Only used on the
 * event loop of the call.
 */
final class RoutedCall {
  /**
   * The longest time that a decision may take: providers may be queried for three seconds, and the
   * database may be queried before and after that.
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
   * The part of the call that concerns stored objects; null if the call requests a model, and also
   * before the head of the request was read.
   */
  private @Nullable RoutedObjects objects;

  /** The protocol of the WebSocket that the call opens; null if the call opens no WebSocket. */
  private @Nullable SocketUse socket;

  /** The model that the handshake or the caller's first message names. */
  private String spokenWith = "";

  /** Whether a check of the token's validity is running at the moment. */
  private boolean looking;

  /** The client secret for a session; null if the call neither makes nor presents one. */
  private @Nullable SessionSecrets secrets;

  private @Nullable ModelRequest asked;
  private Optional<ModelPath> path = Optional.empty();
  private @Nullable NameScan scan;
  private @Nullable BodyModel named;
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

  /** Returns this part of a call; null if the URL of the call names a service or project. */
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

  /** Requests the identity of the caller. Called when the head of the request has been read. */
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
              request, target, url, operation, objects == null ? largest() : objects.mostBytes());
    } catch (CallRefused e) {
      call.fail(e.error().equals(CallError.BODY_TOO_LARGE) ? tooLarge() : e.error());
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

  private long largest() {
    return Math.min(environment.maxBodyBytes(), environment.authorization().heldBodyBytes());
  }

  private CallError tooLarge() {
    return largest() < environment.maxBodyBytes()
        ? CallError.heldBodyTooLarge(largest())
        : CallError.BODY_TOO_LARGE;
  }

  void ask(RoutingQuestion what, Consumer<RoutingDecision> then) {
    inquire(what, new Answered(then));
  }

  private void inquire(RoutingQuestion what, Continuation<RoutingDecision> then) {
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

  private void admitted(RoutingDecision answer) {
    RoutingDecision.Admitted admitted = (RoutingDecision.Admitted) answer;
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
          Conversation.awaiting(call, parts, url.format().api(), use, who, new Leading()));
    } else {
      leadTo(
          RealtimeSession.asked(
              target.query(), Optional.ofNullable(secrets).map(shown -> shown.request().model())));
    }
  }

  private final class Leading implements Conversation.Leading {
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
    public void lookAgain(Consumer<CallError> ended) {
      if (!looking) {
        looking = true;
        inquire(new RoutingQuestion.Admission(), new Looking(ended));
      }
    }
  }

  /**
   * Ends a call if the token of its caller no longer permits it. As long as the token can't be
   * checked, the call continues.
   */
  private final class Looking implements Continuation<RoutingDecision> {
    private final Consumer<CallError> ended;

    Looking(Consumer<CallError> ended) {
      this.ended = ended;
    }

    @Override
    public void done(RoutingDecision answer) {
      looking = false;
      if (answer instanceof RoutingDecision.Refused no) {
        ended.accept(CallError.of(no.why(), no.retryAfter()));
      }
    }

    @Override
    public void refused(CallError why) {
      looking = false;
    }

    @Override
    public void failed(Throwable why) {
      ended.accept(CallError.INTERNAL);
    }
  }

  private Optional<CallError> begin(Optional<String> named, CallError unled) {
    named.ifPresent(this::leadTo);
    return named.isPresent() ? Optional.empty() : Optional.of(unled);
  }

  private void leadTo(String model) {
    spokenWith = model;
    ask(new RoutingQuestion.Model(model), this::resolved);
  }

  private void list() {
    ModelLists lists = ModelLists.of(url.format(), query());
    String one = asked().model();
    ask(
        new RoutingQuestion.Models(),
        answer -> {
          RoutingDecision.Listed listed = (RoutingDecision.Listed) answer;
          if (one.isEmpty()) {
            answer(() -> lists.page(listed.models()));
          } else {
            lists
                .one(listed.models(), one)
                .ifPresentOrElse(call::answer, () -> findOne(lists, listed, one));
          }
        });
  }

  /**
   * Finds a model by a name that is not listed, but that may be another spelling of a listed name.
   */
  private void findOne(ModelLists lists, RoutingDecision.Listed listed, String name) {
    ask(
        new RoutingQuestion.Model(name),
        answer -> {
          if (answer instanceof RoutingDecision.Routed routed) {
            call.answer(lists.one(listed.models(), name, routed.targets().get(0)));
          } else {
            notFound((RoutingDecision.Unknown) answer);
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
    BodyLength length = BodyLength.of(request.headers());
    if (!length.isChunked() && length.bytes() == 0) {
      throw new CallRefused(CallError.MODEL_REQUIRED);
    }
    HeldRequest held =
        new HeldRequest(request, url.format(), asked().operation(), path.map(ModelPath::model));
    hold(held, held.names(), who);
  }

  /**
   * Buffers the body until it is known which service is called.
   *
   * @param names finds the model that the body requests; null if it requests none
   * @param who the id under which the caller is counted
   * @throws CallRefused if there is no room in memory for the body
   */
  void hold(HeldRequest held, @Nullable NameScan names, UUID who) {
    scan = names;
    parts
        .body()
        .hold(
            BodyBuffering.hold(
                held,
                names,
                who,
                environment.bufferBudget(),
                largest(),
                this::tooLarge,
                caller.alloc()),
            caller);
    call.buffer();
  }

  /** Returns the error that the caller gets if their body was refused. */
  CallError meaning(CallError why) {
    return objects != null || secrets != null || isLent() ? why : operationRefusal();
  }

  /**
   * Called when the body is complete and has been read. From then on, the requested model is known.
   */
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
    List<ObjectReference> references = parts.body().buffer().found();
    if (references.isEmpty()) {
      ask(new RoutingQuestion.Model(found.name()), this::resolved);
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
          made.leadsTo(to.model());
          call.goTo(authorizer(to.callTarget(), session, SocketUse.SESSION.method()), made);
        });
  }

  /**
   * Finds the model. If the request refers to objects, the service that has these objects is looked
   * up first.
   */
  private void resolveAt(Choice where, String name) {
    if (where instanceof Choice.One(StoringService service)) {
      ask(
          new RoutingQuestion.ModelAt(name, service.id()),
          answer -> {
            if (answer instanceof RoutingDecision.Routed) {
              resolved(answer);
            } else {
              ask(new RoutingQuestion.Model(name), this::resolved);
            }
          });
    } else {
      ask(new RoutingQuestion.Model(name), this::resolved);
    }
  }

  /** Sends the call to one service. The call has a buffered body that requests no model. */
  void tryOnly(Handle who, RoutedTarget to) {
    resolved(new RoutingDecision.Routed(who, List.of(to), false, true));
  }

  /**
   * Finds the service to which a model leads. If the model leads to several services, only the
   * first of them is tried.
   *
   * @param then receives the service; not called if there is no such model
   */
  void askForModel(String name, Consumer<RoutedTarget> then) {
    ask(
        new RoutingQuestion.Model(name),
        answer -> {
          if (answer instanceof RoutingDecision.Routed routed) {
            then.accept(routed.targets().getFirst());
          } else {
            notFound((RoutingDecision.Unknown) answer);
          }
        });
  }

  private void resolved(RoutingDecision answer) {
    if (!(answer instanceof RoutingDecision.Routed routed)) {
      notFound((RoutingDecision.Unknown) answer);
      return;
    }
    RoutingDecision.Routed led = secrets == null ? routed : ofSecret(routed, secrets);
    if (led.targets().isEmpty()) {
      call.fail(CallError.BAD_CLIENT_SECRET);
      return;
    }
    TargetFailover all = new TargetFailover(call, parts, this, environment.cooldowns(), led);
    failover = all;
    all.begin();
  }

  /**
   * Of the services that were found, keeps only the service for which the secret of the session was
   * created.
   */
  private static RoutingDecision.Routed ofSecret(
      RoutingDecision.Routed routed, SessionSecrets shown) {
    List<RoutedTarget> made =
        routed.targets().stream().filter(target -> shown.isMadeFor(target.id())).toList();
    return new RoutingDecision.Routed(routed.caller(), made, false, routed.offered());
  }

  private void notFound(RoutingDecision.Unknown unknown) {
    call.fail(CallError.modelNotFound(unknown.usable(), unknown.elsewhere().map(ModelUrl::base)));
  }

  /**
   * Returns the gate that may keep an answer back; null if the call could not be sent to another
   * target.
   *
   * @param format the format in which the provider answers
   */
  @Nullable AnswerGate gate(
      ProviderListener relay, ProviderConnection connection, WireFormat format) {
    return Objects.requireNonNull(failover).gate(relay, connection, format, loop());
  }

  /**
   * Called when no connection to the target could be opened. Nothing was sent to the provider then.
   *
   * @return whether the call is sent to another target or has ended
   */
  boolean isTakenOver(CallError why) {
    return failover != null && failover.isTakenOver(why);
  }

  /** Whether another target may have capacity for the call. */
  boolean hasOtherTargets() {
    return failover != null && failover.hasOtherTargets();
  }

  /** Called when the target does not have capacity for the call immediately. */
  void goToOtherTarget() {
    Objects.requireNonNull(failover).goToOtherTarget();
  }

  CallRequest request(RoutedTarget to) {
    if (socket != null) {
      return CallRequest.ofHead(
              asked().credential().token(),
              to.callTarget(),
              socket.method(),
              url.format().api().operationOfSocket(asked().operation()),
              parts.requested().from(),
              parts.requested().requestId())
          .opening();
    }
    return request(
        to.callTarget(),
        pathFor(to.model()),
        parts.body().buffer().use().map(use -> use.of(UsageModel.called(to.model()))));
  }

  private CallRequest request(CallTarget to, String path, BodyUse use) {
    CallRequest head =
        CallRequest.ofHead(
            asked().credential().token(),
            to,
            request.method().name(),
            path,
            parts.requested().from(),
            parts.requested().requestId());
    // The use that a batch asks for is known once the batch's file has been looked up.
    return objects != null && objects.makesBatchOfFile() ? head : head.withBodyRead(use);
  }

  private String pathFor(String model) {
    return path.filter(p -> !p.model().equals(model))
        .map(p -> p.with(model))
        .orElseGet(() -> objects == null ? asked().operation() : objects.path());
  }

  /**
   * Returns the key with which a call to a target would be made; empty if the cache does not say
   * which key that is.
   */
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

  /** Makes the authorizer of a call whose request has no body. */
  CallAuthorizer authorizer(CallTarget to, String path) {
    return authorizer(request(to, path, BodyUse.UNREAD));
  }

  private CallAuthorizer authorizer(CallTarget to, String path, String method) {
    return authorizer(
        CallRequest.ofHead(
            asked().credential().token(),
            to,
            method,
            path,
            parts.requested().from(),
            parts.requested().requestId()));
  }

  private CallAuthorizer authorizer(CallRequest wanted) {
    return CallAuthorizer.ofWhole(
        parsed(wanted.callTarget(), wanted.path()), wanted, loop(), environment.authorization());
  }

  /** Returns the request in the form that it would have if its URL named a service. */
  ParsedCall parsed(CallTarget to, String path) {
    return asked().to(to, path);
  }

  String query() {
    ProviderApi api = url.format().api();
    return QueryFilter.without(target.query(api.idleParameters()), api::isNeedless);
  }

  /**
   * Calls a target for which permission was given.
   *
   * @param given owned by the callee from now on
   * @param attempt the number of the attempt, from 1
   * @param isLast whether the call fails if the request can't be sent to this target
   * @return false if the request can't be sent to this target, and the call does not fail for that
   *     reason. If an earlier target has failed, the answer of that target is then still available
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
      return false;
    }
    parts.provider().drop();
    call.endAttempt();
    parts.permission().accept(given, authorizer);
    if (named != null) {
      parts.headers().attempt(to.model(), attempt);
      parts.body().leadsTo(to.model());
    }
    if (unfit.isPresent()) {
      call.fail(unfit.get());
      return true;
    }
    if (socket != null) {
      SocketTarget.Names names = new SocketTarget.Names(spokenWith, to.model());
      converse(
          SocketTarget.of(given, socket, asked().operation(), target.query(), Optional.of(names)));
      return true;
    }
    call.checkObjects(
        given,
        () -> {
          if (call.batch().isPresent()) {
            new ServiceCall(call, parts).reserve();
          } else {
            call.connect(given, false);
          }
        });
    return true;
  }

  /**
   * Prepares the request for a target.
   *
   * @return why the request can't be sent to the target; empty if the request can be sent
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

  private void converse(SocketTarget to) {
    SessionSecrets shown = secrets;
    if (shown == null) {
      call.converse(to);
      return;
    }
    try {
      call.converse(to.with(shown.request()), shown);
    } catch (CallRefused e) {
      call.fail(e.error());
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

  /** Frees the body, because the call will not be sent to another target. */
  void letGoOfBody() {
    if (socket != null) {
      return; // it has none
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

  private final class Answered extends CallStep<RoutingDecision> {
    private final Consumer<RoutingDecision> then;

    Answered(Consumer<RoutingDecision> then) {
      super(call);
      this.then = then;
    }

    @Override
    void next(RoutingDecision answer) {
      if (answer instanceof RoutingDecision.Refused no) {
        stop(CallError.of(no.why(), no.retryAfter()));
      } else {
        then.accept(answer);
      }
    }
  }
}
