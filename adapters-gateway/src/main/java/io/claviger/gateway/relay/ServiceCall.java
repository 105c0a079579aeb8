package io.claviger.gateway.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.formats.ProviderApi.SocketUse;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.authorize.CallAuthorizer;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.head.HeadGuard;
import io.claviger.gateway.head.ParsedCall;
import io.claviger.gateway.head.QueryFilter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a call whose service is known from the beginning. The call is authorized after its
 * head has been read. If limits or budgets count the call, the call is authorized again when it can
 * be sent. Only used on the event loop of the call.
 */
final class ServiceCall {
  private static final CallError ONLY_WEB_SOCKET =
      CallError.badRequest("Sessions need a WebSocket: open this URL with a WebSocket handshake.");

  private final GatewayCall call;
  private final CallParts parts;

  /** The client secret of the call; null if the call neither creates nor presents one. */
  private @Nullable SessionSecrets secrets;

  ServiceCall(GatewayCall call, CallParts parts) {
    this.call = call;
    this.parts = parts;
  }

  /** Requests the permission for the call, based on the head of its request. */
  void begin() {
    ParsedCall parsed;
    try {
      parsed =
          ParsedCall.of(
              parts.requested().head(),
              parts.environment().authorization().uploads(),
              parts.environment().bodySizes());
    } catch (CallRefused e) {
      call.fail(e.error());
      return;
    }
    SessionSecrets concerned =
        SessionSecrets.ifConcerned(
            call, parts, parsed.target().below(), parsed.credential().token());
    secrets = concerned;
    if (concerned == null) {
      begin(ofHead(parts, parsed));
    } else {
      concerned.begin(parsed, this::begin);
    }
  }

  static CallAuthorizer ofHead(CallParts parts, ParsedCall parsed) {
    CallAuthorizer asker =
        CallAuthorizer.ofHead(
            parsed,
            methodOf(parts, parsed),
            parts.requested().requestId(),
            parts.requested().from(),
            parts.caller().channel().eventLoop(),
            parts.environment().authorization());
    return HeadGuard.isWebSocketHandshake(parts.requested().head()) ? asker.opening() : asker;
  }

  private static String methodOf(CallParts parts, ParsedCall parsed) {
    return HeadGuard.isWebSocketHandshake(parts.requested().head())
        ? WireFormat.socketAt(parsed.target().below()).orElseThrow().method()
        : parts.requested().method();
  }

  /** Requests the permission for a call whose URL does not name its service. */
  void begin(CallAuthorizer authorizer) {
    authorizer.ask(new Authorizing(authorizer));
  }

  /**
   * Requests the permission for a call that creates a client secret, after the call's body has been
   * read.
   */
  void begin(CallAuthorizer authorizer, SessionSecrets made) {
    secrets = made;
    begin(authorizer);
  }

  private void authorized(AuthorizedCall given, CallAuthorizer authorizer) {
    parts.permission().accept(given, authorizer);
    if (parts.caller().isCrowded(given.countedAs())) {
      call.fail(CallError.BUSY);
      return;
    }
    Optional<TokenText> companion = authorizer.parsed().companion();
    if (companion.isPresent()) {
      authorizer.withCompanion(companion.get()).ask(new CheckingCompanion(given, authorizer));
    } else {
      admitted(given, authorizer);
    }
  }

  private void admitted(AuthorizedCall given, CallAuthorizer authorizer) {
    if (secrets != null && secrets.isMade()) {
      if (!secrets.receiveIfUnread(given)) {
        makeSecret(secrets);
      }
      return;
    }
    if (HeadGuard.isWebSocketHandshake(parts.requested().head())) {
      converse(given, authorizer.parsed());
      return;
    }
    if (parts.requested().method().equals("GET")
        && given.standard().format().api().needsSocket(pathOf(given, authorizer.parsed()))) {
      call.fail(ONLY_WEB_SOCKET);
      return;
    }
    boolean buffers;
    try {
      Optional<String> otherList = otherModelList(given, authorizer.parsed());
      if (otherList.isPresent()) {
        call.answer(otherList.get().getBytes(UTF_8));
        return;
      }
      parts.provider().prepare(given, authorizer.parsed(), parts.body().length());
      buffers =
          parts
              .body()
              .bufferIfReadFirst(
                  given,
                  parts.provider().path(),
                  authorizer.parsed().upload().isPresent(),
                  parts.caller().channel());
    } catch (CallRefused e) {
      call.fail(e.error());
      return;
    }
    if (buffers) {
      call.buffer();
    } else {
      call.checkObjects(
          given,
          () -> {
            if (given.isDecidedLater() || call.batch().isPresent()) {
              reserve();
            } else {
              call.connect(given);
            }
          });
    }
  }

  /**
   * Returns the answer to a request for a client's own kind of list of models; empty if the
   * provider answers, as it does if the API standard forwards the parameter that requests the list.
   *
   * @throws CallRefused if the query can't be decoded
   */
  private Optional<String> otherModelList(AuthorizedCall given, ParsedCall parsed)
      throws CallRefused {
    ProviderApi api = given.standard().format().api();
    if (!parts.requested().method().equals("GET")
        || !api.modelList().isListed(pathOf(given, parsed))) {
      return Optional.empty();
    }
    return api.otherModelList(
        QueryFilter.without(parsed.target().query(), given.standard().queryParameters()));
  }

  private String pathOf(AuthorizedCall given, ParsedCall parsed) {
    return given.standard().pathOf(methodOf(parts, parsed), parsed.below()).orElse(parsed.below());
  }

