package io.claviger.client.connect;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What to write into the settings of another program.
 *
 * @param file where these are
 * @param settings empty for a program that has none
 * @param notes what else the user has to know, line by line
 */
record ClientSetup(Optional<Path> file, List<Setting> settings, List<String> notes) {

  /** A value at a path of names. */
  record Setting(List<String> path, JsonNode value) {}
}
