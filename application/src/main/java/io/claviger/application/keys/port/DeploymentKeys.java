package io.claviger.application.keys.port;

import io.claviger.domain.definitions.Provider;
import io.claviger.domain.keys.Secret;
import java.util.Optional;

/** The API keys that the operator set in the environment, at most one for each provider. */
public interface DeploymentKeys {
  boolean has(Provider provider);

  /** Returns a copy of the provider's key. The caller must close the copy. */
  Optional<Secret> copy(Provider provider);
}
