package io.claviger.application.defaults;

import io.claviger.application.defaults.port.DefaultServiceStore;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.shared.AuditedChanges;

/** Builds the use cases of default services from what they need. */
public record DefaultsModule(
    FindDefault findDefault, ChooseDefault chooseDefault, ForgetDefault forgetDefault) {

  public static DefaultsModule of(
      InstanceStore instances, DefaultServiceStore defaults, AuditedChanges attempts) {
    return new DefaultsModule(
        new FindDefaultService(defaults, attempts),
        new ChooseDefaultService(instances, defaults, attempts),
        new ForgetDefaultService(defaults, attempts));
  }
}
