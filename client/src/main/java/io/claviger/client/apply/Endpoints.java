package io.claviger.client.apply;

import io.claviger.client.json.JsonTrees;
import io.claviger.client.settings.ConfirmedDestinations;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Finds the endpoint of a service by the server's rules, and finds out whether the file names this
 * endpoint. The file matters because an endpoint that only the server names might have been set by
 * somebody who wants to get the key.
 */
final class Endpoints {
  private final DesiredState desired;
  private final ActualState current;

  Endpoints(DesiredState desired, ActualState current) {
    this.desired = desired;
    this.current = current;
  }

  /** Whether the file states the endpoint of a service; false if only the server states it. */
  boolean areNamed(ObjectNode fields, String endpoint) {
    return JsonTrees.optional(fields, "endpoint")
        .or(() -> JsonTrees.optional(fields, "definition").flatMap(this::writtenInDefinition))
        .or(() -> JsonTrees.optional(fields, "provider").flatMap(this::writtenInProvider))
        .map(ConfirmedDestinations::normalized)
        .equals(Optional.of(endpoint));
  }

  private Optional<String> writtenInDefinition(String ref) {
    return Optional.ofNullable(
            desired.resources().get(ResourceKey.of(ResourceKind.DEFINITION, ref)))
        .flatMap(definition -> JsonTrees.optional(definition.fields(), "endpoint"));
  }

  /**
   * Returns the endpoint that a service will have after a write. Empty if the settings in the file
   * differ from the present settings, and the file does not state the resulting endpoint. If the
   * result is empty, only the server could tell where the key would be sent.
   *
   * @param fields the fields in the write
   * @param before the stored service, which the write changes; empty if the service is new
   */
  Optional<String> of(ObjectNode fields, Optional<ObjectNode> before) {
    Optional<String> written = JsonTrees.optional(fields, "endpoint");
    if (written.isEmpty() && makesAnother(fields, before)) {
      return Optional.empty();
    }
    return written
        .or(() -> before.flatMap(service -> JsonTrees.optional(service, "endpoint")))
        .or(() -> JsonTrees.optional(fields, "definition").flatMap(this::ofDefinition))
        .or(() -> JsonTrees.optional(fields, "provider").flatMap(this::ofProvider))
        .map(ConfirmedDestinations::normalized);
  }

  private static boolean makesAnother(ObjectNode fields, Optional<ObjectNode> before) {
    JsonNode now = before.<JsonNode>map(found -> found.path("settings")).orElse(fields.nullNode());
    return fields.has("settings") && !Differences.isSame("settings", fields.path("settings"), now);
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

  private Optional<String> writtenInProvider(String name) {
    return Optional.ofNullable(desired.resources().get(ResourceKey.of(ResourceKind.PROVIDER, name)))
        .flatMap(provider -> JsonTrees.optional(provider.fields(), "endpoint"))
        // An endpoint that still contains placeholders for settings is not an address.
        .filter(url -> url.indexOf('{') < 0);
  }

  private Optional<String> ofProvider(String name) {
    DesiredState.@Nullable DesiredResource written =
        desired.resources().get(ResourceKey.of(ResourceKind.PROVIDER, name));
    if (written != null && written.fields().has("endpoint")) {
      return writtenInProvider(name);
    }
    return Optional.ofNullable(current.providerEndpoints().get(name));
  }
}
