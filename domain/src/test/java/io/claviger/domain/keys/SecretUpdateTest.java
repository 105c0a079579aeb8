package io.claviger.domain.keys;

import static io.claviger.domain.keys.SecretUpdate.Ruling.DESTINATION_REQUIRED;
import static io.claviger.domain.keys.SecretUpdate.Ruling.FINE;
import static io.claviger.domain.keys.SecretUpdate.Ruling.KEY_BOUND_TO_DESTINATION;
import static io.claviger.domain.keys.SecretUpdate.Ruling.KEY_BOUND_TO_HEADERS;
import static io.claviger.domain.keys.SecretUpdate.Ruling.TAKES_NO_KEY;
import static io.claviger.domain.keys.SecretUpdate.SecretAction.CLEAR;
import static io.claviger.domain.keys.SecretUpdate.SecretAction.KEEP;
import static io.claviger.domain.keys.SecretUpdate.SecretAction.REPLACE;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.EveryCase;
import io.claviger.domain.keys.SecretUpdate.Ruling;
import io.claviger.domain.keys.SecretUpdate.SecretAction;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SecretUpdateTest {
  /**
   * Returns all sentences of the rules that the write violates. Each sentence is checked
   * separately.
   */
  private static Set<Ruling> broken(SecretUpdate d) {
    Set<Ruling> broken = EnumSet.noneOf(Ruling.class);
    boolean keyAfter = d.key() == REPLACE || (d.keyStored() && d.key() != CLEAR);
    if (d.keyless() && keyAfter) {
      broken.add(TAKES_NO_KEY);
    }
    boolean keyIsNeitherNewNorGone = d.keyStored() && d.key() == KEEP;
    boolean headersAreNeitherNewNorGone = d.headersStored() && d.headers() == KEEP;
    if (d.destinationMoves() && (keyIsNeitherNewNorGone || headersAreNeitherNewNorGone)) {
      broken.add(KEY_BOUND_TO_DESTINATION);
    }
    if (keyIsNeitherNewNorGone && d.headers() == REPLACE) {
      broken.add(KEY_BOUND_TO_HEADERS);
    }
    if (Stream.of(d.key(), d.headers()).anyMatch(REPLACE::equals) && !d.destinationKnown()) {
      broken.add(DESTINATION_REQUIRED);
    }
    return broken;
  }

  static Stream<SecretUpdate> all() {
    List<SecretUpdate> all = new ArrayList<>();
    for (int bits = 0; bits < 32; bits++) {
      for (SecretAction key : SecretAction.values()) {
        for (SecretAction headers : SecretAction.values()) {
          all.add(
              new SecretUpdate(
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

  @Test
  void a_write_is_fine_when_it_breaks_no_rule_and_else_refused_for_one_that_it_breaks() {
    EveryCase.of(
        all(),
        deposit -> {
          Set<Ruling> broken = broken(deposit);
          if (broken.isEmpty()) {
            assertThat(deposit.judge()).isEqualTo(FINE);
          } else {
            assertThat(broken).contains(deposit.judge());
          }
        });
  }

  @Test
  void what_is_bound_to_the_old_destination_is_told_before_anything_else() {
    EveryCase.of(
        all(),
        deposit -> {
          assertThat(deposit.judge() == KEY_BOUND_TO_DESTINATION)
              .isEqualTo(broken(deposit).contains(KEY_BOUND_TO_DESTINATION));
        });
  }

  @Test
  void all_combinations_are_tried() {
    assertThat(all().distinct()).hasSize(2 * 2 * 2 * 2 * 2 * 3 * 3);
  }

  @Test
  void every_verdict_is_given() {
    assertThat(all().map(SecretUpdate::judge).distinct())
        .containsExactlyInAnyOrder(Ruling.values());
  }

  @Test
  void a_stored_key_does_not_follow_its_endpoint_elsewhere() {
    assertThat(new SecretUpdate(false, true, true, false, KEEP, KEEP, true).judge())
        .isEqualTo(KEY_BOUND_TO_DESTINATION);
  }

  @Test
  void stored_header_values_do_not_follow_either_when_only_the_key_is_brought_anew() {
    assertThat(new SecretUpdate(false, true, true, true, REPLACE, KEEP, true).judge())
        .isEqualTo(KEY_BOUND_TO_DESTINATION);
  }

  @Test
  void a_stored_key_goes_with_no_other_headers() {
    assertThat(new SecretUpdate(false, false, true, false, KEEP, REPLACE, true).judge())
        .isEqualTo(KEY_BOUND_TO_HEADERS);
    assertThat(new SecretUpdate(false, false, true, true, KEEP, REPLACE, true).judge())
        .isEqualTo(KEY_BOUND_TO_HEADERS);
  }

  @Test
  void headers_are_replaced_with_the_key_and_removed_without_it() {
    assertThat(new SecretUpdate(false, false, true, true, REPLACE, REPLACE, true).judge())
        .isEqualTo(FINE);
    assertThat(new SecretUpdate(false, false, true, true, CLEAR, REPLACE, true).judge())
        .isEqualTo(FINE);
    assertThat(new SecretUpdate(false, false, true, true, KEEP, CLEAR, false).judge())
        .isEqualTo(FINE);
  }

  @Test
  void a_destination_moves_freely_when_what_is_stored_is_cleared() {
    assertThat(new SecretUpdate(false, true, true, true, CLEAR, CLEAR, false).judge())
        .isEqualTo(FINE);
  }

  @Test
  void who_brings_a_key_says_where_it_goes() {
    assertThat(new SecretUpdate(false, false, false, false, REPLACE, KEEP, false).judge())
        .isEqualTo(DESTINATION_REQUIRED);
  }

  @Test
  void who_brings_header_values_says_where_they_go() {
    assertThat(new SecretUpdate(false, false, false, false, KEEP, REPLACE, false).judge())
        .isEqualTo(DESTINATION_REQUIRED);
  }

  @Test
  void a_keyless_service_takes_header_values() {
    assertThat(new SecretUpdate(true, false, false, false, KEEP, REPLACE, true).judge())
        .isEqualTo(FINE);
  }

  @Test
  void a_keyless_service_takes_no_key() {
    assertThat(new SecretUpdate(true, false, false, false, REPLACE, KEEP, true).judge())
        .isEqualTo(TAKES_NO_KEY);
  }
}
