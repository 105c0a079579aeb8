package io.claviger.application.instances.port;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.References;
import io.claviger.domain.instances.Instance;

/** Finds everything that uses an instance and so prevents its deletion. */
public interface InstanceReferences {
  References of(Instance.Id instance, Actor asker);
}
