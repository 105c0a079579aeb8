package io.claviger.domain.models;

import io.claviger.domain.InvalidValue;

/** How full a model's context may become before a program should compress it: 0 to 100 percent. */
public record CompressionThreshold(int value) {
  public CompressionThreshold {
    if (value < 0 || value > 100) {
      throw new InvalidValue("compression_threshold", "0 to 100, or null for none");
    }
  }
}
