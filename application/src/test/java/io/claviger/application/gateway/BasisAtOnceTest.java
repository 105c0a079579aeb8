package io.claviger.application.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.instances.Instance;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What memory tells of a call that is not made yet. */
class BasisAtOnceTest {
  private final Calls c = new Calls();
  private final Instance service = c.write.withKey(c.alice, "s");

  private Optional<AuthorizedCall.AuthorizationBasis> known(TokenText token) {
    return c.w.callAuthorization.basisAtOnce(
        Calls.asked(token, new CallTarget.Service(service.ref()), Calls.OPERATION));
  }

  @Test
  void it_is_what_a_call_would_be_authorized_on_and_counts_nothing() {
    AuthorizedCall.AuthorizationBasis made =
        Calls.authorized(c.remember(c.alices, service)).basis();
    int asked = c.w.facts.asked();
    int leases = c.w.leases.asked();

    assertThat(known(c.alices)).contains(made);
    assertThat(c.w.facts.asked()).isEqualTo(asked);
    assertThat(c.w.leases.asked()).isEqualTo(leases);
  }

  @Test
  void nothing_is_known_before_a_call_or_of_one_that_would_be_refused() {
    c.refresh();
    assertThat(known(c.alices)).isEmpty();

    CallAuthorization.AuthorizationOutcome unused = c.remember(c.bobs, service);
    assertThat(known(c.bobs)).isEmpty();
  }

  @Test
  void nothing_is_known_once_the_token_was_revoked() {
    CallAuthorization.AuthorizationOutcome unused = c.remember(c.alices, service);
    assertThat(c.w.claviger.accessTokens().deleteAll(c.alice.id())).isEqualTo(1);
    c.refresh();

    assertThat(known(c.alices)).isEmpty();
  }
}
