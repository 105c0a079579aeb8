package io.claviger.application.bills;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.accounts.User;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class ReadingPlacesTest {
  private final ReadingPlaces places = new ReadingPlaces();

  /** Reads for this many owners at the same time, by nested calls. */
  private String read(int first, int owners) {
    return owners == 0
        ? "read"
        : places.read(new User.Id(new UUID(0, first)), () -> read(first + 1, owners - 1));
  }

  @Test
  void an_owner_has_one_place_and_all_together_have_few() {
    assertThat(read(1, ReadingPlaces.AT_ONCE)).isEqualTo("read");
    assertThatThrownBy(() -> read(1, ReadingPlaces.AT_ONCE + 1))
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> assertThat(e.refusal()).isInstanceOf(Refusal.TooMany.class));
    assertThatThrownBy(() -> places.read(new User.Id(new UUID(0, 1)), () -> read(1, 1)))
        .isInstanceOf(RefusedException.class);
    assertThat(read(1, ReadingPlaces.AT_ONCE)).isEqualTo("read");
  }
}
