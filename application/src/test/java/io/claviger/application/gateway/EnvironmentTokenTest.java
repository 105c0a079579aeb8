package io.claviger.application.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.domain.accounts.CallerOrigin;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.instances.Instance;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The gateway accepts the same access tokens as the API. */
class EnvironmentTokenTest {
  private static final TokenText ENVIRONMENTS =
      TokenText.presented("any-shape-of-at-least-32-characters");

  @Test
  void the_token_of_this_nodes_environment_is_good_whatever_its_shape() {
    assertThat(call(new Wiring(Optional.of(ENVIRONMENTS)))).isNotEqualTo(CallRefusal.BAD_TOKEN);
  }

  @Test
  void the_token_of_another_nodes_environment_is_bad() {
    assertThat(call(new Wiring())).isEqualTo(CallRefusal.BAD_TOKEN);
  }

  private static CallRefusal call(Wiring w) {
    w.users.establishRoot(ENVIRONMENTS);
    return Calls.refusal(
        w.callAuthorization.authorize(
            CallAuthorization.CallRequest.ofWhole(
                ENVIRONMENTS,
                new CallTarget.Service(Instance.Ref.of("alice/nothing")),
                "GET",
                "models",
                new CallerOrigin(Wiring.ADDRESS),
                "r")));
  }
}
