package io.claviger.application.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.application.CountingCallContexts;
import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AStandard;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.InMemoryPorts;
import io.claviger.application.fakes.Seeds;
import io.claviger.application.gateway.port.CallContexts.CallContext;
import io.claviger.application.gateway.port.CallContexts.ProjectContext;
import io.claviger.application.gateway.port.CallContexts.ServiceContext;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.shared.QueryTimeout;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.domain.DisplayName;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.User;
import io.claviger.domain.fields.CommonFields;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import io.claviger.testkit.SettableNanos;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Alice owns two services and a project that uses the second; Bob and Carol call. */
@Timeout(60)
class AuthorizationCacheTest {
  private static final Instant NOW = Seeds.SEEDED_AT;
  private static final Duration MOMENT = Duration.ofMillis(1);
  private static final TokenHash BOBS = hash(1, 1);
  private static final TokenHash CAROLS = hash(2, 2);

  private final InMemoryPorts claviger = new InMemoryPorts();
  private final CountingCallContexts facts = new CountingCallContexts(claviger.callContexts());
  private final UnreliableChangeFeed changes = new UnreliableChangeFeed(claviger.changes());
  private final SettableNanos nanos = new SettableNanos(Long.MAX_VALUE - 7);
  private final AuthorizationCache memory = new AuthorizationCache(facts, changes, nanos);
  private final User alice = AUser.called("alice").build();
  private final User bob = AUser.called("bob").build();
  private final User carol = AUser.called("carol").build();
  private final Instance one = AnInstance.of(alice, "one").build();
  private final Instance two = AnInstance.of(alice, "two").build();
  private final Project project = AProject.of(alice, "p").using(two).build();

  @BeforeEach
  void fill() {
    List.of(alice, bob, carol).forEach(claviger.users()::insert);
    claviger.accessTokens().save(AToken.of(bob).build(), BOBS);
    claviger.accessTokens().save(AToken.of(carol).build(), CAROLS);
    for (Instance instance : List.of(one, two)) {
      claviger.instances().insert(instance, new SecretChange.Keep(), new SecretChange.Keep());
    }
    claviger.projects().insert(project);
    for (User user : List.of(bob, carol)) {
      claviger.shares().insert(one.id(), AShare.with(user).build(), alice.id());
      claviger.shares().insert(two.id(), AShare.with(user).build(), alice.id());
      claviger.projectShares().insert(project.id(), AShare.with(user).build(), alice.id());
    }
  }

  @Test
  void before_the_first_refresh_nothing_is_recalled_and_nothing_kept() {
    assertThat(gathers(BOBS, one)).isTrue();
    nanos.advance(MOMENT);
    assertThat(recalls(BOBS, one)).isFalse();

    refresh();

    assertThat(recalls(BOBS, one)).isFalse();
  }

  @Test
  void what_was_gathered_is_recalled_without_asking() {
    refresh();
    CallContext<?> gathered = memory.gather(BOBS, one.ref(), NOW).orElseThrow();
    CallContext<?> ofProject = memory.gather(BOBS, project.ref(), NOW).orElseThrow();

    assertThat(memory.find(BOBS, one.ref(), NOW).map(CacheRegion.Entry::context))
        .get()
        .isSameAs(gathered);
    assertThat(memory.find(BOBS, project.ref(), NOW).map(CacheRegion.Entry::context))
        .get()
        .isSameAs(ofProject);
    assertThat(facts.asked()).isEqualTo(2);
  }

  @Test
  void sixteen_calls_at_once_of_which_nothing_is_cached_ask_twice() throws Exception {
    refresh();
    CountDownLatch allAsked = new CountDownLatch(1);
    facts.afterReading(() -> await(allAsked));
    List<Boolean> found = Collections.synchronizedList(new ArrayList<>());
    List<Thread> calls = new ArrayList<>();
    calls.add(waiting(() -> found.add(gathers(BOBS, one))));
    for (int call = 1; call < 16; call++) {
      calls.add(waiting(() -> found.add(gathers(BOBS, one))));
    }
    allAsked.countDown();
    for (Thread call : calls) {
      call.join();
    }

    assertThat(found).hasSize(16).containsOnly(true);
    assertThat(facts.asked()).isEqualTo(2);
  }

