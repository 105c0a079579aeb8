package io.claviger.domain.definitions;

import io.claviger.domain.InvalidValue;

/** The size of a model's context in tokens, above 0. */
public record ContextLimit(int value) {
  public ContextLimit {
    if (value < 1) {
      throw new InvalidValue("context_limit", "above 0, or null for none");
    }
  }
}
