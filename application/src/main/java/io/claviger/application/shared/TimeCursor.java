package io.claviger.application.shared;

import java.time.Instant;
import java.util.UUID;

/** A position in a list that is ordered by creation time, then id. */
public record TimeCursor(Instant at, UUID id) {}
