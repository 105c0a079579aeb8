package io.claviger.application.instances.port;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.References;
import io.claviger.domain.instances.Instance;

/** Finds what uses an instance and therefore keeps it from being deleted. */
public interface InstanceReferences {
  References of(Instance.Id instance, Actor asker);
}
