package io.claviger.domain.definitions;

import io.claviger.domain.Description;
import io.claviger.domain.Fault;
import io.claviger.domain.Field;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.standards.WireFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A write of the fields that definitions and instances share. Absent fields are taken from a base
 * (the stored fields or a definition) or from the provider's defaults.
 */
public record DefinitionWrite(
    Field<Description> description,
    Field<Provider> provider,
    Field<Handle> apiStandard,
    Field<Endpoint> endpoint,
    Field<ModelName> model,
    Field<Dimensions> dimensions,
    Field<ContextLimit> contextLimit) {

  /** Either the fields that result from a write, or everything that is missing. */
  public sealed interface Result {
    record Complete(DefinitionFields fields) implements Result {}

    record Incomplete(List<Fault> faults) implements Result {}
  }

  /**
   * @param base the fields that replace absent ones
   * @param namedFormat the format of the API standard that {@link #apiStandard} names, if it names
   *     one
   */
  public Result over(Optional<DefinitionFields> base, Optional<WireFormat> namedFormat) {
    Optional<Provider> who = provider(base, namedFormat);
    Optional<Handle> standard =
        apiStandard
            .given()
            .or(() -> base.map(DefinitionFields::apiStandard))
            .or(() -> who.map(Provider::defaultStandard));
    Optional<Endpoint> where =
        endpoint
            .given()
            .or(() -> base.map(DefinitionFields::endpoint))
            .or(() -> who.flatMap(Provider::defaultEndpoint));
    Optional<ModelName> what = model.given().or(() -> base.map(DefinitionFields::model));

    List<Fault> faults = new ArrayList<>();
    if (who.isEmpty()) {
      faults.add(
          Fault.required("provider", "Give provider or api_standard, or name a definition."));
    } else if (where.isEmpty()) {
      faults.add(Fault.required("endpoint", "This provider has no default endpoint; give one."));
    }
    if (what.isEmpty()) {
      faults.add(
          Fault.required("model", "Give the provider's name of the model, or name a definition."));
    }
    if (who.isEmpty() || standard.isEmpty() || where.isEmpty() || what.isEmpty()) {
      return new Result.Incomplete(List.copyOf(faults));
    }
    return new Result.Complete(
        new DefinitionFields(
            description.or(base.map(DefinitionFields::description).orElse(Description.NONE)),
            who.get(),
            standard.get(),
            where.get(),
            what.get(),
            dimensions.or(base.flatMap(DefinitionFields::dimensions)),
            contextLimit.or(base.flatMap(DefinitionFields::contextLimit))));
  }

  private Optional<Provider> provider(
      Optional<DefinitionFields> base, Optional<WireFormat> namedFormat) {
    if (provider.given().isPresent()) {
      return provider.given();
    }
    boolean sameStandard = apiStandard.given().equals(base.map(DefinitionFields::apiStandard));
    if (namedFormat.isEmpty() || sameStandard) {
      return base.map(DefinitionFields::provider);
    }
    Optional<Endpoint> where = endpoint.given().or(() -> base.map(DefinitionFields::endpoint));
    return Optional.of(Provider.meantBy(namedFormat.get(), where));
  }
}
