package io.claviger.domain.definitions;

import io.claviger.domain.Description;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.Handle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a definition says of a service, and what an instance copies from it. */
public record DefinitionFields(
    Description description,
    Provider provider,
    Handle apiStandard,
    Endpoint endpoint,
    ModelName model,
    Optional<Dimensions> dimensions,
    Optional<ContextLimit> contextLimit) {

  /** The names, as in JSON, of the fields in which these differ from the others. */
  public List<String> differingFrom(DefinitionFields other) {
    List<String> names = new ArrayList<>();
    differ(names, "description", description, other.description);
    differ(names, "provider", provider, other.provider);
    differ(names, "api_standard", apiStandard, other.apiStandard);
    differ(names, "endpoint", endpoint, other.endpoint);
    differ(names, "model", model, other.model);
    differ(names, "dimensions", dimensions, other.dimensions);
    differ(names, "context_limit", contextLimit, other.contextLimit);
    return names;
  }

  private static void differ(List<String> names, String name, Object one, Object other) {
    if (!one.equals(other)) {
      names.add(name);
    }
  }
}
