package io.claviger.application.gateway;

import static io.claviger.application.Outcomes.because;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.claviger.application.StoredKeys;
import io.claviger.application.Wiring;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.credentials.TokenSource;
import io.claviger.application.credentials.port.CredentialMinter.CheckStep;
import io.claviger.application.fakes.InMemoryProviderProbe;
import io.claviger.application.fakes.InMemoryProviderProbe.Asked;
import io.claviger.application.gateway.ConnectionChecks.ConnectionCheck;
import io.claviger.application.gateway.port.ConnectionStatus;
import io.claviger.application.gateway.port.ProviderProbe.Probed;
import io.claviger.application.shared.Actor;
import io.claviger.application.usage.port.UsageFilter;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.NoKeyReason;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import io.claviger.domain.usage.UsageCounts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class ConnectionChecksTest {
  private static final KeyPolicy BOTH = new KeyPolicy(true, true, true);

  private final Wiring w = new Wiring();
  private final StoredKeys keys = new StoredKeys(w);
  private final InMemoryProviderProbe probe = w.claviger.probe();
  private final User root = w.administrator("root");
  private final User alice = w.user("alice");
  private final User bob = w.user("bob");
  private final Instance service =
      keys.withKey(AnInstance.of(alice, "s").keyPolicy(BOTH).timeout(700), Wiring.CANARY);

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "NO_KEY")
  void it_says_what_the_provider_did(ConnectionStatus status) {
    probe.answers(
        new Probed(status, OptionalInt.of(418), Duration.ofMillis(3), false, Optional.empty()));

    assertThat(checked(w.as(alice), service))
        .isEqualTo(
            new ConnectionCheck(
                service.ref(),
                status,
                Optional.empty(),
                Optional.empty(),
                OptionalInt.of(418),
                Optional.of(Duration.ofMillis(3)),
                w.claviger.clock().instant(),
                false,
                Optional.empty(),
                List.of(),
                Optional.empty()));
  }

  @Test
  void it_calls_with_the_services_key_at_its_endpoint() {
    checked(w.as(alice), service);

    assertThat(probe.asked()).singleElement().satisfies(this::assertCentral);
  }

  @Test
  void it_calls_with_the_callers_own_key_where_a_call_of_theirs_would() {
    Share unused = w.stored(service, AShare.with(bob).build());
    keys.ofUser(service, bob, "sk-of-bob-0123");

    checked(w.as(bob), service);
    checked(w.as(alice), service);

    assertThat(probe.asked().get(0).key()).contains("sk-of-bob-0123");
    assertThat(probe.asked().get(0).source()).isEqualTo(KeySource.USER);
    assertCentral(probe.asked().get(1));
  }

  @Test
  void it_sends_the_custom_headers() {
    Instance keyless =
        keys.withHeader(AnInstance.of(alice, "o").provider(Provider.OLLAMA), "X-Team", "a-team");

    checked(w.as(alice), keyless);

    assertThat(probe.asked().get(0).headers()).containsExactly("X-Team: a-team");
  }

  @Test
  void the_key_is_closed_after_it() {
    checked(w.as(alice), service);

    assertClosed(probe.asked().get(0));
  }

  @Test
  void the_key_is_closed_and_the_place_free_even_if_the_call_can_not_be_made() {
    probe.answers(
        it -> {
          throw new IllegalStateException("no way out");
        });
    for (int i = 0; i < 100; i++) {
      aMinutePasses();
      assertThatExceptionOfType(CompletionException.class)
          .isThrownBy(() -> check(w.as(alice), service));
    }

    assertThat(probe.asked()).hasSize(100).allSatisfy(ConnectionChecksTest::assertClosed);
  }

  @Test
  void the_place_is_free_even_if_the_question_for_a_token_fails() {
    w.claviger.exchangeOn(
        task -> {
          throw new IllegalStateException("no thread");
        });
    for (int i = 0; i < 2 * ConnectionCheckQuota.OF_EACH; i++) {
      Instance minting = keys.minting(AnInstance.of(alice, "m" + i));
      assertThatExceptionOfType(CompletionException.class)
          .isThrownBy(() -> check(w.as(alice), minting))
          .havingCause()
          .withMessage("no thread");
    }

    assertThat(checked(w.as(alice), service).status()).isEqualTo(ConnectionStatus.OK);
  }

  /** The details of the steps name accounts and roles at the provider. */
  @Test
  void only_who_may_configure_a_service_sees_the_details_of_its_credential() {
    w.claviger.mintBy(new CheckStep("token", true, "role arn:1234"));
    Instance minting = keys.minting(AnInstance.of(alice, "m"));
    User carol = w.user("carol");
    Share unused = w.stored(minting, AShare.with(bob).role(Role.WRITER).build());
    Share unusedToo = w.stored(minting, AShare.with(carol).role(Role.OWNER).build());
    Share unusedThree = w.stored(minting, AShare.with(root).build());

    for (User user : List.of(alice, carol, root)) {
      assertThat(checked(w.as(user), minting).steps().getFirst().detail())
          .isEqualTo("role arn:1234");
    }
    assertThat(checked(w.as(bob), minting).steps())
        .first()
        .isEqualTo(new CheckStep("token", true, "Done."));
  }

  @Test
  @Tag("thorough")
  void the_token_is_not_awaited_for_longer_than_a_check_may_take() {
    w.claviger.exchangeOn(exchange -> {});
    Instance minting = keys.minting(AnInstance.of(alice, "m"));
    long began = System.nanoTime();

    assertThat(checked(w.as(alice), minting).status()).isEqualTo(ConnectionStatus.NO_KEY);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(TokenSource.MOST);
  }

  @ParameterizedTest
  @CsvSource({"PT-5M, 300 seconds ahead of", "PT5M, 300 seconds behind", "PT59S,"})
  void a_wrong_clock_is_told_where_the_provider_rejects_what_was_signed_here(
      Duration off, String told) {
    Instant now = w.claviger.clock().instant();
    Probed rejected =
        new Probed(
            ConnectionStatus.UNAUTHORIZED,
            OptionalInt.of(403),
            Duration.ZERO,
            false,
            Optional.of(now.plus(off)));

    List<CheckStep> steps =
        ConnectionCheck.of(service.ref(), rejected, now)
            .after(List.of(new CheckStep("sign", true, "signed")))
            .steps();

    assertThat(steps.getLast().detail().contains("clock")).isEqualTo(told != null);
    assertThat(steps.getLast().detail()).contains(told == null ? "unauthorized" : told);
  }

  @Test
  void it_takes_no_longer_than_the_services_own_timeout_or_ten_seconds() {
    Instance patient = keys.withKey(AnInstance.of(alice, "p").timeout(600_000), Wiring.CANARY);

    checked(w.as(alice), service);
    checked(w.as(alice), patient);

    assertThat(probe.asked().get(0).limit()).isEqualTo(Duration.ofMillis(700));
    assertThat(probe.asked().get(1).limit())
        .isPositive()
        .isLessThanOrEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void where_a_call_would_find_no_key_none_is_made() {
    Instance missing = w.stored(AnInstance.of(alice, "m").build());
    Instance disabled = keys.withKey(AnInstance.of(alice, "d").disabled(), Wiring.CANARY);
    Instance users =
        w.stored(AnInstance.of(alice, "u").keyPolicy(new KeyPolicy(false, true, false)).build());

    assertThat(checked(w.as(alice), missing))
        .isEqualTo(
            ConnectionCheck.uncalled(
                missing.ref(),
                ConnectionStatus.NO_KEY,
                Optional.of(NoKeyReason.MISSING_API_KEY),
                Optional.empty(),
                w.claviger.clock().instant()));
    assertThat(checked(w.as(alice), disabled).reason()).contains(NoKeyReason.DISABLED);
    assertThat(checked(w.as(alice), users).reason()).contains(NoKeyReason.USER_API_KEY_REQUIRED);
    assertThat(probe.asked()).isEmpty();
  }

  @Test
  void a_key_that_does_not_open_is_told_of_and_on_record_and_no_call_made() {
    keys.ofUser(
        service,
        alice,
        keys.value(KeyBinding.ofApiKey(service.id(), service.destination()), "sk-moved-0123"));

    ConnectionCheck check = checked(w.as(alice), service);

    assertThat(check.status()).isEqualTo(ConnectionStatus.NO_KEY);
    assertThat(check.reason()).contains(NoKeyReason.KEY_UNUSABLE);
    assertThat(probe.asked()).isEmpty();
    assertThat(w.recorded()).containsExactly("gateway.key_unusable failed alice/s []");
    assertThat(w.events().get(0).actor()).contains(alice.id());
  }

  @Test
  void a_key_that_does_not_open_takes_no_place_away() {
    keys.ofUser(
        service,
        alice,
        keys.value(KeyBinding.ofApiKey(service.id(), service.destination()), "sk-moved-0123"));
    for (int i = 0; i < 100; i++) {
      aMinutePasses();
      assertThat(checked(w.as(alice), service).reason()).contains(NoKeyReason.KEY_UNUSABLE);
    }
  }

  @Test
  void who_can_not_see_a_service_finds_nothing_to_check() {
    assertThat(because(check(w.as(bob), service))).isEqualTo("not_found");
    assertThat(because(check(w.using(root), service))).isEqualTo("not_found");
    assertThat(check(w.as(bob), AnInstance.of(alice, "none").build()))
        .isEqualTo(check(w.as(bob), service));
  }

  @Test
  void who_may_see_it_but_not_use_it_checks_nothing() {
    assertThat(because(check(w.as(root), service))).isEqualTo("forbidden");
    assertThat(probe.asked()).isEmpty();
  }

  @Test
  void a_token_that_only_uses_checks() {
    assertThat(checked(w.using(alice), service).status()).isEqualTo(ConnectionStatus.OK);
  }

  @Test
  void a_restricted_token_checks_its_own_service_alone() {
    Instance other = keys.withKey(AnInstance.of(alice, "other"), Wiring.CANARY);

    assertThat(checked(restricted(service), service).status()).isEqualTo(ConnectionStatus.OK);
    assertThat(because(check(restricted(other), service))).isEqualTo("not_found");
  }

  @Test
  void a_check_that_finds_its_key_is_not_on_record() {
    checked(w.as(alice), service);

    assertThat(w.recorded()).isEmpty();
  }

  @Test
  void a_service_is_checked_six_times_a_minute_by_all_together() {
    Share unused = w.stored(service, AShare.with(bob).build());
    for (int i = 0; i < ConnectionChecks.PER_MINUTE; i++) {
      checked(w.as(i % 2 == 0 ? alice : bob), service);
    }

    for (User user : List.of(alice, bob)) {
      assertThat(check(w.as(user), service))
          .isInstanceOf(ConnectionChecks.CheckOutcome.Limited.class);
    }
    assertThat(probe.asked()).hasSize(ConnectionChecks.PER_MINUTE);
  }

  @Test
  void a_check_counts_against_the_limits_of_token_and_share_as_a_call_does() {
    Limits two = new Limits(Optional.of(2), Optional.empty(), Optional.empty());
    Share unused = w.stored(service, AShare.with(bob).limits(two).build());
    Actor limited = w.with(alice, AToken.of(alice).limits(two).build());
    for (Actor actor : List.of(w.as(bob), limited)) {
      checked(actor, service);
      checked(actor, service);

      assertThat(check(actor, service)).isInstanceOf(ConnectionChecks.CheckOutcome.Limited.class);
    }
    assertThat(probe.asked()).hasSize(4);
  }

  @Test
  void who_may_not_list_models_checks_nothing() {
    Limits embeddings =
        new Limits(
            Optional.empty(),
            Optional.empty(),
            Optional.of(Set.of(new Operation("POST embeddings"))));
    Share unused = w.stored(service, AShare.with(bob).limits(embeddings).build());

    assertThat(because(check(w.as(bob), service))).isEqualTo("forbidden");
    assertThat(because(check(w.with(alice, AToken.of(alice).limits(embeddings).build()), service)))
        .isEqualTo("forbidden");
    assertThat(probe.asked()).isEmpty();
  }

  @Test
  void a_check_stands_in_the_usage_of_who_makes_it() {
    Share unused = w.stored(service, AShare.with(bob).build());
    checked(w.as(bob), service);
    probe.answers(InMemoryProviderProbe.UNAUTHORIZED);
    checked(w.as(bob), service);
    w.usageCounter.flush();

    UsageFilter all =
        new UsageFilter(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    assertThat(w.claviger.usage().find(Optional.empty(), all, Optional.empty(), 10))
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.account().user()).isEqualTo(bob.id());
              assertThat(row.account().ref()).isEqualTo(service.ref());
              assertThat(row.source()).isEqualTo(KeySource.CENTRAL);
              assertThat(row.counts()).isEqualTo(new UsageCounts(2, 1, 0, 0, 0, 0));
            });
  }

  /** Moves the clock on, so that the limit per minute allows another check. */
  private void aMinutePasses() {
    w.claviger.clock().advance(Duration.ofSeconds(63));
  }

  private void assertCentral(Asked asked) {
    assertThat(asked.service()).isEqualTo("alice/s");
    assertThat(asked.endpoint()).isEqualTo(service.settings().fields().endpoint());
    assertThat(asked.source()).isEqualTo(KeySource.CENTRAL);
    assertThat(asked.key()).contains(Wiring.CANARY);
  }

  private static void assertClosed(Asked asked) {
    assertThatIllegalStateException()
        .isThrownBy(() -> Calls.text(asked.call().key().orElseThrow()));
  }

  private Actor restricted(Instance to) {
    return w.with(alice, AToken.of(alice).onlyFor(to).build());
  }

  private ConnectionChecks.CheckOutcome check(Actor actor, Instance what) {
    return w.connectionChecks.check(actor, what.ref());
  }

  private ConnectionCheck checked(Actor actor, Instance what) {
    ConnectionChecks.CheckOutcome outcome = check(actor, what);
    assertThat(outcome).isInstanceOf(ConnectionChecks.CheckOutcome.Checked.class);
    return ((ConnectionChecks.CheckOutcome.Checked) outcome).check();
  }
}
