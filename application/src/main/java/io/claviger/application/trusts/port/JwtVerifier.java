package io.claviger.application.trusts.port;

import io.claviger.domain.identity.Issuer;
import io.claviger.domain.trusts.PresentedJwt;
import java.util.Optional;

/** Verifies JWTs with their issuers' published keys. */
public interface JwtVerifier {
  /**
   * Reads the issuer of a JWT without verifying the JWT. The result is empty if the text is not a
   * signed JWT.
   */
  Optional<Issuer> issuerOf(String jwt);

  /**
   * Verifies a JWT's signature with an issuer's keys, and reads the claims. The JWT's times,
   * audience and subject are not checked. Blocks for up to some seconds if the keys must be fetched
   * from the issuer.
   */
  Verification verify(Issuer issuer, String jwt);

  /** The result of verifying a JWT. */
  sealed interface Verification {
    record Verified(PresentedJwt jwt) implements Verification {}

    /** The JWT's signature, algorithm, form or issuer is not valid. */
    record Invalid() implements Verification {}

    /** The issuer's keys can't be fetched at present. */
    record Unavailable() implements Verification {}
  }
}
