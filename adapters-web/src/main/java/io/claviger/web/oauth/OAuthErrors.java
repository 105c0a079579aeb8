package io.claviger.web.oauth;

import io.claviger.web.problems.Problem;
import io.claviger.web.problems.ProblemException;
import io.claviger.web.server.OpenCall;
import io.claviger.web.server.Routes;
import java.util.Optional;

/**
 * Answers errors as OAuth wants them. Only what the caller has done wrong is answered so. That the
 * server is busy or failed is a problem as everywhere else.
 */
final class OAuthErrors {
  private OAuthErrors() {}

  private record ErrorJson(String error, String errorDescription) {}

  static Routes.OpenHandler answering(Routes.OpenHandler handler) {
    return call -> {
      try {
        handler.to(call);
      } catch (OAuthException e) {
        answer(call, e);
      } catch (ProblemException e) {
        if (e.problem().status() >= 500) {
          throw e;
        }
        answer(call, ofRequest(e.problem()));
      }
    };
  }

  private static void answer(OpenCall call, OAuthException e) {
    call.discardBody();
    e.retryAfter()
        .ifPresent(wait -> call.ctx().header("Retry-After", Long.toString(wait.toSeconds())));
    call.json(e.status(), new ErrorJson(e.error(), e.description()));
  }

  /** The form could not be read. */
  private static OAuthException ofRequest(Problem problem) {
    return new OAuthException(
        problem.status(), "invalid_request", problem.detail(), Optional.empty());
  }
}
