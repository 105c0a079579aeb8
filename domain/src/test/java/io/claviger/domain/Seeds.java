package io.claviger.domain;

import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.LongStream;

/**
 * Seeds for tests over what is not finite: fresh in every run, and each a parameter, so that the
 * name of a failed test says which it was. To repeat one, put it in {@code LongStream.of}.
 */
public final class Seeds {
  private Seeds() {}

  public static LongStream fresh() {
    return ThreadLocalRandom.current().longs(Integer.getInteger("test.seeds", 50));
  }
}
