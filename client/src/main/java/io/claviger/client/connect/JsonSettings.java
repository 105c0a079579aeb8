package io.claviger.client.connect;

import io.claviger.client.faults.ClientFault;
import io.claviger.client.json.JsonTrees;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Settings in JSON. A file that contains comments is refused, because the comments would be lost.
 */
final class JsonSettings implements SettingsDocument {
  private final ObjectNode root;

  private JsonSettings(ObjectNode root) {
    this.root = root;
  }

  static JsonSettings read(Path file, String text) {
    if (text.isBlank()) {
      return new JsonSettings(JsonTrees.object());
    }
    try {
      if (JsonTrees.read(text.getBytes(StandardCharsets.UTF_8)) instanceof ObjectNode object) {
        return new JsonSettings(object);
      }
    } catch (JacksonException e) {
      throw ClientFault.of(
          "%s is not valid JSON, and is left alone (line %d)"
              .formatted(file, e.getLocation().getLineNr()),
          "If the file has comments, remove them. JSON has none, even if the program allows them.");
    }
    throw ClientFault.of("%s holds no JSON object, and is left alone".formatted(file));
  }

  @Override
  public Optional<JsonNode> get(List<String> path) {
    JsonNode value = root;
    for (String name : path) {
      value = value.path(name);
    }
    return value.isMissingNode() ? Optional.empty() : Optional.of(value);
  }

  @Override
  public void set(List<String> path, JsonNode value) {
    ObjectNode object = root;
    for (String name : path.subList(0, path.size() - 1)) {
      JsonNode inner = object.path(name);
      if (inner.isMissingNode()) {
        object = object.putObject(name);
      } else if (inner instanceof ObjectNode existing) {
        object = existing;
      } else {
        throw ClientFault.of(
            "`%s` in these settings is not an object, and the file is left alone".formatted(name));
      }
    }
    object.set(path.get(path.size() - 1), value);
  }

  @Override
  public void remove(List<String> path) {
    List<String> around = path.subList(0, path.size() - 1);
    JsonNode object = around.isEmpty() ? root : get(around).orElse(root);
    if (object instanceof ObjectNode inner) {
      inner.remove(path.get(path.size() - 1));
      if (inner.isEmpty() && !around.isEmpty()) {
        remove(around);
      }
    }
  }

  @Override
  public boolean isEmpty() {
    return root.isEmpty();
  }

  @Override
  public String text() {
    return JsonTrees.pretty(root) + "\n";
  }
}
