package io.claviger.domain.definitions;

import io.claviger.domain.Description;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.Handle;
import java.util.Optional;

/** What a definition says of a service, and what an instance copies from it. */
public record DefinitionFields(
    Description description,
    Provider provider,
    Handle apiStandard,
    Endpoint endpoint,
    ModelName model,
    Optional<Dimensions> dimensions,
    Optional<ContextLimit> contextLimit) {}
