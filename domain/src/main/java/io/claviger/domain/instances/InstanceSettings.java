package io.claviger.domain.instances;

import io.claviger.domain.DisplayName;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.DefinitionId;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.policy.Limits;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** The fields of an instance that can be written and read. */
public record InstanceSettings(
    DisplayName displayName,
    Optional<DefinitionId> definition,
    DefinitionFields fields,
    Timeout timeout,
    Optional<Organization> organization,
    boolean enabled,
    KeyPolicy keyPolicy,
    Limits limits) {

  /**
   * The fields in which the two differ. Permissions are checked for the fields that change, not for
   * those that were sent.
   */
  public Set<InstanceField> differingFrom(InstanceSettings other) {
    Set<InstanceField> differing = EnumSet.noneOf(InstanceField.class);
    for (InstanceField field : InstanceField.values()) {
      if (!field.of(this).equals(field.of(other))) {
        differing.add(field);
      }
    }
    return differing;
  }
}