  private void converse(AuthorizedCall given, ParsedCall parsed) {
    Optional<SocketUse> use = given.standard().format().api().socketAt(parsed.target().below());
    if (use.isEmpty()) {
      call.fail(CallError.NO_WEB_SOCKETS);
    } else {
      SocketTarget target =
          SocketTarget.of(
              given, use.get(), parsed.target().below(), parsed.target().query(), Optional.empty());
      call.converse(target, secrets);
    }
  }

  /** Called after the complete body has been read. */
  void bodyRead() {
    if (secrets != null) {
      makeSecret(secrets);
      return;
    }
    try {
      parts.body().nameCaller(parts.permission().call());
    } catch (CallRefused e) {
      call.fail(e.error());
      return;
    }
    call.checkObjects(
        parts.permission().call(),
        () -> {
          if (parts.permission().call().isDecidedLater() || call.batch().isPresent()) {
            reserve();
          } else {
            connectAsPrepared();
          }
        });
  }

  /**
   * Called when the gateway gives up buffering the body. Once this method has been called, the
   * gateway forwards the body as it arrives.
   */
  void bodyGivenUp() {
    call.usesNoObjects();
    AuthorizedCall given = parts.permission().call();
    if (given.isDecidedLater()) {
      call.enter(CallPhase.CHECKING);
      reserve();
    } else {
      call.connect(given);
    }
  }

  /**
   * Makes a client secret, which counts as a request. The body of a request for a secret does not
   * say how much to reserve from budgets.
   */
  private void makeSecret(SessionSecrets made) {
    AuthorizedCall given = parts.permission().call();
    if (given.isCounted() || given.isDecidedByBody()) {
      made.make();
    } else {
      reserve();
    }
  }

  /**
   * Requests the permission again, because this call's permission and budgets depend on its body,
   * or because the call counts against limits only now.
   */
  void reserve() {
    CallAuthorizer whole =
        parts
            .permission()
            .authorizer()
            .withBodyRead(parts.permission().call(), parts.body().use(), call.batch());
    whole.ask(new Authorizing(whole));
  }

  private void reserved() {
    if (secrets != null) {
      secrets.make();
    } else {
      connectAsPrepared();
    }
  }

  /** Connects a call whose permission is still the one for which its request was prepared. */
  private void connectAsPrepared() {
    if (parts.body().isEdited()) {
      connectWithBody();
    } else {
      call.connect(parts.permission().call());
    }
  }

  /** Prepares the request again, because the edits of its body are now known. */
  private void connectWithBody() {
    AuthorizedCall given = parts.permission().call();
    try {
      parts
          .provider()
          .prepare(given, parts.permission().authorizer().parsed(), parts.body().length());
      parts.body().demandPermitted(given);
    } catch (CallRefused e) {
      call.fail(e.error());
      return;
    }
    call.connect(given);
  }

  private final class Authorizing extends CallStep<AuthorizationOutcome> {
    private final CallAuthorizer authorizer;

    Authorizing(CallAuthorizer authorizer) {
      super(call);
      this.authorizer = authorizer;
    }

    @Override
    void next(AuthorizationOutcome outcome) {
      switch (outcome) {
        case AuthorizationOutcome.Authorized whole when authorizer.request().stage().isHead() ->
            authorized(whole.call(), authorizer);
        case AuthorizationOutcome.Authorized whole -> {
          // The body was read, and its objects were checked, under the earlier permission.
          AuthorizedCall before = parts.permission().call();
          boolean isSame =
              call.usedBasis().isCheckedFor(whole.call().basis())
                  && areModelsKnown(before, whole.call());
          parts.permission().accept(whole.call(), authorizer);
          if (!isSame) {
            call.fail(CallError.of(CallRefusal.SERVICE_CHANGED));
          } else if (secrets != null) {
            secrets.make();
          } else {
            connectWithBody();
          }
        }
        case AuthorizationOutcome.Admitted admitted -> {
          parts.permission().charge(admitted.spending(), authorizer);
          reserved();
        }
        case AuthorizationOutcome.Refused refused ->
            call.fail(parts.permission().refused(refused, authorizer));
      }
    }

    /**
     * Whether the requested models are known, as far as the present permission needs them. If the
     * earlier permission did not limit the models, the body has not been searched for models.
     */
    private boolean areModelsKnown(AuthorizedCall before, AuthorizedCall now) {
      return call.batch().isPresent()
          ? before.models().equals(now.models())
          : before.models().isPresent() || now.models().isEmpty();
    }

    @Override
    void drop(AuthorizationOutcome late) {
      late.close();
    }
  }

  /**
   * If the call sends a part of an upload, checks that the call's token belongs to the user who
   * began the upload.
   */
  private final class CheckingCompanion extends CallStep<AuthorizationOutcome> {
    private final AuthorizedCall given;
    private final CallAuthorizer authorizer;

    CheckingCompanion(AuthorizedCall given, CallAuthorizer authorizer) {
      super(call);
      this.given = given;
      this.authorizer = authorizer;
    }

    @Override
    void next(AuthorizationOutcome outcome) {
      boolean same =
          outcome instanceof AuthorizationOutcome.Authorized whole
              && whole.call().basis().account().user().equals(given.basis().account().user());
      outcome.close();
      if (same) {
        admitted(given, authorizer);
      } else {
        call.fail(CallError.UPLOAD_ENDED);
      }
    }

    @Override
    void drop(AuthorizationOutcome late) {
      late.close();
    }
  }
}
