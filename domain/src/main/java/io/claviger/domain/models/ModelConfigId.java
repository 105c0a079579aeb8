package io.claviger.domain.models;

import java.util.UUID;

/** Identifies an entry of the model catalogue permanently. */
public record ModelConfigId(UUID value) {}
