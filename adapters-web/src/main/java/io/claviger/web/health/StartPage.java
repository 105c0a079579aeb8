package io.claviger.web.health;

import io.claviger.web.json.JsonWriter;
import io.claviger.web.problems.Problem;
import io.claviger.web.server.NodeUrls;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import io.javalin.http.Context;

/**
 * Answers requests for {@code /}, and for paths that only the gateway serves. People often send
 * these requests to this server before they know the gateway's address.
 */
public final class StartPage implements RouteGroup {
  private static final String GATEWAY = "/gateway";

  private final NodeUrls urls;

  public StartPage(NodeUrls urls) {
    this.urls = urls;
  }

  @Override
  public void addTo(Routes routes) {
    routes.at("/").open(this::start);
    routes.elsewhere(GATEWAY, this::atGateway);
    routes.otherwise(this::noSuchPath);
  }

  /**
   * Redirects to the documentation. Clients that do not follow redirects show the body of this
   * answer.
   */
  private void start(Context ctx) {
    ctx.status(302)
        .header("Location", "/docs")
        .contentType("application/json")
        .result(JsonWriter.bytes(new Start("/docs", "/v1", urls.gateway() + GATEWAY)));
  }

  private Problem atGateway() {
    return toSdk("The gateway does not listen on this port. Send calls to %s%s.");
  }

  private Problem noSuchPath() {
    return toSdk(
        "The API has no such path. /docs shows the API's paths. Send calls to models to the"
            + " gateway: %s%s.");
  }

  private Problem toSdk(String detail) {
    return new Problem(404, "not_found", detail.formatted(urls.gateway(), GATEWAY)).toldToSdks();
  }

  private record Start(String documentation, String manifest, String gateway) {}
}
