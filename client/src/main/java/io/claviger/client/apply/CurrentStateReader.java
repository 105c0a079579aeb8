package io.claviger.client.apply;

import io.claviger.client.apply.Requests.Request;
import io.claviger.client.http.Api;
import io.claviger.client.json.JsonTrees;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads from the server the things that a file mentions, by lists rather than one by one. */
final class CurrentStateReader {
  private final Requests requests;
  private final String user;
  private final WishedState wished;
  private final Map<Key, ObjectNode> things = new ConcurrentHashMap<>();

  private CurrentStateReader(Requests requests, String user, WishedState wished) {
    this.requests = requests;
    this.user = user;
    this.wished = wished;
  }

  /**
   * Reads what is there.
   *
   * @param prune whether to read what the file does not mention too, as far as the user may delete
   *     it
   */
  static CurrentState read(Requests requests, String user, WishedState wished, boolean prune) {
    CurrentStateReader reading = new CurrentStateReader(requests, user, wished);
    reading.wholes(prune);
    reading.parts();
    reading.limits();
    Map<Key, ObjectNode> things = Map.copyOf(reading.things);
    EndpointReader endpoints = new EndpointReader(requests, wished, things);
    return new CurrentState(things, endpoints.ofDefinitions(), endpoints.ofProviders());
  }

  private void wholes(boolean prune) {
    boolean all = prune && isAdministrator();
    List<Request<Boolean>> lists = new ArrayList<>();
    for (String owner : owners(Kind.DEFINITION, prune, all)) {
      lists.add(
          list(
              Kind.DEFINITION,
              Api.query("/v1/llm-definitions", Map.of("owner", Optional.of(owner)))));
    }
    for (String owner : owners(Kind.SERVICE, prune, all)) {
      String path = Api.path("v1", "llm-services", owner.equals(Names.SYSTEM) ? owner : user);
      lists.add(list(Kind.SERVICE, Api.query(path, Map.of("owner", Optional.of(owner)))));
    }
    if (!owners(Kind.PROJECT, prune, false).isEmpty()) {
      lists.add(list(Kind.PROJECT, Api.path("v1", "projects", user)));
    }
    if (all || has(Kind.GROUP)) {
      lists.add(list(Kind.GROUP, "/v1/groups"));
    }
    if (all || has(Kind.MODEL)) {
      lists.add(list(Kind.MODEL, "/v1/model-configs"));
    }
    for (String provider : providersWithPrices()) {
      lists.add(
          list(Kind.PRICE, Api.query("/v1/prices", Map.of("provider", Optional.of(provider)))));
    }
    List<Boolean> unused = requests.all(lists);
  }

  private boolean isAdministrator() {
    return requests.send(api -> api.get("/v1/me")).path("administrator").asBoolean(false);
  }

  private boolean has(Kind kind) {
    return wished.entries().keySet().stream().anyMatch(key -> key.kind() == kind);
  }

  /** Whose things have to be read. */
  private Set<String> owners(Kind kind, boolean own, boolean system) {
    Set<String> owners =
        wished.entries().keySet().stream()
            .filter(key -> key.kind() == kind)
            .map(key -> key.name().substring(0, key.name().indexOf('/')))
            .collect(Collectors.toCollection(TreeSet::new));
    if (own) {
      owners.add(user);
    }
    if (system) {
      owners.add(Names.SYSTEM);
    }
    return owners;
  }

  private Set<String> providersWithPrices() {
    return wished.entries().keySet().stream()
        .filter(key -> key.kind() == Kind.PRICE)
        .map(key -> key.name().substring(0, key.name().indexOf(' ')))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Request<Boolean> list(Kind kind, String path) {
    return api -> {
      for (List<JsonNode> page : api.pages(path)) {
        for (JsonNode each : page) {
          keep(kind, (ObjectNode) each);
        }
      }
      return true;
    };
  }

  private void keep(Kind kind, ObjectNode thing) {
    String name =
        kind == Kind.PRICE
            ? Names.priced(
                JsonTrees.text(thing, "provider"),
                JsonTrees.text(thing, "model"),
                JsonTrees.text(thing, "valid_from"))
            : JsonTrees.text(thing, kind.nameField());
    Key key = Key.of(kind, name);
    if (kind == Kind.MODEL && things.containsKey(key) && !isMeant(key, thing)) {
      return;
    }
    things.put(key, thing);
  }

  /**
   * Models of different formats may share a name. The file means the one of the provider that it
   * names.
   */
  private boolean isMeant(Key key, ObjectNode model) {
    return Optional.ofNullable(wished.entries().get(key))
        .flatMap(entry -> JsonTrees.optional(entry.fields(), "provider"))
        .equals(JsonTrees.optional(model, "provider"));
  }

  private void parts() {
    List<Request<Boolean>> lists = new ArrayList<>();
    for (Key whole : wished.complete()) {
      if (things.containsKey(whole)) {
        lists.add(
            api -> {
              for (List<JsonNode> page : api.pages(Addresses.parts(whole))) {
                for (JsonNode each : page) {
                  Key part = whole.part("");
                  String name = JsonTrees.text(each, part.kind().nameField());
                  things.put(whole.part(name), (ObjectNode) each);
                }
              }
              return true;
            });
      }
    }
    List<Boolean> unused = requests.all(lists);
  }

  /**
   * Limits are read one by one, since the API has no list of them. A group or user that does not
   * exist has none.
   */
  private void limits() {
    List<Request<Boolean>> reads = new ArrayList<>();
    wished.entries().keySet().stream()
        .filter(key -> key.kind().isLimits())
        .forEach(
            key ->
                reads.add(
                    api -> {
                      api.find(Addresses.of(key, Optional.empty()))
                          .ifPresent(found -> things.put(key, (ObjectNode) found));
                      return true;
                    }));
    List<Boolean> unused = requests.all(reads);
  }
}
