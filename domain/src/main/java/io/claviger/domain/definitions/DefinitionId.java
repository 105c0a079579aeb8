package io.claviger.domain.definitions;

import java.util.UUID;

/** Identifies a definition permanently. */
public record DefinitionId(UUID value) {}
