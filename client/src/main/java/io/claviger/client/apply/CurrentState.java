package io.claviger.client.apply;

import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the server stores of the things that a file mentions.
 *
 * @param things as the API shows them
 * @param definitionEndpoints the endpoints of definitions that services of the file name
 * @param providerEndpoints the default endpoints of providers
 */
record CurrentState(
    Map<Key, ObjectNode> things,
    Map<String, String> definitionEndpoints,
    Map<String, String> providerEndpoints) {

  Optional<ObjectNode> find(Key key) {
    return Optional.ofNullable(things.get(key));
  }
}
