package io.claviger.web.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.web.problems.ProblemException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArrivingBodiesTest {
  private static final int FREE = 10;
  private final List<String> aborted = new ArrayList<>();
  private final ArrivingBodies<String> bodies = new ArrivingBodies<>(100, 50, FREE);

  @Test
  void small_bodies_do_not_count() {
    for (int i = 0; i < 1_000; i++) {
      begin("many", "small").grow(FREE);
    }
    assertThat(aborted).isEmpty();
    begin("other", "large").grow(50);
  }

  @Test
  void one_caller_has_a_share_of_which_ended_bodies_take_nothing() {
    ArrivingBodies.Arrival<String> first = begin("a", "first");
    first.grow(FREE + 30);
    first.grow(FREE + 50);
    ArrivingBodies.Arrival<String> second = begin("a", "second");
    assertRefused(second, FREE + 1, "rate_limited");
    first.close();
    second.grow(FREE + 50);
    assertThat(aborted).isEmpty();
  }

  @Test
  void the_oldest_body_of_who_holds_most_gives_way() {
    begin("a", "a1").grow(FREE + 20);
    begin("a", "a2").grow(FREE + 30);
    begin("b", "b1").grow(FREE + 40);
    begin("c", "c1").grow(FREE + 15);
    assertThat(aborted).containsExactly("a1");
  }

  @Test
  void who_would_hold_most_is_refused() {
    begin("a", "a1").grow(FREE + 40);
    begin("b", "b1").grow(FREE + 40);
    assertRefused(begin("c", "c1"), FREE + 45, "unavailable");
    assertThat(aborted).isEmpty();
    begin("c", "c2").grow(FREE + 20);
  }

  @Test
  void a_body_that_gave_way_takes_nothing_any_more() {
    ArrivingBodies.Arrival<String> ended = begin("a", "a1");
    ended.grow(FREE + 50);
    begin("b", "b1").grow(FREE + 49);
    begin("c", "c1").grow(FREE + 10);
    assertThat(aborted).containsExactly("a1");
    assertRefused(ended, FREE + 51, "unavailable");
    ended.close();
    ended.close();
    begin("a", "a2").grow(FREE + 41);
    assertThat(aborted).hasSize(1);
  }

  private ArrivingBodies.Arrival<String> begin(String caller, String name) {
    return bodies.begin(caller, () -> aborted.add(name));
  }

  private static void assertRefused(ArrivingBodies.Arrival<String> body, int size, String code) {
    assertThatThrownBy(() -> body.grow(size))
        .isInstanceOfSatisfying(
            ProblemException.class, e -> assertThat(e.problem().code()).isEqualTo(code));
  }
}
