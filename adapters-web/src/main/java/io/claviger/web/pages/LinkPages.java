package io.claviger.web.pages;

import io.claviger.application.sessions.SignInLinks;
import io.claviger.application.sessions.SignedIn;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.identity.ReturnPath;
import io.claviger.domain.sessions.BrowserSecret;
import io.claviger.web.server.Form;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;

/**
 * One-time links. Opening a link does not yet sign in anybody: it only shows which user the link
 * would sign in, because mail programs and chats open links automatically.
 */
public final class LinkPages implements RouteGroup {
  private static final String PATH = "/console/sign-in/link/";

  private final Visitors visitors;
  private final SessionStart start;
  private final SignInLinks links;

  public LinkPages(Visitors visitors, SessionStart start, SignInLinks links) {
    this.visitors = visitors;
    this.start = start;
    this.links = links;
  }

  @Override
  public void addTo(Routes routes) {
    routes
        .pageAt(PATH + "{secret}")
        .openGet(visitors.page(this::show))
        .openPost(visitors.page(this::use));
  }

  private void show(Visit visit) {
    visit.demandSafeConnection();
    Handle user = links.find(secret(visit)).orElseThrow(LinkPages::unusable);
    visit.show(
        HtmlPage.open(
            "Sign in as " + user.value(),
            visit
                .session()
                .map(
                    now ->
                        Html.paragraph(
                            "Now you are signed in as "
                                + now.actor().handle().value()
                                + ". That session will end."))
                .orElse(Html.NOTHING),
            Html.form(
                PATH + secret(visit).reveal(),
                visit.proof(),
                Html.button("Sign in as " + user.value()))));
  }

  private void use(Visit visit) {
    Form unused = visit.form();
    SignedIn who = links.present(secret(visit)).orElseThrow(LinkPages::unusable);
    start.start(visit, who, ReturnPath.START);
  }

  private static BrowserSecret secret(Visit visit) {
    String text = visit.pathParam("secret");
    if (!text.matches("[A-Za-z0-9_-]{43}")) {
      throw unusable();
    }
    return BrowserSecret.presented(text);
  }

  /** The page for a link that was used already, is too old, or was never issued. */
  static PageProblem unusable() {
    return PageProblem.tryAgain(
        404, "This link does not work", "The link was used already, or is older than a minute.");
  }
}
