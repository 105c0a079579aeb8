package io.claviger.application.keys.port;

import io.claviger.domain.definitions.Provider;
import io.claviger.domain.keys.Secret;
import java.util.Optional;

/** The API keys that the operator set in the environment, at most one for each provider. */
public interface DeploymentKeys {
  boolean has(Provider provider);

  /** Returns a copy of the key; the caller must close it. */
  Optional<Secret> copy(Provider provider);
}
