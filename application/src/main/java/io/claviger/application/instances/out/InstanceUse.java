package io.claviger.application.instances.out;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Usage;
import io.claviger.domain.instances.InstanceId;

/** What uses an instance and so keeps it from being deleted. */
public interface InstanceUse {
  Usage of(InstanceId instance, Actor asker);
}
