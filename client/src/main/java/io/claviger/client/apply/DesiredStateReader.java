package io.claviger.client.apply;

import io.claviger.client.apply.DesiredState.DesiredResource;
import io.claviger.client.apply.DesiredState.KeyReference;
import io.claviger.client.apply.DesiredState.ServiceSecrets;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.text.TerminalText;
import java.util.EnumMap;
import java.util.HashMap;
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

/** Reads a file and collects all its faults. */
final class DesiredStateReader {
  private static final ValueSchema.Fields FILE = file();
  private static final int LONGEST_NAME = 100;

  private final String user;
  private final ValueReader reader;
  private final Map<ResourceKey, DesiredResource> entries = new TreeMap<>(WriteOrder.OF_KEYS);
  private final Set<ResourceKey> complete = new HashSet<>();

  /**
   * The models in the file, keyed by name. If several models have the same name, only the first of
   * them is in this map.
   */
  private final Map<String, ResourceKey> models = new HashMap<>();

  private DesiredStateReader(String user, FileFaults faults) {
    this.user = user;
    this.reader = new ValueReader(faults);
  }

  private static ValueSchema.Fields file() {
    Map<String, ValueSchema> fields = new LinkedHashMap<>();
    fields.put("name", new ValueSchema.Text());
    ResourceKind.topLevel()
        .forEach(kind -> fields.put(kind.section(), new ValueSchema.ListOf(kind.schema())));
    return new ValueSchema.Fields(fields);
  }

  /**
   * Reads a file.
   *
   * @param user the owner of the resources that the file names without an owner
   * @param faults the receiver of all faults of the file; if there are any, the result must not be
   *     used
   */
  static DesiredState read(byte[] document, String user, FileFaults faults) {
    DesiredStateReader reading = new DesiredStateReader(user, faults);
    String name = Yaml.read(document, faults).map(reading::readDocument).orElse("");
    if (name.isEmpty()) {
      faults.add(
          SourcePosition.START,
          "`name` is missing: a name for this file, by which --prune recognizes things of this file");
    }
    return new DesiredState(user, name, reading.entries, reading.complete);
  }

  private String readDocument(Node root) {
    Map<String, ValueReader.Member> sections = reader.members(root).orElseGet(Map::of);
    String name = "";
    for (Map.Entry<String, ValueReader.Member> section : sections.entrySet()) {
      Optional<ResourceKind> kind =
          ResourceKind.topLevel()
              .filter(each -> each.section().equals(section.getKey()))
              .findFirst();
      Node value = section.getValue().value();
      if (kind.isPresent()) {
        readEntries(
            kind.get(), value, reader.read(value, new ValueSchema.ListOf(kind.get().schema())), "");
      } else if (section.getKey().equals("name")) {
        name = readName(value);
      } else {
        reader.addFault(section.getValue().key(), ValueReader.unknown(section.getKey(), FILE));
      }
    }
    return name;
  }

  private String readName(Node node) {
    String name = reader.read(node, new ValueSchema.Text()).asString("");
    if (name.isBlank() || name.length() > LONGEST_NAME || !name.equals(TerminalText.line(name))) {
      reader.addFault(node, "`name` is one line of 1 to 100 characters");
    }
    return name.isBlank() ? "?" : name;
  }

  /**
   * Reads a list of entries of the file.
   *
   * @param parent the name of the resource to which the entries belong; empty if they belong to no
   *     resource
   */
  private void readEntries(ResourceKind kind, Node node, JsonNode list, String parent) {
    List<Node> items = node instanceof SequenceNode sequence ? sequence.getValue() : List.of();
    for (int n = 0; n < items.size() && n < list.size(); n++) {
      if (list.get(n) instanceof ObjectNode fields) {
        readEntry(kind, items.get(n), fields, parent);
      }
    }
  }

  private void readEntry(ResourceKind kind, Node node, ObjectNode fields, String of) {
    Map<ResourceKind, JsonNode> parts = new EnumMap<>(ResourceKind.class);
    kind.parts().stream()
        .filter(part -> fields.has(part.section()))
        .forEach(part -> parts.put(part, fields.remove(part.section())));
    ServiceSecrets secrets = takeSecrets(fields, node);
    String scope = kind == ResourceKind.MODEL ? EntryNames.takenFormat(fields) : of;
    Optional<String> name = EntryNames.of(kind, fields, user, text -> reader.addFault(node, text));
    if (name.isEmpty()) {
      return;
    }
    ResourceKey key = new ResourceKey(kind, scope, name.get());
    if (kind == ResourceKind.GROUP) {
      LimitsEntries.ofGroup(key.name(), fields, Yaml.position(node))
          .forEach(each -> entries.put(each.key(), each));
    }
    if (kind == ResourceKind.USER_LIMITS && !fields.has("limits")) {
      reader.addFault(node, "`limits` is missing: a file sets nothing else for a user");
    }
    ObjectNode said =
        kind == ResourceKind.USER_LIMITS ? LimitsEntries.limits(fields.path("limits")) : fields;
    DesiredResource before =
        entries.put(key, new DesiredResource(key, said, secrets, Yaml.position(node)));
    if (before != null) {
      reader.addFault(
          node,
          "%s is in line %d too".formatted(TerminalText.line("" + key), before.position().line()));
    }
    if (kind == ResourceKind.MODEL) {
      demandFormats(key, node);
    }
    parts.forEach(
        (part, list) -> {
          if (list instanceof ArrayNode) {
            complete.add(key.listOf(part));
            readParts(part, node, list, key);
          }
        });
  }

