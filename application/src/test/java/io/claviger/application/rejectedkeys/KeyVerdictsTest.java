package io.claviger.application.rejectedkeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.application.Wiring;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.gateway.port.AuthorizedCall.AuthorizationBasis;
import io.claviger.application.gateway.port.AuthorizedCall.ConnectionBasis;
import io.claviger.application.rejectedkeys.port.RejectedKey;
import io.claviger.application.rejectedkeys.port.RejectedKeyStore;
import io.claviger.application.rejectedkeys.port.StoredKey;
import io.claviger.application.shared.TimeCursor;
import io.claviger.application.usage.ChargePolicy;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Destination;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.policy.ServiceState.LastContact;
import io.claviger.domain.standards.KeyPlacement;
import io.claviger.domain.usage.UsageAccount;
import io.claviger.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** When a node stores that keys are rejected or accepted. */
class KeyVerdictsTest {
  private static final Instant NOW = Instant.parse("2026-02-03T04:05:06Z");
  private static final User.Id CALLER = new User.Id(new UUID(0, 1));

  private final SettableClock clock = new SettableClock(NOW);
  private final Written store = new Written();
  private final KeyVerdicts verdicts = new KeyVerdicts(store, clock);

  @Test
  void a_rejected_key_is_stored_at_the_next_flush_and_not_before() {
    verdicts.recordRejected(call(1, KeySource.CENTRAL), 401);
    assertThat(store.statements).isEmpty();

    verdicts.flush();

    assertThat(store.rows).containsExactlyEntriesOf(Map.of(key(1), 401));
  }

  @Test
  void however_many_calls_fail_it_is_written_once_a_minute() {
    for (int i = 0; i < 59; i++) {
      verdicts.recordRejected(call(1, KeySource.CENTRAL), 401);
      verdicts.flush();
      clock.set(clock.instant().plusSeconds(1));
    }
    assertThat(store.statements).containsExactly("reject 1", "all");

    clock.set(clock.instant().plusSeconds(1));
    verdicts.flush();
    verdicts.recordRejected(call(1, KeySource.CENTRAL), 401);
    verdicts.flush();
    assertThat(store.statements).containsExactly("reject 1", "all", "all", "reject 1");
  }

  @Test
  void a_key_that_fails_and_works_by_turns_costs_two_statements_a_minute() {
    for (int i = 0; i < 50; i++) {
      verdicts.recordRejected(call(1, KeySource.CENTRAL), 401);
      verdicts.flush();
      verdicts.recordAccepted(call(1, KeySource.CENTRAL));
      verdicts.flush();
      clock.set(clock.instant().plusSeconds(1));
    }

    assertThat(store.statements).containsExactly("reject 1", "all", "accept 1");
  }

  @Test
  void an_accepted_key_is_forgotten_and_calls_with_good_keys_write_nothing() {
    verdicts.recordAccepted(call(1, KeySource.CENTRAL));
    verdicts.recordRejected(call(2, KeySource.CENTRAL), 401);
    verdicts.flush();
    verdicts.recordAccepted(call(1, KeySource.CENTRAL));
    verdicts.flush();
    assertThat(store.rows).containsOnlyKeys(key(2));

    verdicts.recordAccepted(call(2, KeySource.CENTRAL));
    verdicts.flush();

    assertThat(store.rows).isEmpty();
  }

  @Test
  void what_another_node_stored_is_known_within_a_minute() {
    verdicts.flush();
    store.rows.put(key(1), 401);
    verdicts.recordAccepted(call(1, KeySource.CENTRAL));
    verdicts.flush();
    assertThat(store.rows).isNotEmpty();

    clock.set(NOW.plus(Duration.ofMinutes(1)));
    verdicts.flush();
    verdicts.recordAccepted(call(1, KeySource.CENTRAL));
    verdicts.flush();

    assertThat(store.rows).isEmpty();
  }

