package io.claviger.domain.fairness;

import io.claviger.domain.WireNamed;

/** A kind of limit per minute that a provider can set. */
public enum PaceLimit implements WireNamed {
  REQUESTS_PER_MINUTE {
    @Override
    public long partOf(PaceUse use) {
      return use.calls();
    }
  },
  /** The limit counts input and output tokens together. */
  TOKENS_PER_MINUTE {
    @Override
    public long partOf(PaceUse use) {
      return use.input() + use.output();
    }
  },
  INPUT_TOKENS_PER_MINUTE {
    @Override
    public long partOf(PaceUse use) {
      return use.input();
    }
  },
  OUTPUT_TOKENS_PER_MINUTE {
    @Override
    public long partOf(PaceUse use) {
      return use.output();
    }
  };

  /**
   * Returns the part of a use that counts against this limit, such as the number of input tokens.
   */
  public abstract long partOf(PaceUse use);
}
