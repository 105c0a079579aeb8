package io.claviger.application.builders;

import io.claviger.application.fakes.InMemoryIds;
import java.util.UUID;

/** Ids for what the builders make: each a new one in this JVM. */
final class TestIds {
  private static final InMemoryIds IDS = new InMemoryIds();

  private TestIds() {}

  static UUID next() {
    UUID id = IDS.next();
    // Apart from those of the in-memory port, which count from the same beginning.
    return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits() | 0xb111de5L);
  }
}
