package io.claviger.web.trusts;

import io.claviger.domain.trusts.TrustedIssuer;
import java.time.Instant;

/** A trusted issuer as the API shows it. */
record TrustedIssuerJson(
    String name, String issuer, long version, Instant createdAt, Instant updatedAt) {

  static TrustedIssuerJson of(TrustedIssuer issuer) {
    return new TrustedIssuerJson(
        issuer.name().value(),
        issuer.issuer().value(),
        issuer.version(),
        issuer.createdAt(),
        issuer.updatedAt());
  }
}
