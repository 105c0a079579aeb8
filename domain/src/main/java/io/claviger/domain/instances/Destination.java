package io.claviger.domain.instances;

import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.standards.KeyPlacement;

/** Where and how a key travels. A key is sealed to it. */
public record Destination(Endpoint endpoint, KeyPlacement placement) {}
