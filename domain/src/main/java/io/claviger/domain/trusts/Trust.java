package io.claviger.domain.trusts;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import java.time.Instant;
import java.util.UUID;

/**
 * A rule by which JWTs of a trusted issuer are exchanged for access tokens of a service account.
 *
 * @param account the service account
 * @param name the name of the trust, unique among the trusts of the account
 * @param version a number that increases with each stored change
 */
public record Trust(
    Id id,
    User.Id account,
    Handle name,
    TrustedIssuer issuer,
    TrustTerms terms,
    long version,
    Instant createdAt,
    Instant updatedAt) {

  public Trust with(TrustedIssuer otherIssuer, TrustTerms otherTerms, Instant now) {
    return new Trust(id, account, name, otherIssuer, otherTerms, version + 1, createdAt, now);
  }

  /** Identifies a trust; a change of the name does not change the id. */
  public record Id(UUID value) {}
}
