package io.claviger.web.pages;

import io.claviger.application.sessions.NewSession;
import io.claviger.application.sessions.Sessions;
import io.claviger.application.sessions.SignedIn;
import io.claviger.application.shared.Outcome;

/**
 * Starts the session of somebody who has proved who they are. The cookie is always a new one, so
 * that nobody can have planted it, and the session that the browser had before ends.
 */
final class SessionStart {
  private final Sessions sessions;

  SessionStart(Sessions sessions) {
    this.sessions = sessions;
  }

  /** Signs in, and sends the browser on. */
  void start(Visit visit, SignedIn who, ReturnPath then) {
    begin(visit, who);
    visit.redirect(then.path());
  }

  /** Signs in; the caller answers the request. */
  void begin(Visit visit, SignedIn who) {
    visit.demandSafeConnection();
    switch (sessions.start(who, visit.address(), visit.userAgent(), visit.requestId())) {
      case Outcome.Done<NewSession> started -> {
        visit.session().ifPresent(sessions::end);
        PageCookie.SESSION.set(visit.ctx(), visit.site(), started.value().secret());
        PageCookie.VISITOR.clear(visit.ctx(), visit.site());
      }
      case Outcome.Refused<NewSession> refused ->
          throw PageProblem.tryAgain(
              403,
              "You can't sign in",
              "This user is suspended, is a service account, or is gone.");
    }
  }
}
