package io.claviger.application.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.application.builders.AUser;
import io.claviger.application.fakes.InMemorySealer;
import io.claviger.application.identity.port.IdentityProvider;
import io.claviger.application.sessions.NewSession;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.identity.GroupsClaim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What follows from asking the identity provider every 15 minutes. */
class IdentityRefreshTest {
  private static final APerson ALICE = APerson.called("alice");
  private final SignInWorld world = new SignInWorld();

  @Test
  void the_provider_is_asked_every_quarter_of_an_hour_and_not_before() {
    world.signIn(ALICE);
    world.provider.knows(ALICE);

    assertThat(world.refresh.refreshDue(Runnable::run)).isZero();
    world.passQuarterHour();
    assertThat(world.refresh.refreshDue(Runnable::run)).isZero();
    world.passQuarterHour();

    assertThat(world.provider.refreshes).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 1})
  void a_node_with_a_wrong_clock_asks_and_counts_as_others_do(long hoursAhead) {
    world.setClockAhead(Duration.ofHours(hoursAhead));
    world.signIn(ALICE);
    world.provider.knows(ALICE);

    assertThat(world.refresh.refreshDue(Runnable::run)).isZero();
    world.refresh.look();
    world.ports.clock().advance(Duration.ofMinutes(25));
    assertThat(world.refresh.lag()).contains(Duration.ofMinutes(10));
    assertThat(world.refresh.refreshDue(Runnable::run)).isEqualTo(1);

    world.setClockAhead(Duration.ZERO);
    assertThat(world.refresh.refreshDue(Runnable::run)).isZero();
    world.ports.clock().advance(Duration.ofMinutes(15));
    assertThat(world.refresh.refreshDue(Runnable::run)).isEqualTo(1);
  }

  @Test
  void the_provider_is_asked_soon_after_the_databases_clock_was_a_day_ahead() {
    world.ports.clock().advance(Duration.ofDays(1));
    world.signIn(ALICE);
    world.ports.clock().advance(Duration.ofDays(-1));
    world.provider.knows(ALICE);

    assertThat(world.refresh.refreshDue(Runnable::run)).isEqualTo(1);
    assertThat(world.refresh.refreshDue(Runnable::run)).isZero();
  }

  @Test
  void it_is_known_for_how_long_somebody_waits_for_a_question() {
    world.signIn(ALICE);
    world.provider.knows(ALICE);
    assertThat(world.refresh.lag()).isEmpty();
    world.refresh.look();
    assertThat(world.refresh.lag()).contains(Duration.ZERO);

    world.ports.clock().advance(Duration.ofMinutes(25));
    assertThat(world.refresh.lag()).contains(Duration.ofMinutes(10));
    int unused = world.refresh.refreshDue(Runnable::run);
    world.refresh.look();
    assertThat(world.refresh.lag()).contains(Duration.ZERO);
  }

  /**
   * If such a question were counted as asked, the lag would not show that the identity provider was
   * asked about nobody.
   */
  @Test
  void a_question_that_was_never_sent_stays_due() {
    world.signIn(ALICE);
    world.provider.goesAway(true);
    world.passQuarterHour();
    world.ports.clock().advance(Duration.ofSeconds(15));
    assertThat(world.refresh.refreshDue(Runnable::run)).isEqualTo(1);
    world.refresh.look();
    assertThat(world.refresh.lag()).contains(Duration.ofSeconds(15));

    world.provider.knows(ALICE);
    assertThat(world.refresh.refreshDue(Runnable::run)).isEqualTo(1);
    assertThat(world.refresh.refreshDue(Runnable::run)).isZero();
    world.refresh.look();
    assertThat(world.refresh.lag()).contains(Duration.ZERO);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void who_is_asked_about_in_vain_counts_as_waiting(boolean unusable) {
    world.signIn(ALICE);
    if (unusable) {
      world.provider.refreshed =
          () -> {
            throw new IdentityProvider.InvalidResponse("about somebody else");
          };
    } else {
      world.provider.goesAway(false);
    }
    world.passQuarterHour();
    world.passQuarterHour();
    world.passQuarterHour();
    assertThat(world.provider.refreshes).isEqualTo(3);
    world.refresh.look();
    assertThat(world.refresh.lag()).contains(Duration.ofMinutes(30));

    world.provider.knows(ALICE);
    world.passQuarterHour();
    world.refresh.look();
    assertThat(world.refresh.lag()).contains(Duration.ZERO);
  }

  /**
   * If the questions were sent one by one, people who have left could still call for half an hour
   * in an installation with 10,000 people.
   */
  @Test
  void several_people_are_asked_about_at_once_and_no_more_than_that() {
    int people = 3 * IdentityRefresh.AT_ONCE;
    for (int n = 0; n < people; n++) {
      world.signIn(APerson.called("person-" + n));
    }
    CyclicBarrier together = new CyclicBarrier(IdentityRefresh.AT_ONCE);
    AtomicInteger waiting = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    world.provider.refreshed =
        () -> {
          int unused = most.accumulateAndGet(waiting.incrementAndGet(), Math::max);
          try {
            int unusedIndex = together.await(10, TimeUnit.SECONDS);
          } catch (Exception e) {
            throw new IllegalStateException(e);
          } finally {
            int left = waiting.decrementAndGet();
            assertThat(left).isNotNegative();
          }
          return new IdentityProvider.Refreshed.Ended();
        };
    world.ports.clock().advance(Duration.ofMinutes(15));

    int asked;
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      asked = world.refresh.refreshDue(threads);
    }

    assertThat(asked).isEqualTo(people);
    assertThat(most).hasValue(IdentityRefresh.AT_ONCE);
    assertThat(IntStream.range(0, people).filter(n -> world.user("person-" + n).suspended()))
        .hasSize(people);
  }

  @Test
  void all_threads_end_their_round_when_the_provider_is_away() {
    for (int n = 0; n < 20; n++) {
      world.signIn(APerson.called("person-" + n));
    }
    world.provider.goesAway(true);
    world.ports.clock().advance(Duration.ofMinutes(15));
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      assertThat(world.refresh.refreshDue(threads)).isBetween(1, IdentityRefresh.AT_ONCE);
    }
  }

  @Test
  void groups_and_administrators_follow_without_a_sign_in() {
    NewSession session = world.signIn(ALICE.in("research"));
    world.provider.knows(ALICE.in("admins"));

    world.passQuarterHour();

    assertThat(world.ports.syncedGroups().of(world.user("alice").id())).containsExactly("admins");
    assertThat(world.user("alice").administrator()).isTrue();
    assertThat(world.isSignedIn(session)).isTrue();
  }

  @Test
  void an_answer_that_can_not_be_used_does_not_end_the_round_for_the_others() {
    APerson bob = APerson.called("bob");
    world.signIn(ALICE);
    world.ports.clock().advance(Duration.ofSeconds(1));
    world.signIn(bob);
    world.ports.clock().advance(Duration.ofSeconds(1));
    world.signIn(APerson.called("carol"));
    List<Supplier<IdentityProvider.Refreshed>> answers =
        new ArrayList<>(
            List.of(
                () ->
                    new IdentityProvider.Refreshed.Current(
                        ALICE.inSession("s".repeat(256)).provided()),
                () -> {
                  throw new IllegalStateException("what the database refuses");
                },
                IdentityProvider.Refreshed.Ended::new));
    world.provider.refreshed = () -> answers.removeFirst().get();

    world.passQuarterHour();

    assertThat(world.provider.refreshes).isEqualTo(3);
    assertThat(world.user("alice").suspended()).isFalse();
    assertThat(world.user("carol").suspended()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"nul\u0000", "\uD800", "line\n"})
  void a_session_name_that_can_not_be_stored_signs_nobody_in(String sid) {
    assertThat(world.attempt(ALICE.inSession(sid)))
        .isInstanceOfSatisfying(
            SignInResult.Refused.class,
            refused ->
                assertThat(refused.reason()).isEqualTo(SignInResult.Reason.INVALID_RESPONSE));
    assertThatExceptionOfType(IdentityProvider.InvalidResponse.class)
        .isThrownBy(() -> new IdentityProvider.LoggedOut(Optional.empty(), Optional.of(sid)));
  }

  /** Another node may have sealed the token with a new key, which the node of this test lacks. */
  @Test
  void a_node_that_lacks_the_key_of_a_token_asks_nothing_and_ends_nothing() {
    NewSession session = world.signIn(ALICE);
    world.provider.knows(ALICE);
    world.ports.clock().advance(PersonSync.REFRESH_INTERVAL);
    IdentityRefresh paused = world.refreshWith(InMemorySealer.withOneKey());

    assertThat(paused.refreshDue(Runnable::run)).isEqualTo(1);

    assertThat(world.isSignedIn(session)).isTrue();
    assertThat(world.recorded()).doesNotContain(AuditAction.SESSION_END);
    assertThat(world.provider.refreshes).isZero();
    assertThat(world.refresh.refreshDue(Runnable::run)).isEqualTo(1);
    assertThat(world.provider.refreshes).isEqualTo(1);
    assertThat(world.isSignedIn(session)).isTrue();
  }

  @Test
  void a_token_that_the_right_key_does_not_open_ends_the_sessions() {
    NewSession session = world.signIn(ALICE);
    world.ports.clock().advance(PersonSync.REFRESH_INTERVAL);

    assertThat(world.refreshWith(world.ports.sealer().withWrongKeys()).refreshDue(Runnable::run))
        .isEqualTo(1);

    assertThat(world.isSignedIn(session)).isFalse();
    assertThat(world.recorded()).contains(AuditAction.SESSION_END);
    assertThat(world.user("alice").suspended()).isFalse();

    world.provider.knows(ALICE);
    world.ports.clock().advance(PersonSync.REFRESH_INTERVAL);
    assertThat(world.refresh.refreshDue(Runnable::run)).as("its token is forgotten").isZero();
  }

  @Test
  void who_is_gone_with_an_offline_token_is_suspended() {
    NewSession session = world.signIn(ALICE);
    world.provider.forgets();

    world.passQuarterHour();

    assertThat(world.user("alice").suspended()).isTrue();
    assertThat(world.isSignedIn(session)).isFalse();
    assertThat(world.recorded()).contains(AuditAction.USER_SUSPEND);
    world.passQuarterHour();
    assertThat(world.provider.refreshes).isEqualTo(1);
  }

  @Test
  void a_sign_in_lifts_the_suspension() {
    world.signIn(ALICE);
    world.provider.forgets();
    world.passQuarterHour();

    NewSession session = world.signIn(ALICE);

    assertThat(world.user("alice").suspended()).isFalse();
    assertThat(world.isSignedIn(session)).isTrue();
    assertThat(world.recorded()).contains(AuditAction.USER_RESUME);
  }

  @Test
  void an_administrator_by_group_who_is_suspended_is_none_until_a_sign_in_says_so_again() {
    world.signIn(ALICE.in("admins"));
    assertThat(world.user("alice").administrator()).isTrue();
    world.provider.forgets();

    world.passQuarterHour();
    assertThat(world.user("alice").suspended()).isTrue();
    assertThat(world.user("alice").administrator()).isFalse();

    world.signIn(ALICE);
    assertThat(world.user("alice").administrator()).isFalse();
    world.signIn(ALICE.in("admins"));
    assertThat(world.user("alice").administrator()).isTrue();
  }

  @Test
  void who_is_gone_without_an_offline_token_has_to_sign_in_again_but_is_not_suspended() {
    NewSession session = world.signIn(ALICE.online());
    world.provider.forgets();

    world.passQuarterHour();

    assertThat(world.user("alice").suspended()).isFalse();
    assertThat(world.isSignedIn(session)).isFalse();
    assertThat(world.ports.identities().signInDue(world.user("alice").id()))
        .contains(session.session().signedInAt().plus(SignInWorld.MAX_AGE));
  }

  /** Providers answer so when they newly demand a second factor, and when they cut somebody off. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void who_has_to_sign_in_at_the_provider_has_to_sign_in_here(boolean offline) {
    APerson person = offline ? ALICE : ALICE.online();
    NewSession session = world.signIn(person);
    world.provider.refreshed = IdentityProvider.Refreshed.SignInRequired::new;
    world.passQuarterHour();

    assertThat(world.isSignedIn(session)).isFalse();
    assertThat(world.recorded()).contains(AuditAction.SESSION_END);
    assertThat(world.user("alice").suspended()).isFalse();
    assertThat(world.ports.identities().signInDue(world.user("alice").id()))
        .contains(
            (offline ? world.ports.clock().instant() : session.session().signedInAt())
                .plus(SignInWorld.MAX_AGE));

    world.passQuarterHour();
    world.refresh.look();
    assertThat(world.provider.refreshes).isEqualTo(1);
    assertThat(world.refresh.lag()).contains(Duration.ZERO);
    assertThat(world.isSignedIn(world.signIn(person))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_new_token_is_kept_even_if_the_rest_of_the_answer_is_missing(boolean unusable) {
    NewSession session = world.signIn(ALICE);
    world.provider.replacesTokensOf(
        ALICE,
        unusable
            ? new IdentityProvider.InvalidResponse("expired")
            : new IdentityProvider.ProviderUnavailable("no user info", false));

    world.passQuarterHour();
    world.ports.clock().advance(Duration.ofMinutes(1));
    world.refresh.look();
    assertThat(world.isSignedIn(session)).isTrue();
    assertThat(world.refresh.lag())
        .as("unanswered, since it was due")
        .contains(Duration.ofMinutes(1));
    world.passQuarterHour();
    world.ports.clock().advance(Duration.ofMinutes(5));
    world.refresh.look();

    assertThat(world.provider.refreshes).isEqualTo(2);
    assertThat(world.isSignedIn(session)).isTrue();
    assertThat(world.refresh.lag()).contains(Duration.ZERO);
    world.passQuarterHour();
    assertThat(world.isSignedIn(session)).isTrue();
    assertThat(world.user("alice").suspended()).isFalse();
  }

  @Test
  void people_whom_nobody_asks_about_must_sign_in_until_somebody_asks_again() {
    world.provider.knows(ALICE);
    NewSession unused = world.signIn(ALICE);
    User.Id alice = world.user("alice").id();
    UnfollowedPeople people =
        new UnfollowedPeople(
            Optional.empty(), world.ports.identities(), world.changes, world.ports.clock());
    world.add(AUser.called("root").administrator().build());
    assertThat(people.number()).isEmpty();
    assertThat(people.demandSignIns()).isZero();

    world.ports.clock().advance(Duration.ofMinutes(75));
    assertThat(people.demandSignIns()).isEqualTo(1);
    assertThat(people.demandSignIns()).isZero();
    assertThat(people.number()).hasValue(1);
    assertThat(world.ports.identities().signInDue(alice))
        .contains(world.ports.clock().instant().plus(UnfollowedPeople.GRACE));

    assertThat(world.refresh.refreshDue(Runnable::run)).isEqualTo(1);
    assertThat(world.ports.identities().signInDue(alice)).isEmpty();
    assertThat(people.demandSignIns()).isZero();
    assertThat(people.number()).hasValue(0);
  }

  @Test
  void the_provider_is_asked_again_with_what_is_known_about_the_token() {
    world.provider.knows(ALICE);
    NewSession unused = world.signIn(ALICE.online());
    world.passQuarterHour();
    assertThat(world.provider.refreshedOffline).isFalse();

    world.passQuarterHour();
    assertThat(world.provider.refreshedOffline).isTrue();
  }

  @Test
  void an_answer_that_was_lost_never_suspends() {
    NewSession session = world.signIn(ALICE);
    world.provider.goesAway(false);
    world.passQuarterHour();
    assertThat(world.isSignedIn(session)).isTrue();
    world.provider.forgets();

    world.passQuarterHour();

    assertThat(world.user("alice").suspended()).isFalse();
    assertThat(world.isSignedIn(session)).isFalse();
  }

  /** The provider may have replaced the token after the backup was taken. */
  @Test
  void a_token_that_was_due_before_the_node_started_never_suspends() {
    NewSession session = world.signIn(ALICE);
    AccessToken token = world.addToken(world.user("alice"));
    world.ports.clock().advance(Duration.ofDays(30));
    world.provider.forgets();
    IdentityRefresh restarted = world.refreshWith(world.ports.sealer());

    assertThat(restarted.refreshDue(Runnable::run)).isEqualTo(1);

    assertThat(world.user("alice").suspended()).isFalse();
    assertThat(world.isSignedIn(session)).isFalse();
    assertThat(world.ports.accessTokens().listOf(world.user("alice").id(), Optional.empty(), 9))
        .contains(token);
    assertThat(world.ports.identities().signInDue(world.user("alice").id()))
        .contains(world.ports.clock().instant().plus(SignInWorld.MAX_AGE));
    assertThat(restarted.refreshDue(Runnable::run)).isZero();
  }

  @Test
  void a_token_that_was_due_after_the_node_started_suspends_even_if_it_waited_for_long() {
    world.signIn(ALICE);
    world.provider.goesAway(true);
    for (int n = 0; n < 8; n++) {
      world.passQuarterHour();
    }
    world.provider.forgets();

    world.passQuarterHour();

    assertThat(world.user("alice").suspended()).isTrue();
  }

  @Test
  void a_token_that_was_due_before_the_database_was_restored_never_suspends() {
    APerson bob = APerson.called("bob");
    world.signIn(ALICE);
    world.provider.forgets();
    world.ports.clock().advance(PersonSync.REFRESH_INTERVAL);
    world.refresh.doubt();
    world.signIn(bob);

    assertThat(world.refresh.refreshDue(Runnable::run)).isEqualTo(1);
    assertThat(world.user("alice").suspended()).isFalse();

    world.passQuarterHour();
    assertThat(world.user("bob").suspended()).isTrue();
  }

  @Test
  void who_is_gone_is_suspended_soon_after_the_clock_was_ahead() {
    world.ports.clock().advance(Duration.ofDays(1));
    IdentityRefresh started = world.refreshWith(world.ports.sealer());
    int unused = started.refreshDue(Runnable::run);
    world.ports.clock().advance(Duration.ofDays(-1));
    unused = started.refreshDue(Runnable::run);
    world.signIn(ALICE);
    world.provider.forgets();

    world.ports.clock().advance(PersonSync.REFRESH_INTERVAL);
    unused = started.refreshDue(Runnable::run);

    assertThat(world.user("alice").suspended()).isTrue();
  }

  @Test
  void an_answer_is_stored_after_the_database_failed_for_a_moment() {
    world.signIn(ALICE);
    world.provider.refreshed =
        () -> {
          IllegalStateException cause = new IllegalStateException("fails over");
          world.failures.addAll(List.of(new StoreUnavailable(cause), new StoreUnavailable(cause)));
          return new IdentityProvider.Refreshed.Ended();
        };

    world.passQuarterHour();

    assertThat(world.user("alice").suspended()).isTrue();
  }

  /** The node might notice a restore of the database while it is asking the provider. */
  @Test
  void a_doubt_that_arises_during_a_request_counts_for_its_answer() {
    world.signIn(ALICE);
    world.provider.refreshed =
        () -> {
          world.refresh.doubt();
          return new IdentityProvider.Refreshed.Ended();
        };

    world.passQuarterHour();

    assertThat(world.user("alice").suspended()).isFalse();
  }

  @Test
  void a_question_that_was_never_sent_leaves_nothing_in_doubt() {
    NewSession session = world.signIn(ALICE);
    world.provider.goesAway(true);
    world.passQuarterHour();
    assertThat(world.isSignedIn(session)).isTrue();
    world.provider.forgets();

    world.passQuarterHour();

    assertThat(world.user("alice").suspended()).isTrue();
  }

  @Test
  void a_question_that_was_never_sent_leaves_an_earlier_doubt() {
    world.signIn(ALICE);
    world.provider.goesAway(false);
    world.passQuarterHour();
    world.provider.goesAway(true);
    world.passQuarterHour();
    world.provider.forgets();

    int unused = world.refresh.refreshDue(Runnable::run);

    assertThat(world.user("alice").suspended()).isFalse();
    assertThat(world.provider.refreshes).isEqualTo(3);
  }

  @Test
  void an_answer_that_was_had_ends_the_doubt() {
    world.signIn(ALICE);
    world.provider.goesAway(false);
    world.passQuarterHour();
    world.provider.knows(ALICE);
    world.passQuarterHour();
    world.provider.forgets();

    world.passQuarterHour();

    assertThat(world.user("alice").suspended()).isTrue();
  }

  @Test
  void who_leaves_the_allowed_groups_is_suspended() {
    SignInWorld closed = new SignInWorld(Set.of("staff"));
    closed.signIn(ALICE.in("staff"));
    closed.provider.knows(ALICE.in("former-staff"));

    closed.passQuarterHour();

    assertThat(closed.user("alice").suspended()).isTrue();
  }

  @Test
  void who_is_in_too_many_groups_has_to_sign_in_again() {
    SignInWorld closed = new SignInWorld(Set.of("staff"));
    NewSession session = closed.signIn(ALICE.in("staff"));
    closed.provider.knows(ALICE.in(new GroupsClaim.TooMany()));

    closed.passQuarterHour();

    assertThat(closed.user("alice").suspended()).isFalse();
    assertThat(closed.isSignedIn(session)).isFalse();
  }
}