  @Test
  void a_call_that_waits_for_the_read_of_another_gets_the_shares_that_hold_after_it()
      throws Exception {
    Share ends = AShare.with(bob).expiresAt(NOW.plusMillis(500)).build();
    claviger.shares().update(one.id(), ends, alice.id());
    refresh();
    CountDownLatch hasAsked = new CountDownLatch(1);
    facts.afterReading(() -> await(hasAsked));
    FutureTask<Boolean> first = new FutureTask<>(this::seesOne);
    FutureTask<Boolean> second = new FutureTask<>(this::seesOne);
    List<Thread> calls = List.of(waiting(first), waiting(second));
    nanos.advance(Duration.ofSeconds(1));
    hasAsked.countDown();
    for (Thread call : calls) {
      call.join();
    }

    assertThat(first.get()).isTrue();
    assertThat(second.get()).isFalse();
  }

  private boolean seesOne() {
    return memory.gather(BOBS, one.ref(), NOW).orElseThrow().target().isPresent();
  }

  /** Starts a thread and returns when it waits. */
  private static Thread waiting(Runnable task) {
    Thread thread = Thread.ofPlatform().start(task);
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    return thread;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void it_counts_for_fifty_milliseconds_from_the_beginning_of_the_last_refresh() {
    changes.afterReading = () -> nanos.advance(Duration.ofMillis(30));
    refresh();
    assertThat(gathers(BOBS, one)).isTrue();

    nanos.advance(Duration.ofMillis(20));
    assertThat(recalls(BOBS, one)).isTrue();
    nanos.advance(Duration.ofNanos(1));
    assertThat(recalls(BOBS, one)).isFalse();
  }

  @Test
  void each_refresh_that_finds_nothing_lets_it_count_on() {
    refresh();
    assertThat(gathers(BOBS, one)).isTrue();
    for (int n = 0; n < 100; n++) {
      nanos.advance(Duration.ofMillis(40));
      memory.refresh();
      assertThat(recalls(BOBS, one)).isTrue();
    }
    assertThat(facts.asked()).isEqualTo(1);
  }

  @Test
  void after_a_change_of_this_node_nothing_is_recalled_until_a_refresh_that_began_after_it() {
    refresh();
    assertThat(gathers(BOBS, one)).isTrue();
    nanos.advance(MOMENT);
    memory.changedHere();

    assertThat(recalls(BOBS, one)).isFalse();
    memory.refresh();
    assertThat(recalls(BOBS, one)).as("a refresh at the very moment").isFalse();
    refresh();
    assertThat(recalls(BOBS, one)).isTrue();
  }

  @Test
  void a_refresh_that_began_before_a_change_of_this_node_does_not_do() {
    refresh();
    assertThat(gathers(BOBS, one)).isTrue();
    changes.afterReading =
        () -> {
          nanos.advance(MOMENT);
          memory.changedHere();
          nanos.advance(MOMENT);
        };
    refresh();
    assertThat(recalls(BOBS, one)).isFalse();

    changes.afterReading = () -> {};
    refresh();
    assertThat(recalls(BOBS, one)).isTrue();
  }

  @Test
  void a_change_that_says_so_late_does_not_take_back_what_a_later_one_said() {
    refresh();
    assertThat(gathers(BOBS, one)).isTrue();
    long now = nanos.getAsLong();
    nanos.set(now + 10);
    memory.changedHere();
    nanos.set(now + 5);
    memory.changedHere();
    nanos.set(now + 8);
    memory.refresh();

    nanos.set(now + 20);
    assertThat(recalls(BOBS, one)).isFalse();
  }

  @Test
  void what_was_read_before_a_change_that_was_heard_of_meanwhile_is_not_kept() {
    refresh();
    facts.afterReading(
        () -> {
          limit(one, bob, 7);
          refresh();
        });

    CallContext<ServiceContext> read = memory.gather(BOBS, one.ref(), NOW).orElseThrow();

    assertThat(limit(read)).isEmpty();
    assertThat(recalls(BOBS, one)).isFalse();
  }

  @Test
  void what_was_read_before_a_change_that_is_heard_of_later_is_forgotten_then() {
    refresh();
    facts.afterReading(() -> rename(bob, "other"));
    assertThat(gathers(BOBS, one)).isTrue();
    assertThat(recalls(BOBS, one)).as("for fifty milliseconds").isTrue();

    refresh();

    assertThat(recalls(BOBS, one)).isFalse();
  }

  @Test
  void what_was_read_while_a_refresh_found_nothing_is_kept() {
    refresh();
    facts.afterReading(this::refresh);

    assertThat(gathers(BOBS, one)).isTrue();

    assertThat(recalls(BOBS, one)).isTrue();
  }

  @Test
  void what_was_read_while_everything_changed_is_not_kept() {
    claviger.apiStandards().insert(AStandard.called("mine").build());
    refresh();
    facts.afterReading(
        () -> {
          claviger.apiStandards().update(AStandard.called("mine").version(2).build());
          refresh();
        });
    assertThat(gathers(BOBS, one)).isTrue();

    assertThat(recalls(BOBS, one)).isFalse();
  }

  @Test
  void a_changed_user_is_forgotten_and_nobody_else() {
    know();
    rename(bob, "other");
    refresh();

    assertThat(known()).containsExactly("carol one", "carol p");
  }

  @Test
  void a_service_that_changed_is_forgotten_with_the_projects_that_use_it() {
    know();
    limit(two, bob, 7);
    refresh();

    assertThat(known()).containsExactly("bob one", "carol one");
  }

  @Test
  void a_service_that_no_project_uses_is_forgotten_alone() {
    know();
    limit(one, carol, 7);
    refresh();

    assertThat(known()).containsExactly("bob two", "bob p", "carol p");
  }

  @Test
  void a_project_that_changed_is_forgotten_alone() {
    know();
    claviger
        .projectShares()
        .update(project.id(), AShare.with(bob).role(Role.WRITER).build(), alice.id());
    refresh();

    assertThat(known()).containsExactly("bob one", "bob two", "carol one");
  }

  @Test
  void a_token_that_ended_is_forgotten_with_its_user() {
    know();
    assertThat(claviger.accessTokens().deleteAll(carol.id())).isEqualTo(1);
    refresh();

    assertThat(known()).containsExactly("bob one", "bob two", "bob p");
  }

  @Test
  void a_standard_that_changed_is_everything() {
    claviger.apiStandards().insert(AStandard.called("mine").build());
    know();
    claviger.apiStandards().update(AStandard.called("mine").version(2).build());
    refresh();

    assertThat(known()).isEmpty();
  }

  @Test
  void a_refresh_that_fails_leaves_it_as_old_as_it_was() {
    refresh();
    assertThat(gathers(BOBS, one)).isTrue();
    nanos.advance(Duration.ofMillis(49));
    changes.away = true;
    assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(memory::refresh);

    assertThat(recalls(BOBS, one)).isTrue();
    nanos.advance(Duration.ofMillis(2));
    assertThat(recalls(BOBS, one)).isFalse();
  }

  @Test
  void calls_that_share_a_refresh_that_timed_out_get_no_outdated_rows() {
    refresh();
    assertThat(gathers(BOBS, one)).isTrue();
    assertThat(memory.gather(BOBS, project.ref(), NOW)).isPresent();
    nanos.advance(Duration.ofMillis(51));
    changes.slow = true;
    assertThatExceptionOfType(QueryTimeout.class).isThrownBy(() -> gathers(BOBS, one));

    assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(() -> gathers(BOBS, one));
    assertThatExceptionOfType(StoreUnavailable.class)
        .isThrownBy(() -> memory.gather(BOBS, project.ref(), NOW));
  }

  @Test
  void when_the_database_is_back_what_was_changed_meanwhile_is_forgotten_and_nothing_else() {
    know();
    changes.away = true;
    nanos.advance(Duration.ofMinutes(4));
    assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(memory::refresh);
    rename(bob, "other");
    changes.away = false;
    refresh();

    assertThat(known()).containsExactly("carol one", "carol p");
  }

  @Test
  void after_a_long_silence_everything_is_forgotten_and_asked_anew() {
    know();
    nanos.advance(Duration.ofMinutes(6));
    memory.refresh();

    assertThat(changes.asked).last().isEqualTo(OptionalLong.empty());
    assertThat(known()).isEmpty();
    assertThat(gathers(BOBS, one)).isTrue();
    assertThat(recalls(BOBS, one)).isTrue();
  }

  @Test
  void it_asks_from_where_it_was() {
    refresh();
    long before = claviger.changes().since(OptionalLong.empty()).point();
    rename(bob, "other");
    refresh();
    refresh();

    assertThat(changes.asked)
        .containsExactly(
            OptionalLong.empty(), OptionalLong.of(before), OptionalLong.of(before + 1));
  }

  @Test
  void the_whole_hash_is_the_key() {
    refresh();
    assertThat(gathers(BOBS, one)).isTrue();

    for (int at = 0; at < 32; at++) {
      byte[] other = BOBS.bytes();
      other[at] ^= 1;
      assertThat(memory.find(new TokenHash(other), one.ref(), NOW)).isEmpty();
    }
    assertThat(memory.find(CAROLS, one.ref(), NOW)).isEmpty();
    assertThat(memory.find(BOBS, two.ref(), NOW)).isEmpty();
    assertThat(memory.find(BOBS, project.ref(), NOW)).isEmpty();
  }

  @Test
  void what_is_not_there_is_not_remembered() {
    refresh();
    Instance.Ref none = Instance.Ref.of("alice/none");
    assertThat(memory.gather(BOBS, none, NOW).orElseThrow().target()).isEmpty();
    assertThat(memory.gather(hash(9, 9), one.ref(), NOW)).isEmpty();

    assertThat(memory.find(BOBS, none, NOW)).isEmpty();
    assertThat(memory.find(hash(9, 9), one.ref(), NOW)).isEmpty();
  }

  @Test
  void who_asks_for_rows_that_are_known_to_be_current_waits_for_no_query() {
    refresh();
    CallContext<ServiceContext> gathered = memory.gather(BOBS, one.ref(), NOW).orElseThrow();
    CallContext<ProjectContext> ofProject = memory.gather(BOBS, project.ref(), NOW).orElseThrow();
    int asked = changes.asked.size();

    nanos.advance(AuthorizationCache.BOUND);
    assertThat(memory.gather(BOBS, one.ref(), NOW)).containsSame(gathered);
    assertThat(memory.gather(BOBS, project.ref(), NOW)).containsSame(ofProject);
    assertThat(changes.asked).hasSize(asked);

    nanos.advance(MOMENT);
    assertThat(memory.gather(BOBS, one.ref(), NOW)).containsSame(gathered);
    assertThat(changes.asked).hasSize(asked + 1);
  }

  @Test
  void it_is_worth_refreshing_while_somebody_asks() {
    assertThat(memory.isWanted()).isFalse();
    assertThat(recalls(BOBS, one)).isFalse();
    assertThat(memory.isWanted()).isTrue();
    nanos.advance(Duration.ofMillis(1_999));
    assertThat(memory.isWanted()).isTrue();
    nanos.advance(MOMENT);
    assertThat(memory.isWanted()).isFalse();
  }

  /** The requests a minute that the caller's share allows. */
  static Optional<Integer> limit(CallContext<ServiceContext> facts) {
    return facts
        .target()
        .flatMap(ServiceContext::share)
        .flatMap(s -> s.terms().limits().requestsPerMinute());
  }

  private void limit(Instance service, User user, int perMinute) {
    claviger
        .shares()
        .update(
            service.id(),
            AShare.with(user)
                .limits(new Limits(Optional.of(perMinute), Optional.empty(), Optional.empty()))
                .build(),
            alice.id());
  }

  private void rename(User user, String name) {
    claviger
        .users()
        .update(
            user.with(
                user.fields().with(CommonFields.DISPLAY_NAME, new DisplayName(name)),
                Seeds.SEEDED_AT));
  }

  private void refresh() {
    nanos.advance(MOMENT);
    memory.refresh();
  }

  /** Makes the node cache all it can. */
  private void know() {
    refresh();
    assertThat(List.of(gathers(BOBS, one), gathers(BOBS, two), gathers(CAROLS, one)))
        .containsOnly(true);
    assertThat(memory.gather(BOBS, project.ref(), NOW)).isPresent();
    assertThat(memory.gather(CAROLS, project.ref(), NOW)).isPresent();
    assertThat(known()).hasSize(5);
  }

  private List<String> known() {
    List<String> known = new ArrayList<>();
    for (TokenHash token : List.of(BOBS, CAROLS)) {
      String who = token.equals(BOBS) ? "bob" : "carol";
      if (recalls(token, one)) {
        known.add(who + " one");
      }
      if (recalls(token, two)) {
        known.add(who + " two");
      }
      if (memory.find(token, project.ref(), NOW).isPresent()) {
        known.add(who + " p");
      }
    }
    return known;
  }

  private boolean recalls(TokenHash token, Instance service) {
    return memory.find(token, service.ref(), NOW).isPresent();
  }

  private boolean gathers(TokenHash token, Instance service) {
    return memory.gather(token, service.ref(), NOW).isPresent();
  }

  static TokenHash hash(int first, int last) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) first;
    bytes[31] = (byte) last;
    return new TokenHash(bytes);
  }
}
