package io.claviger.web.pages;

import io.claviger.application.identity.SignIn;
import io.claviger.application.identity.SignInResult;
import io.claviger.domain.identity.ReturnPath;
import io.claviger.domain.sessions.BrowserSecret;
import io.claviger.web.server.OpenCall;
import io.claviger.web.server.Routes;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The address to which the identity provider redirects browsers after a sign-in, and the address to
 * which it reports sign-outs.
 */
final class ProviderPages {
  private static final Duration USUAL_WAIT = Duration.ofMinutes(1);

  private final Visitors visitors;
  private final SessionStart start;
  private final SignIn signIn;

  ProviderPages(Visitors visitors, SessionStart start, SignIn signIn) {
    this.visitors = visitors;
    this.start = start;
    this.signIn = signIn;
  }

  void addTo(Routes routes) {
    routes.pageAt("/console/sign-in/callback").openGet(visitors.page(this::finish));
    routes.pageAt("/console/sign-in/logout").openPost(this::logOut);
  }

  /**
   * Sends the browser to the identity provider, if the identity provider can be reached.
   *
   * @param linking whether the visitor wants to link an account
   * @param again the address at which the visitor can sign in again after a refusal
   */
  static void leave(Visit visit, SignIn.SignInStart beginning, boolean linking, String again) {
    switch (beginning) {
      case SignIn.SignInStart.Started started -> {
        PageCookie.SIGN_IN.set(visit.ctx(), visit.site(), started.binding());
        visit.leaveTo(started.location());
      }
      case SignIn.SignInStart.Refused refused ->
          throw problem(refused.reason(), refused.sentence(), Optional.empty(), linking, again);
    }
  }

  private void finish(Visit visit) {
    visit.demandSafeConnection();
    Optional<BrowserSecret> binding = PageCookie.SIGN_IN.sent(visit.ctx(), visit.site());
    PageCookie.SIGN_IN.clear(visit.ctx(), visit.site());
    SignInResult result =
        signIn.finish(
            callback(visit.ctx()), binding, visit.session(), visit.address(), visit.requestId());
    switch (result) {
      case SignInResult.Completed completed -> completed(visit, completed);
      case SignInResult.Linked linked -> linked(visit, linked);
      case SignInResult.Refused refused ->
          throw problem(
              refused.reason(),
              refused.sentence(),
              refused.retryAfter(),
              refused.linking(),
              again(refused.returnPath()));
    }
  }

  /**
   * Returns the address at which somebody signs in again to get to a page. Whoever goes to the page
   * for devices might have to prove who they are. The attempt does not say so any more, so it is
   * asked for.
   */
  private static String again(ReturnPath then) {
    if (then.equals(ReturnPath.START)) {
      return SignInPages.PATH;
    }
    return then.value().equals(DevicePages.PATH)
        ? SignInPages.againLeadingTo(then)
        : SignInPages.leadingTo(then);
  }

  private void completed(Visit visit, SignInResult.Completed completed) {
    ReturnPath then = ReturnPath.of(completed.returnPath());
    if (completed.notices().isEmpty()) {
      start.start(visit, completed.who(), then);
      return;
    }
    start.begin(visit, completed.who());
    visit.show(
        HtmlPage.open(
            "You are signed in",
            Html.items(completed.notices().stream().map(Html::text).toList()),
            Html.paragraph(Html.link(then.value(), "Go on"))));
  }

  /**
   * Shows whose account was linked. The browser might have been signed in at the identity provider
   * as somebody else, and some identity providers then ask for no password.
   */
  private static void linked(Visit visit, SignInResult.Linked linked) {
    List<Html.Fact> account = new ArrayList<>();
    linked.names().forEach(name -> account.add(new Html.Fact("Called", name)));
    account.add(new Html.Fact("Subject", linked.identity().subject().value()));
    visit.show(
        HtmlPage.of(
            visit.signedIn().actor().handle().value(),
            "This account is linked to you",
            Html.paragraph(
                "Whoever signs in with this account of "
                    + linked.identity().issuer()
                    + " is signed in here as "
                    + visit.signedIn().actor().handle()
                    + ":"),
            Html.facts(account),
            Html.paragraph(
                Html.text(
                    "If this is not your own account, unlink it now on the page My account. This"
                        + " browser is then signed in at the identity provider as somebody else.")),
            Html.paragraph(Html.link(ReturnPath.of(linked.returnPath()).value(), "My account"))));
  }

  /** Reads the parameters. A parameter that occurs more than once is treated as absent. */
  private static SignIn.Callback callback(Context ctx) {
    return new SignIn.Callback(
        single(ctx, "state"), single(ctx, "code"), single(ctx, "iss"), single(ctx, "error"));
  }

  private static Optional<String> single(Context ctx, String name) {
    var values = ctx.queryParams(name);
    return values.size() == 1 ? Optional.of(values.get(0)) : Optional.empty();
  }

  private static PageProblem problem(
      SignInResult.Reason reason,
      String sentence,
      Optional<Duration> retryAfter,
      boolean linking,
      String again) {
    String title = linking ? "The account was not linked" : "Nobody was signed in";
    PageProblem problem = problem(title, reason, sentence, retryAfter);
    return linking && reason != SignInResult.Reason.SESSION_ENDED
        ? problem.leadingToAccount()
        : problem.leadingTo(again);
  }

  private static PageProblem problem(
      String title, SignInResult.Reason reason, String sentence, Optional<Duration> retryAfter) {
    return switch (reason) {
      case BUSY -> PageProblem.tooMany(title, sentence, retryAfter.orElse(USUAL_WAIT));
      case PROVIDER_UNAVAILABLE -> PageProblem.tryAgain(502, title, sentence);
      case HANDLE_TAKEN, IDENTITY_TAKEN -> PageProblem.tryAgain(409, title, sentence);
      case NOT_ALLOWED, DECLINED -> PageProblem.tryAgain(403, title, sentence);
      case UNKNOWN_ATTEMPT, INVALID_RESPONSE, NO_HANDLE, SESSION_ENDED ->
          PageProblem.tryAgain(400, title, sentence);
    };
  }

  /**
   * Ends the sessions that the identity provider's request names (OpenID Connect Back-Channel
   * Logout 1.0, 2.5 and 2.8). The identity provider itself calls this address, not a browser.
   */
  private void logOut(OpenCall call) {
    Optional<String> token = call.form().value("logout_token");
    int status =
        token
            .map(given -> signIn.logOut(given, call.address(), call.requestId()))
            .map(
                result ->
                    switch (result) {
                      case DONE -> 200;
                      case REJECTED -> 400;
                      case UNAVAILABLE -> 503;
                    })
            .orElse(400);
    call.ctx().status(status);
  }
}
