package io.claviger.gateway;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import io.claviger.application.gateway.CallAuthorization;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.port.AuthorizedCall;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/** A gateway that remembers nothing of the many calls that it serves, but every error it logs. */
final class FuzzedGateway extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  static final String AT_ONCE = "clv_at_once";
  static final String LATER = "clv_later";

  /** No format lends an operation with another. */
  private static final Set<String> LENT_METHODS = Set.of("GET", "POST");

  private final Queue<String> errors = new ConcurrentLinkedQueue<>();
  private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private final long buffersBefore = OpenBuffers.count();
  private final Gateway gateway;

  FuzzedGateway(TestService lent) {
    start();
    root.addAppender(this);
    gateway =
        Gateway.start(
            GatewaySettings.on("127.0.0.1", 0),
            new Authorizing(lent),
            new TestRouting(),
            call -> {});
  }

  /** Knows two tokens; both may call the one service. */
  private record Authorizing(TestService lent) implements CallAuthorization {
    @Override
    public Optional<AuthorizationOutcome> countFurther(CallRequest call, int more) {
      return Optional.empty();
    }

    @Override
    public Optional<AuthorizationOutcome> authorizeAtOnce(CallRequest call) {
      return call.token().reveal().equals(AT_ONCE) ? Optional.of(outcome(call)) : Optional.empty();
    }

    @Override
    public AuthorizationOutcome authorize(CallRequest call) {
      return call.token().reveal().equals(LATER)
          ? outcome(call)
          : new AuthorizationOutcome.Refused(CallRefusal.BAD_TOKEN, Optional.empty());
    }

    private AuthorizationOutcome outcome(CallRequest call) {
      return LENT_METHODS.contains(call.method())
          ? new AuthorizationOutcome.Authorized(lent.authorized("alice/my-openai"))
          : new AuthorizationOutcome.Refused(CallRefusal.OPERATION_NOT_ALLOWED, Optional.empty());
    }

    @Override
    public boolean presentsBadTokens(String address) {
      return false;
    }

    @Override
    public Optional<AuthorizedCall.AuthorizationBasis> basisAtOnce(CallRequest call) {
      return Optional.empty();
    }

    @Override
    public Optional<CallRefusal> lookAgain(
        CallRequest call, AuthorizedCall.AuthorizationBasis basis) {
      return Optional.empty();
    }
  }

  InetSocketAddress address() {
    return gateway.address();
  }

  List<String> errors() {
    return List.copyOf(errors);
  }

  @Override
  protected void append(ILoggingEvent event) {
    if (event.getLevel().isGreaterOrEqual(Level.ERROR) && errors.size() < 10) {
      errors.add(
          event.getFormattedMessage()
              + (event.getThrowableProxy() == null
                  ? ""
                  : ThrowableProxyUtil.asString(event.getThrowableProxy())));
    }
  }

  /** Closes the gateway, and fails unless all buffers were released. */
  @Override
  public void close() {
    gateway.close();
    root.detachAppender(this);
    OpenBuffers.awaitAtMost(buffersBefore);
  }
}
