package io.claviger.application.gateway;

import static io.claviger.application.Outcomes.because;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.claviger.application.StoredKeys;
import io.claviger.application.Wiring;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.InMemoryProviderProbe;
import io.claviger.application.fakes.InMemoryProviderProbe.Asked;
import io.claviger.application.gateway.ConnectionChecks.ConnectionCheck;
import io.claviger.application.gateway.port.ConnectionStatus;
import io.claviger.application.gateway.port.ProviderProbe.Probed;
import io.claviger.application.shared.Actor;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.NoKeyReason;
import io.claviger.domain.sharing.Share;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Checks of all services of a user, which run side by side. */
class CheckAllTest {
  private final Wiring w = new Wiring();
  private final StoredKeys keys = new StoredKeys(w);
  private final InMemoryProviderProbe probe = w.claviger.probe();
  private final User root = w.administrator("root");
  private final User alice = w.user("alice");
  private final User bob = w.user("bob");

  @Test
  void all_that_the_caller_can_use_are_checked_by_owner_and_handle() {
    Instance own = keys.withKey(AnInstance.of(bob, "own"), Wiring.CANARY);
    Instance shared = keys.withKey(AnInstance.of(alice, "shared"), Wiring.CANARY);
    Instance systems = keys.withKey(AnInstance.systemLevel("x"), Wiring.CANARY);
    Instance unshared = keys.withKey(AnInstance.of(alice, "unshared"), Wiring.CANARY);
    Share unused = w.stored(shared, AShare.with(bob).build());

    assertThat(checks(w.as(bob)))
        .extracting(ConnectionCheck::service)
        .containsExactly(systems.ref(), shared.ref(), own.ref())
        .doesNotContain(unshared.ref());
  }

  @Test
  void who_may_only_see_a_service_does_not_check_it() {
    Instance foreign = keys.withKey(AnInstance.of(alice, "private"), Wiring.CANARY);
    Instance systems = keys.withKey(AnInstance.systemLevel("x"), Wiring.CANARY);

    assertThat(checks(w.as(root)))
        .extracting(ConnectionCheck::service)
        .containsExactly(systems.ref())
        .doesNotContain(foreign.ref());
  }

  @Test
  void anothers_services_are_not_there_to_check_whoever_asks() {
    ConnectionChecks check = w.connectionChecks;

    assertThat(because(check.checkAll(w.as(bob), alice.handle()))).isEqualTo("not_found");
    assertThat(because(check.checkAll(w.as(root), alice.handle()))).isEqualTo("not_found");
    assertThat(because(check.checkAll(w.as(bob), new Handle("nobody")))).isEqualTo("not_found");
    assertThat(because(check.checkAll(w.as(root), Handle.SYSTEM))).isEqualTo("not_found");
  }

  @Test
  void those_without_a_key_are_told_beside_those_that_answer() {
    keys.withKey(AnInstance.of(bob, "a"), Wiring.CANARY);
    w.stored(AnInstance.of(bob, "b").build());
    Instance unusable = AnInstance.of(bob, "c").keyPolicy(new KeyPolicy(true, true, true)).build();
    w.stored(unusable);
    keys.ofUser(
        unusable,
        bob,
        keys.value(KeyBinding.ofApiKey(unusable.id(), unusable.destination()), Wiring.CANARY));

    List<ConnectionCheck> checks = checks(w.as(bob));

    assertThat(checks)
        .extracting(ConnectionCheck::status)
        .containsExactly(ConnectionStatus.OK, ConnectionStatus.NO_KEY, ConnectionStatus.NO_KEY);
    assertThat(checks.get(2).reason()).contains(NoKeyReason.KEY_UNUSABLE);
    assertThat(w.recorded()).containsExactly("gateway.key_unusable failed bob/c []");
    assertThat(probe.asked()).hasSize(1);
  }

  @Test
  void each_is_called_with_its_own_key_at_its_own_endpoint() {
    for (int i = 0; i < 5; i++) {
      keys.withKey(
          AnInstance.of(bob, "s" + i).endpoint("https://s" + i + ".example.org"),
          "sk-of-service-" + i);
    }

    assertThat(checks(w.as(bob))).hasSize(5);

    for (int i = 0; i < 5; i++) {
      Asked asked = probe.asked().get(i);
      assertThat(asked.endpoint().toString()).isEqualTo("https://s" + i + ".example.org");
      assertThat(asked.key()).contains("sk-of-service-" + i);
    }
  }

  @Test
  void they_are_called_side_by_side_each_key_open_until_its_own_answer() {
    keys.withKey(AnInstance.of(bob, "a"), Wiring.CANARY);
    keys.withKey(AnInstance.of(bob, "b"), Wiring.CANARY);
    List<CompletableFuture<Probed>> waiting = new ArrayList<>();
    probe.answers(
        it -> {
          CompletableFuture<Probed> answer = new CompletableFuture<>();
          waiting.add(answer);
          if (waiting.size() == 2) {
            assertThat(Calls.text(probe.asked().get(0).call().key().orElseThrow()))
                .isEqualTo(Wiring.CANARY);
            Collections.reverse(waiting);
            waiting.forEach(w -> w.complete(InMemoryProviderProbe.OK));
          }
          return answer;
        });

    assertThat(checks(w.as(bob)))
        .extracting(c -> c.service().toString())
        .containsExactly("bob/a", "bob/b");
    assertThat(probe.asked()).allSatisfy(CheckAllTest::assertClosed);
  }

