package io.claviger.web.server;

import io.claviger.web.problems.Problem;
import io.claviger.web.problems.ProblemException;
import io.claviger.web.problems.Problems;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers every exception of a handler with a problem. */
final class ErrorAnswers {
  private static final Logger LOG = LoggerFactory.getLogger(ErrorAnswers.class);

  private final Routes routes;

  ErrorAnswers(Routes routes) {
    this.routes = routes;
  }

  void register(RoutesConfig config) {
    config.exception(HttpResponseException.class, this::answerJavalins);
    config.exception(Exception.class, ErrorAnswers::answer);
  }

  /** Javalin's own are about paths and methods that it does not know. */
  private void answerJavalins(HttpResponseException thrown, Context ctx) {
    try {
      if (thrown.getStatus() == 404) {
        routes.refuseUnmatched(ctx.path());
      }
      answer(thrown, ctx);
    } catch (ProblemException e) {
      answer(e, ctx);
    }
  }

  static void answer(Throwable thrown, Context ctx) {
    Problem problem = Problems.of(thrown).orElseGet(() -> unforeseen(thrown));
    BodyReader.discard(ctx.req());
    problem.headers().forEach(ctx::header);
    ctx.status(problem.status())
        .contentType(Problem.MEDIA_TYPE)
        .result(problem.json(Call.requestId(ctx)));
  }

  /** The message of an exception may hold what was given, so only its kind and place are logged. */
  private static Problem unforeseen(Throwable thrown) {
    LOG.error("A request failed unexpectedly", new Traced(thrown));
    return Problems.unexpected();
  }
}
