package io.claviger.domain.instances;

import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.SentSettings;
import io.claviger.domain.standards.KeyPlacement;

/**
 * Where and how a key is sent, and the settings that are sent with it. A key is sealed to its
 * destination.
 */
public record Destination(Endpoint endpoint, KeyPlacement placement, SentSettings sent) {
  /** Creates a destination at which no settings are sent. */
  public Destination(Endpoint endpoint, KeyPlacement placement) {
    this(endpoint, placement, SentSettings.NONE);
  }
}
