package io.claviger.application.builders;

import io.claviger.application.fakes.InMemoryIds;
import java.util.UUID;

/** New ids for the builders. No id is repeated in one JVM. */
final class TestIds {
  private static final InMemoryIds IDS = new InMemoryIds();

  private TestIds() {}

  static UUID next() {
    UUID id = IDS.next();
    // These ids must differ from the ids of the in-memory port, which counts from the same number.
    return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits() | 0xb111de5L);
  }
}
