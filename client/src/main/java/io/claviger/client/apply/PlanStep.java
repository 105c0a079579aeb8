package io.claviger.client.apply;

import io.claviger.client.apply.DesiredState.KeyReference;
import io.claviger.client.settings.ConfirmedDestinations;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * One change that is to be made on the server.
 *
 * @param changes the fields that change; for a new resource, all fields that it has in the file
 * @param body the body of the request, without secrets; empty for a deletion
 * @param current the resource as it was read; empty for a new resource
 * @param secrets the secrets that are sent with the request; empty if no secrets are sent
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
   * The secrets of a service that are sent to the server.
   *
   * @param headers the values of the headers by their names; an empty map removes the stored
   *     headers
   * @param kept the names of the stored headers that remain: calls send them to the provider
   *     together with the key, but this step does not send them to the server
   * @param endpoint the endpoint to which calls send these secrets
   * @param tokenUrls the other addresses to which the secret of the credential is sent
   * @param destination whether the user has to confirm that the secrets are sent to these addresses
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

    /** The addresses to which the secrets are sent, as one text. */
    String destinations() {
      return ConfirmedDestinations.of(endpoint, tokenUrls);
    }
  }

  /** The degree to which the destination of secrets is trusted. */
  enum DestinationTrust {
    /**
     * The user has agreed to this destination before, or the file names it and the service already
     * has a key for it.
     */
    KNOWN,
    /** The file names this destination, and no key of the service has been sent there yet. */
    NEW,
    /**
     * Only the server names this destination, so anybody who may configure the service could have
     * set it.
     */
    NOT_IN_FILE
  }

  /** Returns the same step for the resource as it was read again. */
  PlanStep readAs(ObjectNode now) {
    return new PlanStep(action, key, changes, body, Optional.of(now), secrets);
  }

  /**
   * Returns the secrets with those destinations that the user has to confirm; empty if there are
   * none.
   */
  Optional<SecretDelivery> questionable() {
    return secrets.filter(delivery -> delivery.destination() != DestinationTrust.KNOWN);
  }
}
