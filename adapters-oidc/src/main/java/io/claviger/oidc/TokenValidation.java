package io.claviger.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.oauth2.sdk.GeneralException;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.claims.LogoutTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.validators.LogoutTokenClaimsVerifier;
import com.nimbusds.openid.connect.sdk.validators.LogoutTokenValidator;
import io.claviger.application.identity.port.IdentityProvider.InvalidResponse;
import io.claviger.application.identity.port.IdentityProvider.ProviderUnavailable;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Validates tokens of the provider. They need a signature by one of its keys, and the right issuer,
 * audience and authorized party. Times have a tolerance of 60 seconds. Unsigned tokens and tokens
 * with a symmetric signature are always refused.
 */
final class TokenValidation {
  private static final Logger LOG = LoggerFactory.getLogger(TokenValidation.class);
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(JWSAlgorithm.RS256, JWSAlgorithm.PS256, JWSAlgorithm.ES256, JWSAlgorithm.EdDSA);
  private static final Duration OLDEST_LOGOUT = Duration.ofMinutes(10);

  private final Issuer issuer;
  private final ClientID client;
  private final Ed25519Keys.Selector keys;
  private final InstantSource clock;

  TokenValidation(
      Issuer issuer, ClientID client, JWKSource<SecurityContext> keys, InstantSource clock) {
    this.issuer = issuer;
    this.client = client;
    this.keys = new Ed25519Keys.Selector(ALGORITHMS, keys);
    this.clock = clock;
  }

  /**
   * @param nonce the nonce that a sign-in expects; empty for a refresh
   */
  IDTokenClaimsSet validateIdToken(JWT token, Optional<String> nonce) {
    DefaultJWTProcessor<SecurityContext> processor = processor();
    processor.setJWTClaimsSetVerifier(
        new IdTokenClaimsCheck(issuer, client, nonce, clock.instant()));
    try {
      return validated(() -> new IDTokenClaimsSet(processor.process(token, null)));
    } catch (InvalidResponse e) {
      LOG.warn("an id token of the identity provider is refused: {}", reason(e));
      throw e;
    }
  }

  LogoutTokenClaimsSet validateLogoutToken(String text) {
    DefaultJWTProcessor<SecurityContext> processor = processor();
    // Older versions of Keycloak, and other providers, send the type JWT or no type.
    processor.setJWSTypeVerifier(
        new DefaultJOSEObjectTypeVerifier<>(LogoutTokenValidator.TYPE, JOSEObjectType.JWT, null));
    // The class extends a raw type, so the code passes a reference to its method.
    processor.setJWTClaimsSetVerifier(new LogoutTokenClaimsVerifier(issuer, client)::verify);
    LogoutTokenClaimsSet claims =
        validated(() -> new LogoutTokenClaimsSet(processor.process(text, null)));
    Instant now = clock.instant();
    Instant issued = claims.getIssueTime().toInstant();
    if (issued.isBefore(now.minus(OLDEST_LOGOUT))
        || issued.isAfter(now.plus(IdTokenClaimsCheck.TOLERANCE))) {
      throw new InvalidResponse("The logout token is too old, or from the future.");
    }
    return claims;
  }

  private DefaultJWTProcessor<SecurityContext> processor() {
    DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    processor.setJWSVerifierFactory(new Ed25519Keys.Verifiers());
    processor.setJWSKeySelector(keys);
    return processor;
  }

  private static String reason(InvalidResponse e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return String.valueOf(cause.getMessage()).replaceAll("\\p{Cntrl}", " ");
  }

  @FunctionalInterface
  private interface Validation<T> {
    T validate() throws BadJOSEException, JOSEException, ParseException, GeneralException;
  }

  private static <T> T validated(Validation<T> validation) {
    try {
      return validation.validate();
    } catch (JWKSetUnavailableException e) {
      throw new ProviderUnavailable(
          "The identity provider's keys can't be fetched. Try again later.", false, e);
    } catch (KeySourceException e) {
      throw new ProviderUnavailable(
          "The identity provider signed with an unknown key. Try again in a minute.", false, e);
    } catch (BadJOSEException | JOSEException | ParseException | GeneralException e) {
      // The exception's message may repeat what somebody else wrote into the token.
      throw new InvalidResponse(
          "The identity provider's token is not valid for this sign-in. Begin it again.", e);
    }
  }
}
