package io.claviger.client.apply;

import io.claviger.client.apply.DesiredState.DesiredResource;
import io.claviger.client.apply.DesiredState.ServiceSecrets;
import io.claviger.client.json.JsonTrees;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The limits in entries of users and groups. In the API they are resources of their own. */
final class LimitsEntries {
  private static final Map<String, ResourceKind> OF_GROUPS =
      Map.of(
          "limits", ResourceKind.GROUP_LIMITS, "pooled_limits", ResourceKind.GROUP_POOLED_LIMITS);

  private LimitsEntries() {}

  /** Takes the limits out of the fields of a group. */
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

  /** Limits as the API takes them. Null says that there are none. */
  static ObjectNode limits(JsonNode said) {
    if (said instanceof ObjectNode limits) {
      return limits;
    }
    ObjectNode none = JsonTrees.object();
    FileSchemas.LIMITS.fields().keySet().forEach(none::putNull);
    return none;
  }
}
