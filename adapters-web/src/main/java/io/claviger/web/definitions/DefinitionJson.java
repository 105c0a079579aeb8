package io.claviger.web.definitions;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.claviger.domain.AppliedBy;
import io.claviger.domain.definitions.ContextLimit;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.Dimensions;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** A definition as the API shows it. */
record DefinitionJson(
    UUID id,
    String owner,
    String handle,
    String ref,
    String description,
    String provider,
    String apiStandard,
    String endpoint,
    String model,
    Optional<Integer> dimensions,
    Optional<Integer> contextLimit,
    @JsonProperty("public") boolean seenByAll,
    Optional<String> appliedBy,
    long version,
    Instant createdAt,
    Instant updatedAt) {

  static DefinitionJson of(Definition definition) {
    DefinitionFields fields = definition.fields();
    return new DefinitionJson(
        definition.id().value(),
        definition.ref().owner().value(),
        definition.ref().handle().value(),
        definition.ref().toString(),
        fields.description().value(),
        fields.provider().wireName(),
        fields.apiStandard().value(),
        fields.endpoint().url(),
        fields.model().value(),
        fields.dimensions().map(Dimensions::value),
        fields.contextLimit().map(ContextLimit::value),
        definition.isPublic(),
        definition.appliedBy().map(AppliedBy::value),
        definition.version(),
        definition.createdAt(),
        definition.updatedAt());
  }
}
