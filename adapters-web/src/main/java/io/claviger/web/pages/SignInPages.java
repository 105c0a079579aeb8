package io.claviger.web.pages;

import io.claviger.application.accounts.AccessTokens;
import io.claviger.application.identity.SignIn;
import io.claviger.application.sessions.Sessions;
import io.claviger.application.sessions.SignedIn;
import io.claviger.application.shared.Actor;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.identity.ReturnPath;
import io.claviger.domain.sessions.SignInMethod;
import io.claviger.web.problems.ProblemException;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Form;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The page on which people sign in, and the sign-in with a pasted access token. */
public final class SignInPages implements RouteGroup {
  static final String PATH = "/console/sign-in";

  private static final String RETURN = "return";
  private static final String AGAIN = "again";

  private final Visitors visitors;
  private final SessionStart start;
  private final AccessTokens tokens;
  private final Pages.Settings settings;
  private final Optional<SignIn> provider;

  /**
   * @param provider the sign-in with the identity provider; empty if no identity provider is
   *     configured
   */
  public SignInPages(
      Visitors visitors,
      SessionStart start,
      AccessTokens tokens,
      Pages.Settings settings,
      Optional<SignIn> provider) {
    this.visitors = visitors;
    this.start = start;
    this.tokens = tokens;
    this.settings = settings;
    this.provider = provider;
  }

  static String leadingTo(ReturnPath then) {
    return PATH + "?return=" + URLEncoder.encode(then.value(), StandardCharsets.UTF_8);
  }

  /**
   * Returns the address of the page for somebody who has to sign in again. The identity provider is
   * then asked not to answer from its own session.
   */
  static String againLeadingTo(ReturnPath then) {
    return leadingTo(then) + "&" + AGAIN + "=yes";
  }

  /**
   * Signs the visitor out, and leads to this page. From there, they come back to the given page.
   */
  static void signInAgain(Visit visit, Sessions sessions, ReturnPath then) {
    visit.session().ifPresent(sessions::end);
    PageCookie.SESSION.clear(visit.ctx(), visit.site());
    visit.redirect(againLeadingTo(then));
  }

  @Override
  public void addTo(Routes routes) {
    routes.pageAt(PATH).openGet(visitors.page(this::show));
    routes.pageAt(PATH + "/provider").openPost(visitors.page(this::begin));
    routes.pageAt(PATH + "/token").openPost(visitors.page(this::present));
    provider.ifPresent(known -> new ProviderPages(visitors, start, known).addTo(routes));
  }

  private void show(Visit visit) {
    ReturnPath wanted = ReturnPath.of(visit.query(RETURN).orElse(""));
    if (visit.session().isPresent()) {
      visit.redirect(wanted.value());
      return;
    }
    visit.demandSafeConnection();
    Html proof = visit.proof();
    Html back = Html.hidden(RETURN, wanted.value());
    Html again = visit.query(AGAIN).isPresent() ? Html.hidden(AGAIN, "yes") : Html.NOTHING;
    List<Html> ways = new ArrayList<>();
    provider.ifPresent(
        known ->
            ways.add(
                Html.section(
                    Html.form(
                        PATH + "/provider",
                        proof,
                        back,
                        again,
                        Html.button("Sign in with " + settings.providerName())))));
    ways.add(withToken(proof, Html.all(back, again)));
    ways.add(withLink());
    visit.show(HtmlPage.open("Sign in", Html.all(ways)));
  }

  private Html withToken(Html proof, Html back) {
    String who = settings.local().everybody() ? "" : " Here, only root may sign in with one.";
    return Html.section(
        Html.heading("With an access token"),
        Html.paragraph(
            "A token with the scope 'manage'. The session has the rights of the token, and ends"
                + " when the token ends."
                + who),
        Html.form(
            PATH + "/token",
            proof,
            back,
            Html.secretField("token", "Access token"),
            provider.isPresent() ? Html.quietButton("Sign in") : Html.button("Sign in")));
  }

  private static Html withLink() {
    return Html.section(
        Html.heading("With a one-time link"),
        Html.paragraph(
            Html.text("The operator of Claviger can make one with "),
            Html.code("./claviger sign-in-link USER"),
            Html.text(". It works once, within a minute.")));
  }

  private void begin(Visit visit) {
    Form form = visit.form();
    SignIn signIn =
        provider.orElseThrow(
            () ->
                new PageProblem(
                    404, "No identity provider", "No identity provider is configured."));
    ReturnPath wanted = ReturnPath.of(form.value(RETURN).orElse(""));
    boolean again = form.value(AGAIN).isPresent();
    ProviderPages.leave(
        visit,
        signIn.begin(wanted.value(), again, visit.address()),
        false,
        again ? againLeadingTo(wanted) : leadingTo(wanted));
  }

  private void present(Visit visit) {
    Form form = visit.form();
    ReturnPath then = ReturnPath.of(form.value(RETURN).orElse(""));
    try {
      start.start(visit, holderOf(visit, form), then);
    } catch (PageProblem refused) {
      throw refused.leadingTo(
          form.value(AGAIN).isPresent() ? againLeadingTo(then) : leadingTo(then));
    }
  }

  private SignedIn holderOf(Visit visit, Form form) {
    TokenText token = TokenText.presented(form.value("token").map(String::strip).orElse(""));
    Actor holder =
        switch (tokens.authenticate(token, visit.from(), visit.requestId())) {
          case AccessTokens.Authentication.Authenticated known -> known.actor();
          case AccessTokens.Authentication.Barred barred ->
              throw PageProblem.tryAgain(401, "This token can't sign in", barred.why().sentence());
          case AccessTokens.Authentication.Rejected rejected -> throw refused(rejected);
        };
    AccessToken presented = holder.token().orElseThrow();
    if (!holder.mayManage()) {
      throw PageProblem.tryAgain(
          403,
          "This token can't sign in",
          "The scope of this token is 'use'. A token with the scope 'manage' is needed.");
    }
    if (!settings.local().allows(holder.handle())) {
      throw PageProblem.tryAgain(
          403, "This token can't sign in", "Here, only root may sign in with an access token.");
    }
    return new SignedIn(holder.id(), new SignInMethod.Token(presented.id()));
  }

  private static RuntimeException refused(AccessTokens.Authentication.Rejected rejected) {
    if (rejected.retryAfter().isPresent()) {
      return new ProblemException(Problems.tooManyBadTokens(rejected.retryAfter().get()));
    }
    return PageProblem.tryAgain(
        401,
        "This token is not known",
        "The token is unknown, expired or revoked. Nobody was signed in.");
  }
}
