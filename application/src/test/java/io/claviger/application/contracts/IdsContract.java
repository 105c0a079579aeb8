package io.claviger.application.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.shared.port.Ids;
import io.claviger.testkit.Race;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What {@link Ids} promises. */
public abstract class IdsContract {
  protected abstract Ids newIds();

  @Test
  void an_id_is_a_uuid_of_version_7() {
    UUID id = newIds().next();

    assertThat(id.version()).isEqualTo(7);
    assertThat(id.variant()).isEqualTo(2);
  }

  @Test
  void each_id_is_greater_than_the_one_before_it() {
    Ids ids = newIds();
    List<UUID> made = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      made.add(ids.next());
    }

    assertThat(made).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void no_two_threads_get_the_same() {
    Ids ids = newIds();

    assertThat(Race.of(16, n -> ids.next(), 500)).doesNotHaveDuplicates();
  }
}
