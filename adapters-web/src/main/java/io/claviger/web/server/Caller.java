package io.claviger.web.server;

import io.claviger.application.accounts.Authenticate;
import io.claviger.application.shared.Actor;
import io.claviger.domain.accounts.TokenText;
import io.claviger.web.problems.ProblemException;
import io.claviger.web.problems.Problems;
import io.javalin.http.Context;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds out who calls, by the access token of the one {@code Authorization} header (RFC 6750). */
public final class Caller {
  /** What the log reads the caller's handle from. */
  static final String ATTRIBUTE = "io.claviger.user";

  private static final Pattern BEARER = Pattern.compile("(?i)bearer +(\\S+) *");

  private final Authenticate authenticate;
  private final CallerAddress addresses;

  public Caller(Authenticate authenticate, CallerAddress addresses) {
    this.authenticate = authenticate;
    this.addresses = addresses;
  }

  Actor of(Context ctx) {
    List<String> credentials = Collections.list(ctx.req().getHeaders("Authorization"));
    if (credentials.isEmpty()) {
      throw new ProblemException(Problems.unauthorized(false));
    }
    Matcher bearer = BEARER.matcher(credentials.get(0));
    if (credentials.size() > 1 || !bearer.matches()) {
      throw new ProblemException(Problems.unauthorized(false));
    }
    TokenText token = TokenText.presented(bearer.group(1));
    return switch (authenticate.authenticate(token, address(ctx), Call.requestId(ctx))) {
      case Authenticate.Outcome.Authenticated known -> known(ctx, known.actor());
      case Authenticate.Outcome.Rejected rejected ->
          throw new ProblemException(Problems.unauthorized(true));
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
