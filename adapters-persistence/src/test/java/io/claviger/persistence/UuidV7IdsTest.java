package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.fakes.Seeds;
import io.claviger.application.shared.port.Ids;
import io.claviger.persistence.shared.UuidV7Ids;
import io.claviger.testkit.SettableClock;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Ids follow the clock, and never run backwards with it. */
final class UuidV7IdsTest {
  @Test
  void ids_grow_when_the_clock_is_set_back() {
    SettableClock clock = new SettableClock(Seeds.SEEDED_AT);
    Ids ids = new UuidV7Ids(clock);
    UUID before = ids.next();

    clock.advance(Duration.ofHours(-1));

    assertThat(ids.next()).isGreaterThan(before);
  }

  @Test
  void an_id_begins_with_the_time_it_was_made() {
    Ids ids = new UuidV7Ids(new SettableClock(Seeds.SEEDED_AT));

    assertThat(ids.next().getMostSignificantBits() >>> 16)
        .isEqualTo(Seeds.SEEDED_AT.toEpochMilli());
  }
}
