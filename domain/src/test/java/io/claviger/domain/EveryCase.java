package io.claviger.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * One test with thousands of cases. A parameterized test would report each case as a separate test,
 * and reporting takes many times as long as checking.
 */
public final class EveryCase {
  private EveryCase() {}

  /** Checks every case. A failure names its case. There must be at least one. */
  public static <T> void of(Stream<T> cases, Consumer<T> check) {
    List<T> all = cases.toList();
    assertThat(all).isNotEmpty();
    for (T each : all) {
      try {
        check.accept(each);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(each + ": " + e.getMessage(), e);
      }
    }
  }
}