  /**
   * If several models in the file have the same name, requires that each of them states its format.
   */
  private void demandFormats(ResourceKey model, Node node) {
    ResourceKey other = models.putIfAbsent(model.name(), model);
    if (other != null && !other.equals(model) && (other.of().isEmpty() || model.of().isEmpty())) {
      reader.addFault(
          node,
          "a model of this name is in line %d too; give both a `format`"
              .formatted(Objects.requireNonNull(entries.get(other)).position().line()));
    }
  }

  private void readParts(ResourceKind part, Node whole, JsonNode list, ResourceKey of) {
    Node section =
        Objects.requireNonNull(reader.members(whole).orElseThrow().get(part.section())).value();
    readEntries(part, section, list, of.name());
    if (part == ResourceKind.PROJECT_SHARE && of.isOfSystem() && !list.isEmpty()) {
      reader.addFault(section, "everybody can use what belongs to _system, so it is not shared");
    }
  }

  /**
   * Takes the secrets out of a service's fields. The key's version stays among the fields, because
   * the API has a field for the version.
   */
  private ServiceSecrets takeSecrets(ObjectNode fields, Node node) {
    JsonNode apiKey = fields.remove("api_key");
    Map<String, JsonNode> inCredential = takeFromCredential(fields, node);
    if (inCredential.size() + (apiKey == null ? 0 : 1) > 1) {
      addFaultOfCredential(node, "give one secret: in `api_key` or in `credential`");
    }
    Map.Entry<String, JsonNode> other = inCredential.entrySet().stream().findFirst().orElse(null);
    JsonNode key = other == null ? apiKey : other.getValue();
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
    return new ServiceSecrets(
        Optional.ofNullable(key)
            .flatMap(SecretReference::of)
            .map(
                from ->
                    new KeyReference(
                        other == null ? "api_key" : other.getKey(), other != null, from)),
        apiKey != null && apiKey.isNull(),
        headers == null ? Optional.empty() : Optional.of(named));
  }

  private void addFaultOfCredential(Node entry, String fault) {
    Map<String, ValueReader.Member> members = reader.members(entry).orElseThrow();
    reader.addFault(Objects.requireNonNull(members.get("credential")).key(), fault);
  }

  /** Takes the secrets out of the credential in a service's fields. */
  private Map<String, JsonNode> takeFromCredential(ObjectNode fields, Node node) {
    Map<String, JsonNode> taken = new LinkedHashMap<>();
    JsonNode said = fields.path("credential");
    if (said.isNull()) {
      addFaultOfCredential(node, "`credential` has a `kind`; `api_key: null` removes a key");
    }
    if (said instanceof ObjectNode credential) {
      FileSchemas.CREDENTIAL_SECRETS.stream()
          .filter(credential::has)
          .forEach(name -> taken.put(name, credential.remove(name)));
      taken.values().removeIf(JsonNode::isNull);
    }
    return taken;
  }

  /**
   * Reads the limits in the entries of users and groups. In the API, limits are separate resources.
   */
  private static final class LimitsEntries {
    private static final Map<String, ResourceKind> OF_GROUPS =
        Map.of(
            "limits", ResourceKind.GROUP_LIMITS, "pooled_limits", ResourceKind.GROUP_POOLED_LIMITS);

    private LimitsEntries() {}

    /** Takes the limits out of a group's fields, and returns them as a separate resource. */
    static List<DesiredResource> ofGroup(String name, ObjectNode fields, SourcePosition position) {
      return OF_GROUPS.entrySet().stream()
          .filter(each -> fields.has(each.getKey()))
          .map(
              each ->
                  new DesiredResource(
                      ResourceKey.of(each.getValue(), name),
                      limits(fields.remove(each.getKey())),
                      ServiceSecrets.NONE,
                      position))
          .toList();
    }

    /** Returns limits as the API expects them. In a file, null means that there are no limits. */
    static ObjectNode limits(JsonNode said) {
      if (said instanceof ObjectNode limits) {
        return limits;
      }
      ObjectNode none = JsonTrees.object();
      FileSchemas.LIMITS.fields().keySet().forEach(none::putNull);
      return none;
    }
  }
}
