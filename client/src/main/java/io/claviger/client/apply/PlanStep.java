package io.claviger.client.apply;

import io.claviger.client.apply.DesiredState.KeyReference;
import io.claviger.client.settings.ConfirmedDestinations;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * A change that a plan makes on the server.
 *
 * @param changes the changed fields; for a new resource, all its fields in the file
 * @param body the body of the request, without secrets; empty if the step is a deletion
 * @param current the resource as it was read; empty if the resource is new
 * @param secrets the secrets in the request; empty if there are none
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
   * The secrets that are sent to the server for a service.
   *
   * @param headers the values of headers, keyed by the headers' names; an empty map removes the
   *     stored headers
   * @param kept the names of stored headers that remain unchanged. This step does not send them to
   *     the server, but calls send them to the provider with the key
   * @param endpoint the endpoint to which calls send these secrets
   * @param tokenUrls the addresses, besides the endpoint, to which the credential's secret is sent
   * @param destination whether the user must confirm these addresses
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

    /** Returns the addresses to which the secrets are sent, as a single text. */
    String destinations() {
      return ConfirmedDestinations.of(endpoint, tokenUrls);
    }
  }

  /** The degrees of trust in a destination of secrets. */
  enum DestinationTrust {
    /**
     * The user has agreed to this destination before, or the file names it and the service already
     * has a key for it.
     */
    KNOWN,
    /**
     * The endpoint is known, but the values of custom headers come from files in the directory of
     * the applied file. A proxy behind the endpoint might send the key wherever a header says.
     */
    BY_HEADER,
    /** The file names this destination, but no key of the service has been sent there yet. */
    NEW,
    /**
     * Only the server names this destination. Anybody who may configure the service could have set
     * this destination.
     */
    NOT_IN_FILE
  }

  /** Returns a copy of this step, with the newly read state of its resource. */
  PlanStep readAs(ObjectNode now) {
    return new PlanStep(action, key, changes, body, Optional.of(now), secrets);
  }

  /** Returns the secrets if the user must confirm their destinations; otherwise empty. */
  Optional<SecretDelivery> questionable() {
    return secrets.filter(delivery -> delivery.destination() != DestinationTrust.KNOWN);
  }
}
