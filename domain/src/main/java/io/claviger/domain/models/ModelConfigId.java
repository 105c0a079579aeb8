package io.claviger.domain.models;

import java.util.UUID;

/** Identifies an entry of the model catalogue for good. */
public record ModelConfigId(UUID value) {}
