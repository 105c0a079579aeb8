package io.claviger.bootstrap.settings;

import io.claviger.credentials.CredentialMinters;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.credentials.Cloud;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * Whether services of the system level may have the identity of the machine or pod.
 *
 * @param clouds those whose identity they may have
 * @param variables what the clouds say in the environment about where they give it; empty if no
 *     cloud is named
 */
public record AmbientSettings(Set<Cloud> clouds, Map<String, String> variables) {
  private static final String NAME = "CLAVIGER_AMBIENT";

  public AmbientSettings {
    clouds = Set.copyOf(clouds);
    variables = Map.copyOf(variables);
  }

  static AmbientSettings read(Environment environment) {
    Set<Cloud> clouds = EnumSet.noneOf(Cloud.class);
    for (String name : environment.list(NAME)) {
      try {
        clouds.add(Cloud.of(name));
      } catch (InvalidValue e) {
        environment.fault(NAME, "may name " + e.allowed());
      }
    }
    return new AmbientSettings(
        clouds,
        clouds.isEmpty() ? Map.of() : environment.ofOthers(CredentialMinters.CLOUD_VARIABLES));
  }
}
