package io.claviger.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CreationOrderTest {
  private record Thing(Instant createdAt, UUID id) {}

  private static final Instant THEN = Instant.parse("2026-01-01T00:00:00Z");
  private static final Comparator<Thing> ORDER = CreationOrder.of(Thing::createdAt, Thing::id);

  static LongStream seeds() {
    return Seeds.fresh();
  }

  @Test
  void the_elder_comes_first_whatever_its_id() {
    Thing elder = new Thing(THEN, new UUID(-1, -1));
    Thing younger = new Thing(THEN.plusNanos(1000), new UUID(0, 0));

    assertThat(ORDER.compare(elder, younger)).isNegative();
    assertThat(ORDER.compare(younger, elder)).isPositive();
  }

  @Test
  void of_the_same_time_the_lower_id_comes_first_as_unsigned_bytes() {
    List<UUID> ascending =
        List.of(
            new UUID(0, 0),
            new UUID(0, 1),
            new UUID(0, Long.MAX_VALUE),
            new UUID(0, Long.MIN_VALUE),
            new UUID(0, -1),
            new UUID(1, 0),
            new UUID(Long.MAX_VALUE, -1),
            new UUID(Long.MIN_VALUE, 0),
            new UUID(-1, -1));
    List<Thing> things = new ArrayList<>(ascending.stream().map(i -> new Thing(THEN, i)).toList());
    Collections.reverse(things);

    things.sort(ORDER);

    assertThat(things).extracting(Thing::id).isEqualTo(ascending);
  }

  @Test
  void only_the_same_id_at_the_same_time_is_equal() {
    Thing one = new Thing(THEN, new UUID(7, 7));

    assertThat(ORDER.compare(one, new Thing(THEN, new UUID(7, 7)))).isZero();
    assertThat(ORDER.compare(one, new Thing(THEN, new UUID(7, 8)))).isNotZero();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void ids_are_ordered_as_their_sixteen_bytes_are(long seed) {
    Random random = new Random(seed);
    UUID one = new UUID(random.nextLong(), random.nextLong());
    UUID high = new UUID(one.getMostSignificantBits(), random.nextLong());
    for (UUID other : List.of(high, new UUID(random.nextLong(), random.nextLong()))) {
      int expected = Arrays.compareUnsigned(bytes(one), bytes(other));
      assertThat(Integer.signum(ORDER.compare(new Thing(THEN, one), new Thing(THEN, other))))
          .isEqualTo(Integer.signum(expected));
    }
  }

  private static byte[] bytes(UUID id) {
    return ByteBuffer.allocate(16)
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits())
        .array();
  }
}
