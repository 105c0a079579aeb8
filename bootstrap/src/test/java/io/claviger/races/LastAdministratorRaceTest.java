package io.claviger.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.accounts.Users;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each administrator of a ring demotes the next. The last one remains. */
class LastAdministratorRaceTest {
  private final List<Actor> staying = new ArrayList<>();

  @Test
  void of_two_who_demote_each_other_one_stays_administrator() {
    try (RaceFixture stage = new RaceFixture()) {
      for (int round = 0; round < RaceFixture.ROUNDS; round++) {
        List<Actor> ring = administrators(stage, round, 2);
        List<Refusal> refused = refusals(ring, (a, b) -> demote(stage, a, b));
        // The same one may be demoted eight times over; the other may not be once.
        assertThat(refused).isNotEmpty().allMatch(LastAdministratorRaceTest::isLast);
        assertOneStays(stage, ring);
      }
      assertThat(stage.deadlocks()).isZero();
    }
  }

  @Test
  void of_two_who_delete_each_other_one_stays() {
    try (RaceFixture stage = new RaceFixture()) {
      for (int round = 0; round < RaceFixture.ROUNDS; round++) {
        List<Actor> ring = administrators(stage, round, 2);
        List<Refusal> refused = refusals(ring, (a, b) -> delete(stage, a, b));
        assertThat(refused)
            .hasSize(SimultaneousThreads.SIXTEEN - 1)
            .allMatch(why -> isLast(why) || why instanceof Refusal.NotFound);
        assertOneStays(stage, ring);
      }
      assertThat(stage.deadlocks()).isZero();
    }
  }

  @Test
  void of_sixteen_in_a_ring_fifteen_are_demoted() {
    try (RaceFixture stage = new RaceFixture()) {
      for (int round = 0; round < RaceFixture.ROUNDS; round++) {
        List<Actor> ring = administrators(stage, round, SimultaneousThreads.SIXTEEN);
        List<Refusal> refused = refusals(ring, (a, b) -> demote(stage, a, b));
        assertThat(refused).singleElement().matches(LastAdministratorRaceTest::isLast);
        assertOneStays(stage, ring);
      }
      assertThat(stage.deadlocks()).isZero();
    }
  }

  @Test
  void of_sixteen_in_a_ring_fifteen_are_demoted_or_deleted() {
    try (RaceFixture stage = new RaceFixture()) {
      for (int round = 0; round < RaceFixture.ROUNDS; round++) {
        List<Actor> ring = administrators(stage, round, SimultaneousThreads.SIXTEEN);
        List<Refusal> refused =
            refusals(
                ring,
                (a, b) -> ring.indexOf(a) % 2 == 0 ? demote(stage, a, b) : delete(stage, a, b));
        assertThat(refused).singleElement().matches(LastAdministratorRaceTest::isLast);
        assertOneStays(stage, ring);
      }
      assertThat(stage.deadlocks()).isZero();
    }
  }

  /** New administrators, and none but them. */
  private List<Actor> administrators(RaceFixture stage, int round, int count) {
    List<Actor> ring = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ring.add(stage.person("admin-" + round + "-" + i, true).actor());
    }
    for (Actor earlier : staying) {
      delete(stage, ring.get(0), earlier);
    }
    staying.clear();
    staying.addAll(ring);
    assertThat(standing(stage)).isEqualTo(count);
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

  private static void assertOneStays(RaceFixture stage, List<Actor> ring) {
    assertThat(standing(stage)).isEqualTo(1);
    assertThat(ring)
        .filteredOn(
            a ->
                stage.count(
                        "select count(*) from users where handle = :a and administrator = :b",
                        a.handle().value(),
                        true)
                    == 1)
        .hasSize(1);
  }

  private static long standing(RaceFixture stage) {
    return stage.count(
        "select count(*) from users where administrator = :a and handle <> :b", true, "_system");
  }

  private static Object demote(RaceFixture stage, Actor actor, Actor other) {
    return stage
        .context()
        .users()
        .update(
            actor,
            other.handle(),
            Precondition.NONE,
            new Users.UserUpdate(Field.absent(), Field.absent(), Field.of(false)));
  }

  private static Object delete(RaceFixture stage, Actor actor, Actor other) {
    return stage.context().users().delete(actor, other.handle(), Precondition.NONE, false);
  }

  private static boolean isLast(Refusal why) {
    return why instanceof Refusal.Conflict conflict && conflict.code().equals("last_administrator");
  }
}
