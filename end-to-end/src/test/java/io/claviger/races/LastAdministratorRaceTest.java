package io.claviger.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.accounts.Users;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.User;
import io.claviger.domain.fields.FieldWrites;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each administrator of a ring demotes the next. The last one remains. */
class LastAdministratorRaceTest {
  private final List<Actor> staying = new ArrayList<>();

  @Tag("thorough")
  @Test
  void of_two_who_demote_each_other_one_stays_administrator() {
    try (RaceFixture fixture = RaceFixture.lend()) {
      for (int round = 0; round < RaceFixture.ROUNDS; round++) {
        List<Actor> ring = administrators(fixture, round, 2);
        List<Refusal> refused = refusals(ring, (a, b) -> demote(fixture, a, b));
        // One of the two may be demoted up to eight times; then the other may not be demoted at
        // all.
        assertThat(refused).isNotEmpty().allMatch(LastAdministratorRaceTest::isLast);
        assertOneStays(fixture, ring);
      }
      assertThat(fixture.deadlocks()).isZero();
    }
  }

  @Tag("thorough")
  @Test
  void of_two_who_delete_each_other_one_stays() {
    try (RaceFixture fixture = RaceFixture.lend()) {
      for (int round = 0; round < RaceFixture.ROUNDS; round++) {
        List<Actor> ring = administrators(fixture, round, 2);
        List<Refusal> refused = refusals(ring, (a, b) -> delete(fixture, a, b));
        assertThat(refused)
            .hasSize(SimultaneousThreads.SIXTEEN - 1)
            .allMatch(why -> isLast(why) || why instanceof Refusal.NotFound);
        assertOneStays(fixture, ring);
      }
      assertThat(fixture.deadlocks()).isZero();
    }
  }

  @Test
  void of_sixteen_who_demote_themselves_one_stays_administrator() {
    try (RaceFixture fixture = RaceFixture.lend()) {
      for (int round = 0; round < RaceFixture.ROUNDS; round++) {
        List<Actor> all = administrators(fixture, round, SimultaneousThreads.SIXTEEN);
        List<Refusal> refused = refusals(all, (self, other) -> demote(fixture, self, self));
        assertThat(refused).singleElement().matches(LastAdministratorRaceTest::isLast);
        assertOneStays(fixture, all);
      }
      assertThat(fixture.deadlocks()).isZero();
    }
  }

  /**
   * An administrator who was demoted meanwhile can't demote anybody, so more than one administrator
   * may remain.
   */
  @Test
  void of_sixteen_in_a_ring_who_demote_each_other_one_stays() {
    try (RaceFixture fixture = RaceFixture.lend()) {
      for (int round = 0; round < RaceFixture.ROUNDS; round++) {
        List<Actor> ring = administrators(fixture, round, SimultaneousThreads.SIXTEEN);
        assertTheRefusedStay(fixture, refusals(ring, (a, b) -> demote(fixture, a, b)));
      }
      assertThat(fixture.deadlocks()).isZero();
    }
  }

  /**
   * An administrator who was deleted or demoted meanwhile can't remove anybody, so more than one
   * administrator may remain.
   */
  @Test
  void of_sixteen_in_a_ring_who_demote_and_delete_each_other_one_stays() {
    try (RaceFixture fixture = RaceFixture.lend()) {
      for (int round = 0; round < RaceFixture.ROUNDS; round++) {
        List<Actor> ring = administrators(fixture, round, SimultaneousThreads.SIXTEEN);
        assertTheRefusedStay(
            fixture,
            refusals(
                ring,
                (a, b) ->
                    ring.indexOf(a) % 2 == 0 ? demote(fixture, a, b) : delete(fixture, a, b)));
      }
      assertThat(fixture.deadlocks()).isZero();
    }
  }

  /** Asserts that each administrator has attempted to remove the next one in the ring. */
  private static void assertTheRefusedStay(RaceFixture fixture, List<Refusal> refused) {
    assertThat(refused)
        .isNotEmpty()
        .allMatch(why -> isLast(why) || why instanceof Refusal.Forbidden);
    assertThat(refused.stream().filter(LastAdministratorRaceTest::isLast)).hasSizeLessThan(2);
    assertThat(standing(fixture)).isEqualTo(refused.size());
  }

  /** Creates new administrators, and removes all earlier ones. */
  private List<Actor> administrators(RaceFixture fixture, int round, int count) {
    List<Actor> ring = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ring.add(fixture.person("admin-" + round + "-" + i, true).actor());
    }
    for (Actor earlier : staying) {
      delete(fixture, ring.get(0), earlier);
    }
    staying.clear();
    staying.addAll(ring);
    assertThat(standing(fixture)).isEqualTo(count);
    return ring;
  }

  private static List<Refusal> refusals(List<Actor> ring, BiFunction<Actor, Actor, Object> end) {
    return SimultaneousThreads.sixteen(
            n -> end.apply(ring.get(n % ring.size()), ring.get((n + 1) % ring.size())))
        .stream()
        .flatMap(LastAdministratorRaceTest::refusal)
        .toList();
  }

  private static Stream<Refusal> refusal(Object outcome) {
    return outcome instanceof Outcome.Refused<?> refused ? Stream.of(refused.why()) : Stream.of();
  }

  private static void assertOneStays(RaceFixture fixture, List<Actor> ring) {
    assertThat(standing(fixture)).isEqualTo(1);
    assertThat(ring)
        .filteredOn(
            a ->
                fixture.count(
                        "select count(*) from users where handle = :a and administrator = :b",
                        a.handle().value(),
                        true)
                    == 1)
        .hasSize(1);
  }

  private static long standing(RaceFixture fixture) {
    return fixture.count(
        "select count(*) from users where administrator = :a and handle <> :b", true, "_system");
  }

  private static Object demote(RaceFixture fixture, Actor actor, Actor other) {
    return fixture
        .context()
        .get(Users.class)
        .update(
            actor,
            other.handle(),
            Precondition.NONE,
            FieldWrites.NONE.with(User.ADMINISTRATOR, Field.of(false)));
  }

  private static Object delete(RaceFixture fixture, Actor actor, Actor other) {
    return fixture
        .context()
        .get(Users.class)
        .delete(actor, other.handle(), Precondition.NONE, false);
  }

  private static boolean isLast(Refusal why) {
    return why instanceof Refusal.Conflict conflict && conflict.code().equals("last_administrator");
  }
}
