package io.claviger.domain.definitions;

import io.claviger.domain.InvalidValue;

/** The length of an embedding vector: 1 to 65,536. A chat service has no dimensions. */
public record Dimensions(int value) {
  public Dimensions {
    if (value < 1 || value > 65_536) {
      throw new InvalidValue("dimensions", "1 to 65,536, or null for none");
    }
  }
}
