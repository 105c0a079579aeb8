package io.claviger.client.connect;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * The settings to write for another program.
 *
 * @param file the file of the settings
 * @param settings empty for a program that has none
 * @param notes further information for the user, line by line
 */
record ClientSetup(Optional<Path> file, List<Setting> settings, List<String> notes) {

  record Setting(List<String> path, JsonNode value) {}
}
