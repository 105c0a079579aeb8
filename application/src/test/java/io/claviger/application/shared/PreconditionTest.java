package io.claviger.application.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PreconditionTest {
  private static final OptionalLong NOTHING = OptionalLong.empty();
  private static final OptionalLong THIRD = OptionalLong.of(3);

  @Test
  void what_demands_nothing_always_holds() {
    assertThat(Precondition.NONE.holds(NOTHING)).isTrue();
    assertThat(Precondition.NONE.holds(THIRD)).isTrue();
  }

  @Test
  void one_of_the_versions_has_to_stand() {
    Precondition either = new Precondition(Optional.of(Set.of(2L, 3L)), false, false);

    assertThat(either.holds(THIRD)).isTrue();
    assertThat(either.holds(OptionalLong.of(4))).isFalse();
    assertThat(either.holds(NOTHING)).isFalse();
  }

  @Test
  void something_has_to_stand() {
    assertThat(Precondition.CHANGE_ONLY.holds(THIRD)).isTrue();
    assertThat(Precondition.CHANGE_ONLY.holds(NOTHING)).isFalse();
  }

  @Test
  void nothing_may_stand() {
    assertThat(Precondition.CREATE_ONLY.holds(NOTHING)).isTrue();
    assertThat(Precondition.CREATE_ONLY.holds(THIRD)).isFalse();
  }

  @Test
  void a_change_of_something_else_is_refused() {
    Precondition.version(3).demand(3);
    Precondition.version(3).demand(Optional.of(3L), Long::longValue);
    Precondition.CREATE_ONLY.demand(Optional.<Long>empty(), Long::longValue);

    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> Precondition.version(3).demand(4))
        .withMessage("precondition_failed");
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> Precondition.version(3).demand(Optional.<Long>empty(), Long::longValue))
        .withMessage("precondition_failed");
  }
}