  @Test
  void more_than_a_page_and_more_than_there_are_places_are_checked() {
    List<String> all = new ArrayList<>();
    for (int i = 1000; i < 1250; i++) {
      all.add("bob/s" + i);
      keys.withKey(AnInstance.of(bob, "s" + i), Wiring.CANARY);
    }
    // When more than five checks are active, the oldest one is answered. After the last check
    // began, all are answered.
    Deque<CompletableFuture<Probed>> waiting = new ArrayDeque<>();
    probe.answers(
        it -> {
          CompletableFuture<Probed> answer = new CompletableFuture<>();
          waiting.add(answer);
          while (waiting.size() > 5 || (probe.asked().size() == all.size() && !waiting.isEmpty())) {
            waiting.remove().complete(InMemoryProviderProbe.OK);
          }
          return answer;
        });

    List<ConnectionCheck> checks = checks(w.as(bob));

    assertThat(checks).extracting(c -> c.service().toString()).isEqualTo(all);
    assertThat(checks).allSatisfy(c -> assertThat(c.status()).isEqualTo(ConnectionStatus.OK));
    assertThat(probe.asked()).allSatisfy(CheckAllTest::assertClosed);
  }

  @Test
  void each_has_ten_seconds_at_most() {
    keys.withKey(AnInstance.of(bob, "a").timeout(600_000), Wiring.CANARY);
    keys.withKey(AnInstance.of(bob, "b").timeout(50), Wiring.CANARY);

    assertThat(checks(w.as(bob))).hasSize(2);

    assertThat(probe.asked().get(0).limit()).isLessThanOrEqualTo(ConnectionChecks.EACH);
    assertThat(probe.asked().get(1).limit().toMillis()).isEqualTo(50);
  }

  @Test
  void a_restricted_token_checks_its_own_service_alone() {
    Instance one = keys.withKey(AnInstance.of(bob, "one"), Wiring.CANARY);
    keys.withKey(AnInstance.of(bob, "other"), Wiring.CANARY);

    assertThat(checks(w.with(bob, AToken.of(bob).onlyFor(one).build())))
        .extracting(ConnectionCheck::service)
        .containsExactly(one.ref());
    assertThat(probe.asked()).hasSize(1);
  }

  @Test
  void who_waits_for_providers_that_hang_delays_nobody_else() throws InterruptedException {
    for (int i = 0; i < 2 * ConnectionCheckQuota.IN_ALL; i++) {
      keys.withKey(AnInstance.of(bob, "hangs" + i), Wiring.CANARY);
    }
    Instance quick = keys.withKey(AnInstance.of(alice, "quick"), Wiring.CANARY);
    List<CompletableFuture<Probed>> hanging = new CopyOnWriteArrayList<>();
    AtomicBoolean released = new AtomicBoolean();
    probe.answers(
        it -> {
          if (released.get() || it.service().equals(quick.ref().toString())) {
            return CompletableFuture.completedFuture(InMemoryProviderProbe.OK);
          }
          CompletableFuture<Probed> never = new CompletableFuture<>();
          hanging.add(never);
          return never;
        });
    Thread bobs = Thread.ofPlatform().start(() -> checks(w.as(bob)));
    while (bobs.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait(); // until he waits for a place
    }

    assertThat(hanging).hasSize(ConnectionCheckQuota.OF_EACH);
    assertThat(checks(w.as(alice)))
        .extracting(ConnectionCheck::status)
        .containsExactly(ConnectionStatus.OK);

    released.set(true);
    hanging.forEach(never -> never.complete(InMemoryProviderProbe.OK));
    bobs.join();
  }

  @Test
  void what_limits_do_not_let_one_check_is_told_beside_the_others() {
    for (String handle : List.of("a", "b", "c")) {
      keys.withKey(AnInstance.of(bob, handle), Wiring.CANARY);
    }
    Limits two = new Limits(Optional.of(2), Optional.empty(), Optional.empty());

    List<ConnectionCheck> checks = checks(w.with(bob, AToken.of(bob).limits(two).build()));

    assertThat(checks)
        .extracting(ConnectionCheck::status)
        .containsExactly(ConnectionStatus.OK, ConnectionStatus.OK, ConnectionStatus.ERROR);
    assertThat(checks.get(2).beyondLimits()).contains(CallRefusal.RATE_LIMITED);
    assertThat(probe.asked()).hasSize(2);
  }

  @Test
  void very_many_services_are_read_in_small_parts() {
    for (int n = 0; n < 45; n++) {
      w.stored(AnInstance.of(bob, "s-" + n).build());
    }
    int before = w.facts.asked();

    assertThat(checks(w.as(bob))).hasSize(45);
    assertThat(w.facts.asked() - before).isGreaterThanOrEqualTo(3);
  }

  @Test
  void who_has_no_service_checks_none() {
    assertThat(checks(w.using(bob))).isEmpty();
  }

  private static void assertClosed(Asked asked) {
    assertThatIllegalStateException()
        .isThrownBy(() -> Calls.text(asked.call().key().orElseThrow()));
  }

  private List<ConnectionCheck> checks(Actor actor) {
    ConnectionChecks.ListOutcome outcome = w.connectionChecks.checkAll(actor, actor.handle());
    assertThat(outcome).isInstanceOf(ConnectionChecks.ListOutcome.Checked.class);
    return ((ConnectionChecks.ListOutcome.Checked) outcome).checks();
  }
}
