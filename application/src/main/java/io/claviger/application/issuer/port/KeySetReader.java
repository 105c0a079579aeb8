package io.claviger.application.issuer.port;

import io.claviger.domain.identity.Issuer;
import io.claviger.domain.issuer.VerificationKey;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the key set of an issuer as a provider does. First reads the metadata at the issuer's
 * address, and then the key set at the URL in the metadata.
 */
@FunctionalInterface
public interface KeySetReader {
  /** Reads nothing. */
  KeySetReader NONE = issuer -> Optional.empty();

  /**
   * @return the public keys; empty if the metadata or the key set could not be read
   */
  Optional<Set<VerificationKey>> read(Issuer issuer);
}
