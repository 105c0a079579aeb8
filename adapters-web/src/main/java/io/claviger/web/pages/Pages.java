package io.claviger.web.pages;

import io.claviger.application.UseCases;
import io.claviger.application.identity.SignIn;
import io.claviger.application.sessions.LocalSignIn;
import io.claviger.web.requests.RequestPage;
import io.claviger.web.server.Routes;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** All pages for people. */
public final class Pages {
  private final UseCases useCases;
  private final Settings settings;
  private final Supplier<String> gatewayUrl;

  /**
   * @param publicUrl where browsers reach the pages; if empty, they are reached where they are
   *     served
   * @param local who may sign in without the identity provider
   * @param providerName how the sign-in button calls the identity provider
   * @param console the pages for all that can be done when signed in
   */
  public record Settings(
      Optional<URI> publicUrl,
      LocalSignIn local,
      String providerName,
      Optional<PageSource> console) {
    /** Settings of a server without an identity provider and without a public URL. */
    public static final Settings LOCAL =
        new Settings(Optional.empty(), new LocalSignIn(true), "the identity provider");

    /** Settings of a server that has the pages for signing in alone. */
    public Settings(Optional<URI> publicUrl, LocalSignIn local, String providerName) {
      this(publicUrl, local, providerName, Optional.empty());
    }
  }

  /**
   * @param gatewayUrl returns the beginning of every address of the gateway
   */
  public Pages(UseCases useCases, Settings settings, Supplier<String> gatewayUrl) {
    this.useCases = useCases;
    this.settings = settings;
    this.gatewayUrl = gatewayUrl;
  }

  public void addTo(Routes routes) {
    Visitors visitors =
        new Visitors(
            useCases.sessions(),
            settings.publicUrl(),
            settings.console().map(PageSource::styleSheets).orElse(List.of()),
            missing -> RequestPage.pathTo(useCases.requestReferences(), missing));
    SessionStart start = new SessionStart(useCases.sessions());
    Optional<SignIn> signIn = useCases.signIn();
    new SignInPages(
            visitors,
            start,
            useCases.accessTokens(),
            settings.local(),
            signIn.map(known -> new SignInPages.SignInProvider(known, settings.providerName())))
        .addTo(routes);
    signIn.ifPresent(known -> new ProviderPages(visitors, start, known).addTo(routes));
    new LinkPages(visitors, start, useCases.signInLinks()).addTo(routes);
    BasicAccountPages account =
        new BasicAccountPages(
            visitors, useCases.sessions(), useCases.users(), useCases.identities(), signIn);
    account.addActionsTo(routes);
    new DevicePages(visitors, useCases.deviceSignIn()).addTo(routes);
    settings
        .console()
        .ifPresentOrElse(
            console -> console.addTo(routes, useCases, visitors, gatewayUrl),
            () -> account.addPageTo(routes));
    routes.pageAt("/console/{page}").openGet(visitors.page(Pages::missing));
  }

  private static void missing(Visit visit) {
    throw new PageProblem(404, "No such page", "There is nothing at this address.");
  }
}
