package io.claviger.client.connect;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * The settings of another program. Only the settings that this program sets are changed. All other
 * settings stay as they are.
 */
interface SettingsDocument {
  /**
   * Returns the value of the setting to which these nested names lead; empty if there is no such
   * setting.
   */
  Optional<JsonNode> get(List<String> path);

  void set(List<String> path, JsonNode value);

  /** Removes a value, and the surrounding objects that become empty. */
  void remove(List<String> path);

  boolean isEmpty();

  /** Returns the settings' text for the file. */
  String text();
}
