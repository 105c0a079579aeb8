package io.claviger.domain.instances;

import io.claviger.domain.DisplayName;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.policy.Limits;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * The fields of an instance that can be written and read.
 *
 * @param fields the fields that a definition has too
 * @param own the scalar fields that no definition has
 * @param budgetsInAll what all callers together may use up
 */
public record InstanceSettings(
    Optional<Definition.Id> definition,
    DefinitionFields fields,
    KeyPolicy keyPolicy,
    Limits limits,
    FieldValues own,
    Budgets budgetsInAll) {

  /**
   * @throws IllegalArgumentException when a field that always has a value has none
   */
  public InstanceSettings {
    for (InstanceField field : InstanceField.own()) {
      if (!field.isNullable() && own.get(field).isEmpty()) {
        throw new IllegalArgumentException("no value for " + field.wireName());
      }
    }
  }

  /** Settings without budgets for all callers together. */
  public InstanceSettings(
      Optional<Definition.Id> definition,
      DefinitionFields fields,
      KeyPolicy keyPolicy,
      Limits limits,
      FieldValues own) {
    this(definition, fields, keyPolicy, limits, own, Budgets.NONE);
  }

  public DisplayName displayName() {
    return own.<DisplayName>get(InstanceField.DISPLAY_NAME).orElseThrow();
  }

  public Timeout timeout() {
    return own.<Timeout>get(InstanceField.TIMEOUT_MS).orElseThrow();
  }

  public Optional<Organization> organization() {
    return own.get(InstanceField.ORGANIZATION);
  }

  /** Whether streams state their usage when asked; empty where the provider decides that. */
  public Optional<Boolean> streamUsage() {
    return own.get(InstanceField.STREAM_USAGE);
  }

  public boolean enabled() {
    return own.<Boolean>get(InstanceField.ENABLED).orElseThrow();
  }

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
