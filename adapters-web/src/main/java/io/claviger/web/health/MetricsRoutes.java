package io.claviger.web.health;

import io.claviger.domain.accounts.TokenText;
import io.claviger.web.problems.ProblemException;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.BearerToken;
import io.claviger.web.server.Routes;
import io.javalin.http.Context;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code /metrics}, for anyone or for who presents the operator's token. */
public final class MetricsRoutes {
  private final Supplier<String> scrape;
  private final Optional<TokenText> token;

  /**
   * @param scrape in Prometheus' text format
   */
  public MetricsRoutes(Supplier<String> scrape, Optional<TokenText> token) {
    this.scrape = scrape;
    this.token = token;
  }

  public void addTo(Routes routes) {
    routes.at("/metrics").open(this::metrics);
  }

  private void metrics(Context ctx) {
    if (token.isPresent()) {
      demand(token.get(), BearerToken.of(ctx));
    }
    ctx.contentType("text/plain; version=0.0.4; charset=utf-8").result(scrape.get());
  }

  /** Hashes are compared, so that the time it takes tells nothing of the token. */
  private static void demand(TokenText wanted, Optional<TokenText> presented) {
    if (presented.filter(p -> p.hash().equals(wanted.hash())).isEmpty()) {
      throw new ProblemException(Problems.unauthorized(presented.isPresent()));
    }
  }
}
