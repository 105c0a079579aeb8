package io.claviger.client.connect;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The settings of another program, of which a few are changed and all others kept. */
interface SettingsDocument {
  /** The value at a path of names; empty if there is none. */
  Optional<JsonNode> get(List<String> path);

  /** Adds a value, or replaces the one that is there. */
  void set(List<String> path, JsonNode value);

  /** Removes a value, and objects around it that are empty then. */
  void remove(List<String> path);

  /** Whether nothing is set. */
  boolean isEmpty();

  /** As it is written. */
  String text();
}
