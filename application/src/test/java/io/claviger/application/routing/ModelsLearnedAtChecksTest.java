package io.claviger.application.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.StoredKeys;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.InMemoryProviderProbe;
import io.claviger.application.gateway.ConnectionChecks.CheckOutcome;
import io.claviger.application.gateway.port.ConnectionStatus;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.KeyPolicy;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Providers are asked for their models when a check finds that they answer. */
class ModelsLearnedAtChecksTest {
  private final Questions q = new Questions();

  @Test
  void after_a_check_the_models_of_the_provider_are_known() {
    Instance service = keyless();
    q.w.claviger.modelListSource().list("alice/s", "m", "n");

    assertThat(check(q.alice, service)).isEqualTo(ConnectionStatus.OK);

    assertThat(q.names(q.alices)).containsExactly("m", "n");
    assertThat(q.lead(q.alices, "n")).isEqualTo("alice/s n");
    assertThat(q.w.claviger.modelListSource().asked()).containsExactly("alice/s");
  }

  @Test
  void a_provider_that_does_not_accept_the_key_is_not_asked() {
    Instance service = keyless();
    q.w.claviger.probe().answers(InMemoryProviderProbe.UNAUTHORIZED);

    assertThat(check(q.alice, service)).isEqualTo(ConnectionStatus.UNAUTHORIZED);

    assertThat(q.w.claviger.modelListSource().asked()).isEmpty();
  }

  @Test
  void several_checks_within_a_minute_ask_once() {
    Instance service = keyless();

    assertThat(check(q.alice, service)).isEqualTo(ConnectionStatus.OK);
    assertThat(check(q.alice, service)).isEqualTo(ConnectionStatus.OK);
    assertThat(q.lead(q.alices, "unknown")).isEqualTo("nowhere");
    assertThat(q.w.claviger.modelListSource().asked()).hasSize(1);

    q.w.claviger.clock().advance(Duration.ofMinutes(1));
    assertThat(check(q.alice, service)).isEqualTo(ConnectionStatus.OK);
    assertThat(q.w.claviger.modelListSource().asked()).hasSize(1);
  }

  @Test
  void a_list_that_can_not_be_had_leaves_the_check_as_it_is() {
    Instance service = keyless();
    q.w.claviger.modelListSource().fail();

    assertThat(check(q.alice, service)).isEqualTo(ConnectionStatus.OK);

    assertThat(q.names(q.alices)).containsExactly("m");
  }

  @Test
  void what_is_listed_with_a_users_own_key_is_theirs() {
    StoredKeys keys = new StoredKeys(q.w);
    Instance service =
        keys.withKey(
            AnInstance.of(q.alice, "s").model("m").keyPolicy(new KeyPolicy(true, true, true)),
            "sk-of-alice-0123");
    q.w.stored(service, AShare.with(q.bob).build());
    keys.ofUser(service, q.bob, "sk-of-bob-0123");
    q.w.claviger.modelListSource().list("alice/s", "m", "n");

    assertThat(check(q.bob, service)).isEqualTo(ConnectionStatus.OK);

    assertThat(q.lead(q.bobs, "alice/s/n")).isEqualTo("alice/s n");
    assertThat(q.names(q.alices)).containsExactly("m");
  }

  private Instance keyless() {
    q.w.claviger.probe().answers(InMemoryProviderProbe.OK);
    return q.w.stored(AnInstance.of(q.alice, "s").model("m").apiStandard("none").build());
  }

  private ConnectionStatus check(User user, Instance service) {
    CheckOutcome outcome = q.w.connectionChecks.check(q.w.as(user), service.ref());
    assertThat(outcome).isInstanceOf(CheckOutcome.Checked.class);
    return ((CheckOutcome.Checked) outcome).check().status();
  }
}
