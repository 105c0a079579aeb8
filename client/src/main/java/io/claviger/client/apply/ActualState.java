package io.claviger.client.apply;

import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * The present state that the resources in a file have on the server.
 *
 * @param resources the resources as the API shows them
 * @param definitionEndpoints the endpoints of the definitions that the file's services use
 * @param providerEndpoints the default endpoints of providers
 * @param administrator whether the user is an administrator. It is read only if the plan depends on
 *     it, and false otherwise
 */
record ActualState(
    Map<ResourceKey, ObjectNode> resources,
    Map<String, String> definitionEndpoints,
    Map<String, String> providerEndpoints,
    boolean administrator) {

  Optional<ObjectNode> find(ResourceKey key) {
    return Optional.ofNullable(resources.get(key));
  }
}
