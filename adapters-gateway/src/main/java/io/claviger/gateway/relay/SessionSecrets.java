package io.claviger.gateway.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.application.connections.ClientSecrets;
import io.claviger.application.connections.ClientSecrets.MadeSecret;
import io.claviger.application.connections.ClientSecrets.UsableSecret;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.accounts.ClientSecret;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.formats.ProviderApi.SocketUse;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.authorize.CallAuthorizer;
import io.claviger.gateway.authorize.Inquiry;
import io.claviger.gateway.authorize.Inquiry.InquiryTerms;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.head.BodyLength;
import io.claviger.gateway.head.HeadGuard;
import io.claviger.gateway.head.ParsedCall;
import io.claviger.gateway.model.BodyBuffering;
import io.claviger.gateway.model.SecretRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.EventLoop;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A call that makes a secret with which a browser opens one session, or that opens a session with
 * one. Either may do what the token may with which the secret was made: the first is permitted like
 * the session itself, and the second as if it had presented that token. Confined to the event loop
 * of the call.
 */
final class SessionSecrets {
  private static final long MOST_MILLIS = 3_000;
  private static final String POST = "POST";
  private static final Optional<SocketUse> SESSION = Optional.of(SocketUse.SESSION);

  private final GatewayCall call;
  private final CallParts parts;
  private final ClientSecrets secrets;
  private final ParsedCall parsed;

  /** The secret that was presented; null if one is to be made. */
  private final @Nullable ClientSecret presented;

  /** What that secret was made for; null before that is known. */
  private @Nullable UsableSecret found;

  private SessionSecrets(
      GatewayCall call,
      CallParts parts,
      ClientSecrets secrets,
      ParsedCall parsed,
      @Nullable ClientSecret presented) {
    this.call = call;
    this.parts = parts;
    this.secrets = secrets;
    this.parsed = parsed;
    this.presented = presented;
  }

  /** Returns null if the call has to do with no such secret. */
  static @Nullable SessionSecrets ifConcerned(
      GatewayCall call, CallParts parts, ParsedCall parsed) {
    ClientSecrets secrets = parts.environment().authorization().secrets().orElse(null);
    if (secrets == null) {
      return null;
    }
    if (HeadGuard.isWebSocketHandshake(parts.requested().head())) {
      Optional<ClientSecret> shown =
          Optional.of(parsed.credential().token())
              .filter(token -> WireFormat.socketAt(parsed.target().below()).equals(SESSION))
              .flatMap(ClientSecret::presented);
      return shown
          .map(secret -> new SessionSecrets(call, parts, secrets, parsed, secret))
          .orElse(null);
    }
    return parts.requested().method().equals(POST)
        ? WireFormat.sessionOfSecretAt(parsed.below())
            .map(path -> new SessionSecrets(call, parts, secrets, parsed.at(path), null))
            .orElse(null)
        : null;
  }

  /** Whether a secret is to be made. */
  boolean isMade() {
    return presented == null;
  }

  /**
   * Asks with which permission the call is made.
   *
   * @param then goes on with it
   */
  void begin(Consumer<CallAuthorizer> then) {
    ClientSecret shown = presented;
    if (shown == null) {
      then.accept(authorizer(parsed));
      return;
    }
    ask(
        () -> secrets.find(shown),
        // A secret that is unknown is refused, and counted, like any unknown token.
        known -> {
          found = known.orElse(null);
          then.accept(
              authorizer(known.map(of -> parsed.with(TokenText.known(of.token()))).orElse(parsed)));
        });
  }

  private CallAuthorizer authorizer(ParsedCall of) {
    return CallAuthorizer.ofHead(
        of,
        "GET",
        parts.requested().requestId(),
        parts.requested().from(),
        loop(),
        parts.environment().authorization());
  }

  /**
   * What the secret was made for that was presented.
   *
   * @throws CallRefused if it is unknown, or is no longer understood
   */
  SecretRequest request() {
    UsableSecret known = found;
    if (known == null) {
      throw new CallRefused(CallError.BAD_CLIENT_SECRET);
    }
    return SecretRequest.ofSession(known.session());
  }

  /**
   * Uses the secret up that was presented.
   *
   * @param then goes on
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

  /** Buffers the body, which says for which session a secret is made. */
  void receive(AuthorizedCall given) {
    if (BodyLength.of(parts.requested().head().headers()).bytes() > SecretRequest.LARGEST) {
      call.fail(CallError.BODY_TOO_LARGE);
      return;
    }
    try {
      parts
          .body()
          .hold(
              BodyBuffering.ofOwn(
                  given,
                  parts.environment().bufferBudget(),
                  SecretRequest.LARGEST,
                  parts.caller().channel().alloc()),
              parts.caller().channel());
    } catch (CallRefused e) {
      call.fail(e.error());
      return;
    }
    call.buffer();
  }

  /** Makes the secret. The body has been read. */
  void make() {
    AuthorizedCall given = parts.permission().call();
    SecretRequest asked;
    try {
      asked = SecretRequest.of(content());
      RealtimeSession.demandPermitted(given, asked.model());
    } catch (CallRefused e) {
      call.fail(e.error());
      return;
    }
    TokenHash token = parts.permission().authorizer().request().token().hash();
    ask(
        () ->
            secrets.make(
                token,
                given.basis().account(),
                asked.session(),
                Duration.ofSeconds(asked.seconds())),
        made -> {
          if (made.isEmpty()) {
            throw new CallRefused(CallError.TOO_MANY_CLIENT_SECRETS);
          }
          call.answer(answer(made.get(), asked));
        });
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
        "{\"value\":\"%s\",\"expires_at\":%d,\"session\":"
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
    Inquiry.ask(
        parts.environment().authorization().executor(),
        new InquiryTerms(
            loop(), parts.requested().address(), parts.requested().requestId(), MOST_MILLIS),
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
