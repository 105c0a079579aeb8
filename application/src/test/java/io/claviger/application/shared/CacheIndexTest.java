package io.claviger.application.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.accounts.User;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CacheIndexTest {
  private static final User.Id ALICE = new User.Id(new UUID(0, 1));
  private static final User.Id BOB = new User.Id(new UUID(0, 2));
  private static final UUID SHARED = new UUID(1, 1);

  private final CacheIndex<Counted> index = new CacheIndex<>();
  private int compared;

  /** A key that counts how often the index looks at one. */
  private final class Counted {
    private final int number;

    Counted(int number) {
      this.number = number;
    }

    @Override
    public int hashCode() {
      compared++;
      return number;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Counted that && that.number == number;
    }
  }

  @Test
  void what_depends_on_a_subject_is_found_without_a_look_at_the_others() {
    Counted wanted = new Counted(0);
    index.add(wanted, ALICE, Set.of(SHARED), 10);
    for (int n = 1; n <= 10_000; n++) {
      index.add(new Counted(n), BOB, Set.of(new UUID(2, n)), 10);
    }
    compared = 0;

    Set<Counted> depending = index.dependingOn(Set.of(SHARED));
    index.remove(wanted, ALICE, Set.of(SHARED), 10);

    assertThat(compared).isLessThan(20);
    assertThat(depending).containsExactly(wanted);
  }

  @Test
  void a_removed_entry_leaves_nothing_behind() {
    Counted one = new Counted(1);
    Counted other = new Counted(2);
    index.add(one, ALICE, Set.of(SHARED, ALICE.value()), 10);
    index.add(other, BOB, Set.of(SHARED), 5);

    index.remove(one, ALICE, Set.of(SHARED, ALICE.value()), 10);

    assertThat(index.dependingOn(Set.of(ALICE.value()))).isEmpty();
    assertThat(index.dependingOn(Set.of(SHARED))).containsExactly(other);
    assertThat(index.weight(ALICE)).isZero();
    assertThat(index.weight()).isEqualTo(5);
    assertThat(index.all()).containsExactly(other);
  }
}
