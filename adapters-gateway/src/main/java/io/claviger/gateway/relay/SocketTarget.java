package io.claviger.gateway.relay;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.formats.ProviderApi.SocketUse;
import io.claviger.gateway.head.QueryFilter;
import io.claviger.gateway.model.SecretRequest;
import java.util.Optional;

/**
 * A WebSocket's address at the provider, and what the WebSocket is used for, such as a session.
 *
 * @param path the path below the service's endpoint
 * @param names the caller's and the provider's name for the model that selected the service; empty
 *     if the URL names the service
 * @param made the session settings of the presented client secret; empty without a client secret
 */
record SocketTarget(
    SocketUse use, String path, Optional<Names> names, Optional<SecretRequest> made) {
  /** The path of Azure's preview of the Realtime API, from the root of an endpoint. */
  static final String OF_PREVIEW = "openai/realtime";

  private static final String REALTIME = "realtime";

  /**
   * @param asked the model's name as the caller wrote it
   * @param called the model's name at the provider
   */
  record Names(String asked, String called) {}

  /**
   * @param asked the path below the service, as the caller wrote it
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

  /** Returns the same target for a session with a client secret. */
  SocketTarget with(SecretRequest settings) {
    return new SocketTarget(use, path, names, Optional.of(settings));
  }

  /**
   * Returns the path for a service of Azure. Azure's preview of its realtime API has a path of its
   * own. If the endpoint is the URL of the Azure resource itself, callers of the preview state a
   * version of the API in the query.
   */
  private static String ofAzure(AuthorizedCall given, String path, String query) {
    String endpoint = given.endpoint().path();
    boolean isRoot = endpoint.isEmpty() || endpoint.equals("/");
    return path.equals(REALTIME)
            && isRoot
            && given.standard().queryParameters().contains(RequestHead.VERSION_OF_AZURE)
            && !QueryFilter.values(query, RequestHead.VERSION_OF_AZURE).isEmpty()
        ? OF_PREVIEW
        : path;
  }
}
