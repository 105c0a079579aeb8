package io.claviger.domain.keys;

import java.util.Optional;

/**
 * The sealed values that are stored for one instance and one of its callers. The values are read
 * together with the instance's row, so that a key always fits the endpoint.
 *
 * @param apiKey the instance's own key
 * @param headers the values of the instance's custom headers
 * @param userKey the caller's own key
 * @param namingKey the key from which the names of callers are derived; empty if no name was needed
 *     yet or the key was not read
 */
public record SealedKeys(
    Optional<SealedValue> apiKey,
    Optional<SealedValue> headers,
    Optional<SealedValue> userKey,
    Optional<SealedValue> namingKey) {
  public static final SealedKeys NONE =
      new SealedKeys(Optional.empty(), Optional.empty(), Optional.empty());

  /** Creates sealed values that were read without the naming key. */
  public SealedKeys(
      Optional<SealedValue> apiKey, Optional<SealedValue> headers, Optional<SealedValue> userKey) {
    this(apiKey, headers, userKey, Optional.empty());
  }

  public SealedKeys withNamingKey(Optional<SealedValue> naming) {
    return new SealedKeys(apiKey, headers, userKey, naming);
  }
}
