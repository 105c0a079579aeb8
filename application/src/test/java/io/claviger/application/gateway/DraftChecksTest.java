package io.claviger.application.gateway;

import static io.claviger.application.Outcomes.because;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.builders.AToken;
import io.claviger.application.fakes.InMemoryProviderProbe;
import io.claviger.application.gateway.ConnectionChecks.CheckOutcome;
import io.claviger.application.gateway.ConnectionChecks.ConnectionCheck;
import io.claviger.application.gateway.port.ConnectionStatus;
import io.claviger.application.gateway.port.ProviderProbe.Probed;
import io.claviger.application.instances.InstanceWrite;
import io.claviger.application.instances.InstanceWriteBuilder;
import io.claviger.application.instances.InstanceWrites;
import io.claviger.application.usage.port.UsageFilter;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.policy.NoKeyReason;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class DraftChecksTest {
  private static final Instance.Ref NEW = Instance.Ref.of("alice/new");

  private final Wiring w = new Wiring();
  private final InMemoryProviderProbe probe = w.claviger.probe();
  private final User alice = w.user("alice");

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "NO_KEY")
  void it_says_what_the_provider_did(ConnectionStatus status) {
    probe.answers(
        new Probed(status, OptionalInt.of(418), Duration.ofMillis(3), false, Optional.empty()));

    ConnectionCheck check = checked(withKey().command());

    assertThat(check.service()).isEqualTo(NEW);
    assertThat(check.status()).isEqualTo(status);
    assertThat(check.httpStatus()).hasValue(418);
    assertThat(check.latency()).contains(Duration.ofMillis(3));
  }

  @Test
  void it_sends_the_given_key_and_headers_to_the_given_endpoint_and_leaves_them_open() {
    InstanceWrite write = withKey().header("X-Team", "a-team").timeout(700).command();

    checked(write);

    assertThat(probe.asked())
        .singleElement()
        .satisfies(
            asked -> {
              assertThat(asked.endpoint().url()).isEqualTo("https://api.example/v1");
              assertThat(asked.key()).contains(Wiring.CANARY);
              assertThat(asked.source()).isEqualTo(KeySource.CENTRAL);
              assertThat(asked.headers()).containsExactly("X-Team: a-team");
              assertThat(asked.limit()).isEqualTo(Duration.ofMillis(700));
            });
    assertThat(Calls.text(write.apiKey().given().orElseThrow())).isEqualTo(Wiring.CANARY);
  }

  @Test
  void it_stores_and_records_nothing() {
    checked(withKey().command());

    assertThat(because(w.instances.find(w.as(alice), NEW))).contains("not_found");
    assertThat(w.events()).isEmpty();
    w.usageCounter.flush();
    assertThat(w.claviger.usage().find(Optional.empty(), UsageFilter.NONE, Optional.empty(), 1))
        .isEmpty();
  }

  @Test
  void without_a_key_it_calls_nobody() {
    ConnectionCheck check = checked(InstanceWriteBuilder.openAi().command());

    assertThat(check.status()).isEqualTo(ConnectionStatus.NO_KEY);
    assertThat(check.reason()).contains(NoKeyReason.MISSING_API_KEY);
    assertThat(probe.asked()).isEmpty();
  }

  @Test
  void a_service_that_needs_no_key_is_called_without_one() {
    ConnectionCheck check =
        checked(
            InstanceWriteBuilder.of()
                .provider(Provider.OLLAMA)
                .model("m")
                .endpoint("https://ollama.example")
                .command());

    assertThat(check.status()).isEqualTo(ConnectionStatus.OK);
    assertThat(probe.asked().get(0).source()).isEqualTo(KeySource.KEYLESS);
  }

  @Test
  void what_could_not_be_stored_is_not_tried() {
    Instance stored = new InstanceWrites(w).withKey(alice, "taken");
    User bob = w.user("bob");

    assertThat(because(tried(alice, stored.ref()))).contains("precondition_failed");
    assertThat(because(tried(bob, NEW))).contains("forbidden");
    assertThat(
            because(
                w.draftChecks.check(
                    w.with(alice, AToken.of(alice).scope(TokenScope.USE).build()),
                    NEW,
                    withKey().command())))
        .contains("forbidden");
    assertThat(because(tried(alice, NEW, InstanceWriteBuilder.of().key())))
        .contains("/model required");
    assertThat(probe.asked()).isEmpty();
  }

  @Test
  void one_user_checks_a_bounded_number_of_drafts_a_minute() {
    for (int i = 0; i < DraftChecks.PER_MINUTE; i++) {
      assertThat(tried(alice, NEW)).isInstanceOf(CheckOutcome.Checked.class);
    }

    assertThat(tried(alice, NEW)).isInstanceOf(CheckOutcome.Limited.class);
    assertThat(tried(w.user("bob"), Instance.Ref.of("bob/new")))
        .isInstanceOf(CheckOutcome.Checked.class);
  }

  private static InstanceWriteBuilder withKey() {
    return InstanceWriteBuilder.openAi().endpoint("https://api.example/v1").key(Wiring.CANARY);
  }

  private CheckOutcome tried(User user, Instance.Ref ref) {
    return tried(user, ref, withKey());
  }

  private CheckOutcome tried(User user, Instance.Ref ref, InstanceWriteBuilder write) {
    return w.draftChecks.check(w.as(user), ref, write.command());
  }

  private ConnectionCheck checked(InstanceWrite write) {
    return Optional.of(w.draftChecks.check(w.as(alice), NEW, write))
        .map(CheckOutcome.Checked.class::cast)
        .orElseThrow()
        .check();
  }
}
