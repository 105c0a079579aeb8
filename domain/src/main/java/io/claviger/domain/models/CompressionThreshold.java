package io.claviger.domain.models;

import io.claviger.domain.InvalidValue;

/**
 * The percentage of a model's context limit, 0 to 100, at which a program should compress the
 * context.
 */
public record CompressionThreshold(int value) {
  public CompressionThreshold {
    if (value < 0 || value > 100) {
      throw new InvalidValue("compression_threshold", "0 to 100, or null for none");
    }
  }
}
