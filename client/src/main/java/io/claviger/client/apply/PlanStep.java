package io.claviger.client.apply;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * One change on the server.
 *
 * @param changes what differs; for a new resource everything that the file says about it
 * @param body what is sent, without secrets; empty for a deletion
 * @param current the resource as it was read; empty for a new one
 * @param secrets the secrets that are sent along
 */
record PlanStep(
    Action action,
    ResourceKey key,
    List<FieldChange> changes,
    ObjectNode body,
    Optional<ObjectNode> current,
    Optional<SecretDelivery> secrets) {

  /** What is done. */
  enum Action {
    CREATE,
    CHANGE,
    DELETE
  }

  /**
   * Secrets on their way to a service.
   *
   * @param headers the headers by name; an empty map takes away those that are stored
   * @param endpoint where calls send them
   * @param destination whether the user has to confirm that the secrets are sent there
   */
  record SecretDelivery(
      Optional<SecretReference> apiKey,
      Optional<Map<String, SecretReference>> headers,
      String endpoint,
      DestinationTrust destination) {}

  /** What is known about where secrets go. */
  enum DestinationTrust {
    /**
     * The user agreed to the destination before, or the file names it and the service has a key for
     * it.
     */
    KNOWN,
    /** The file names it, and no key of this service goes there yet. */
    NEW,
    /**
     * Only the server names this destination: anybody who may configure the service could have set
     * it.
     */
    NOT_IN_FILE
  }

  /** The same step on a resource that was read again. */
  PlanStep readAs(ObjectNode now) {
    return new PlanStep(action, key, changes, body, Optional.of(now), secrets);
  }

  /** The destinations of secrets that somebody has to confirm; empty if there are none. */
  Optional<SecretDelivery> questionable() {
    return secrets.filter(delivery -> delivery.destination() != DestinationTrust.KNOWN);
  }
}
