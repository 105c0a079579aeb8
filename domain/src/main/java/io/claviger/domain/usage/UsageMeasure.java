package io.claviger.domain.usage;

import java.util.Locale;

/** What usage is ranked by. */
public enum UsageMeasure {
  REQUESTS,
  /** Input and output. */
  TOKENS,
  /** By the prices that are known. */
  COST;

  /** The name in queries, such as {@code cost}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
