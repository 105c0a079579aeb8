package io.claviger.application.defaults;

import io.claviger.application.defaults.out.DefaultServices;
import io.claviger.application.instances.out.Instances;
import io.claviger.application.shared.Attempts;

/** Builds the use cases of default services from what they need. */
public record DefaultsModule(
    FindDefault findDefault, ChooseDefault chooseDefault, ForgetDefault forgetDefault) {

  public static DefaultsModule of(
      Instances instances, DefaultServices defaults, Attempts attempts) {
    return new DefaultsModule(
        new FindDefaultService(defaults, attempts),
        new ChooseDefaultService(instances, defaults, attempts),
        new ForgetDefaultService(defaults, attempts));
  }
}
