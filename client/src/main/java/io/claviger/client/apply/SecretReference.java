package io.claviger.client.apply;

import io.claviger.client.json.JsonTrees;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Says where a secret is read from: a variable or a file. */
sealed interface SecretReference {
  record Env(String name) implements SecretReference {
    @Override
    public String toString() {
      return "variable " + name;
    }
  }

  /** A file in the directory of the applied file. */
  record InFile(String path) implements SecretReference {
    @Override
    public String toString() {
      return "file " + path;
    }
  }

  /** The name of the field with the key's version. */
  String VERSION = "version";

  /**
   * Reads a reference. A value that is not a reference is reported as a fault. The report never
   * repeats the value, because it might be a secret.
   */
  static JsonNode read(Node node, ValueReader reader) {
    if (!(node instanceof MappingNode)) {
      return reader.unlike(
          node, "{env: NAME} or {file: PATH}; the secret itself may not be in the file");
    }
    ObjectNode read = JsonTrees.object();
    Map<String, ValueReader.Member> members = reader.members(node).orElseGet(Map::of);
    members.forEach(
        (name, member) -> {
          switch (name) {
            case "env", "file", VERSION -> read.set(name, text(member.value(), reader));
            default ->
                reader.addFault(member.key(), "a reference has `env` or `file`, and `version`");
          }
        });
    if (read.path("env").isString() == read.path("file").isString()) {
      return reader.unlike(node, "either {env: NAME} or {file: PATH}");
    }
    return read;
  }

  /** Reads a version as a text. Versions are often written as numbers or dates. */
  private static JsonNode text(Node node, ValueReader reader) {
    return node instanceof ScalarNode scalar && !scalar.getValue().isBlank()
        ? JsonTrees.object().stringNode(scalar.getValue())
        : reader.unlike(node, "a text");
  }

  /** Returns the reference to the secret; empty if the file has null instead of a reference. */
  static Optional<SecretReference> of(JsonNode read) {
    Optional<SecretReference> env = JsonTrees.optional(read, "env").map(Env::new);
    return env.or(() -> JsonTrees.optional(read, "file").map(InFile::new));
  }
}
