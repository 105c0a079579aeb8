package io.claviger.domain.keys;

import java.util.Optional;

/**
 * The sealed values that are stored for one instance and one of its callers. They belong to the
 * instance row that was read with them: a key and its endpoint always come from the same read.
 *
 * @param apiKey the instance's own key
 * @param headers the values of its custom headers
 * @param userKey the caller's own key
 */
public record SealedKeys(
    Optional<SealedValue> apiKey, Optional<SealedValue> headers, Optional<SealedValue> userKey) {
  public static final SealedKeys NONE =
      new SealedKeys(Optional.empty(), Optional.empty(), Optional.empty());
}
