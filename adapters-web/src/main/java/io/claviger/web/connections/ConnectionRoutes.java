package io.claviger.web.connections;

import io.claviger.application.connections.ServiceConnections;
import io.claviger.application.connections.port.ConnectionStore.OpenConnection;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.TimeCursor;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.time.Instant;
import java.util.Optional;

/** {@code /v1/llm-services/{owner}/{handle}/connections} and {@code /v1/me/connections}. */
public final class ConnectionRoutes implements RouteGroup {
  private static final String OWN = "/v1/me/connections";
  private static final String OF_SERVICE = "/v1/llm-services/{owner}/{handle}/connections";

  private final ServiceConnections connections;

  public ConnectionRoutes(ServiceConnections connections) {
    this.connections = connections;
  }

  @Override
  public void addTo(Routes routes) {
    routes.at(OWN).get(this::own, "limit", "cursor");
    routes.at(OWN + "/{id}").delete(this::endOwn);
    routes.at(OF_SERVICE).get(this::list, "limit", "cursor");
    routes.at(OF_SERVICE + "/{id}").delete(this::end);
  }

  private void own(ApiCall call) {
    PageRequest<TimeCursor> page = call.page(CursorFormat.TIME);
    call.list(
        Problems.valueOf(connections.listOwn(call.actor(), page)),
        CursorFormat.TIME,
        shown -> ConnectionJson.of(shown, call.actor().administrator()));
  }

  private void list(ApiCall call) {
    PageRequest<TimeCursor> page = call.page(CursorFormat.TIME);
    call.list(
        Problems.valueOf(connections.list(call.actor(), call.service(), page)),
        CursorFormat.TIME,
        shown -> ConnectionJson.of(shown, call.actor().administrator()));
  }

  private void endOwn(ApiCall call) {
    Problems.throwIfRefused(connections.endOwn(call.actor(), call.id("id")));
    call.noContent();
  }

  private void end(ApiCall call) {
    Problems.throwIfRefused(connections.end(call.actor(), call.service(), call.id("id")));
    call.noContent();
  }

  /**
   * An open WebSocket of a service as the API shows it.
   *
   * @param node the name of the machine with the connection; empty unless the caller is an
   *     administrator
   */
  record ConnectionJson(
      String id,
      String service,
      Optional<String> project,
      String user,
      Instant since,
      long messages,
      long responses,
      long inputTokens,
      long outputTokens,
      Optional<String> node) {
    static ConnectionJson of(OpenConnection shown, boolean administrator) {
      return new ConnectionJson(
          shown.id().toString(),
          shown.service(),
          shown.project(),
          shown.user().value(),
          shown.since(),
          shown.counts().messages(),
          shown.counts().responses(),
          shown.counts().inputTokens(),
          shown.counts().outputTokens(),
          Optional.of(shown.node()).filter(name -> administrator));
    }
  }
}
