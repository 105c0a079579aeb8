package io.claviger.web.oauth;

import io.claviger.application.trusts.TokenExchange;
import io.claviger.application.trusts.TokenExchange.Exchange;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.CallerOrigin;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.web.server.Form;
import java.time.Duration;
import java.util.Set;

/**
 * Exchanges a program's JWT for an access token of a service account (RFC 8693). Programs need no
 * client id, because the JWT already identifies the program.
 */
public final class TokenExchangeGrant implements OAuthGrant {
  private static final String TYPES = "urn:ietf:params:oauth:token-type:";
  private static final String ACCESS_TOKEN = TYPES + "access_token";
  private static final Set<String> SUBJECT_TYPES = Set.of(TYPES + "jwt", TYPES + "id_token");
  private static final String ACCOUNT = "urn:claviger:user:";

  /** The retry delay for callers after the keys of an issuer could not be fetched. */
  private static final Duration ISSUER_PAUSE = Duration.ofSeconds(5);

  /**
   * The retry delay for callers if the service account has too many tokens. The tokens live for at
   * most an hour. The account has many, so at least one has probably expired after this delay.
   */
  private static final Duration TOKENS_PAUSE = Duration.ofMinutes(1);

  private final TokenExchange exchange;

  public TokenExchangeGrant(TokenExchange exchange) {
    this.exchange = exchange;
  }

  @Override
  public String type() {
    return "urn:ietf:params:oauth:grant-type:token-exchange";
  }

  @Override
  public TokenAnswer grant(Form form, CallerOrigin from, String requestId) {
    String jwt = required(form, "subject_token");
    if (!SUBJECT_TYPES.contains(required(form, "subject_token_type"))) {
      throw new OAuthException(
          "invalid_request", "subject_token_type is " + TYPES + "jwt or " + TYPES + "id_token.");
    }
    if (form.value("actor_token").isPresent()) {
      throw new OAuthException("invalid_request", "actor_token is not supported. Leave it out.");
    }
    if (form.value("requested_token_type").filter(t -> !t.equals(ACCESS_TOKEN)).isPresent()) {
      throw new OAuthException("invalid_request", "Only " + ACCESS_TOKEN + " is issued.");
    }
    if (Scopes.wanted(form).filter(scope -> scope != TokenScope.USE).isPresent()) {
      throw new OAuthException("invalid_scope", "An exchanged token always has the scope 'use'.");
    }
    return answer(exchange.exchange(jwt, account(form), from.address(), requestId));
  }

  private static String required(Form form, String name) {
    return form.value(name)
        .orElseThrow(() -> new OAuthException("invalid_request", name + " is missing."));
  }

  private static Handle account(Form form) {
    String resource = required(form, "resource");
    try {
      if (resource.startsWith(ACCOUNT)) {
        return new Handle(resource.substring(ACCOUNT.length()));
      }
    } catch (InvalidValue e) {
      throw noAccount();
    }
    throw noAccount();
  }

  private static OAuthException noAccount() {
    return new OAuthException(
        "invalid_target", "resource is " + ACCOUNT + " and the handle of a service account.");
  }

  private static TokenAnswer answer(Exchange result) {
    return switch (result) {
      case Exchange.Issued issued ->
          TokenAnswer.exchanged(
              issued.text().reveal(),
              Duration.between(issued.issuedAt(), issued.expiresAt()),
              TokenScope.USE);
      case Exchange.Refused refused ->
          throw new OAuthException(
              "invalid_grant", "The token is not accepted for this service account.");
      case Exchange.IssuerAway away ->
          throw OAuthException.passing(
              503,
              "temporarily_unavailable",
              "The keys of the issuer are not available at the moment. Try again.",
              ISSUER_PAUSE);
      case Exchange.TooMany tooMany ->
          throw OAuthException.passing(
              429,
              "slow_down",
              "The service account already has the maximum number of valid tokens. Use a token"
                  + " until it expires.",
              TOKENS_PAUSE);
    };
  }
}
