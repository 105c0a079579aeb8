package io.claviger.domain;

import java.time.Instant;
import java.util.Comparator;
import java.util.UUID;
import java.util.function.Function;

/** Orders things by creation time and then by id, the oldest first, as the database does. */
public final class CreationOrder {
  private CreationOrder() {}

  public static <T> Comparator<T> of(Function<T, Instant> createdAt, Function<T, UUID> id) {
    return Comparator.comparing(createdAt).thenComparing(id, CreationOrder::asBytes);
  }

  /**
   * Compares two ids as sequences of sixteen unsigned bytes (RFC 9562, section 6.11). {@link
   * UUID#compareTo} is not used, because it compares signed numbers.
   */
  private static int asBytes(UUID one, UUID other) {
    int high = Long.compareUnsigned(one.getMostSignificantBits(), other.getMostSignificantBits());
    return high != 0
        ? high
        : Long.compareUnsigned(one.getLeastSignificantBits(), other.getLeastSignificantBits());
  }
}
