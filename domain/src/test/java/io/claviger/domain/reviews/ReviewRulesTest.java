package io.claviger.domain.reviews;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.groups.GroupRole;
import io.claviger.domain.reviews.Review.Decision;
import io.claviger.domain.reviews.Review.Line;
import io.claviger.domain.reviews.Review.State;
import io.claviger.domain.reviews.ReviewRules.Verdict;
import io.claviger.domain.sharing.Permissions;
import io.claviger.domain.sharing.Relationship;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Samples;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ReviewRulesTest {
  private static final List<Boolean> BOTH = List.of(false, true);
  private static final List<Optional<Decision>> DECISIONS =
      List.of(Optional.empty(), Optional.of(Decision.KEEP), Optional.of(Decision.END));

  @Test
  void what_comes_of_a_decision_over_all_combinations() {
    for (Decision wanted : Decision.values()) {
      for (int bits = 0; bits < 8; bits++) {
        boolean mayEnd = (bits & 1) != 0;
        boolean own = (bits & 2) != 0;
        boolean endsHere = (bits & 4) != 0;
        for (State state : State.values()) {
          for (Optional<Decision> before : DECISIONS) {
            Verdict verdict = ReviewRules.judge(wanted, mayEnd, own, endsHere, state, before);

            boolean ended = before.equals(Optional.of(Decision.END));
            boolean open = mayEnd && !ended && state == State.UNCHANGED;
            boolean records =
                wanted == Decision.END ? open && endsHere : open && !own && before.isEmpty();
            String which = wanted + " " + bits + " " + state + " " + before;
            assertThat(verdict == Verdict.RECORD).as(which).isEqualTo(records);
            assertThat(verdict == Verdict.NOT_YOURS).as(which).isEqualTo(!mayEnd);
            assertThat(verdict == Verdict.STANDS)
                .as(which)
                .isEqualTo(mayEnd && ended && wanted == Decision.KEEP);
            assertThat(verdict == Verdict.GONE)
                .as(which)
                .isEqualTo(mayEnd && !ended && state == State.ENDED);
            assertThat(verdict == Verdict.CHANGED)
                .as(which)
                .isEqualTo(mayEnd && !ended && state == State.CHANGED);
            assertThat(verdict == Verdict.OWN)
                .as(which)
                .isEqualTo(open && own && wanted == Decision.KEEP);
            assertThat(verdict == Verdict.NOT_HERE)
                .as(which)
                .isEqualTo(open && !endsHere && wanted == Decision.END);
          }
        }
      }
    }
  }

  @Test
  void who_reviews_a_service_may_end_the_shares_of_readers() {
    for (int bits = 0; bits < 16; bits++) {
      boolean owner = (bits & 1) != 0;
      boolean administrator = (bits & 2) != 0;
      boolean system = (bits & 4) != 0;
      boolean moved = (bits & 8) != 0;
      for (Optional<Role> role : Samples.roles().toList()) {
        Relationship towards = new Relationship(owner, role, administrator, system);
        boolean may = owner || administrator || role.equals(Optional.of(Role.OWNER));
        assertThat(ReviewRules.mayReview(towards, moved))
            .as("%s %s", towards, moved)
            .isEqualTo(may && (!moved || administrator));
        assertThat(Permissions.mayEndShare(towards, Role.WRITER, false)).isEqualTo(may);
        assertThat(Permissions.mayEndShare(towards, Role.OWNER, false))
            .isEqualTo(owner || administrator);
        assertThat(Permissions.mayEndShare(towards, Role.OWNER, true)).isTrue();
      }
    }
  }

  @Test
  void who_reviews_a_group_keeps_its_members() {
    for (boolean administrator : BOTH) {
      assertThat(ReviewRules.mayReview(administrator, Optional.empty())).isEqualTo(administrator);
      assertThat(ReviewRules.mayReview(administrator, Optional.of(GroupRole.MEMBER)))
          .isEqualTo(administrator);
      assertThat(ReviewRules.mayReview(administrator, Optional.of(GroupRole.MANAGER))).isTrue();
    }
  }

  @Test
  void names_are_those_of_grants_and_nothing_else() {
    assertThat(List.of("bob", "@team", "alice:p", "*")).allMatch(Line::isName);
    assertThat(List.of("", "@", "a/b", "a:b:c", "**", "../x", "A", "a\0", "a b", "@a:b", "é"))
        .noneMatch(Line::isName);
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> Decision.of("KEEP"));
  }
}
