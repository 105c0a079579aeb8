package io.claviger.web.server;

import io.claviger.application.accounts.Authenticate;
import io.claviger.application.shared.Actor;
import io.claviger.domain.accounts.TokenText;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.ProblemException;
import io.claviger.web.problems.Problems;
import io.javalin.http.Context;
import java.util.Collections;

/** Finds out who calls, by their access token, and from where. */
public final class Caller {
  /** What the log reads the caller's handle from. */
  static final String ATTRIBUTE = "io.claviger.user";

  private static final Problem BAD_TOKEN = Problems.unauthorized(true);

  private final Authenticate authenticate;
  private final CallerAddress addresses;

  public Caller(Authenticate authenticate, CallerAddress addresses) {
    this.authenticate = authenticate;
    this.addresses = addresses;
  }

  Actor of(Context ctx) {
    TokenText token =
        BearerToken.of(ctx).orElseThrow(() -> new ProblemException(Problems.unauthorized(false)));
    return switch (authenticate.authenticate(token, address(ctx), Call.requestId(ctx))) {
      case Authenticate.Outcome.Authenticated known -> known(ctx, known.actor());
      case Authenticate.Outcome.Rejected rejected ->
          throw new ProblemException(
              rejected.retryAfter().map(Problems::tooManyBadTokens).orElse(BAD_TOKEN));
    };
  }

  private String address(Context ctx) {
    return addresses.of(
        ctx.req().getRemoteAddr(),
        Collections.list(ctx.req().getHeaders("X-Forwarded-For")),
        Collections.list(ctx.req().getHeaders("Forwarded")));
  }

  private static Actor known(Context ctx, Actor actor) {
    ctx.attribute(ATTRIBUTE, actor.handle().value());
    return actor;
  }
}
