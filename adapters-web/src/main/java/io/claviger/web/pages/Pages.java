package io.claviger.web.pages;

import io.claviger.application.accounts.AccessTokens;
import io.claviger.application.accounts.Users;
import io.claviger.application.identity.SignIn;
import io.claviger.application.sessions.LocalSignIn;
import io.claviger.application.sessions.Sessions;
import io.claviger.application.sessions.SignInLinks;
import io.claviger.web.server.Routes;
import java.net.URI;
import java.util.Optional;

/** All pages for people. */
public final class Pages {
  private final Operations operations;
  private final Settings settings;

  /**
   * @param publicUrl where browsers reach the pages; if empty, they are reached where they are
   *     served
   * @param local who may sign in without the identity provider
   * @param providerName how the sign-in button calls the identity provider
   */
  public record Settings(Optional<URI> publicUrl, LocalSignIn local, String providerName) {
    /** Settings of a server without an identity provider and without a public URL. */
    public static final Settings LOCAL =
        new Settings(Optional.empty(), new LocalSignIn(true), "the identity provider");
  }

  /**
   * What the pages can do.
   *
   * @param signIn empty without an identity provider
   */
  public record Operations(
      Users users,
      AccessTokens accessTokens,
      Sessions sessions,
      SignInLinks signInLinks,
      Optional<SignIn> signIn) {}

  public Pages(Operations operations, Settings settings) {
    this.operations = operations;
    this.settings = settings;
  }

  public void addTo(Routes routes) {
    Visitors visitors = new Visitors(operations.sessions(), settings.publicUrl());
    SessionStart start = new SessionStart(operations.sessions());
    Optional<SignIn> signIn = operations.signIn();
    routes.pageAt(Page.STYLE_SHEET).openGet(StyleSheet::answer);
    new SignInPages(
            visitors,
            start,
            operations.accessTokens(),
            settings.local(),
            signIn.map(known -> new SignInPages.Provider(known, settings.providerName())))
        .addTo(routes);
    signIn.ifPresent(known -> new ProviderPages(visitors, start, known).addTo(routes));
    new LinkPages(visitors, start, operations.signInLinks()).addTo(routes);
    new AccountPages(visitors, operations.sessions(), operations.users(), signIn).addTo(routes);
    routes.pageAt("/console/{page}").openGet(visitors.page(Pages::missing));
  }

  private static void missing(Visit visit) {
    throw new PageProblem(404, "No such page", "There is nothing at this address.");
  }
}
