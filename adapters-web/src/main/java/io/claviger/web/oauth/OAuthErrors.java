package io.claviger.web.oauth;

import io.claviger.web.problems.Problem;
import io.claviger.web.problems.ProblemException;
import io.claviger.web.server.OpenCall;
import io.claviger.web.server.Routes;
import java.util.Set;

/**
 * Answers refused forms as OAuth wants it. Too many requests, a busy server and failures are
 * answered as problems, as everywhere else.
 */
final class OAuthErrors {
  private static final Set<Integer> OF_THE_FORM = Set.of(400, 413, 415);

  private OAuthErrors() {}

  private record ErrorJson(String error, String errorDescription) {}

  static Routes.OpenHandler answering(Routes.OpenHandler handler) {
    return call -> {
      try {
        handler.to(call);
      } catch (OAuthException e) {
        answer(call, e);
      } catch (ProblemException e) {
        if (!OF_THE_FORM.contains(e.problem().status())) {
          throw e;
        }
        answer(call, ofRequest(e.problem()));
      }
    };
  }

  private static void answer(OpenCall call, OAuthException e) {
    call.discardBody();
    e.retryAfter()
        .ifPresent(wait -> call.ctx().header("Retry-After", String.valueOf(wait.toSeconds())));
    call.json(e.status(), new ErrorJson(e.error(), e.description()));
  }

  /** The form could not be read. */
  private static OAuthException ofRequest(Problem problem) {
    return new OAuthException(problem.status(), "invalid_request", problem.detail());
  }
}
