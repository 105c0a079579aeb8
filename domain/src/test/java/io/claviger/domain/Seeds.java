package io.claviger.domain;

import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.LongStream;

/**
 * Seeds for tests with random values. The seeds are new in every run. Each seed is a parameter of
 * the test, so that the name of a failed test shows the seed. To repeat a test, put its seed into
 * {@code LongStream.of}.
 */
public final class Seeds {
  private Seeds() {}

  public static LongStream fresh() {
    return ThreadLocalRandom.current().longs(Integer.getInteger("test.seeds", 50));
  }
}
