package io.claviger.client.apply;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a file says.
 *
 * @param user the user who applies the file
 * @param name the name in the file, which the server stores with everything that is applied from it
 * @param resources the resources in the order in which they are written
 * @param complete the resources whose parts the file lists, so that parts that it does not list are
 *     removed
 */
record DesiredState(
    String user,
    String name,
    Map<ResourceKey, DesiredResource> resources,
    Set<ResourceKey> complete) {
  /**
   * Whether the user may delete a resource, as far as its name tells. Nobody deletes what belongs
   * to another user, so that no file of theirs marks it as made by it either.
   */
  boolean mayDelete(ResourceKey key) {
    return !key.kind().isOwned()
        || key.name().startsWith(user + "/")
        || key.name().startsWith(EntryNames.SYSTEM + "/");
  }

  /**
   * What a file says of one resource.
   *
   * @param fields the fields as the API takes them, without secrets; what is not there stays as it
   *     is
   * @param position the position where that begins
   */
  record DesiredResource(
      ResourceKey key, ObjectNode fields, ServiceSecrets secrets, SourcePosition position) {}

  /**
   * The secrets of a service.
   *
   * @param clearsKey whether the file says that there is no key
   * @param headers the headers by the name of the header; empty where the file says nothing of them
   */
  record ServiceSecrets(
      Optional<SecretReference> apiKey,
      boolean clearsKey,
      Optional<Map<String, SecretReference>> headers) {
    static final ServiceSecrets NONE =
        new ServiceSecrets(Optional.empty(), false, Optional.empty());
  }
}
