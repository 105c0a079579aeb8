package io.claviger.domain.policy;

import java.util.stream.IntStream;
import java.util.stream.Stream;

/** All key policies that three booleans make. */
final class Policies {
  private Policies() {}

  static Stream<KeyPolicy> all() {
    return IntStream.range(0, 8)
        .mapToObj(i -> new KeyPolicy((i & 1) != 0, (i & 2) != 0, (i & 4) != 0));
  }
}
