package io.claviger.client.apply;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * The state that a file describes.
 *
 * @param user the user who runs the command
 * @param name the name in the file. The server stores this name with everything that is applied
 *     from the file
 * @param resources the resources, in the order in which they must be written
 * @param complete the lists of shares, members and other parts of resources in the file. A part can
 *     be deleted only if its list is in the file, and does not contain the part
 */
record DesiredState(
    String user,
    String name,
    Map<ResourceKey, DesiredResource> resources,
    Set<ResourceKey> complete) {
  /**
   * Whether a file of this user can delete the resource with this name. A file can delete only
   * resources that belong to the user who applies it. So the server stores the file's name only
   * with these resources.
   */
  boolean mayDelete(ResourceKey key) {
    return !key.kind().isOwned() || key.name().startsWith(user + "/") || key.isOfSystem();
  }

  /**
   * A resource that a file describes.
   *
   * @param fields the fields in the form that the API accepts, without secrets; absent fields are
   *     not changed
   * @param position where the resource begins in the file
   */
  record DesiredResource(
      ResourceKey key, ObjectNode fields, ServiceSecrets secrets, SourcePosition position) {}

  /**
   * The secrets of a service in a file.
   *
   * @param key the API key, or the secret of a credential of another kind; empty if the file
   *     contains no secret
   * @param clearsKey whether the file says that the service has no API key
   * @param headers the values of headers, keyed by the headers' names; empty if the file does not
   *     mention headers
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
   * @param field {@code api_key}, or the name of the credential's field for the secret
   * @param inCredential whether {@code field} is a field of the credential
   */
  record KeyReference(String field, boolean inCredential, SecretReference from) {
    /** Returns the field's name as plans show it. */
    String name() {
      return inCredential ? "credential." + field : field;
    }
  }
}
