package io.claviger.application.instances;

import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.instances.Destination;
import io.claviger.domain.instances.InstanceSettings;
import io.claviger.domain.standards.ApiStandard;
import java.util.Optional;

/**
 * What a write amounts to, before anybody judged whether it may.
 *
 * @param named the definition that the request names, where the caller can see it
 */
record ResolvedSettings(
    InstanceSettings settings, ApiStandard standard, Optional<Definition> named) {
  Endpoint endpoint() {
    return settings.fields().endpoint();
  }

  Destination destination() {
    return new Destination(endpoint(), standard.placement());
  }
}