  @Test
  void the_own_key_of_a_caller_is_told_apart_and_a_key_that_is_not_stored_is_not_noted() {
    verdicts.recordRejected(call(1, KeySource.USER), 401);
    verdicts.recordRejected(call(2, KeySource.DEPLOYMENT), 401);
    verdicts.flush();

    assertThat(store.rows)
        .containsOnlyKeys(new StoredKey(key(1).service(), Optional.of(CALLER), NOW));
  }

  @ParameterizedTest
  @MethodSource("io.claviger.application.fakes.TransientFailures#all")
  void what_can_not_be_stored_is_stored_later(RuntimeException failure) {
    verdicts.recordRejected(call(1, KeySource.CENTRAL), 401);
    store.failure = failure;
    assertThatThrownBy(verdicts::flush).isSameAs(failure);
    store.failure = null;
    verdicts.flush();
    assertThat(store.rows).containsOnlyKeys(key(1));

    verdicts.recordAccepted(call(1, KeySource.CENTRAL));
    store.failure = failure;
    assertThatThrownBy(verdicts::flush).isSameAs(failure);
    store.failure = null;
    verdicts.flush();
    assertThat(store.rows).isEmpty();
  }

  @Test
  void the_last_contact_is_known_until_another_one_or_another_key_or_endpoint() {
    AuthorizationBasis call = call(1, KeySource.CENTRAL);
    assertThat(last(NOW)).isEqualTo(LastContact.NO_FAILURE);

    verdicts.recordRejected(call, 401);
    assertThat(last(NOW)).isEqualTo(LastContact.KEY_REJECTED);
    assertThat(last(NOW.plusSeconds(1))).isEqualTo(LastContact.NO_FAILURE);

    verdicts.recordUnreachable(call);
    assertThat(last(NOW)).isEqualTo(LastContact.UNREACHABLE);
    verdicts.recordReached(call);
    assertThat(last(NOW)).isEqualTo(LastContact.KEY_REJECTED);
    verdicts.recordAccepted(call);
    assertThat(last(NOW)).isEqualTo(LastContact.NO_FAILURE);

    verdicts.recordUnreachable(call);
    Destination other =
        new Destination(Endpoint.of("https://api.example.com/v1"), KeyPlacement.BEARER);
    assertThat(verdicts.of(key(1).service(), other, Optional.empty(), () -> Optional.of(NOW)))
        .isEqualTo(LastContact.NO_FAILURE);
  }

  @Test
  void the_time_at_which_a_key_was_set_is_read_only_if_a_key_of_the_same_holder_was_rejected() {
    verdicts.recordRejected(call(1, KeySource.CENTRAL), 401);
    verdicts.recordRejected(call(3, KeySource.USER), 401);
    List<String> read = new ArrayList<>();
    for (int service = 0; service <= 4; service++) {
      for (Optional<User.Id> holder : List.of(Optional.<User.Id>empty(), Optional.of(CALLER))) {
        String name = service + (holder.isPresent() ? " user" : " central");
        LastContact unused =
            verdicts.of(
                key(service).service(),
                call(service, KeySource.CENTRAL).destination(),
                holder,
                () -> {
                  read.add(name);
                  return Optional.empty();
                });
      }
    }

    assertThat(read).containsExactly("1 central", "3 user");
  }

  private LastContact last(Instant keySetAt) {
    return verdicts.of(
        key(1).service(),
        call(1, KeySource.CENTRAL).destination(),
        Optional.empty(),
        () -> Optional.of(keySetAt));
  }

  @Test
  void the_keys_that_a_node_notes_are_bounded() {
    for (int i = 0; i <= KeyVerdicts.MOST; i++) {
      verdicts.recordRejected(call(i, KeySource.CENTRAL), 401);
    }
    verdicts.flush();

    assertThat(store.rows).hasSize(KeyVerdicts.MOST);
  }

  @Test
  void services_that_are_gone_leave_room_for_others_that_can_not_be_reached() {
    for (int gone = 2; gone < KeyVerdicts.MOST + 2; gone++) {
      verdicts.recordUnreachable(call(gone, KeySource.CENTRAL));
    }

    verdicts.recordUnreachable(call(1, KeySource.CENTRAL));

    assertThat(last(NOW)).isEqualTo(LastContact.UNREACHABLE);
  }

