package io.claviger.client.apply;

import io.claviger.client.apply.DesiredState.KeyReference;
import io.claviger.client.settings.ConfirmedDestinations;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * One change on the server.
 *
 * @param changes the differences; for a new resource all its fields in the file
 * @param body the body to send, without secrets; empty for a deletion
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

  enum Action {
    CREATE,
    CHANGE,
    DELETE
  }

  /**
   * The secrets that are sent to a service.
   *
   * @param headers the headers by name; an empty map removes the stored headers
   * @param kept the names of stored headers that stay: calls send them together with the key, but
   *     this step does not send them to the server
   * @param endpoint the endpoint to which calls send the secrets
   * @param tokenUrls the other addresses to which the secret of the credential goes
   * @param destination whether the user has to confirm that the secrets are sent there
   */
  record SecretDelivery(
      Optional<KeyReference> key,
      Optional<Map<String, SecretReference>> headers,
      List<String> kept,
      String endpoint,
      List<String> tokenUrls,
      DestinationTrust destination) {
    SecretDelivery {
      kept = List.copyOf(kept);
      tokenUrls = List.copyOf(tokenUrls);
    }

    /** The addresses to which the secrets go, as one text. */
    String destinations() {
      return ConfirmedDestinations.of(endpoint, tokenUrls);
    }
  }

  /** The trust in a destination of secrets. */
  enum DestinationTrust {
    /**
     * The user agreed to the destination before, or the file names it and the service has a key for
     * it already.
     */
    KNOWN,
    /** The file names the destination, and no key of this service goes there yet. */
    NEW,
    /**
     * Only the server names the destination, so anybody who may configure the service could have
     * set it.
     */
    NOT_IN_FILE
  }

  /** Returns the same step for a resource that was read again. */
  PlanStep readAs(ObjectNode now) {
    return new PlanStep(action, key, changes, body, Optional.of(now), secrets);
  }

  /** Returns the destinations of secrets that the user has to confirm; empty if there are none. */
  Optional<SecretDelivery> questionable() {
    return secrets.filter(delivery -> delivery.destination() != DestinationTrust.KNOWN);
  }
}
