package io.claviger.client.apply;

import io.claviger.client.apply.WishedState.Entry;
import io.claviger.client.apply.WishedState.Secrets;
import io.claviger.client.http.TerminalText;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads what a file says, and notes all that is wrong with it. */
final class WishedStateReader {
  private static final Shape.Fields FILE = file();
  private static final int LONGEST_NAME = 100;

  private final String user;
  private final ShapedReader reader;
  private final Map<Key, Entry> entries = new TreeMap<>(Order.OF_KEYS);
  private final Set<Key> complete = new HashSet<>();

  private WishedStateReader(String user, FileFaults faults) {
    this.user = user;
    this.reader = new ShapedReader(faults);
  }

  private static Shape.Fields file() {
    Map<String, Shape> fields = new LinkedHashMap<>();
    fields.put("name", new Shape.Text());
    Kind.whole().forEach(kind -> fields.put(kind.section(), new Shape.ListOf(kind.shape())));
    return new Shape.Fields(fields);
  }

  /**
   * Reads a file.
   *
   * @param user the owner of what is named by its handle alone
   * @param faults gets all that is wrong; what is returned is of use only if there is nothing
   */
  static WishedState read(byte[] document, String user, FileFaults faults) {
    WishedStateReader reading = new WishedStateReader(user, faults);
    String name = Yaml.read(document, faults).map(reading::whole).orElse("");
    if (name.isEmpty()) {
      faults.add(
          Place.START, "`name` is missing: a name for this file, by which --prune knows its own");
    }
    return new WishedState(name, reading.entries, reading.complete);
  }

  private String whole(Node root) {
    Map<String, ShapedReader.Member> sections = reader.members(root).orElseGet(Map::of);
    String name = "";
    for (Map.Entry<String, ShapedReader.Member> section : sections.entrySet()) {
      Optional<Kind> kind =
          Kind.whole().filter(each -> each.section().equals(section.getKey())).findFirst();
      Node value = section.getValue().value();
      if (kind.isPresent()) {
        entries(kind.get(), value, reader.read(value, new Shape.ListOf(kind.get().shape())), "");
      } else if (section.getKey().equals("name")) {
        name = name(value);
      } else {
        reader.fault(section.getValue().key(), ShapedReader.unknown(section.getKey(), FILE));
      }
    }
    return name;
  }

  private String name(Node node) {
    String name = reader.read(node, new Shape.Text()).asString("");
    if (name.isBlank() || name.length() > LONGEST_NAME || !name.equals(TerminalText.line(name))) {
      reader.fault(node, "`name` is one line of 1 to 100 characters");
    }
    return name.isBlank() ? "?" : name;
  }

  /**
   * Reads a list of entries.
   *
   * @param of the name of what they are parts of
   */
  private void entries(Kind kind, Node node, JsonNode list, String of) {
    List<Node> items = node instanceof SequenceNode sequence ? sequence.getValue() : List.of();
    for (int n = 0; n < items.size() && n < list.size(); n++) {
      if (list.get(n) instanceof ObjectNode fields) {
        entry(kind, items.get(n), fields, of);
      }
    }
  }

  private void entry(Kind kind, Node node, ObjectNode fields, String of) {
    Optional<Kind> part = kind.part();
    Optional<JsonNode> parts = part.map(each -> fields.remove(each.section()));
    Secrets secrets = secrets(fields);
    Optional<String> name = Names.of(kind, fields, user, text -> reader.fault(node, text));
    if (name.isEmpty()) {
      return;
    }
    Key key = new Key(kind, of, name.get());
    if (kind == Kind.GROUP) {
      LimitsEntries.ofGroup(key.name(), fields, Yaml.place(node))
          .forEach(each -> entries.put(each.key(), each));
    }
    if (kind == Kind.USER_LIMITS && !fields.has("limits")) {
      reader.fault(node, "`limits` is missing: all that a file says of a user");
    }
    ObjectNode said =
        kind == Kind.USER_LIMITS ? LimitsEntries.limits(fields.path("limits")) : fields;
    Entry before = entries.put(key, new Entry(key, said, secrets, Yaml.place(node)));
    if (before != null) {
      reader.fault(
          node,
          "%s stands in line %d too".formatted(TerminalText.line("" + key), before.place().line()));
    }
    if (parts.isPresent() && parts.get() instanceof ArrayNode list) {
      complete.add(key);
      Node section =
          Objects.requireNonNull(
                  reader.members(node).orElseThrow().get(part.orElseThrow().section()))
              .value();
      entries(part.get(), section, list, key.name());
      if (of.isEmpty() && key.name().startsWith("_system/") && !list.isEmpty()) {
        reader.fault(section, "everybody has what belongs to _system; it is not shared");
      }
    }
  }

  /** Takes the secrets out of the fields. The version of the key stays there, as the API has it. */
  private static Secrets secrets(ObjectNode fields) {
    JsonNode key = fields.remove("api_key");
    JsonNode headers = fields.remove("custom_headers");
    if (key != null) {
      fields.set(
          "api_key_version",
          key.path(SecretReference.VERSION).isString()
              ? key.get(SecretReference.VERSION)
              : fields.nullNode());
    }
    Map<String, SecretReference> named = new LinkedHashMap<>();
    if (headers != null) {
      headers
          .properties()
          .forEach(
              header ->
                  SecretReference.of(header.getValue())
                      .ifPresent(reference -> named.put(header.getKey(), reference)));
    }
    return new Secrets(
        Optional.ofNullable(key).flatMap(SecretReference::of),
        key != null && key.isNull(),
        headers == null ? Optional.empty() : Optional.of(named));
  }
}
