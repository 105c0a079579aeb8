package io.claviger.application.keys.port;

import io.claviger.domain.definitions.Provider;
import io.claviger.domain.keys.Secret;
import java.util.Optional;

/** API keys that the operator gave in the environment, one for each provider. */
public interface DeploymentKeys {
  boolean has(Provider provider);

  /** A copy of the key, for the caller to close. */
  Optional<Secret> copy(Provider provider);
}
