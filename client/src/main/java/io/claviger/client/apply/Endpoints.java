package io.claviger.client.apply;

import io.claviger.client.json.JsonTrees;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Tells where calls of a service go, by the rules of the server. */
final class Endpoints {
  private final DesiredState desired;
  private final ActualState current;

  Endpoints(DesiredState desired, ActualState current) {
    this.desired = desired;
    this.current = current;
  }

  /**
   * The endpoint of a service after a write.
   *
   * @param fields of the write
   * @param before the service as it was; empty for a new one
   */
  Optional<String> of(ObjectNode fields, Optional<ObjectNode> before) {
    return JsonTrees.optional(fields, "endpoint")
        .or(() -> before.flatMap(service -> JsonTrees.optional(service, "endpoint")))
        .or(() -> JsonTrees.optional(fields, "definition").flatMap(this::ofDefinition))
        .or(() -> JsonTrees.optional(fields, "provider").flatMap(this::ofProvider))
        .map(Differences::endpoint);
  }

  private Optional<String> ofDefinition(String ref) {
    return Optional.ofNullable(
            desired.resources().get(ResourceKey.of(ResourceKind.DEFINITION, ref)))
        .map(DesiredState.DesiredResource::fields)
        .flatMap(
            fields ->
                JsonTrees.optional(fields, "endpoint")
                    .or(() -> Optional.ofNullable(current.definitionEndpoints().get(ref)))
                    .or(() -> JsonTrees.optional(fields, "provider").flatMap(this::ofProvider)))
        .or(() -> Optional.ofNullable(current.definitionEndpoints().get(ref)));
  }

  private Optional<String> ofProvider(String name) {
    return Optional.ofNullable(current.providerEndpoints().get(name));
  }
}
