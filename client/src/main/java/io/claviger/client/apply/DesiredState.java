package io.claviger.client.apply;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * The state that a file describes.
 *
 * @param user the user who applies the file
 * @param name the name in the file, which the server stores with everything that is applied from it
 * @param resources the resources in the order in which they are written
 * @param complete the lists of parts that are in the file; only parts that are missing from such a
 *     list can be deleted
 */
record DesiredState(
    String user,
    String name,
    Map<ResourceKey, DesiredResource> resources,
    Set<ResourceKey> complete) {
  /**
   * Whether the user may delete a resource, according to its name. A file deletes only things of
   * its own user. So only things of this user are stored as applied from the file.
   */
  boolean mayDelete(ResourceKey key) {
    return !key.kind().isOwned()
        || key.name().startsWith(user + "/")
        || key.name().startsWith(EntryNames.SYSTEM + "/");
  }

  /**
   * One resource in a file.
   *
   * @param fields the fields as the API takes them, without secrets; fields that are absent stay
   *     unchanged
   * @param position the position where the resource begins
   */
  record DesiredResource(
      ResourceKey key, ObjectNode fields, ServiceSecrets secrets, SourcePosition position) {}

  /**
   * The secrets of a service.
   *
   * @param key the API key, or the secret of another kind of credential
   * @param clearsKey whether the file says that there is no API key
   * @param headers the headers by the name of the header; empty if the file does not mention them
   */
  record ServiceSecrets(
      Optional<KeyReference> key,
      boolean clearsKey,
      Optional<Map<String, SecretReference>> headers) {
    static final ServiceSecrets NONE =
        new ServiceSecrets(Optional.empty(), false, Optional.empty());
  }

  /**
   * The source of the secret with which a service authenticates to its provider.
   *
   * @param field {@code api_key}, or the field of the credential that brings the secret
   * @param inCredential whether the field is in the credential
   */
  record KeyReference(String field, boolean inCredential, SecretReference from) {
    /** Returns the name of the field in plans. */
    String name() {
      return inCredential ? "credential." + field : field;
    }
  }
}
