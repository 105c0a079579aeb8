package io.claviger.web.health;

import io.claviger.web.json.JsonWriter;
import io.claviger.web.problems.Problem;
import io.claviger.web.server.Routes;
import io.javalin.http.Context;
import java.util.function.Supplier;

/**
 * {@code /}, and what belongs to the gateway's listener: both are requested by people who do not
 * know yet where things are.
 */
public final class StartPage {
  private static final String GATEWAY = "/gateway";

  private final Supplier<String> gatewayUrl;

  /**
   * @param gatewayUrl returns the beginning of every {@code gateway_url}, without a trailing slash
   */
  public StartPage(Supplier<String> gatewayUrl) {
    this.gatewayUrl = gatewayUrl;
  }

  public void addTo(Routes routes) {
    routes.at("/").open(this::start);
    routes.elsewhere(GATEWAY, this::atGateway);
  }

  /** Browsers follow the redirect; other clients show the body. */
  private void start(Context ctx) {
    ctx.status(302)
        .header("Location", "/docs")
        .contentType("application/json")
        .result(JsonWriter.bytes(new Start("/docs", "/v1", gatewayUrl.get() + GATEWAY)));
  }

  private Problem atGateway() {
    return new Problem(
        404,
        "not_found",
        "The gateway does not listen on this port. Send calls to %s%s."
            .formatted(gatewayUrl.get(), GATEWAY));
  }

  private record Start(String documentation, String manifest, String gateway) {}
}
