package io.claviger.domain.usage;

import io.claviger.domain.WireNamed;

public enum UsageMeasure implements WireNamed {
  REQUESTS,
  /** Tokens of input and output. */
  TOKENS,
  /** The cost at the known prices. */
  COST
}
