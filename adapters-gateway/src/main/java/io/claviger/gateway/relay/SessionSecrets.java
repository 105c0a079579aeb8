package io.claviger.gateway.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.application.connections.ClientSecrets;
import io.claviger.application.connections.ClientSecrets.MadeSecret;
import io.claviger.application.connections.ClientSecrets.NotMade;
import io.claviger.application.connections.ClientSecrets.UsableSecret;
import io.claviger.application.connections.port.ClientSecretStore;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.accounts.ClientSecret;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.formats.ProviderApi.SocketUse;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.authorize.CallAuthorizer;
import io.claviger.gateway.authorize.Inquiry;
import io.claviger.gateway.authorize.Inquiry.InquiryTerms;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.head.BodyLength;
import io.claviger.gateway.head.HeadGuard;
import io.claviger.gateway.head.ParsedCall;
import io.claviger.gateway.model.BufferedBody;
import io.claviger.gateway.model.SecretRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The part of a call that creates a client secret, or that opens a session with one. A client
 * secret lets a browser open one session. With a secret, nobody can do more than with the token
 * that created it. Creating a secret requires the permission to open the session, and a call that
 * presents a secret has the permissions of the token. Only used on the event loop of the call.
 */
final class SessionSecrets {
  private static final int MOST_MILLIS = 3_000;
  private static final String POST = "POST";
  private static final Optional<SocketUse> SESSION = Optional.of(SocketUse.SESSION);

  private final GatewayCall call;
  private final CallParts parts;
  private final ClientSecrets secrets;

  /** The presented secret; null if the call creates a secret. */
  private final @Nullable ClientSecret presented;

  /** The session of the presented secret; null before it is known. */
  private @Nullable UsableSecret found;

  /**
   * The request for a new secret, with the settings of the session; null before the body has been
   * read.
   */
  private @Nullable SecretRequest wanted;

  /** The provider's name for the session's model, if the model selected the service. */
  private Optional<String> called = Optional.empty();

  private SessionSecrets(
      GatewayCall call, CallParts parts, ClientSecrets secrets, @Nullable ClientSecret presented) {
    this.call = call;
    this.parts = parts;
    this.secrets = secrets;
    this.presented = presented;
  }

  /**
   * Returns the part of a call that concerns client secrets; null if the call neither creates nor
   * presents a client secret.
   *
   * @param relativePath the path after the base URL, or after the name of the service or project
   * @param token the text presented as a token, which might be a client secret
   */
  static @Nullable SessionSecrets ifConcerned(
      GatewayCall call, CallParts parts, String relativePath, TokenText token) {
    ClientSecrets secrets = parts.environment().authorization().secrets().orElse(null);
    if (secrets == null) {
      return null;
    }
    if (HeadGuard.isWebSocketHandshake(parts.requested().head())) {
      return WireFormat.socketAt(relativePath).equals(SESSION)
          ? ClientSecret.presented(token)
              .map(secret -> new SessionSecrets(call, parts, secrets, secret))
              .orElse(null)
          : null;
    }
    return parts.requested().method().equals(POST)
            && WireFormat.sessionOfSecretAt(relativePath).isPresent()
        ? new SessionSecrets(call, parts, secrets, null)
        : null;
  }

  boolean isMade() {
    return presented == null;
  }

  /**
   * Finds the authorizer of the call. A call that creates a secret is authorized as if it opened
   * the session. A call that presents a secret is authorized with the token that created the
   * secret.
   *
   * @param then an action that continues the call with the authorizer
   */
  void begin(ParsedCall parsed, Consumer<CallAuthorizer> then) {
    if (presented == null) {
      then.accept(
          authorizer(parsed.at(WireFormat.sessionOfSecretAt(parsed.below()).orElseThrow())));
    } else {
      find(token -> then.accept(authorizer(token.map(parsed::with).orElse(parsed))));
    }
  }

  /**
   * Finds the token that created the presented secret.
   *
   * @param then an action that receives the token, or an empty value if the secret is unknown. An
   *     unknown secret is refused and counted like an unknown token
   */
  void find(Consumer<Optional<TokenText>> then) {
    ClientSecret shown = Objects.requireNonNull(presented);
    ask(
        shown.asToken(),
        () -> secrets.find(shown),
        known -> {
          found = known.orElse(null);
          then.accept(known.map(of -> TokenText.known(of.token())));
        });
  }

  /** Whether the presented secret was created for this service. */
  boolean isMadeFor(Instance.Id service) {
    return found != null && found.service().equals(service);
  }

  private CallAuthorizer authorizer(ParsedCall of) {
    CallAuthorizer asker =
        CallAuthorizer.ofHead(
            of,
            "GET",
            parts.requested().requestId(),
            parts.requested().from(),
            loop(),
            parts.environment().authorization());
    return isMade() ? asker : asker.opening();
  }

