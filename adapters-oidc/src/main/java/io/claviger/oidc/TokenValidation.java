package io.claviger.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.RemoteKeySourceException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.claims.LogoutTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import com.nimbusds.openid.connect.sdk.validators.LogoutTokenValidator;
import io.claviger.application.identity.port.IdentityProvider.InvalidResponse;
import io.claviger.application.identity.port.IdentityProvider.ProviderUnavailable;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Validates tokens of the provider: signature by a key of its own, issuer, audience, authorized
 * party, times with a tolerance of 60 seconds. Unsigned tokens and those with a symmetric signature
 * are refused whatever they say.
 */
final class TokenValidation {
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(JWSAlgorithm.RS256, JWSAlgorithm.PS256, JWSAlgorithm.ES256);
  private static final int SKEW_SECONDS = 60;
  private static final Duration OLDEST_LOGOUT = Duration.ofMinutes(10);

  private final Issuer issuer;
  private final ClientID client;
  private final JWSVerificationKeySelector<SecurityContext> keys;
  private final InstantSource clock;

  TokenValidation(
      Issuer issuer, ClientID client, JWKSource<SecurityContext> keys, InstantSource clock) {
    this.issuer = issuer;
    this.client = client;
    this.keys = new JWSVerificationKeySelector<>(ALGORITHMS, keys);
    this.clock = clock;
  }

  IDTokenClaimsSet validateIdToken(JWT token, Optional<String> nonce) {
    IDTokenValidator validator = new IDTokenValidator(issuer, client, keys, null);
    validator.setMaxClockSkew(SKEW_SECONDS);
    @Nullable Nonce expected = nonce.map(Nonce::new).orElse(null);
    return validated(() -> validator.validate(token, expected));
  }

  LogoutTokenClaimsSet validateLogoutToken(String text) {
    LogoutTokenValidator validator = new LogoutTokenValidator(issuer, client, false, keys, null);
    validator.setMaxClockSkew(SKEW_SECONDS);
    JWT token;
    try {
      token = JWTParser.parse(text);
    } catch (ParseException e) {
      throw new InvalidResponse("The logout token is no JWT.", e);
    }
    LogoutTokenClaimsSet claims = validated(() -> validator.validate(token));
    Instant now = clock.instant();
    Instant issued = claims.getIssueTime().toInstant();
    if (issued.isBefore(now.minus(OLDEST_LOGOUT))
        || issued.isAfter(now.plusSeconds(SKEW_SECONDS))) {
      throw new InvalidResponse("The logout token is too old, or from the future.");
    }
    return claims;
  }

  @FunctionalInterface
  private interface Validation<T> {
    T validate() throws BadJOSEException, JOSEException;
  }

  private static <T> T validated(Validation<T> validation) {
    try {
      return validation.validate();
    } catch (RemoteKeySourceException e) {
      throw new ProviderUnavailable(
          "The identity provider's keys can't be had. Try again later.", false, e);
    } catch (KeySourceException e) {
      throw new ProviderUnavailable(
          "The identity provider's keys can't be used. Try again in a minute.", false, e);
    } catch (BadJOSEException | JOSEException e) {
      throw new InvalidResponse(
          "What the identity provider sent does not hold: " + e.getMessage(), e);
    }
  }
}
