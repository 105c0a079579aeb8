package io.claviger.domain.trusts;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.identity.Issuer;
import java.time.Instant;
import java.util.UUID;

/**
 * An issuer of JWTs, such as a Kubernetes cluster or GitHub Actions, that can be named in a trust.
 *
 * @param version a number that increases with each stored change
 */
public record TrustedIssuer(
    Id id, Handle name, Issuer issuer, long version, Instant createdAt, Instant updatedAt) {

  /** Returns this trusted issuer, but with the given address. */
  public TrustedIssuer with(Issuer other, Instant now) {
    return new TrustedIssuer(id, name, other, version + 1, createdAt, now);
  }

  public record Id(UUID value) {}
}
