package io.claviger.web.server;

import io.claviger.domain.accounts.TokenText;
import io.javalin.http.Context;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the bearer token in the {@code Authorization} header (RFC 6750). */
public final class BearerToken {
  private static final Pattern BEARER = Pattern.compile("(?i)bearer +(\\S+) *");

  private BearerToken() {}

  /**
   * Returns the token; empty if the request has no such header, several such headers, or a header
   * without a bearer token.
   */
  public static Optional<TokenText> of(Context ctx) {
    List<String> credentials = Collections.list(ctx.req().getHeaders("Authorization"));
    if (credentials.size() != 1) {
      return Optional.empty();
    }
    Matcher bearer = BEARER.matcher(credentials.get(0));
    return bearer.matches() ? Optional.of(TokenText.presented(bearer.group(1))) : Optional.empty();
  }
}