  /**
   * The session settings of the presented secret.
   *
   * @throws CallRefused if the session is unknown, or if the gateway no longer understands its
   *     settings
   */
  SecretRequest request() {
    UsableSecret known = found;
    if (known == null) {
      throw new CallRefused(CallError.BAD_CLIENT_SECRET);
    }
    return SecretRequest.ofSession(known.session());
  }

  /**
   * Invalidates the presented client secret, because it can be used only once.
   *
   * @param then an action that continues the call
   */
  void take(AuthorizedCall given, Runnable then) {
    ClientSecret shown = Objects.requireNonNull(presented);
    ask(
        () -> Optional.of(secrets.take(shown, given.basis().account())),
        taken -> {
          if (!taken.orElse(false)) {
            throw new CallRefused(CallError.BAD_CLIENT_SECRET);
          }
          then.run();
        });
  }

  /** Buffers the body, which describes the session for the new secret. */
  private void receive(AuthorizedCall given) {
    receive(
        buffers -> parts.environment().buffering().ofOwn(given, SecretRequest.LARGEST, buffers));
  }

  /**
   * Buffers the body for a URL that names no service.
   *
   * @param who the id of the user or account whose limit on memory applies
   */
  void receive(UUID who) {
    receive(buffers -> parts.environment().buffering().ofOwn(who, SecretRequest.LARGEST, buffers));
  }

  private void receive(Function<ByteBufAllocator, BufferedBody> begin) {
    if (BodyLength.of(parts.requested().head()).bytes() > SecretRequest.LARGEST) {
      call.fail(CallError.BODY_TOO_LARGE);
      return;
    }
    Channel caller = parts.caller().channel();
    try {
      parts.body().hold(begin.apply(caller.alloc()), caller);
    } catch (CallRefused e) {
      call.fail(e.error());
      return;
    }
    call.buffer();
  }

  /**
   * Reads the completely arrived body.
   *
   * @return the model of the session
   * @throws CallRefused if the gateway does not understand the body
   */
  String read() {
    SecretRequest read = SecretRequest.of(content());
    wanted = read;
    return read.model();
  }

  /** Called after the model has selected the service, with the provider's name for the model. */
  void setRoutedModel(String model) {
    called = Optional.of(model);
  }

  /**
   * Begins to buffer the body of a permitted call that creates a secret, unless the body has been
   * read.
   *
   * @return false if the body has already been read, so that it need not be buffered
   */
  boolean receiveIfUnread(AuthorizedCall given) {
    if (wanted == null) {
      receive(given);
      return true;
    }
    return false;
  }

  /** Makes the secret. Must be called only after the body has been read. */
  void make() {
    AuthorizedCall given = parts.permission().call();
    try {
      String model = wanted == null ? read() : wanted.model();
      RealtimeSession.demandPermitted(given, called.orElse(model));
    } catch (CallRefused e) {
      call.fail(e.error());
      return;
    }
    SecretRequest asked = Objects.requireNonNull(wanted);
    TokenHash token = parts.permission().authorizer().request().token().hash();
    ask(
        () ->
            Optional.of(
                secrets.make(
                    token,
                    given.basis().account(),
                    asked.session(),
                    Duration.ofSeconds(asked.seconds()))),
        made -> {
          switch (made.orElseThrow()) {
            case MadeSecret secret -> call.answer(answer(secret, asked));
            case NotMade refused -> throw new CallRefused(error(refused.why()));
          }
        });
  }

  private static CallError error(ClientSecretStore.Why why) {
    return switch (why) {
      case TOO_MANY -> CallError.TOO_MANY_CLIENT_SECRETS;
      case TOKEN_ENDED -> CallError.BAD_TOKEN;
      case SERVICE_ENDED -> CallError.NOT_FOUND;
    };
  }

  private byte[] content() {
    ByteBuf whole = parts.body().buffer().content();
    try {
      return ByteBufUtil.getBytes(whole);
    } finally {
      whole.release();
    }
  }

  private static byte[] answer(MadeSecret made, SecretRequest asked) {
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    json.writeBytes(
        "{\"value\":\"%s\",\"expires_at\":%s,\"session\":"
            .formatted(made.secret().reveal(), made.expires().getEpochSecond())
            .getBytes(UTF_8));
    json.writeBytes(asked.session());
    json.write('}');
    return json.toByteArray();
  }

  private EventLoop loop() {
    return parts.caller().channel().eventLoop();
  }

  private <T> void ask(Supplier<Optional<T>> blocking, Consumer<Optional<T>> then) {
    ask(null, blocking, then);
  }

  private <T> void ask(
      @Nullable TokenText unchecked, Supplier<Optional<T>> blocking, Consumer<Optional<T>> then) {
    Inquiry.ask(
        parts.environment().authorization().executor(),
        new InquiryTerms(
            loop(),
            parts.requested().address(),
            unchecked,
            parts.requested().requestId(),
            MOST_MILLIS),
        Optional::empty,
        blocking,
        new CallStep<Optional<T>>(call) {
          @Override
          void next(Optional<T> outcome) {
            try {
              then.accept(outcome);
            } catch (CallRefused e) {
              call.fail(e.error());
            }
          }
        });
  }
}
