package io.claviger.application.trusts;

import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.port.RandomBytes;
import io.claviger.application.trusts.port.JwtVerifier;
import io.claviger.application.trusts.port.TrustStore;
import io.claviger.application.trusts.port.TrustedIssuerStore;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.identity.Issuer;
import java.time.Instant;
import java.util.Optional;

/**
 * Exchanges a program's own JWT for an access token of a service account (RFC 8693), so that the
 * program needs no stored secret.
 */
public interface TokenExchange {
  /**
   * The maximum number of valid access tokens from exchanges of JWTs that a service account may
   * have.
   */
  int MOST_LIVE = 1_000;

  static TokenExchange of(
      Stores stores,
      JwtVerifier verifier,
      Installation installation,
      RandomBytes random,
      AuditedChanges changes) {
    return new TokenExchangeUseCases(stores, verifier, installation, random, changes);
  }

  /**
   * Exchanges a JWT for an access token of the scope {@code use}. The access token expires together
   * with the JWT, after the trust's maximum lifetime, or after an hour, whichever comes first. All
   * JWTs that are not accepted are refused in the same way. The reason is recorded only in the
   * audit trail.
   *
   * @param jwt the JWT, which is never stored, logged or returned
   * @param account the service account whose token is requested
   */
  Exchange exchange(String jwt, Handle account, String address, String requestId);

  /**
   * The settings that decide which JWTs this installation accepts.
   *
   * @param audience the address of this installation, which a JWT must have as its only audience;
   *     if empty, no JWT is exchanged
   * @param people the issuer with which people sign in. JWTs of this issuer are not exchanged, even
   *     if it was a trusted issuer before, because a program could act with a person's token
   *     otherwise
   * @param own the address at which this installation is an issuer itself. The JWTs that this
   *     installation issues about services are not exchanged
   */
  record Installation(Optional<String> audience, Optional<Issuer> people, Optional<Issuer> own) {}

  /** The stores that an exchange of a JWT needs. */
  record Stores(
      UserStore users, AccessTokenStore tokens, TrustedIssuerStore issuers, TrustStore trusts) {}

  /** The result of an exchange of a JWT. */
  sealed interface Exchange {
    /** The access token, which can't be shown again. */
    record Issued(TokenText text, Instant issuedAt, Instant expiresAt) implements Exchange {}

    /**
     * The JWT was refused, because it is not accepted for this account or because there is no such
     * account.
     */
    record Refused() implements Exchange {}

    /** The issuer's keys can't be fetched at present. A later attempt might succeed. */
    record IssuerAway() implements Exchange {}

    /** The account already has {@link #MOST_LIVE} valid tokens from exchanges of JWTs. */
    record TooMany() implements Exchange {}
  }
}
