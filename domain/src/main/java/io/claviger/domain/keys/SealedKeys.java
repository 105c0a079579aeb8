package io.claviger.domain.keys;

import java.util.Optional;

/**
 * The sealed values that are stored for one instance and one of its callers. They belong to the
 * instance row that was read with them: a key and its endpoint always come from the same read.
 *
 * @param apiKey the instance's own key
 * @param headers the values of its custom headers
 * @param userKey the caller's own key
 * @param namingKey the key from which the names of callers are made; empty until it is needed, and
 *     wherever it was not read
 */
public record SealedKeys(
    Optional<SealedValue> apiKey,
    Optional<SealedValue> headers,
    Optional<SealedValue> userKey,
    Optional<SealedValue> namingKey) {
  public static final SealedKeys NONE =
      new SealedKeys(Optional.empty(), Optional.empty(), Optional.empty());

  /** Sealed values read without the naming key. */
  public SealedKeys(
      Optional<SealedValue> apiKey, Optional<SealedValue> headers, Optional<SealedValue> userKey) {
    this(apiKey, headers, userKey, Optional.empty());
  }

  public SealedKeys withNamingKey(Optional<SealedValue> naming) {
    return new SealedKeys(apiKey, headers, userKey, naming);
  }
}
