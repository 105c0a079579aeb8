package io.claviger.client.connect;

import io.claviger.client.faults.ClientFault;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.settings.PrivateFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Records the values that this program wrote into other programs' settings, and the former values
 * of these settings.
 */
final class ConnectionJournal {
  private final Path directory;

  /**
   * @param settings the directory of this program's settings
   */
  ConnectionJournal(Path settings) {
    this.directory = settings.resolve("connected");
  }

  /**
   * The changes in one file.
   *
   * @param created whether the file did not exist before the first of these changes
   */
  record JournalEntry(Path file, boolean created, List<WrittenSetting> changes) {}

  /**
   * A value that this program wrote into another program's settings.
   *
   * @param former the former value of the setting; empty if it had none
   */
  record WrittenSetting(List<String> path, Optional<JsonNode> former, JsonNode written) {}

  Optional<JournalEntry> find(ConnectableClient client) {
    Path file = file(client);
    try {
      return Optional.of(entry(JsonTrees.read(Files.readAllBytes(file))));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | JacksonException e) {
      throw ClientFault.of("%s can't be read".formatted(file));
    }
  }

  void write(ConnectableClient client, JournalEntry entry) {
    ObjectNode json = JsonTrees.object().put("file", entry.file().toString());
    json.put("created", entry.created());
    ArrayNode changes = json.putArray("changes");
    for (WrittenSetting change : entry.changes()) {
      ObjectNode each = changes.addObject();
      change.path().forEach(each.putArray("path")::add);
      change.former().ifPresent(value -> each.set("former", value));
      each.set("written", change.written());
    }
    PrivateFiles.write(
        file(client), JsonTrees.pretty(json).concat("\n").getBytes(StandardCharsets.UTF_8));
  }

  void remove(ConnectableClient client) {
    try {
      Files.deleteIfExists(file(client));
    } catch (IOException e) {
      throw PrivateFiles.unwritable(file(client), e);
    }
  }

  private static JournalEntry entry(JsonNode json) {
    List<WrittenSetting> changes = new ArrayList<>();
    for (JsonNode each : json.path("changes")) {
      List<String> path = each.path("path").values().stream().map(JsonNode::asString).toList();
      JsonNode former = each.path("former");
      changes.add(
          new WrittenSetting(
              path,
              former.isMissingNode() ? Optional.empty() : Optional.of(former),
              each.path("written")));
    }
    return new JournalEntry(
        Path.of(JsonTrees.text(json, "file")),
        json.path("created").asBoolean(),
        List.copyOf(changes));
  }

  private Path file(ConnectableClient client) {
    return directory.resolve(client.handle() + ".json");
  }
}
