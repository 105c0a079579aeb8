package io.claviger.web;

import io.claviger.application.UseCases;
import io.claviger.application.requests.RequestLinks;
import io.claviger.web.accounts.OwnTokenRoutes;
import io.claviger.web.accounts.TokenRoutes;
import io.claviger.web.accounts.UserRoutes;
import io.claviger.web.audit.AuditRoutes;
import io.claviger.web.budgets.BudgetRoutes;
import io.claviger.web.defaults.DefaultRoutes;
import io.claviger.web.definitions.DefinitionRoutes;
import io.claviger.web.definitions.DefinitionShareRoutes;
import io.claviger.web.docs.DocumentationRoutes;
import io.claviger.web.gateway.CheckRoutes;
import io.claviger.web.gateway.KeyResolutionRoutes;
import io.claviger.web.gateway.TestCallRoutes;
import io.claviger.web.groups.GroupMemberRoutes;
import io.claviger.web.groups.GroupRoutes;
import io.claviger.web.health.HealthRoutes;
import io.claviger.web.health.ManifestRoutes;
import io.claviger.web.health.MetricsRoutes;
import io.claviger.web.health.StartPage;
import io.claviger.web.identity.IdentityRoutes;
import io.claviger.web.instances.DraftCheckRoutes;
import io.claviger.web.instances.InstanceRoutes;
import io.claviger.web.limits.AssignedLimitsRoutes;
import io.claviger.web.models.ModelConfigRoutes;
import io.claviger.web.models.ModelRoutes;
import io.claviger.web.oauth.OAuthRoutes;
import io.claviger.web.oauth.TokenExchangeGrant;
import io.claviger.web.operations.OperationsRoutes;
import io.claviger.web.pages.Pages;
import io.claviger.web.prices.PriceRoutes;
import io.claviger.web.prices.ServicePriceRoutes;
import io.claviger.web.projects.ProjectRoutes;
import io.claviger.web.projects.ProjectShareRoutes;
import io.claviger.web.requests.BorrowRequestRoutes;
import io.claviger.web.requests.MutedAskersRoutes;
import io.claviger.web.requests.RequestPage;
import io.claviger.web.routing.BareNameRoutes;
import io.claviger.web.routing.ModelResolutionRoutes;
import io.claviger.web.routing.OfferRoutes;
import io.claviger.web.server.CallerAddress;
import io.claviger.web.server.HttpServer;
import io.claviger.web.server.Routes;
import io.claviger.web.sessions.SessionRoutes;
import io.claviger.web.sharing.ShareRoutes;
import io.claviger.web.standards.ProviderRoutes;
import io.claviger.web.standards.StandardRoutes;
import io.claviger.web.transfers.FormerReferenceRoutes;
import io.claviger.web.transfers.TransferRoutes;
import io.claviger.web.trusts.TrustRoutes;
import io.claviger.web.trusts.TrustedIssuerRoutes;
import io.claviger.web.usage.UsageRoutes;
import io.claviger.web.userkeys.UserKeyRoutes;
import io.claviger.web.webhooks.WebhookRoutes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** The HTTP server of the API. It listens until it is closed. */
public final class WebServer implements AutoCloseable {
  private final HttpServer server;
  private final Routes routes;
  private final AtomicBoolean leaving;

  private WebServer(HttpServer server, Routes routes, AtomicBoolean leaving) {
    this.server = server;
    this.routes = routes;
    this.leaving = leaving;
  }

  /**
   * Starts the server.
   *
   * @param metrics returns the metrics of this process in Prometheus' text format
   * @throws java.io.UncheckedIOException when it can't listen on the host and port of the settings
   */
  public static WebServer start(WebSettings settings, UseCases useCases, Supplier<String> metrics) {
    AtomicBoolean leaving = new AtomicBoolean();
    AtomicInteger port = new AtomicInteger(settings.port());
    RequestLinks links =
        RequestPage.links(useCases.requestReferences(), () -> settings.url().apply(port.get()));
    Routes routes = routes(settings, useCases, metrics, leaving, links);
    new OAuthRoutes(
            useCases.deviceGrants(),
            List.of(new TokenExchangeGrant(useCases.tokenExchange())),
            () -> settings.url().apply(port.get()))
        .addTo(routes);
    HttpServer server =
        HttpServer.start(
            settings.host(), settings.port(), settings.limits(), settings.trustedProxies(), routes);
    port.set(server.port());
    return new WebServer(server, routes, leaving);
  }

  /** Returns the port that the server listens on. */
  public int port() {
    return server.port();
  }

