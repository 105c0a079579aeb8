package io.claviger.domain.keys;

import static io.claviger.domain.keys.Deposit.Treatment.CLEAR;
import static io.claviger.domain.keys.Deposit.Treatment.KEEP;
import static io.claviger.domain.keys.Deposit.Treatment.REPLACE;
import static io.claviger.domain.keys.Deposit.Verdict.DESTINATION_REQUIRED;
import static io.claviger.domain.keys.Deposit.Verdict.FINE;
import static io.claviger.domain.keys.Deposit.Verdict.KEY_BOUND_TO_DESTINATION;
import static io.claviger.domain.keys.Deposit.Verdict.TAKES_NO_KEY;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.keys.Deposit.Treatment;
import io.claviger.domain.keys.Deposit.Verdict;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DepositTest {
  /** Every sentence of the rules that the write breaks, each judged for itself. */
  private static Set<Verdict> broken(Deposit d) {
    Set<Verdict> broken = EnumSet.noneOf(Verdict.class);
    boolean keyAfter = d.key() == REPLACE || (d.keyStored() && d.key() != CLEAR);
    if (d.keyless() && keyAfter) {
      broken.add(TAKES_NO_KEY);
    }
    boolean keyIsNeitherNewNorGone = d.keyStored() && d.key() == KEEP;
    boolean headersAreNeitherNewNorGone = d.headersStored() && d.headers() == KEEP;
    if (d.destinationMoves() && (keyIsNeitherNewNorGone || headersAreNeitherNewNorGone)) {
      broken.add(KEY_BOUND_TO_DESTINATION);
    }
    if (Stream.of(d.key(), d.headers()).anyMatch(REPLACE::equals) && !d.destinationKnown()) {
      broken.add(DESTINATION_REQUIRED);
    }
    return broken;
  }

  static Stream<Deposit> all() {
    List<Deposit> all = new ArrayList<>();
    for (int bits = 0; bits < 32; bits++) {
      for (Treatment key : Treatment.values()) {
        for (Treatment headers : Treatment.values()) {
          all.add(
              new Deposit(
                  (bits & 1) != 0,
                  (bits & 2) != 0,
                  (bits & 4) != 0,
                  (bits & 8) != 0,
                  key,
                  headers,
                  (bits & 16) != 0));
        }
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("all")
  void a_write_is_fine_when_it_breaks_no_rule_and_else_refused_for_one_that_it_breaks(
      Deposit deposit) {
    Set<Verdict> broken = broken(deposit);
    if (broken.isEmpty()) {
      assertThat(deposit.judged()).isEqualTo(FINE);
    } else {
      assertThat(broken).contains(deposit.judged());
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void what_is_bound_to_the_old_destination_is_told_before_anything_else(Deposit deposit) {
    assertThat(deposit.judged() == KEY_BOUND_TO_DESTINATION)
        .isEqualTo(broken(deposit).contains(KEY_BOUND_TO_DESTINATION));
  }

  @Test
  void all_combinations_are_tried() {
    assertThat(all().distinct()).hasSize(2 * 2 * 2 * 2 * 2 * 3 * 3);
  }

  @Test
  void every_verdict_is_given() {
    assertThat(all().map(Deposit::judged).distinct()).containsExactlyInAnyOrder(Verdict.values());
  }

  @Test
  void a_stored_key_does_not_follow_its_endpoint_elsewhere() {
    assertThat(new Deposit(false, true, true, false, KEEP, KEEP, true).judged())
        .isEqualTo(KEY_BOUND_TO_DESTINATION);
  }

  @Test
  void stored_header_values_do_not_follow_either_when_only_the_key_is_brought_anew() {
    assertThat(new Deposit(false, true, true, true, REPLACE, KEEP, true).judged())
        .isEqualTo(KEY_BOUND_TO_DESTINATION);
  }

  @Test
  void a_destination_moves_freely_when_what_is_stored_is_cleared() {
    assertThat(new Deposit(false, true, true, true, CLEAR, CLEAR, false).judged()).isEqualTo(FINE);
  }

  @Test
  void who_brings_a_key_says_where_it_goes() {
    assertThat(new Deposit(false, false, false, false, REPLACE, KEEP, false).judged())
        .isEqualTo(DESTINATION_REQUIRED);
  }

  @Test
  void who_brings_header_values_says_where_they_go() {
    assertThat(new Deposit(false, false, false, false, KEEP, REPLACE, false).judged())
        .isEqualTo(DESTINATION_REQUIRED);
  }

  @Test
  void a_keyless_service_takes_header_values() {
    assertThat(new Deposit(true, false, false, false, KEEP, REPLACE, true).judged())
        .isEqualTo(FINE);
  }

  @Test
  void a_keyless_service_takes_no_key() {
    assertThat(new Deposit(true, false, false, false, REPLACE, KEEP, true).judged())
        .isEqualTo(TAKES_NO_KEY);
  }
}
