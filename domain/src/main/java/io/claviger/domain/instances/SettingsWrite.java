package io.claviger.domain.instances;

import io.claviger.domain.Fault;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.credentials.CredentialSettings;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.DefinitionWrite;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.EndpointTemplate;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.definitions.SentSettings;
import io.claviger.domain.definitions.ServiceSettings;
import io.claviger.domain.fairness.ProviderLimits;
import io.claviger.domain.fairness.ProviderLimitsWrite;
import io.claviger.domain.fields.FieldValues;
import io.claviger.domain.fields.FieldWrites;
import io.claviger.domain.fields.ScalarField;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.policy.KeyPolicyWrite;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.LimitsInAll;
import io.claviger.domain.policy.LimitsWrite;
import io.claviger.domain.standards.WireFormat;
import java.util.List;
import java.util.Optional;

/**
 * A write of an instance's settings. The write can replace the stored settings or be merged into
 * them. The write does not contain the credential, because a write of the credential includes a
 * secret.
 *
 * @param fields the writes of the fields of {@link InstanceField#scalars}
 * @param budgetsInAll the budgets for all callers together. If absent, the stored budgets are kept,
 *     even in a replacement, because some of those who may replace an instance may neither see nor
 *     change them
 * @param limitsInAll the pace limits for all callers together. If absent, the stored limits are
 *     kept, even in a replacement
 * @param providerLimits the write of the provider's limits
 */
