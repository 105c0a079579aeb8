package io.claviger.imports.shared;

import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A service that an earlier run has created.
 *
 * @param name the service's name in the journal of imports
 * @param place where calls go now; empty if the service was deleted
 * @param sameKey whether the service's stored key is this one; an empty text stands for no key
 */
public record CameService(String name, Optional<Place> place, Predicate<Optional<String>> sameKey) {

  /**
   * @param setHere whether somebody in Claviger has set the endpoint
   */
  public record Place(Provider provider, Endpoint endpoint, boolean setHere) {}

  /** Whether the service has this key. If the stored key can't be opened, it is another one. */
  public boolean hasKey(Optional<String> key) {
    return sameKey.test(key);
  }
}
