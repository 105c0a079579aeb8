package io.claviger.domain.usage;

import java.util.Locale;

public enum UsageMeasure {
  REQUESTS,
  /** Tokens of input and output. */
  TOKENS,
  /** The cost at the known prices. */
  COST;

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
