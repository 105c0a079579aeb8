package io.claviger.domain.definitions;

import io.claviger.domain.Fault;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.fields.FieldValues;
import io.claviger.domain.fields.FieldWrites;
import io.claviger.domain.standards.WireFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A write of the fields that both definitions and instances have. An absent field gets its value
 * from a base (the stored fields or a definition) or from the provider's defaults.
 */
public record DefinitionWrite(FieldWrites fields) {

  /**
   * The result of applying a write: either the resulting fields, or a fault for each missing field.
   */
  public sealed interface Result {
    record Complete(DefinitionFields fields) implements Result {}

    record Incomplete(List<Fault> faults) implements Result {}
  }

  /**
   * @param base the fields that supply the values of absent fields
   * @param namedFormat the format of the API standard that the write names; empty if the write
   *     names none
   */
  public Result over(Optional<DefinitionFields> base, Optional<WireFormat> namedFormat) {
    FieldValues absent =
        base.map(DefinitionFields::values)
            .orElseGet(() -> FieldValues.defaults(DefinitionFields.COPIED));
    FieldValues values = fields.over(absent, DefinitionFields.COPIED);
    Optional<Provider> who = provider(base, namedFormat);
    Optional<Handle> standard =
        values.get(DefinitionFields.API_STANDARD).or(() -> who.map(Provider::defaultStandard));
    Optional<Endpoint> where =
        values.get(DefinitionFields.ENDPOINT).or(() -> who.flatMap(Provider::defaultEndpoint));
    Optional<ModelName> what = values.get(DefinitionFields.MODEL);

    List<Fault> faults = new ArrayList<>();
    if (who.isEmpty()) {
      faults.add(
          Fault.required("provider", "Give provider or api_standard, or name a definition."));
    } else if (where.isEmpty()) {
      faults.add(
          Fault.required(
              "endpoint",
              "This provider has no default endpoint. Give an endpoint, or the provider's"
                  + " settings."));
    }
    if (what.isEmpty()) {
      faults.add(
          Fault.required("model", "Give the provider's name for the model, or name a definition."));
    }
    if (who.isEmpty() || standard.isEmpty() || where.isEmpty() || what.isEmpty()) {
      return new Result.Incomplete(List.copyOf(faults));
    }
    return new Result.Complete(
        new DefinitionFields(
            values
                .withOptional(DefinitionFields.PROVIDER, who)
                .withOptional(DefinitionFields.API_STANDARD, standard)
                .withOptional(DefinitionFields.ENDPOINT, where)));
  }

  /** Returns the provider after the write; empty if the write does not determine the provider. */
  public Optional<Provider> provider(
      Optional<DefinitionFields> base, Optional<WireFormat> namedFormat) {
    Optional<Provider> given = fields.get(DefinitionFields.PROVIDER).given();
    if (given.isPresent()) {
      return given;
    }
    Optional<Handle> standard = fields.get(DefinitionFields.API_STANDARD).given();
    boolean sameStandard = standard.equals(base.map(DefinitionFields::apiStandard));
    if (namedFormat.isEmpty() || sameStandard) {
      return base.map(DefinitionFields::provider);
    }
    Optional<Endpoint> where =
        fields
            .get(DefinitionFields.ENDPOINT)
            .given()
            .or(() -> base.map(DefinitionFields::endpoint));
    return Optional.of(Provider.meantBy(namedFormat.get(), where));
  }
}
