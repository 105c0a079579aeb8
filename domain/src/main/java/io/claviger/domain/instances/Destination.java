package io.claviger.domain.instances;

import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.standards.KeyPlacement;

/** Where a key is sent and how. A key is sealed to its destination. */
public record Destination(Endpoint endpoint, KeyPlacement placement) {}