public record SettingsWrite(
    FieldWrites fields,
    KeyPolicyWrite keyPolicy,
    LimitsWrite limits,
    Field<Budgets> budgetsInAll,
    LimitsInAll.Write limitsInAll,
    ProviderLimitsWrite providerLimits) {

  /** Creates a write of scalar fields only. */
  public SettingsWrite(FieldWrites fields) {
    this(
        fields,
        KeyPolicyWrite.ABSENT,
        LimitsWrite.ABSENT,
        Field.absent(),
        LimitsInAll.Write.ABSENT,
        ProviderLimitsWrite.ABSENT);
  }

  /** Returns this write with the given scalar fields. */
  public SettingsWrite with(FieldWrites others) {
    return new SettingsWrite(others, keyPolicy, limits, budgetsInAll, limitsInAll, providerLimits);
  }

  /** The result of applying a write: the new settings, or the faults, such as missing values. */
  public sealed interface Result {
    record Complete(InstanceSettings settings) implements Result {}

    record Incomplete(List<Fault> faults) implements Result {}
  }

  /**
   * Applies the write as a replacement (PUT). Absent fields get the template's values or, without a
   * template, their defaults.
   *
   * @param handle the instance's handle, which is also the default display name
   * @param replaced the settings to replace; empty if the instance is new
   * @param template the fields of the definition that the write names; empty if it names none
   */
  public Result replacing(
      Handle handle,
      Optional<InstanceSettings> replaced,
      Optional<Definition.Id> definition,
      Optional<DefinitionFields> template,
      Optional<WireFormat> namedFormat) {
    return switch (placed(replaced, template, namedFormat, false)) {
      case Placed.Refused no -> new Result.Incomplete(no.faults());
      case Placed.At at ->
          with(at.fields())
              .complete(
                  new DefinitionWrite(at.fields()).over(template, namedFormat),
                  definition,
                  Absent.ofReplacement(handle, replaced),
                  at.sent());
    };
  }

  /**
   * Returns the values after a replacement, in which some absent fields keep their stored values.
   */
  private static FieldValues kept(FieldValues fresh, Optional<InstanceSettings> replaced) {
    if (replaced.isEmpty()) {
      return fresh;
    }
    FieldValues result = fresh;
    for (ScalarField<?> field : InstanceField.keptInReplacement()) {
      result = result.withOptional(field, replaced.get().own().get(field));
    }
    return result;
  }

  /** Applies the write as a merge (PATCH). Absent fields keep their stored values. */
  public Result merging(
      InstanceSettings current,
      Optional<Definition.Id> definition,
      Optional<WireFormat> namedFormat) {
    return switch (placed(Optional.of(current), Optional.of(current.fields()), namedFormat, true)) {
      case Placed.Refused no -> new Result.Incomplete(no.faults());
      case Placed.At at ->
          with(at.fields())
              .complete(
                  new DefinitionWrite(at.fields()).over(Optional.of(current.fields()), namedFormat),
                  definition,
                  Absent.ofMerge(current),
                  at.sent());
    };
  }

  /**
   * The result of filling a service's settings into the provider's template: either the fields with
   * the new endpoint, together with the sent settings, or the settings' faults.
   */
  private sealed interface Placed {
    record At(FieldWrites fields, SentSettings sent) implements Placed {}

    record Refused(List<Fault> faults) implements Placed {
      Refused(Fault fault) {
        this(List.of(fault));
      }
    }
  }

  /**
   * Computes the endpoint and the sent settings from the provider's template and the service's
   * settings. If a write changes neither the settings nor the provider nor the endpoint, the stored
   * endpoint and the stored sent settings stay. The stored values stay even if the provider's row
   * has changed since they were computed. An endpoint that equals the stored endpoint is treated as
   * absent, so that a client can send back a service as it was shown, but with other settings.
   */
  private Placed placed(
      Optional<InstanceSettings> before,
      Optional<DefinitionFields> base,
      Optional<WireFormat> namedFormat,
      boolean merges) {
    Field<ServiceSettings> written = fields.get(InstanceField.SETTINGS.<ServiceSettings>scalar());
    ServiceSettings stored = before.map(InstanceSettings::settings).orElse(ServiceSettings.NONE);
    ServiceSettings after = written.or(merges ? stored : ServiceSettings.NONE);
    Optional<Endpoint> where = before.map(settings -> settings.fields().endpoint());
    Field<Endpoint> named = fields.get(DefinitionFields.ENDPOINT);
    Optional<Endpoint> given = named.given().filter(url -> !where.equals(Optional.of(url)));
    Optional<Provider> provider = new DefinitionWrite(fields).provider(base, namedFormat);
    Optional<EndpointTemplate> template = provider.flatMap(p -> p.content().template());
    boolean needed = named.given().isEmpty() && base.isEmpty() && template.isPresent();
    if (provider.isEmpty() || (after.isEmpty() && !needed)) {
      return new Placed.At(fields, SentSettings.NONE);
    }
    boolean same =
        after.equals(stored)
            && given.isEmpty()
            && provider.equals(before.map(settings -> settings.fields().provider()));
    if (same && (named.given().isPresent() || written.isAbsent())) {
      return new Placed.At(fields, before.map(InstanceSettings::sent).orElse(SentSettings.NONE));
    }
    if (merges && written.isAbsent()) {
      return new Placed.Refused(
          Fault.required(
              "settings",
              "The settings determine the endpoint. Give the settings as well, or {} for none."));
    }
    if (template.isEmpty()) {
      return new Placed.Refused(Fault.notAllowed("settings", "This provider has no settings."));
    }
    return switch (template.get().rendered(after)) {
      case EndpointTemplate.Result.Refused no -> new Placed.Refused(no.faults());
      case EndpointTemplate.Result.Made made ->
          given.filter(url -> !url.equals(made.endpoint())).isPresent()
              ? new Placed.Refused(
                  Fault.notAllowed(
                      "endpoint",
                      "The settings result in another endpoint. Leave the endpoint out."))
              : new Placed.At(
                  fields.with(DefinitionFields.ENDPOINT, Field.of(made.endpoint())), made.sent());
    };
  }

  /** The values of the parts of a service that a write leaves out. */
  private record Absent(
      KeyPolicy keyPolicy,
      Limits limits,
      FieldValues own,
      Budgets budgetsInAll,
      LimitsInAll limitsInAll,
      ProviderLimits providerLimits,
      CredentialSettings credential) {
    static Absent ofReplacement(Handle handle, Optional<InstanceSettings> replaced) {
      return new Absent(
          KeyPolicy.DEFAULT,
          Limits.NONE,
          kept(InstanceSettings.defaults(handle), replaced),
          replaced.map(InstanceSettings::budgetsInAll).orElse(Budgets.NONE),
          replaced.map(InstanceSettings::limitsInAll).orElse(LimitsInAll.NONE),
          ProviderLimits.NONE,
          replaced.map(InstanceSettings::credential).orElse(CredentialSettings.API_KEY));
    }

    static Absent ofMerge(InstanceSettings current) {
      return new Absent(
          current.keyPolicy(),
          current.limits(),
          current.own(),
          current.budgetsInAll(),
          current.limitsInAll(),
          current.providerLimits(),
          current.credential());
    }
  }

  private Result complete(
      DefinitionWrite.Result common,
      Optional<Definition.Id> definition,
      Absent absent,
      SentSettings sent) {
    return switch (common) {
      case DefinitionWrite.Result.Incomplete missing -> new Result.Incomplete(missing.faults());
      case DefinitionWrite.Result.Complete complete ->
          new Result.Complete(
              new InstanceSettings(
                  definition,
                  complete.fields(),
                  keyPolicy.over(absent.keyPolicy()),
                  limits.over(absent.limits()),
                  fields.over(absent.own(), InstanceField.own()),
                  budgetsInAll.or(Optional.of(absent.budgetsInAll())).orElse(Budgets.NONE),
                  limitsInAll.over(absent.limitsInAll()),
                  providerLimits.over(absent.providerLimits()),
                  absent.credential(),
                  sent));
    };
  }
}
