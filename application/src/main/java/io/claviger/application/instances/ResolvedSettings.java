package io.claviger.application.instances;

import io.claviger.domain.credentials.CredentialBinding;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.instances.Destination;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceSettings;
import io.claviger.domain.standards.ApiStandard;
import java.util.Optional;

/**
 * The settings that result from a write, before the caller's rights are checked.
 *
 * @param forwardsMore whether the new API standard forwards headers or query parameters of callers
 *     that the former API standard did not forward; false for a new instance
 * @param named the definition that the request names, if the caller can see that definition
 */
record ResolvedSettings(
    InstanceSettings settings,
    ApiStandard standard,
    boolean forwardsMore,
    Optional<Definition> named) {
  Endpoint endpoint() {
    return settings.fields().endpoint();
  }

  Destination destination() {
    return new Destination(endpoint(), standard.placement(), settings.sent());
  }

  CredentialBinding credentialBinding(Instance.Id id) {
    return new CredentialBinding(
        id.value(), endpoint(), standard.placement(), settings.sent(), settings.credential());
  }
}
