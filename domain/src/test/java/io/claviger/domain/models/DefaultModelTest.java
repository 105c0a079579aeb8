package io.claviger.domain.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.EveryCase;
import io.claviger.domain.models.DefaultModel.DefaultModelCandidate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Checks all catalogues of up to three models. Each model is usable or not, and is as old as
 * another model or not.
 */
class DefaultModelTest {
  private static final Instant THEN = Instant.parse("2026-01-01T00:00:00Z");
  private static final int MOST = 3;

  /**
   * Returns the models in the order of their creation. Models of the same time are sorted by id.
   */
  record Live(List<DefaultModelCandidate> oldestFirst) {}

  static Stream<Live> all() {
    List<Live> all = new ArrayList<>();
    for (int size = 0; size <= MOST; size++) {
      for (int theDefault = -1; theDefault < size; theDefault++) {
        for (int usable = 0; usable < 1 << size; usable++) {
          for (int later = 0; later < 1 << size; later++) {
            all.add(live(size, theDefault, usable, later));
          }
        }
      }
    }
    return all.stream();
  }

  /**
   * @param usable a bit for each, whether it is
   * @param later a bit for each, whether it was created later than the one before; its id is the
   *     lower one then, so that only the time can tell
   */
  private static Live live(int size, int theDefault, int usable, int later) {
    List<DefaultModelCandidate> oldestFirst = new ArrayList<>();
    int time = 0;
    for (int i = 0; i < size; i++) {
      time += later >> i & 1;
      UUID id = new UUID(100 - 10L * time, i == MOST - 1 ? -1 : i);
      oldestFirst.add(
          new DefaultModelCandidate(
              new ModelConfig.Id(id),
              THEN.plusSeconds(time),
              i == theDefault,
              (usable >> i & 1) == 1));
    }
    return new Live(oldestFirst);
  }

  @Test
  void one_that_stands_stays() {
    EveryCase.of(
        all(),
        live -> {
          live.oldestFirst().stream()
              .filter(DefaultModelCandidate::isDefault)
              .forEach(
                  existing ->
                      assertThat(DefaultModel.defaultOf(live.oldestFirst(), false))
                          .contains(existing.id()));
        });
  }

  @Test
  void where_none_stands_the_oldest_usable_one_is_promoted_else_the_oldest() {
    EveryCase.of(
        all(),
        live -> {
          if (live.oldestFirst().stream().noneMatch(DefaultModelCandidate::isDefault)) {
            assertThat(DefaultModel.defaultOf(live.oldestFirst(), false))
                .isEqualTo(successor(live));
          }
        });
  }

  @Test
  void one_that_stepped_back_is_followed_by_the_oldest_usable_one_else_the_oldest() {
    EveryCase.of(
        all(),
        live -> {
          assertThat(DefaultModel.defaultOf(live.oldestFirst(), true)).isEqualTo(successor(live));
        });
  }

  @Test
  void there_is_a_default_exactly_as_long_as_one_is_live() {
    EveryCase.of(
        all(),
        live -> {
          for (boolean steppedBack : new boolean[] {false, true}) {
            assertThat(DefaultModel.defaultOf(live.oldestFirst(), steppedBack).isPresent())
                .isNotEqualTo(live.oldestFirst().isEmpty());
          }
        });
  }

  @Test
  void the_order_in_which_they_are_given_does_not_matter() {
    EveryCase.of(
        all(),
        live -> {
          for (boolean steppedBack : new boolean[] {false, true}) {
            Optional<ModelConfig.Id> expected =
                DefaultModel.defaultOf(live.oldestFirst(), steppedBack);
            for (int turn = 0; turn < live.oldestFirst().size(); turn++) {
              List<DefaultModelCandidate> turned = new ArrayList<>(live.oldestFirst());
              Collections.rotate(turned, turn);
              assertThat(DefaultModel.defaultOf(turned, steppedBack)).isEqualTo(expected);
              Collections.reverse(turned);
              assertThat(DefaultModel.defaultOf(turned, steppedBack)).isEqualTo(expected);
            }
          }
        });
  }

  @Test
  void all_catalogues_are_tried() {
    assertThat(all().distinct()).hasSize(1 + 2 * 4 + 3 * 16 + 4 * 64);
  }

  private static Optional<ModelConfig.Id> successor(Live live) {
    for (DefaultModelCandidate candidate : live.oldestFirst()) {
      if (candidate.usable()) {
        return Optional.of(candidate.id());
      }
    }
    return live.oldestFirst().isEmpty()
        ? Optional.empty()
        : Optional.of(live.oldestFirst().get(0).id());
  }
}
