package io.claviger.imports.shared;

import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A service that an earlier run has created.
 *
 * @param name the service's name in the journal of imports
 * @param place the present destination of the service's calls; empty if the service was deleted
 * @param hasKey tests whether the service has the given key or, if the given key is empty, whether
 *     the service has no key. A stored key that can't be decrypted counts as a different key
 */
public record EarlierService(
    String name, Optional<Place> place, Predicate<Optional<String>> hasKey) {

  /**
   * @param setHere whether somebody in Claviger has set the endpoint
   */
  public record Place(Provider provider, Endpoint endpoint, boolean setHere) {}
}
