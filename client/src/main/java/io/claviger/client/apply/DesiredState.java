package io.claviger.client.apply;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * The state that a file describes.
 *
 * @param user the user who runs the command for the file
 * @param name the name that the file states, which the server stores with everything that is
 *     applied from the file
 * @param resources the resources in the order in which they have to be written
 * @param complete the lists of parts that the file contains; a part can be deleted only if it is
 *     missing from such a list
 */
record DesiredState(
    String user,
    String name,
    Map<ResourceKey, DesiredResource> resources,
    Set<ResourceKey> complete) {
  /**
   * Whether the user may delete a resource; this depends on the resource's name. A file can delete
   * only things that belong to its own user. So only things of this user are stored together with
   * the name of the file from which they were applied.
   */
  boolean mayDelete(ResourceKey key) {
    return !key.kind().isOwned()
        || key.name().startsWith(user + "/")
        || key.name().startsWith(EntryNames.SYSTEM + "/");
  }

  /**
   * One resource in a file.
   *
   * @param fields the fields in the form that the API accepts, without secrets; fields that are
   *     absent are not changed
   * @param position the position in the file at which the resource begins
   */
  record DesiredResource(
      ResourceKey key, ObjectNode fields, ServiceSecrets secrets, SourcePosition position) {}

  /**
   * The secrets of a service, as the file states them.
   *
   * @param key the API key, or the secret of the service's credential, if the credential is of
   *     another kind; empty if the file states no secret
   * @param clearsKey whether the file says that the service has no API key
   * @param headers the values of the headers by their names; empty if the file does not mention
   *     headers
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
   * @param field {@code api_key}, or that field of the credential in which the secret is sent
   * @param inCredential whether {@code field} is a field of the credential
   */
  record KeyReference(String field, boolean inCredential, SecretReference from) {
    /** Returns the name that plans use for the field. */
    String name() {
      return inCredential ? "credential." + field : field;
    }
  }
}
