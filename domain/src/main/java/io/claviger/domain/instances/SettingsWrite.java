package io.claviger.domain.instances;

import io.claviger.domain.Fault;
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
    DefinitionWrite fields, KeyPolicyWrite keyPolicy, LimitsWrite limits, FieldWrites own) {

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
        KeyPolicy.DEFAULT,
        Limits.NONE,
        FieldValues.defaults(handle));
  }

  /** Applies the write as a merge (PATCH). Absent fields keep their stored values. */
  public Result merging(
      InstanceSettings current,
      Optional<DefinitionId> definition,
      Optional<WireFormat> namedFormat) {
    return complete(
        fields.over(Optional.of(current.fields()), namedFormat),
        definition,
        current.keyPolicy(),
        current.limits(),
        current.own());
  }

  private Result complete(
      DefinitionWrite.Result common,
      Optional<DefinitionId> definition,
      KeyPolicy policy,
      Limits most,
      FieldValues absent) {
    return switch (common) {
      case DefinitionWrite.Result.Incomplete missing -> new Result.Incomplete(missing.faults());
      case DefinitionWrite.Result.Complete complete ->
          new Result.Complete(
              new InstanceSettings(
                  definition,
                  complete.fields(),
                  keyPolicy.over(policy),
                  limits.over(most),
                  own.over(absent)));
    };
  }
}
