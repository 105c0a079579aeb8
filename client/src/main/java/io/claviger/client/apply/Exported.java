package io.claviger.client.apply;

import io.claviger.client.apply.Requests.Request;
import io.claviger.client.http.Api;
import io.claviger.client.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What somebody has on a server, as a file says it.
 *
 * @param things without the parts of others
 * @param parts by what they are parts of
 */
record Exported(Map<Key, JsonNode> things, Map<Key, List<JsonNode>> parts) {

  /**
   * Reads it.
   *
   * @param user who reads
   * @param owner whose things are read
   */
  static Exported read(Requests requests, String user, String owner) {
    boolean system = owner.equals(Names.SYSTEM);
    Map<Kind, String> lists = new LinkedHashMap<>();
    Map<String, Optional<String>> ofOwner = Map.of("owner", Optional.of(owner));
    lists.put(Kind.DEFINITION, Api.query("/v1/llm-definitions", ofOwner));
    lists.put(
        Kind.SERVICE, Api.query(Api.path("v1", "llm-services", system ? owner : user), ofOwner));
    if (system) {
      lists.put(Kind.GROUP, "/v1/groups");
      lists.put(Kind.MODEL, "/v1/model-configs");
      lists.put(Kind.PRICE, "/v1/prices");
    } else {
      lists.put(Kind.PROJECT, Api.path("v1", "projects", user));
    }
    Map<Key, JsonNode> things = new TreeMap<>(Order.OF_KEYS);
    lists.forEach(
        (kind, path) ->
            requests.send(api -> all(api, path)).stream()
                .filter(thing -> isExported(kind, thing, owner))
                .forEach(thing -> things.put(key(kind, thing), thing)));
    return new Exported(things, parts(requests, things.keySet().stream().toList()));
  }

  /** Members of other people's projects see those too, and identity providers keep groups. */
  private static boolean isExported(Kind kind, JsonNode thing, String owner) {
    return switch (kind) {
      case PROJECT -> thing.path("owner").asString("").equals(owner);
      case GROUP -> !thing.path("kind").asString("").equals("synced");
      default -> true;
    };
  }

  private static Key key(Kind kind, JsonNode thing) {
    return Key.of(
        kind,
        kind == Kind.PRICE
            ? Names.priced(
                Json.text(thing, "provider"),
                Json.text(thing, "model"),
                Json.text(thing, "valid_from"))
            : Json.text(thing, kind.nameField()));
  }

  private static List<JsonNode> all(Api api, String path) {
    List<JsonNode> all = new ArrayList<>();
    api.pages(path).forEach(all::addAll);
    return all;
  }

  private static Map<Key, List<JsonNode>> parts(Requests requests, List<Key> keys) {
    List<Key> wholes =
        keys.stream()
            .filter(key -> key.kind().part().isPresent())
            .filter(key -> !key.name().startsWith(Names.SYSTEM + "/"))
            .toList();
    List<List<JsonNode>> lists =
        requests.all(
            wholes.stream()
                .<Request<List<JsonNode>>>map(whole -> api -> all(api, Addresses.parts(whole)))
                .toList());
    Map<Key, List<JsonNode>> parts = new LinkedHashMap<>();
    for (int n = 0; n < wholes.size(); n++) {
      parts.put(wholes.get(n), lists.get(n));
    }
    return parts;
  }

  /** The document, of maps, lists, texts, numbers, truth values and null. */
  Map<String, @Nullable Object> document(String name) {
    VariableNames variables = new VariableNames();
    Map<String, @Nullable Object> document = new LinkedHashMap<>();
    document.put("name", name);
    Kind.whole()
        .forEach(
            kind -> {
              List<Map<String, @Nullable Object>> entries = entries(kind, variables);
              if (!entries.isEmpty()) {
                document.put(kind.section(), entries);
              }
            });
    return document;
  }

  private List<Map<String, @Nullable Object>> entries(Kind kind, VariableNames variables) {
    List<Map<String, @Nullable Object>> entries = new ArrayList<>();
    things.forEach(
        (key, thing) -> {
          if (key.kind() == kind) {
            entries.add(entry(key, thing, variables));
          }
        });
    return entries;
  }

  private Map<String, @Nullable Object> entry(Key key, JsonNode thing, VariableNames variables) {
    Kind kind = key.kind();
    Map<String, @Nullable Object> entry = written(kind, thing);
    if (kind == Kind.SERVICE) {
      addSecrets(entry, key.name(), thing, variables);
    }
    Optional.ofNullable(parts.get(key))
        .filter(list -> !list.isEmpty())
        .ifPresent(
            list ->
                entry.put(
                    kind.part().orElseThrow().section(),
                    list.stream().map(part -> written(kind.part().orElseThrow(), part)).toList()));
    return entry;
  }

  private static Map<String, @Nullable Object> written(Kind kind, JsonNode thing) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put(kind.nameField(), plain(thing.path(kind.nameField())));
    Map<String, Shape> shapes = kind.shape().fields();
    thing
        .properties()
        .forEach(
            field -> {
              Shape shape = shapes.get(field.getKey());
              if (shape != null && !isLeftOut(kind, field.getKey(), thing)) {
                Object value = plain(field.getValue(), shape);
                if (!Map.of().equals(value)) {
                  fields.put(field.getKey(), value);
                }
              }
            });
    return fields;
  }

  /** What says nothing, or says again what another field says. */
  private static boolean isLeftOut(Kind kind, String field, JsonNode thing) {
    JsonNode value = thing.path(field);
    boolean isCopied = field.equals("dimensions") || field.equals("context_limit");
    return (value.isNull() && !(isCopied && kind == Kind.SERVICE))
        || (field.equals("user") && thing.has("grantee"))
        || (kind == Kind.MODEL && field.equals("service") && thing.path("targets").size() > 1)
        || (kind == Kind.MODEL && field.equals("targets") && thing.path("targets").size() <= 1)
        || (field.equals("public") && thing.path("owner").asString("").equals(Names.SYSTEM))
        || (field.equals("is_default") && !value.asBoolean(false));
  }

  private static void addSecrets(
      Map<String, @Nullable Object> entry, String ref, JsonNode service, VariableNames variables) {
    if (service.path("has_api_key").asBoolean(false)) {
      Map<String, Object> key = new LinkedHashMap<>();
      key.put("env", variables.of(ref, "api_key"));
      Json.optional(service, "api_key_version").ifPresent(version -> key.put("version", version));
      entry.put("api_key", key);
    }
    Map<String, Object> headers = new LinkedHashMap<>();
    for (JsonNode name : service.path("custom_header_names")) {
      headers.put(name.asString(), Map.of("env", variables.of(ref, name.asString())));
    }
    if (!headers.isEmpty()) {
      entry.put("custom_headers", headers);
    }
  }

  /** A value without the fields that the server alone writes, and without those that are null. */
  private static @Nullable Object plain(JsonNode value, Shape shape) {
    if (value instanceof ObjectNode object && shape instanceof Shape.Fields fields) {
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
    if (value.isArray() && shape instanceof Shape.ListOf list) {
      List<@Nullable Object> items = new ArrayList<>();
      value.forEach(item -> items.add(plain(item, list.items())));
      return items;
    }
    return plain(value);
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
}
