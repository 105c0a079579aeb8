package io.claviger.client.apply;

import io.claviger.client.instances.CredentialWay;
import io.claviger.client.json.JsonTrees;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A user's resources on a server, in the form in which a file describes them.
 *
 * @param resources the resources that are not parts of other resources (group members, for example,
 *     are parts of groups)
 * @param parts the parts of resources, keyed by the lists that contain the parts
 * @param limits the limits of users and groups; the map's keys identify the user or group
 */
record ExportedState(
    Map<ResourceKey, JsonNode> resources,
    Map<ResourceKey, List<JsonNode>> parts,
    Map<ResourceKey, JsonNode> limits) {

  /** Returns the document as maps, lists, texts, numbers, booleans and null. */
  Map<String, @Nullable Object> document(String name) {
    VariableNames variables = new VariableNames();
    Map<String, @Nullable Object> document = new LinkedHashMap<>();
    document.put("name", name);
    ResourceKind.topLevel()
        .forEach(
            kind -> {
              List<Map<String, @Nullable Object>> entries = entries(kind, variables);
              if (!entries.isEmpty()) {
                document.put(kind.section(), entries);
              }
            });
    return document;
  }

  private List<Map<String, @Nullable Object>> entries(ResourceKind kind, VariableNames variables) {
    List<Map<String, @Nullable Object>> entries = new ArrayList<>();
    if (kind == ResourceKind.USER_LIMITS) {
      limits.keySet().stream()
          .filter(key -> key.kind() == kind)
          .forEach(key -> addUser(entries, key));
    }
    resources.forEach(
        (key, resource) -> {
          if (key.kind() == kind) {
            entries.add(entry(key, resource, variables));
          }
        });
    return entries;
  }

  private Map<String, @Nullable Object> entry(
      ResourceKey key, JsonNode resource, VariableNames variables) {
    ResourceKind kind = key.kind();
    Map<String, @Nullable Object> entry = written(kind, resource);
    if (kind == ResourceKind.MODEL && key.of().isEmpty()) {
      Object unused = entry.remove(FileSchemas.FORMAT);
    }
    if (kind == ResourceKind.SERVICE) {
      addSecrets(entry, key.name(), resource, variables);
    }
    if (kind == ResourceKind.GROUP) {
      addLimits(entry, "limits", ResourceKey.of(ResourceKind.GROUP_LIMITS, key.name()));
      addLimits(
          entry, "pooled_limits", ResourceKey.of(ResourceKind.GROUP_POOLED_LIMITS, key.name()));
    }
    for (ResourceKind part : kind.parts()) {
      Optional.ofNullable(parts.get(key.listOf(part)))
          .filter(list -> !list.isEmpty())
          .ifPresent(
              list ->
                  entry.put(
                      part.section(), list.stream().map(each -> written(part, each)).toList()));
    }
    return entry;
  }

  private void addUser(List<Map<String, @Nullable Object>> entries, ResourceKey key) {
    Map<String, @Nullable Object> entry = new LinkedHashMap<>();
    entry.put("handle", key.name());
    addLimits(entry, "limits", key);
    if (entry.size() > 1) {
      entries.add(entry);
    }
  }

  private void addLimits(Map<String, @Nullable Object> entry, String field, ResourceKey key) {
    JsonNode found = limits.get(key);
    Object said = found == null ? Map.of() : plain(found, FileSchemas.LIMITS);
    if (!Map.of().equals(said)) {
      entry.put(field, said);
    }
  }

  private static Map<String, @Nullable Object> written(ResourceKind kind, JsonNode resource) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put(kind.nameField(), plain(resource.path(kind.nameField())));
    Map<String, ValueSchema> schemas = kind.schema().fields();
    resource
        .properties()
        .forEach(
            field -> {
              ValueSchema schema = schemas.get(field.getKey());
              if (schema != null && !isLeftOut(kind, field.getKey(), resource)) {
                Object value = plain(field.getValue(), schema);
                if (!Map.of().equals(value)) {
                  fields.put(field.getKey(), value);
                }
              }
            });
    return fields;
  }

  /**
   * Whether a field is left out because it has no effect, or because its value follows from another
   * field.
   */
  private static boolean isLeftOut(ResourceKind kind, String field, JsonNode resource) {
    JsonNode value = resource.path(field);
    boolean isCopied = field.equals("dimensions") || field.equals("context_limit");
    return (value.isNull() && !(isCopied && kind == ResourceKind.SERVICE))
        || (kind == ResourceKind.PRICE
            && (field.equals("long_context") || (value.isArray() && value.isEmpty())))
        || (field.equals("credential") && value.path("kind").asString("").equals("api_key"))
        || (field.equals("user") && resource.has("grantee"))
        || (kind == ResourceKind.MODEL
            && field.equals("service")
            && resource.path("targets").size() > 1)
        || (kind == ResourceKind.MODEL
            && field.equals("targets")
            && resource.path("targets").size() <= 1)
        || (field.equals("public") && resource.path("owner").asString("").equals(EntryNames.SYSTEM))
        || (field.equals("is_default") && !value.asBoolean(false));
  }

  private static void addSecrets(
      Map<String, @Nullable Object> entry, String ref, JsonNode service, VariableNames variables) {
    String kind = service.path("credential").path("kind").asString("api_key");
    if (service.path("has_api_key").asBoolean(false)) {
      if (kind.equals("api_key")) {
        entry.put("api_key", reference(ref, "api_key", service, variables));
      } else if (entry.get("credential") instanceof Map<?, ?> settings) {
        entry.put("credential", withSecret(settings, kind, ref, service, variables));
      }
    }
    Map<String, Object> headers = new LinkedHashMap<>();
    for (JsonNode name : service.path("custom_header_names")) {
      headers.put(name.asString(), Map.of("env", variables.of(ref, name.asString())));
    }
    if (!headers.isEmpty()) {
      entry.put("custom_headers", headers);
    }
  }

  private static Map<String, Object> reference(
      String ref, String field, JsonNode service, VariableNames variables) {
    Map<String, Object> key = new LinkedHashMap<>();
    key.put("env", variables.of(ref, field));
    JsonTrees.optional(service, "api_key_version")
        .ifPresent(version -> key.put("version", version));
    return key;
  }

  private static Map<Object, Object> withSecret(
      Map<?, ?> settings, String kind, String ref, JsonNode service, VariableNames variables) {
    Map<Object, Object> credential = new LinkedHashMap<>(settings);
    CredentialWay.secretOf(kind)
        .ifPresent(field -> credential.put(field, reference(ref, field, service, variables)));
    return credential;
  }

  /** Returns a value without null fields and without fields that only the server can write. */
  private static @Nullable Object plain(JsonNode value, ValueSchema schema) {
    if (schema instanceof ValueSchema.Bounded bounded) {
      return plain(value, bounded.value());
    }
    if (schema instanceof ValueSchema.NotNull some) {
      return plain(value, some.value());
    }
    if (value instanceof ObjectNode object && schema instanceof ValueSchema.Fields fields) {
      Map<String, @Nullable Object> members = new LinkedHashMap<>();
      object.properties().stream()
          .filter(each -> fields.fields().containsKey(each.getKey()) && !each.getValue().isNull())
          .forEach(
              each ->
                  members.put(
                      each.getKey(),
                      plain(
                          each.getValue(),
                          Objects.requireNonNull(fields.fields().get(each.getKey())))));
      return members;
    }
    if (value instanceof ObjectNode object && schema instanceof ValueSchema.Named named) {
      Map<String, @Nullable Object> members = new LinkedHashMap<>();
      object
          .properties()
          .forEach(each -> members.put(each.getKey(), plain(each.getValue(), named.values())));
      return members;
    }
    if (schema instanceof ValueSchema.AnyObject) {
      return whole(value);
    }
    if (value.isArray() && schema instanceof ValueSchema.ListOf list) {
      List<@Nullable Object> items = new ArrayList<>();
      value.forEach(item -> items.add(plain(item, list.items())));
      return items;
    }
    return plain(value);
  }

  /** Returns a value with all its content, including null fields. */
  private static @Nullable Object whole(JsonNode value) {
    if (value instanceof ObjectNode object) {
      Map<String, @Nullable Object> members = new LinkedHashMap<>();
      object.properties().forEach(each -> members.put(each.getKey(), whole(each.getValue())));
      return members;
    }
    if (value.isArray()) {
      List<@Nullable Object> items = new ArrayList<>();
      value.forEach(item -> items.add(whole(item)));
      return items;
    }
    return value.isNumber() ? value.decimalValue() : plain(value);
  }

  private static @Nullable Object plain(JsonNode value) {
    if (value.isBoolean()) {
      return value.booleanValue();
    }
    if (value.isIntegralNumber()) {
      return value.longValue();
    }
    return value.isNull() ? null : value.asString("");
  }

  /**
   * Chooses the names of the environment variables for secrets. Each name is used for only one
   * secret, so that no service's key is sent to another service.
   */
  private static final class VariableNames {
    private final Set<String> given = new HashSet<>();

    /**
     * Names a variable.
     *
     * @param ref the reference of the service with the secret
     * @param secret the name of the field or header with the secret
     */
    String of(String ref, String secret) {
      String name = (ref + "_" + secret).toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]+", "_");
      String free = name;
      for (int n = 2; !given.add(free); n++) {
        free = name + "_" + n;
      }
      return free;
    }
  }
}
