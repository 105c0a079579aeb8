package io.claviger.client.connect;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * The settings of another program. Only those settings are changed that this program sets; all
 * other settings stay as they are.
 */
interface SettingsDocument {
  /** The value of the setting at a path of names; empty if there is none. */
  Optional<JsonNode> get(List<String> path);

  void set(List<String> path, JsonNode value);

  /** Removes a value, and also those objects around the value that become empty by the removal. */
  void remove(List<String> path);

  boolean isEmpty();

  /** Returns the text of the settings in the form in which it is written to the file. */
  String text();
}
