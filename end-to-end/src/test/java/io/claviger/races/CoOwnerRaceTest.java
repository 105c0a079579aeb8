package io.claviger.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shares.GivenShare;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.Role;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CoOwnerRaceTest {
  private static final int EACH = SimultaneousThreads.SIXTEEN / 2;
  private static final String SHARES =
      """
      select count(*) from shares
      where owner_handle || '/' || instance_handle = :a and grantee_handle <> :b
      """;

  private final List<Actor> grantees = new ArrayList<>();

  @Test
  void what_a_co_owner_gives_while_their_own_share_ends_ends_with_it() {
    inEachRound(
        (fixture, alice, bob, ref) -> {
          List<Outcome<?>> outcomes =
              SimultaneousThreads.sixteen(
                  n ->
                      n % 2 == 0
                          ? fixture.share(bob, ref, grantees.get(n / 2).handle(), Role.READER)
                          : fixture.endShare(alice, ref, bob.handle()));

          assertThat(SimultaneousThreads.everyOther(1, outcomes))
              .hasSize(EACH)
              .allMatch(Outcome.Done.class::isInstance);
          assertThat(SimultaneousThreads.everyOther(0, outcomes))
              .filteredOn(Outcome.Refused.class::isInstance)
              .map(o -> ((Outcome.Refused<?>) o).why())
              .allMatch(Refusal.NotFound.class::isInstance);
          assertThat(fixture.count(SHARES, ref.toString(), "")).isZero();
        });
  }

  @Test
  void what_a_co_owner_gives_while_they_are_made_a_reader_does_not_stay() {
    inEachRound(
        (fixture, alice, bob, ref) -> {
          List<Outcome<GivenShare>> outcomes =
              SimultaneousThreads.sixteen(
                  n ->
                      n % 2 == 0
                          ? fixture.share(bob, ref, grantees.get(n / 2).handle(), Role.READER)
                          : fixture.share(alice, ref, bob.handle(), Role.READER));

          assertThat(outcomes)
              .filteredOn(Outcome.Refused.class::isInstance)
              .map(o -> ((Outcome.Refused<?>) o).why())
              .allMatch(Refusal.Forbidden.class::isInstance);
          assertThat(fixture.count(SHARES, ref.toString(), "bob")).isZero();
          assertThat(fixture.count(SHARES, ref.toString(), "")).isEqualTo(1);
        });
  }

  /** The changes of a service of Alice that Bob co-owns, and their results. */
  private interface Round {
    void play(RaceFixture fixture, Actor alice, Actor bob, Instance.Ref ref);
  }

  private void inEachRound(Round round) {
    try (RaceFixture fixture = RaceFixture.lend()) {
      Actor alice = fixture.user("alice");
      Actor bob = fixture.user("bob");
      addGrantees(fixture);
      for (int n = 0; n < RaceFixture.ROUNDS; n++) {
        round.play(fixture, alice, bob, coOwned(fixture, alice, bob, n));
      }
    }
  }

  private void addGrantees(RaceFixture fixture) {
    for (int i = 0; i < EACH; i++) {
      grantees.add(fixture.user("grantee-" + i));
    }
  }

  private static Instance.Ref coOwned(RaceFixture fixture, Actor alice, Actor bob, int round) {
    Instance.Ref ref = fixture.service(alice, "service-" + round);
    assertThat(fixture.share(alice, ref, bob.handle(), Role.OWNER))
        .isInstanceOf(Outcome.Done.class);
    return ref;
  }
}
