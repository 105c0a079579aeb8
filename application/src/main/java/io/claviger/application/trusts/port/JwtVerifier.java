package io.claviger.application.trusts.port;

import io.claviger.domain.identity.Issuer;
import io.claviger.domain.trusts.PresentedJwt;
import java.util.Optional;

/** Verifies JWTs with the keys that their issuer publishes. */
public interface JwtVerifier {
  /** Reads the issuer of a JWT without verifying it; empty if the text is not a signed JWT. */
  Optional<Issuer> issuerOf(String jwt);

  /**
   * Verifies the signature of a JWT with the keys of an issuer, and reads its claims. This method
   * does not check the JWT's times, audience and subject. It may block for some seconds while the
   * keys are fetched from the issuer.
   */
  Verification verify(Issuer issuer, String jwt);

  /** The result of a verification. */
  sealed interface Verification {
    record Verified(PresentedJwt jwt) implements Verification {}

    /** The signature, algorithm, form or issuer of the JWT is not valid. */
    record Invalid() implements Verification {}

    /** The keys of the issuer can't be fetched now. */
    record Unavailable() implements Verification {}
  }
}
