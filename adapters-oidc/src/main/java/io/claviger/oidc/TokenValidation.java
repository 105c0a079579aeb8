package io.claviger.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.crypto.Ed25519Verifier;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.jwt.proc.JWTClaimsSetVerifier;
import com.nimbusds.oauth2.sdk.GeneralException;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.claims.LogoutTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.validators.IDTokenClaimsVerifier;
import com.nimbusds.openid.connect.sdk.validators.LogoutTokenClaimsVerifier;
import com.nimbusds.openid.connect.sdk.validators.LogoutTokenValidator;
import io.claviger.application.identity.port.IdentityProvider.InvalidResponse;
import io.claviger.application.identity.port.IdentityProvider.ProviderUnavailable;
import java.security.Key;
import java.security.PublicKey;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Validates tokens from the identity provider. A token must have a signature by one of the
 * provider's keys, and the right issuer, audience and authorized party. The provider's clock is
 * allowed to differ from this node's clock by up to 60 seconds. Unsigned tokens and tokens with a
 * symmetric signature are always refused.
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
   * @param nonce the nonce of the sign-in, which the token must contain; empty if the token comes
   *     from a refresh
   */
  IDTokenClaimsSet validateIdToken(JWT token, Optional<String> nonce) {
    DefaultJWTProcessor<SecurityContext> processor = processor();
    processor.setJWTClaimsSetVerifier(
        new IdTokenClaimsCheck(issuer, client, nonce, clock.instant()));
    try {
      demandAcceptedAlgorithm(token);
      return validated(() -> new IDTokenClaimsSet(processor.process(token, null)));
    } catch (InvalidResponse e) {
      LOG.warn("an id token of the identity provider is refused: {}", reason(e));
      throw e;
    }
  }

  /**
   * Refuses a signature with an algorithm that is not accepted. In contrast to other refused
   * tokens, nobody can ever sign in, so people are not told to sign in again.
   */
  private static void demandAcceptedAlgorithm(JWT token) {
    if (token instanceof SignedJWT signed
        && !ALGORITHMS.contains(signed.getHeader().getAlgorithm())) {
      throw new InvalidResponse(
          "The identity provider signs its tokens with an algorithm that Claviger does not accept."
              + " Tell an administrator: the provider has to use RS256, PS256, ES256 or EdDSA.",
          new BadJOSEException(
              "the algorithm " + signed.getHeader().getAlgorithm() + " is not accepted"));
    }
  }

  LogoutTokenClaimsSet validateLogoutToken(String text) {
    DefaultJWTProcessor<SecurityContext> processor = processor();
    // Older versions of Keycloak and other providers set the type of the token to JWT, or set no
    // type.
    processor.setJWSTypeVerifier(
        new DefaultJOSEObjectTypeVerifier<>(LogoutTokenValidator.TYPE, JOSEObjectType.JWT, null));
    // The verifier's class extends a raw type, so an object of the class can't be passed without a
    // warning. A reference to its method can be passed.
    processor.setJWTClaimsSetVerifier(new LogoutTokenClaimsVerifier(issuer, client)::verify);
    LogoutTokenClaimsSet claims =
        validated(() -> new LogoutTokenClaimsSet(processor.process(text, null)));
    Instant now = clock.instant();
    Instant issued = claims.getIssueTime().toInstant();
    if (issued.isBefore(now.minus(OLDEST_LOGOUT))
        || issued.isAfter(now.plus(IdTokenClaimsCheck.TOLERANCE))) {
      throw new InvalidResponse("The logout token is too old, or its time is in the future.");
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
      // The exception's message is left out, because it might repeat text that somebody else wrote
      // into the token.
      throw new InvalidResponse(
          "The identity provider's token is not valid for this sign-in. Sign in again.", e);
    }
  }

  /**
   * Checks the claims of an id token. The signature was verified before. Nimbus checks the issuer,
   * the audience, the nonce, the expiry and the time of issue. This class also checks the
   * authorized party and {@code nbf}, and reports when a clock is wrong.
   */
  static final class IdTokenClaimsCheck implements JWTClaimsSetVerifier<SecurityContext> {
    static final Duration TOLERANCE = Duration.ofSeconds(60);

    private final IDTokenClaimsVerifier standard;
    private final ClientID client;
    private final Instant now;

    IdTokenClaimsCheck(Issuer issuer, ClientID client, Optional<String> nonce, Instant now) {
      this.standard =
          new IDTokenClaimsVerifier(
              issuer, client, nonce.map(Nonce::new).orElse(null), (int) TOLERANCE.toSeconds());
      this.client = client;
      this.now = now;
    }

    /**
     * @throws InvalidResponse if a time in the token shows that a clock is wrong
     */
    @Override
    public void verify(JWTClaimsSet claims, @Nullable SecurityContext context)
        throws BadJWTException {
      if (isLater(claims.getIssueTime()) || isLater(claims.getNotBeforeTime())) {
        throw new InvalidResponse(
            "The time in the identity provider's token is in the future, so the provider's clock"
                + " or Claviger's is wrong. Tell an administrator.");
      }
      Date expiry = claims.getExpirationTime();
      if (expiry != null && !expiry.toInstant().plus(TOLERANCE).isAfter(now)) {
        throw new InvalidResponse(
            "The identity provider's token has already expired. If that happens again, the"
                + " provider's clock or Claviger's is wrong: tell an administrator.");
      }
      standard.verify(claims, context);
      if (claims.getSubject().isBlank()) {
        throw new BadJWTException("Blank subject (sub) claim");
      }
      demandAuthorizedParty(claims);
    }

    private boolean isLater(@Nullable Date time) {
      return time != null && time.toInstant().isAfter(now.plus(TOLERANCE));
    }

    /** Requires that a token with several audiences names Claviger as its authorized party. */
    private void demandAuthorizedParty(JWTClaimsSet claims) throws BadJWTException {
      try {
        String party = claims.getStringClaim("azp");
        boolean missing = party == null && claims.getAudience().size() > 1;
        if (missing || (party != null && !party.equals(client.getValue()))) {
          throw new BadJWTException("Missing or unexpected authorized party (azp) claim");
        }
      } catch (ParseException e) {
        throw new BadJWTException("Invalid authorized party (azp) claim", e);
      }
    }
  }

  /**
   * Makes Nimbus' JWT processor use Ed25519 keys. Nimbus can verify with Ed25519 keys, but its JWT
   * processor ignores keys that it can't convert into JDK keys.
   */
  private static final class Ed25519Keys {
    /** The maximum number of keys to try for a token that does not name its key. */
    private static final int MOST_TRIED = 16;

    private Ed25519Keys() {}

    /** The form in which the selector passes a key to the verifier. */
    private record Ed25519Key(OctetKeyPair jwk) implements PublicKey {
      @Override
      public String getAlgorithm() {
        return "Ed25519";
      }

      @Override
      public String getFormat() {
        return "JWK";
      }

      @Override
      public byte[] getEncoded() {
        return jwk.getDecodedX();
      }
    }

    /** Finds the keys, including Ed25519 keys, with which a token might have been signed. */
    static final class Selector extends JWSVerificationKeySelector<SecurityContext> {
      Selector(Set<JWSAlgorithm> algorithms, JWKSource<SecurityContext> keys) {
        super(algorithms, keys);
      }

      @Override
      public List<Key> selectJWSKeys(JWSHeader header, @Nullable SecurityContext context)
          throws KeySourceException {
        if (!isAllowed(header.getAlgorithm())
            || !JWSAlgorithm.EdDSA.equals(header.getAlgorithm())) {
          return super.selectJWSKeys(header, context).stream()
              .limit(MOST_TRIED)
              .<Key>map(key -> key)
              .toList();
        }
        return getJWKSource().get(new JWKSelector(createJWKMatcher(header)), context).stream()
            .filter(OctetKeyPair.class::isInstance)
            .map(OctetKeyPair.class::cast)
            .filter(key -> key.getCurve().equals(Curve.Ed25519))
            .limit(MOST_TRIED)
            .<Key>map(key -> new Ed25519Key(key.toPublicJWK()))
            .toList();
      }
    }

    /** Verifies the signatures of tokens with the keys that {@link Selector} finds. */
    static final class Verifiers extends DefaultJWSVerifierFactory {
      @Override
      public JWSVerifier createJWSVerifier(JWSHeader header, Key key) throws JOSEException {
        return key instanceof Ed25519Key ed25519
            ? new Ed25519Verifier(ed25519.jwk())
            : super.createJWSVerifier(header, key);
      }
    }
  }
}