  private static StoredKey key(int service) {
    return new StoredKey(new Instance.Id(new UUID(1, service)), Optional.empty(), NOW);
  }

  private static AuthorizationBasis call(int service, KeySource source) {
    return new AuthorizationBasis(
        new UsageAccount(
            CALLER,
            new Handle("bob"),
            key(service).service(),
            Instance.Ref.of("alice/chat"),
            new User.Id(new UUID(0, 2)),
            Optional.empty()),
        source,
        new Destination(Endpoint.of("https://api.openai.com/v1"), KeyPlacement.BEARER),
        source == KeySource.DEPLOYMENT ? Optional.empty() : Optional.of(NOW),
        new Handle("openai"),
        Optional.empty(),
        0,
        Optional.empty(),
        ChargePolicy.toNobody(Provider.OPENAI_COMPAT),
        ConnectionBasis.USUAL,
        Optional.empty());
  }

  /** A store may return more than the viewer may see. */
  @Test
  void rejected_keys_are_shown_to_those_who_may_replace_them() {
    Wiring w = new Wiring();
    User root = w.administrator("root");
    User alice = w.user("alice");
    Instance lent = w.stored(AnInstance.of(root, "lent").build());
    Instance other = w.stored(AnInstance.of(root, "other").build());
    for (Instance service : List.of(lent, other)) {
      for (boolean own : new boolean[] {true, false}) {
        store.rejected.add(
            new RejectedKey(
                service.id(), service.ref(), root.id(), Optional.empty(), own, NOW, NOW, 401));
      }
    }
    RejectedKeys keys = RejectedKeys.of(store, clock);

    assertThat(keys.list(w.as(root))).hasSize(4);
    assertThat(keys.list(w.as(alice))).hasSize(2).allMatch(RejectedKey::own);
    assertThat(keys.list(w.using(root))).isEmpty();
    assertThat(keys.rejectedSince(w.as(root), List.of(lent.id()))).containsOnlyKeys(lent.id());
    assertThat(keys.rejectedSince(w.as(alice), List.of(lent.id()))).isEmpty();
    assertThat(keys.rejectedSince(w.using(root), List.of(lent.id()))).isEmpty();
  }

  /** Keeps what was written, and the statements. */
  private static final class Written implements RejectedKeyStore {
    private final Map<StoredKey, Integer> rows = new LinkedHashMap<>();
    private final List<String> statements = new ArrayList<>();
    private final List<RejectedKey> rejected = new ArrayList<>();
    private @Nullable RuntimeException failure;

    private void state(String statement) {
      if (failure != null) {
        throw failure;
      }
      statements.add(statement);
    }

    @Override
    public void reject(Collection<KeyRejection> rejections) {
      state("reject " + rejections.size());
      rejections.forEach(each -> rows.put(each.key(), each.status()));
    }

    @Override
    public void accept(Collection<StoredKey> keys) {
      state("accept " + keys.size());
      keys.forEach(rows::remove);
    }

    @Override
    public Map<Instance.Id, Instant> rejectedSince(Collection<Instance.Id> services) {
      return services.stream().collect(Collectors.toMap(each -> each, each -> NOW));
    }

    @Override
    public List<StoredKey> all(int most) {
      state("all");
      return List.copyOf(rows.keySet());
    }

    @Override
    public List<RejectedKey> of(
        User.Id user,
        boolean administrator,
        Optional<Instance.Ref> service,
        Instant now,
        int most) {
      return List.copyOf(rejected);
    }

    @Override
    public List<AgedKey> ages(
        Optional<Instant> setBefore, boolean rejected, Optional<TimeCursor> after, int limit) {
      throw new UnsupportedOperationException();
    }

    @Override
    public OwnKeyCounts ownKeys(Optional<Instant> setBefore) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int removeReplaced() {
      return 0;
    }
  }
}
