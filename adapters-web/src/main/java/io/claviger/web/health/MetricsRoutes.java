package io.claviger.web.health;

import io.claviger.domain.accounts.TokenText;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.ProblemException;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.BearerToken;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import io.javalin.http.Context;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * {@code /metrics}. If the operator has set a token, callers must present it to read the metrics.
 * Without such a token, anyone may read the metrics.
 */
public final class MetricsRoutes implements RouteGroup {
  private final Supplier<String> scrape;
  private final Optional<TokenText> token;

  /**
   * Creates the route.
   *
   * @param scrape a function that returns the metrics in the text format of Prometheus
   * @param token the token that a request must present; if empty, anyone may read the metrics
   */
  public MetricsRoutes(Supplier<String> scrape, Optional<TokenText> token) {
    this.scrape = scrape;
    this.token = token;
  }

  @Override
  public void addTo(Routes routes) {
    routes.at("/metrics").open(this::metrics);
  }

  private void metrics(Context ctx) {
    if (token.isPresent()) {
      demand(token.get(), BearerToken.of(ctx));
    }
    ctx.contentType("text/plain; version=0.0.4; charset=utf-8").result(scrape.get());
  }

  /**
   * Compares the hashes of the tokens, so that the duration of the comparison reveals nothing about
   * the expected token.
   */
  private static void demand(TokenText wanted, Optional<TokenText> presented) {
    if (presented.filter(p -> p.hash().equals(wanted.hash())).isEmpty()) {
      Problem refused = Problems.unauthorized(presented.isPresent());
      throw new ProblemException(
          new Problem(
              refused.status(),
              refused.code(),
              "Send the operator's token for metrics (CLAVIGER_METRICS_TOKEN) as Authorization: Bearer"
                  + " <token>. Access tokens are not accepted here.",
              List.of(),
              refused.headers()));
    }
  }
}
