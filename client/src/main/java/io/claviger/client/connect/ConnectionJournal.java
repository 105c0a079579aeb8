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
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Records the values that this program wrote into other programs' settings, and the former values
 * of these settings. Another program can have several files with settings; the journal has an entry
 * for each file. All modes of a program have the same journal, because they have the same files.
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
   * @param file the real path of the file
   * @param created whether the file did not exist before the first of these changes
   */
  record JournalEntry(Path file, boolean created, List<WrittenSetting> changes) {
    /** Returns these changes, and the earlier changes of other settings in the same file. */
    JournalEntry after(JournalEntry earlier) {
      Set<List<String>> paths =
          changes.stream().map(WrittenSetting::path).collect(Collectors.toSet());
      return new JournalEntry(
          file,
          earlier.created,
          Stream.concat(
                  changes.stream(),
                  earlier.changes.stream().filter(change -> !paths.contains(change.path())))
              .toList());
    }

    /**
     * Returns one entry with the changes of two entries for the same file: this entry and another
     * one. Either of the two entries may have been made first.
     */
    JournalEntry with(JournalEntry other) {
      List<WrittenSetting> all =
          changes.stream()
              .map(
                  change ->
                      other.changes.stream()
                          .filter(same -> same.path().equals(change.path()))
                          .findFirst()
                          .map(change::with)
                          .orElse(change))
              .toList();
      JournalEntry whole = new JournalEntry(file, created, all).after(other);
      return new JournalEntry(file, created || other.created, whole.changes);
    }
  }

  /**
   * A value that this program wrote into another program's settings.
   *
   * @param former the former value of the setting; empty if it had none
   */
  record WrittenSetting(List<String> path, Optional<JsonNode> former, JsonNode written) {
    /**
     * Returns two changes of the same setting as a single change: from the value before the earlier
     * change to the value after the later change.
     */
    WrittenSetting with(WrittenSetting other) {
      if (other.former.equals(Optional.of(written))) {
        return new WrittenSetting(path, former, other.written);
      }
      return former.equals(Optional.of(other.written))
          ? new WrittenSetting(path, other.former, written)
          : this;
    }
  }

  /**
   * Returns the entries of a program, one for each file with its settings. Earlier builds kept a
   * journal for each mode of a program.
   */
  List<JournalEntry> entries(ConnectableClient client) {
    Map<Path, JournalEntry> entries = new LinkedHashMap<>();
    modes(client)
        .flatMap(mode -> read(file(mode)).stream())
        .forEach(entry -> entries.merge(entry.file(), entry, JournalEntry::with));
    return List.copyOf(entries.values());
  }

  private static Stream<ConnectableClient> modes(ConnectableClient client) {
    return Arrays.stream(ConnectableClient.values())
        .filter(other -> other.program() == client.program());
  }

  private static List<JournalEntry> read(Path file) {
    try {
      JsonNode json = JsonTrees.read(Files.readAllBytes(file));
      List<JournalEntry> entries = new ArrayList<>();
      // Earlier builds wrote a single entry instead of a list.
      for (JsonNode each : json.has("files") ? json.get("files").values() : List.of(json)) {
        entries.add(entry(each));
      }
      return List.copyOf(entries);
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException | JacksonException e) {
      throw ClientFault.of("%s can't be read".formatted(file));
    }
  }

  Optional<JournalEntry> find(ConnectableClient client, Path file) {
    return entries(client).stream().filter(entry -> entry.file().equals(file)).findFirst();
  }

  /** Replaces the entry of a file. Entries of files that do not exist any more are removed. */
  void write(ConnectableClient client, JournalEntry entry) {
    List<JournalEntry> entries = new ArrayList<>(others(client, entry));
    entries.removeIf(other -> !Files.exists(other.file()));
    entries.add(entry);
    write(client, entries);
  }

  void remove(ConnectableClient client, JournalEntry entry) {
    List<JournalEntry> others = others(client, entry);
    if (others.isEmpty()) {
      modes(client).forEach(this::delete);
    } else {
      write(client, others);
    }
  }

  private List<JournalEntry> others(ConnectableClient client, JournalEntry entry) {
    return entries(client).stream().filter(other -> !other.file().equals(entry.file())).toList();
  }

  private void write(ConnectableClient client, List<JournalEntry> entries) {
    ObjectNode json = JsonTrees.object();
    ArrayNode files = json.putArray("files");
    entries.forEach(entry -> files.add(json(entry)));
    PrivateFiles.write(
        file(client.program()),
        JsonTrees.pretty(json).concat("\n").getBytes(StandardCharsets.UTF_8));
    modes(client).filter(mode -> mode != client.program()).forEach(this::delete);
  }

  private static ObjectNode json(JournalEntry entry) {
    ObjectNode json = JsonTrees.object().put("file", entry.file().toString());
    json.put("created", entry.created());
    ArrayNode changes = json.putArray("changes");
    for (WrittenSetting change : entry.changes()) {
      ObjectNode each = changes.addObject();
      change.path().forEach(each.putArray("path")::add);
      change.former().ifPresent(value -> each.set("former", value));
      each.set("written", change.written());
    }
    return json;
  }

  private void delete(ConnectableClient client) {
    try {
      Files.deleteIfExists(file(client));
    } catch (IOException e) {
      throw PrivateFiles.unwritable(file(client), e);
    }
  }

  private static JournalEntry entry(JsonNode json) throws IOException {
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
        SettingsFile.real(Path.of(JsonTrees.text(json, "file"))),
        json.path("created").asBoolean(),
        List.copyOf(changes));
  }

  private Path file(ConnectableClient client) {
    return directory.resolve(client.handle() + ".json");
  }
}
