package io.claviger.domain.instances;

import io.claviger.domain.DisplayName;
import io.claviger.domain.Fault;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.DefinitionId;
import io.claviger.domain.definitions.DefinitionWrite;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.policy.KeyPolicyWrite;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.LimitsWrite;
import io.claviger.domain.standards.WireFormat;
import java.util.List;
import java.util.Optional;

/** A write of an instance's settings. It can replace the stored settings or be merged into them. */
public record SettingsWrite(
    DefinitionWrite fields,
    Field<DisplayName> displayName,
    Field<Timeout> timeout,
    Field<Organization> organization,
    Field<Boolean> enabled,
    KeyPolicyWrite keyPolicy,
    LimitsWrite limits) {

  /** Either the settings that result from a write, or everything that is missing. */
  public sealed interface Result {
    record Complete(InstanceSettings settings) implements Result {}

    record Incomplete(List<Fault> faults) implements Result {}
  }

  /**
   * Applies the write as a replacement (PUT). Absent fields take the template's values, otherwise
   * their defaults.
   *
   * @param handle the instance's handle; it is also the display name unless one is given
   * @param template the fields of the definition that the write names
   */
  public Result replacing(
      Handle handle,
      Optional<DefinitionId> definition,
      Optional<DefinitionFields> template,
      Optional<WireFormat> namedFormat) {
    return complete(
        fields.over(template, namedFormat),
        definition,
        new Defaults(
            new DisplayName(handle.value()),
            Timeout.DEFAULT,
            Optional.empty(),
            true,
            KeyPolicy.DEFAULT,
            Limits.NONE));
  }

  /** Applies the write as a merge (PATCH). Absent fields keep their stored values. */
  public Result merging(
      InstanceSettings current,
      Optional<DefinitionId> definition,
      Optional<WireFormat> namedFormat) {
    return complete(
        fields.over(Optional.of(current.fields()), namedFormat),
        definition,
        new Defaults(
            current.displayName(),
            current.timeout(),
            current.organization(),
            current.enabled(),
            current.keyPolicy(),
            current.limits()));
  }

  private Result complete(
      DefinitionWrite.Result common, Optional<DefinitionId> definition, Defaults absent) {
    return switch (common) {
      case DefinitionWrite.Result.Incomplete missing -> new Result.Incomplete(missing.faults());
      case DefinitionWrite.Result.Complete complete ->
          new Result.Complete(
              new InstanceSettings(
                  displayName.or(absent.displayName),
                  definition,
                  complete.fields(),
                  timeout.or(absent.timeout),
                  organization.or(absent.organization),
                  enabled.or(absent.enabled),
                  keyPolicy.over(absent.keyPolicy),
                  limits.over(absent.limits)));
    };
  }

  private record Defaults(
      DisplayName displayName,
      Timeout timeout,
      Optional<Organization> organization,
      boolean enabled,
      KeyPolicy keyPolicy,
      Limits limits) {}
}
