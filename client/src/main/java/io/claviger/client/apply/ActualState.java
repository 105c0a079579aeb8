package io.claviger.client.apply;

import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * The state, on the server, of the resources that a file mentions.
 *
 * @param resources the resources in the form in which the API shows them
 * @param definitionEndpoints the endpoints of those definitions that are named by services in the
 *     file
 * @param providerEndpoints the default endpoints of providers
 */
record ActualState(
    Map<ResourceKey, ObjectNode> resources,
    Map<String, String> definitionEndpoints,
    Map<String, String> providerEndpoints) {

  Optional<ObjectNode> find(ResourceKey key) {
    return Optional.ofNullable(resources.get(key));
  }
}
