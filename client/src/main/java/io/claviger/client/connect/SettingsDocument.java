package io.claviger.client.connect;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The settings of another program. Only the given settings are changed; all others stay. */
interface SettingsDocument {
  /** The value at a path of names; empty if there is none. */
  Optional<JsonNode> get(List<String> path);

  void set(List<String> path, JsonNode value);

  /** Removes a value, and the objects around it that become empty by that. */
  void remove(List<String> path);

  boolean isEmpty();

  /** Returns the settings as they are written to the file. */
  String text();
}
