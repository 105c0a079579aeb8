package io.claviger.client.apply;

import io.claviger.client.apply.Requests.Request;
import io.claviger.client.http.Api;
import io.claviger.client.json.JsonTrees;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** Reads from a server what is exported. */
final class ExportReader {
  private ExportReader() {}

  /**
   * Reads it.
   *
   * @param user who reads
   * @param owner whose things are read
   * @param users whether to read the limits of all users as well
   */
  static Exported read(Requests requests, String user, String owner, boolean users) {
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
    List<Key> keys = things.keySet().stream().toList();
    return new Exported(
        things, parts(requests, keys), limits(requests, limited(keys, requests, users)));
  }

  /** What has limits of its own: the exported groups, and users. */
  private static List<Key> limited(List<Key> keys, Requests requests, boolean users) {
    List<Key> limited = new ArrayList<>();
    keys.stream()
        .filter(key -> key.kind() == Kind.GROUP)
        .forEach(
            group -> {
              limited.add(Key.of(Kind.GROUP_LIMITS, group.name()));
              limited.add(Key.of(Kind.GROUP_POOLED_LIMITS, group.name()));
            });
    if (users) {
      requests
          .send(api -> all(api, "/v1/users"))
          .forEach(user -> limited.add(Key.of(Kind.USER_LIMITS, JsonTrees.text(user, "handle"))));
    }
    return limited;
  }

  private static Map<Key, JsonNode> limits(Requests requests, List<Key> limited) {
    List<Optional<JsonNode>> found =
        requests.all(
            limited.stream()
                .<Request<Optional<JsonNode>>>map(
                    key -> api -> api.find(Addresses.of(key, Optional.empty())))
                .toList());
    Map<Key, JsonNode> limits = new TreeMap<>(Order.OF_KEYS);
    for (int n = 0; n < limited.size(); n++) {
      Key key = limited.get(n);
      found.get(n).ifPresent(each -> limits.put(key, each));
    }
    return limits;
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
                JsonTrees.text(thing, "provider"),
                JsonTrees.text(thing, "model"),
                JsonTrees.text(thing, "valid_from"))
            : JsonTrees.text(thing, kind.nameField()));
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
}
