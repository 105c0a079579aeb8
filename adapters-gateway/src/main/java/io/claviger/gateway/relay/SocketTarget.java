package io.claviger.gateway.relay;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.formats.ProviderApi.SocketUse;
import io.claviger.gateway.head.QueryFilter;
import io.claviger.gateway.model.SecretRequest;
import java.util.Optional;

/**
 * The address of a WebSocket at the provider, and what the WebSocket is for.
 *
 * @param path the path that is appended to the endpoint of the service
 * @param names the caller's name and the provider's name of the model that led to the service;
 *     empty if the URL names the service
 * @param made the settings of the session for which the presented secret was created; empty if the
 *     session is opened without a secret
 */
record SocketTarget(
    SocketUse use, String path, Optional<Names> names, Optional<SecretRequest> made) {
  /** The path of Azure's preview of the Realtime API, starting at the root of an endpoint. */
  static final String OF_PREVIEW = "openai/realtime";

  private static final String AT_ROOT = "openai/v1/realtime";
  private static final String REALTIME = "realtime";

  /** Only API standards for Azure list this query parameter. */
  private static final String VERSION_OF_AZURE = "api-version";

  /**
   * @param asked the name by which the caller calls the model
   * @param called the name by which the provider calls the model
   */
  record Names(String asked, String called) {}

  /**
   * @param asked the path below the service, in the form in which the caller wrote it
   * @param query the query of the handshake
   */
  static SocketTarget of(
      AuthorizedCall given, SocketUse use, String asked, String query, Optional<Names> names) {
    if (use == SocketUse.LIVE) {
      return new SocketTarget(use, asked, names, Optional.empty());
    }
    String path = given.standard().pathOf(use.method(), asked).orElse(asked);
    return new SocketTarget(use, ofAzure(given, path, query), names, Optional.empty());
  }

  /** Returns the same target, but for a session that is opened with a secret. */
  SocketTarget with(SecretRequest settings) {
    return new SocketTarget(use, path, names, Optional.of(settings));
  }

  /**
   * Returns the path for a service of Azure. The path of an endpoint at Azure is empty, or ends
   * with the version of the API.
   */
  private static String ofAzure(AuthorizedCall given, String path, String query) {
    String endpoint = given.endpoint().path();
    boolean isRoot = endpoint.isEmpty() || endpoint.equals("/");
    if (!path.equals(REALTIME)
        || !isRoot
        || !given.standard().queryParameters().contains(VERSION_OF_AZURE)) {
      return path;
    }
    return QueryFilter.values(query, VERSION_OF_AZURE).isEmpty() ? AT_ROOT : OF_PREVIEW;
  }
}
