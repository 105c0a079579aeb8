package io.claviger.web.trusts;

import io.claviger.domain.trusts.Trust;
import java.time.Instant;
import java.util.Map;

/**
 * A trust of a service account as the API shows it.
 *
 * @param maxLifetime in seconds
 */
record TrustJson(
    String name,
    String issuer,
    String subject,
    Map<String, String> claims,
    long maxLifetime,
    long version,
    Instant createdAt,
    Instant updatedAt) {

  static TrustJson of(Trust trust) {
    return new TrustJson(
        trust.name().value(),
        trust.issuer().name().value(),
        trust.terms().subject().value(),
        trust.terms().claims().values(),
        trust.terms().maxLifetime().toSeconds(),
        trust.version(),
        trust.createdAt(),
        trust.updatedAt());
  }
}
