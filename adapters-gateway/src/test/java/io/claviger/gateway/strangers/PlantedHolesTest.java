package io.claviger.gateway.strangers;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.gateway.CallAuthorization;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.testkit.RecordCopy;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** A gateway with a fault is found out by the requests of strangers. */
@Isolated("It changes what the formats of the whole JVM say.")
class PlantedHolesTest {
  private static final int MOST_REQUESTS = 20_000;
  private static final int REQUESTS_OF_A_CASE = 100;
  private static final long SEED = 20_261_123;

  @Test
  void calls_without_isolation_are_found() throws Exception {
    assertThat(finding(ForgottenIsolation::new)).isNotEmpty();
  }

  /** The first finding on a gateway whose authorization is changed; fails if there is none. */
  private static String finding(UnaryOperator<CallAuthorization> planted) throws Exception {
    AtomicReference<String> first = new AtomicReference<>("");
    try (Neighbourhood all =
        new Neighbourhood(1, finding -> first.compareAndSet("", finding.getMessage()), planted)) {
      for (int sent = 0; sent < MOST_REQUESTS && first.get().isEmpty(); ) {
        sent += all.play(new SplittableRandom(SEED + sent).split(), REQUESTS_OF_A_CASE);
      }
    }
    return first.get();
  }

  /** Takes the isolation from every call. */
  private record ForgottenIsolation(CallAuthorization inner) implements CallAuthorization {
    @Override
    public Optional<AuthorizationOutcome> authorizeAtOnce(CallRequest call) {
      return inner.authorizeAtOnce(call).map(ForgottenIsolation::without);
    }

    @Override
    public AuthorizationOutcome authorize(CallRequest call) {
      return without(inner.authorize(call));
    }

    private static AuthorizationOutcome without(AuthorizationOutcome outcome) {
      return outcome instanceof AuthorizationOutcome.Authorized authorized
          ? new AuthorizationOutcome.Authorized(
              RecordCopy.with(authorized.call(), "isolation", Optional.empty()))
          : outcome;
    }

    @Override
    public Optional<AuthorizedCall.AuthorizationBasis> basisAtOnce(CallRequest call) {
      return inner.basisAtOnce(call);
    }

    @Override
    public Optional<CallRefusal> lookAgain(
        CallRequest call, AuthorizedCall.AuthorizationBasis basis) {
      return inner.lookAgain(call, basis);
    }
  }
}
