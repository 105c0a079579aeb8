package io.claviger.web.pages;

import io.claviger.application.sessions.NewSession;
import io.claviger.application.sessions.Sessions;
import io.claviger.application.sessions.SignedIn;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.identity.ReturnPath;

/**
 * Starts the session of a user whose identity has been verified. The cookie always gets a new
 * value, because somebody else might have planted its old value. The browser's former session ends.
 */
public final class SessionStart {
  private final Sessions sessions;

  public SessionStart(Sessions sessions) {
    this.sessions = sessions;
  }

  /** Signs the user in, and redirects the browser to the given page. */
  void start(Visit visit, SignedIn who, ReturnPath then) {
    begin(visit, who);
    visit.redirect(then.value());
  }

  /**
   * Signs the user in, but does not answer the request; the caller of this method must answer it.
   */
  void begin(Visit visit, SignedIn who) {
    visit.demandSafeConnection();
    switch (sessions.start(who, visit.address(), visit.userAgent(), visit.requestId())) {
      case Outcome.Done<NewSession> started -> {
        visit.session().ifPresent(sessions::end);
        PageCookie.SESSION.set(visit.ctx(), visit.site(), started.value().secret());
        PageCookie.VISITOR.clear(visit.ctx(), visit.site());
      }
      case Outcome.Refused<NewSession> refused -> throw problem(who, refused.why());
    }
  }

  /**
   * Returns the problem for a refused sign-in. If somebody else has just used the link, the problem
   * is the same as for a used link.
   */
  private static PageProblem problem(SignedIn who, Refusal refusal) {
    if (refusal instanceof Refusal.Forbidden forbidden) {
      return PageProblem.tryAgain(403, "You can't sign in", forbidden.why());
    }
    if (refusal instanceof Refusal.TooMany tooMany) {
      return PageProblem.tooMany("You can't sign in", tooMany.detail(), tooMany.retryAfter());
    }
    return who.link().isPresent()
        ? LinkPages.unusable()
        : PageProblem.tryAgain(
            403,
            "You can't sign in",
            "Your user, or the token, link or account with which you signed in, no longer"
                + " exists.");
  }
}
