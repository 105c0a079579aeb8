package io.claviger.client.apply;

import io.claviger.client.json.JsonTrees;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** A server that keeps what steps send, and refuses nothing. */
final class ServerInMemory {
  private final Map<Key, ObjectNode> things = new HashMap<>();

  CurrentState state() {
    return new CurrentState(Map.copyOf(things), Map.of(), Map.of());
  }

  ObjectNode shown(Key key) {
    return things.get(key);
  }

  void put(Key key, Map<String, String> fields) {
    ObjectNode thing = JsonTrees.object();
    fields.forEach(thing::put);
    things.put(key, thing);
  }

  List<Key> namesAppliedBy(String name) {
    return things.entrySet().stream()
        .filter(thing -> thing.getValue().path("applied_by").asString("").equals(name))
        .map(Map.Entry::getKey)
        .toList();
  }

  void run(Step step) {
    Key key = step.key();
    switch (step.action()) {
      case DELETE -> {
        things.remove(key);
        things.keySet().removeIf(part -> !part.of().isEmpty() && part.whole().equals(key));
        if (key.kind() == Kind.GROUP) {
          things.remove(Key.of(Kind.GROUP_LIMITS, key.name()));
          things.remove(Key.of(Kind.GROUP_POOLED_LIMITS, key.name()));
        }
      }
      case CREATE -> {
        if (things.containsKey(key)) {
          throw new IllegalStateException(key + " is there");
        }
        things.put(key, merged(JsonTrees.object(), step));
      }
      case CHANGE -> things.put(key, merged(things.get(key).deepCopy(), step));
    }
  }

  private static ObjectNode merged(ObjectNode thing, Step step) {
    merge(thing, step.body());
    step.secrets()
        .ifPresent(
            delivery -> thing.put("has_api_key", delivery.apiKey().isPresent() || isKeyed(thing)));
    return thing;
  }

  private static boolean isKeyed(ObjectNode thing) {
    return thing.path("has_api_key").asBoolean(false);
  }

  private static void merge(ObjectNode into, ObjectNode from) {
    from.properties()
        .forEach(
            field -> {
              if (field.getValue() instanceof ObjectNode inner
                  && into.path(field.getKey()) instanceof ObjectNode old) {
                merge(old, inner);
              } else {
                into.set(field.getKey(), field.getValue().deepCopy());
              }
            });
  }
}
