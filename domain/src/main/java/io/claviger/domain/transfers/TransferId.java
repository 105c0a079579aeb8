package io.claviger.domain.transfers;

import java.util.UUID;

/** Identifies a transfer permanently. */
public record TransferId(UUID value) {}
