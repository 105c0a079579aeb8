package io.claviger.domain.instances;

import io.claviger.domain.DisplayName;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.DefinitionId;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.policy.Limits;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Everything about an instance that can be written and read back. */
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
   * The fields in which these differ from the others: rights are judged by what changes, not by
   * what was sent.
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
