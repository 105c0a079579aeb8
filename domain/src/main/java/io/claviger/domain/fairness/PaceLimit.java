package io.claviger.domain.fairness;

import io.claviger.domain.WireNamed;

/** A kind of a provider's limit per minute. */
public enum PaceLimit implements WireNamed {
  REQUESTS_PER_MINUTE {
    @Override
    public long partOf(PaceUse use) {
      return use.calls();
    }
  },
  /** Input and output tokens together. */
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

  /** Returns the part of a use that counts against this limit. */
  public abstract long partOf(PaceUse use);
}
