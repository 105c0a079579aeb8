package io.claviger.domain.definitions;

import java.util.UUID;

/** Identifies a definition for good. */
public record DefinitionId(UUID value) {}