  /** Returns the paths that the server answers, each with its methods. */
  public Map<String, Set<String>> paths() {
    return routes.table();
  }

  /**
   * Reports this server as not ready from now on. Requests are still served, and each answer ends
   * its connection.
   */
  public void leave() {
    leaving.set(true);
    server.leave();
  }

  /**
   * Reports this server as not ready from now on, and waits for the requests under way. New
   * requests are still served until {@link #close}.
   *
   * @param atMost how long to wait
   * @return whether all requests finished in time
   */
  public boolean drain(Duration atMost) throws InterruptedException {
    leaving.set(true);
    return server.drain(atMost);
  }

  /** Stops listening and closes every connection. */
  @Override
  public void close() {
    server.close();
  }

  private static Routes routes(
      WebSettings settings,
      UseCases useCases,
      Supplier<String> metrics,
      AtomicBoolean leaving,
      RequestLinks links) {
    Routes routes =
        new Routes(
            useCases.accessTokens(),
            new CallerAddress(settings.trustedProxies()),
            settings.limits(),
            links);
    new StartPage(settings.gatewayUrl()).addTo(routes);
    new ManifestRoutes(settings.version()).addTo(routes);
    new HealthRoutes(useCases.readiness(), leaving::get).addTo(routes);
    new MetricsRoutes(metrics, settings.metricsToken()).addTo(routes);
    new DocumentationRoutes().addTo(routes);
    new Pages(useCases, settings.pages(), settings.gatewayUrl()).addTo(routes);
    new UserRoutes(useCases.users(), useCases.budgetReports()).addTo(routes);
    new TokenRoutes(useCases.accessTokens()).addTo(routes);
    new SessionRoutes(useCases.sessions()).addTo(routes);
    new IdentityRoutes(useCases.identities()).addTo(routes);
    new BudgetRoutes(useCases.budgetReports(), useCases.budgetTrials()).addTo(routes);
    new WebhookRoutes(useCases.webhooks()).addTo(routes);
    new TrustedIssuerRoutes(useCases.trustedIssuers()).addTo(routes);
    new TrustRoutes(useCases.trusts()).addTo(routes);
    new OwnTokenRoutes(useCases.ownToken()).addTo(routes);
    new DefaultRoutes(useCases.defaults()).addTo(routes);
    new GroupRoutes(useCases.groups()).addTo(routes);
    new AssignedLimitsRoutes(useCases.assignedLimits()).addTo(routes);
    new GroupMemberRoutes(useCases.groups()).addTo(routes);
    new StandardRoutes(useCases.standards()).addTo(routes);
    new ProviderRoutes().addTo(routes);
    new DefinitionRoutes(useCases.definitions()).addTo(routes);
    new DefinitionShareRoutes(useCases.definitions()).addTo(routes);
    new CheckRoutes(useCases.connectionChecks()).addTo(routes);
    new TestCallRoutes(useCases.testCalls()).addTo(routes);
    new DraftCheckRoutes(useCases.draftChecks()).addTo(routes);
    new InstanceRoutes(useCases.instances(), settings.gatewayUrl()).addTo(routes);
    new KeyResolutionRoutes(useCases.callExplanations()).addTo(routes);
    new UserKeyRoutes(useCases.userKeys()).addTo(routes);
    new ShareRoutes(useCases.sharing(), useCases.servicePrices()).addTo(routes);
    new ModelConfigRoutes(useCases.modelConfigs()).addTo(routes);
    new BareNameRoutes(useCases.bareNames()).addTo(routes);
    new OfferRoutes(useCases.offers()).addTo(routes);
    new ModelResolutionRoutes(useCases.modelResolutions()).addTo(routes);
    new ModelRoutes(useCases.models(), settings.gatewayUrl()).addTo(routes);
    new ProjectRoutes(useCases.projects(), settings.gatewayUrl()).addTo(routes);
    new ProjectShareRoutes(useCases.projects()).addTo(routes);
    new BorrowRequestRoutes(useCases.borrowRequests()).addTo(routes);
    new MutedAskersRoutes(useCases.borrowRequests()).addTo(routes);
    new TransferRoutes(useCases.transfers()).addTo(routes);
    new FormerReferenceRoutes(useCases.formerReferences()).addTo(routes);
    new PriceRoutes(useCases.prices()).addTo(routes);
    new ServicePriceRoutes(useCases.servicePrices()).addTo(routes);
    new UsageRoutes(useCases.usageReports()).addTo(routes);
    new OperationsRoutes(useCases.operations()).addTo(routes);
    new AuditRoutes(useCases.auditEvents()).addTo(routes);
    return routes;
  }
}
