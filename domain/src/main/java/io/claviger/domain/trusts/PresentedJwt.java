package io.claviger.domain.trusts;

import io.claviger.domain.identity.Issuer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The claims of a JWT whose issuer's signature is valid.
 *
 * @param claims a map of the further claims of the JWT, as far as their values are texts
 */
public record PresentedJwt(
    Issuer issuer,
    String subject,
    List<String> audience,
    Map<String, String> claims,
    Instant expiresAt,
    Optional<Instant> notBefore,
    Optional<Instant> issuedAt) {
  public PresentedJwt {
    audience = List.copyOf(audience);
    claims = Map.copyOf(claims);
  }
}
