package io.claviger.application.issuer.port;

import io.claviger.domain.identity.Issuer;
import io.claviger.domain.issuer.VerificationKey;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the key set of an issuer as providers do: from the URL that is named in the metadata at the
 * issuer's address.
 */
@FunctionalInterface
public interface KeySetReader {
  /** Reads nothing. */
  KeySetReader NONE = issuer -> Optional.empty();

  /**
   * @return empty if the metadata or the key set could not be read
   */
  Optional<Set<VerificationKey>> read(Issuer issuer);
}
