package io.claviger.domain.usage;

import java.util.Locale;

/** The measures by which usage is ranked. */
public enum UsageMeasure {
  REQUESTS,
  /** Tokens of input and output. */
  TOKENS,
  /** The cost by the known prices. */
  COST;

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
