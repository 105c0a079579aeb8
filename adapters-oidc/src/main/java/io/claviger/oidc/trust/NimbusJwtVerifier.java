package io.claviger.oidc.trust;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.Ed25519Verifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.claviger.application.trusts.port.JwtVerifier;
import io.claviger.application.trusts.port.OutboundAddresses;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.trusts.PresentedJwt;
import java.io.IOException;
import java.text.ParseException;
import java.time.Duration;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Implements {@link JwtVerifier} with Nimbus. The verifier accepts the algorithms RS256 (with keys
 * of at least 2,048 bits), ES256, and EdDSA (with Ed25519). The verifier refuses the algorithm
 * {@code none}, and algorithms with a shared secret.
 */
public final class NimbusJwtVerifier implements JwtVerifier, AutoCloseable {
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256, JWSAlgorithm.EdDSA);
  private static final Set<String> TYPES = Set.of("JWT", "jwt");
  private static final Duration DEADLINE = Duration.ofSeconds(5);

  /** The maximum number of characters in a JWT. */
  private static final int LONGEST = 16_384;

  private static final int LONGEST_SUBJECT = 1_000;
  private static final int LEAST_RSA_BITS = 2_048;
  private static final int MOST_ISSUERS = 1_000;

  private final IssuerDocuments documents;
  private final LongSupplier nanos;
  private final Duration deadline;
  private final Cache<Issuer, IssuerKeys> issuers =
      Caffeine.newBuilder().maximumSize(MOST_ISSUERS).build();

  NimbusJwtVerifier(OutboundAddresses addresses, LongSupplier nanos, Duration deadline) {
    this.documents = new IssuerDocuments(addresses, deadline);
    this.nanos = nanos;
    this.deadline = deadline;
  }

  public static NimbusJwtVerifier of(OutboundAddresses addresses) {
    return new NimbusJwtVerifier(addresses, System::nanoTime, DEADLINE);
  }

  @Override
  public Optional<Issuer> issuerOf(String jwt) {
    if (jwt.length() > LONGEST) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(SignedJWT.parse(jwt).getJWTClaimsSet().getIssuer())
          .map(Issuer::new);
    } catch (ParseException | InvalidValue e) {
      return Optional.empty();
    }
  }

  @Override
  public Verification verify(Issuer issuer, String text) {
    try {
      SignedJWT jwt = SignedJWT.parse(text);
      if (!isAcceptable(jwt.getHeader())) {
        return new Verification.Invalid();
      }
      IssuerKeys keys =
          issuers.get(issuer, named -> new IssuerKeys(named, documents, nanos, deadline));
      return isSigned(jwt, keys.matching(jwt.getHeader()))
          ? read(issuer, jwt.getJWTClaimsSet())
          : new Verification.Invalid();
    } catch (ParseException e) {
      return new Verification.Invalid();
    } catch (IssuerKeys.Unavailable e) {
      return new Verification.Unavailable();
    }
  }

  private static boolean isAcceptable(JWSHeader header) {
    return ALGORITHMS.contains(header.getAlgorithm())
        && (header.getType() == null || TYPES.contains(header.getType().getType()));
  }

  private static boolean isSigned(SignedJWT jwt, List<JWK> keys) {
    return keys.stream().anyMatch(key -> isSigned(jwt, key));
  }

  private static boolean isSigned(SignedJWT jwt, JWK key) {
    try {
      Optional<JWSVerifier> verifier = verifier(key);
      return verifier.isPresent() && jwt.verify(verifier.get());
    } catch (JOSEException e) {
      // This key does not fit the algorithm, but another key might.
      return false;
    }
  }

  private static Optional<JWSVerifier> verifier(JWK key) throws JOSEException {
    return switch (key.getKeyType().getValue()) {
      case "RSA" ->
          key.size() < LEAST_RSA_BITS
              ? Optional.empty()
              : Optional.of(new RSASSAVerifier(key.toRSAKey().toRSAPublicKey()));
      case "EC" -> Optional.of(new ECDSAVerifier(key.toECKey()));
      case "OKP" -> Optional.of(new Ed25519Verifier(publicPart(key.toOctetKeyPair())));
      default -> Optional.empty();
    };
  }

  private static OctetKeyPair publicPart(OctetKeyPair key) {
    return key.toPublicJWK();
  }

  private static Verification read(Issuer issuer, JWTClaimsSet claims) {
    String subject = claims.getSubject();
    Date expiry = claims.getExpirationTime();
    if (!issuer.value().equals(claims.getIssuer())
        || expiry == null
        || subject == null
        || subject.isEmpty()
        || subject.length() > LONGEST_SUBJECT
        || subject.chars().anyMatch(Character::isISOControl)) {
      return new Verification.Invalid();
    }
    return new Verification.Verified(
        new PresentedJwt(
            issuer,
            subject,
            claims.getAudience(),
            texts(claims.getClaims()),
            expiry.toInstant(),
            Optional.ofNullable(claims.getNotBeforeTime()).map(Date::toInstant),
            Optional.ofNullable(claims.getIssueTime()).map(Date::toInstant)));
  }

  private static Map<String, String> texts(Map<String, Object> claims) {
    Map<String, String> texts = new HashMap<>();
    claims.forEach(
        (name, value) -> {
          if (value instanceof String text) {
            texts.put(name, text);
          }
        });
    return texts;
  }

  @Override
  public void close() throws IOException {
    documents.close();
  }
}
