package io.claviger.client.apply;

import io.claviger.client.apply.WishedState.Entry;
import io.claviger.client.apply.WishedState.Secrets;
import io.claviger.client.json.JsonTrees;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The limits in entries of users and groups. In the API they are things of their own. */
final class LimitsEntries {
  private static final Map<String, Kind> OF_GROUPS =
      Map.of("limits", Kind.GROUP_LIMITS, "pooled_limits", Kind.GROUP_POOLED_LIMITS);

  private LimitsEntries() {}

  /** Takes the limits out of the fields of a group. */
  static List<Entry> ofGroup(String name, ObjectNode fields, Place place) {
    return OF_GROUPS.entrySet().stream()
        .filter(each -> fields.has(each.getKey()))
        .map(
            each ->
                new Entry(
                    Key.of(each.getValue(), name),
                    limits(fields.remove(each.getKey())),
                    Secrets.NONE,
                    place))
        .toList();
  }

  /** Limits as the API takes them. Null says that there are none. */
  static ObjectNode limits(JsonNode said) {
    if (said instanceof ObjectNode limits) {
      return limits;
    }
    ObjectNode none = JsonTrees.object();
    Shapes.LIMITS.fields().keySet().forEach(none::putNull);
    return none;
  }
}
