package io.claviger.domain.keys;

import java.util.Optional;

/**
 * What is stored, sealed, for one instance and one caller of it. All three go with the very row
 * that they were read with: a key and the endpoint it goes to never come from two.
 *
 * @param apiKey the instance's
 * @param headers the values of its custom headers
 * @param userKey the caller's own
 */
public record SealedKeys(
    Optional<SealedValue> apiKey, Optional<SealedValue> headers, Optional<SealedValue> userKey) {
  public static final SealedKeys NONE =
      new SealedKeys(Optional.empty(), Optional.empty(), Optional.empty());
}
