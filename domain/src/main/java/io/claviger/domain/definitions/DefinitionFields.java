package io.claviger.domain.definitions;

import io.claviger.domain.Description;
import io.claviger.domain.FieldDifferences;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.Handle;
import java.util.List;
import java.util.Optional;

/** The fields of a definition. An instance copies them when it is made from the definition. */
public record DefinitionFields(
    Description description,
    Provider provider,
    Handle apiStandard,
    Endpoint endpoint,
    ModelName model,
    Optional<Dimensions> dimensions,
    Optional<ContextLimit> contextLimit) {

  /** The JSON names of the fields in which the two differ. */
  public List<String> differingFrom(DefinitionFields other) {
    return new FieldDifferences()
        .of("description", description, other.description)
        .of("provider", provider, other.provider)
        .of("api_standard", apiStandard, other.apiStandard)
        .of("endpoint", endpoint, other.endpoint)
        .of("model", model, other.model)
        .of("dimensions", dimensions, other.dimensions)
        .of("context_limit", contextLimit, other.contextLimit)
        .names();
  }
}
