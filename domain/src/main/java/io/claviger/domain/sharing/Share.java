package io.claviger.domain.sharing;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.policy.Limits;
import java.time.Instant;
import java.util.Optional;

/**
 * The role that one user has on an instance. The instance itself is not part of this record; the
 * code that reads the share knows it.
 *
 * @param givenBy who gave the share; empty once that user is deleted
 * @param givenVia the co-owner who gave it; it ends together with the co-owner's own share; empty
 *     when the owning user or an administrator gave it
 */
public record Share(
    UserId grantee,
    Handle granteeHandle,
    Terms terms,
    Optional<Handle> givenBy,
    Optional<UserId> givenVia,
    long version,
    Instant createdAt) {

  /**
   * The terms of a share.
   *
   * @param mayReshare whether the grantee's projects may pass the use on to their members
   */
  public record Terms(Role role, boolean mayReshare, Optional<Instant> expiresAt, Limits limits) {
    /**
     * Whether a co-owner with the given terms may give a share with these terms. Co-owners may give
     * reader and writer shares that last no longer and allow no more than their own.
     */
    public boolean fitWithin(Terms giver) {
      return giver.role == Role.OWNER
          && role != Role.OWNER
          && (giver.mayReshare || !mayReshare)
          && endsNoLaterThan(giver)
          && limits.fitWithin(giver.limits);
    }

    public boolean expiredAt(Instant now) {
      return expiresAt.isPresent() && !now.isBefore(expiresAt.get());
    }

    private boolean endsNoLaterThan(Terms giver) {
      return giver.expiresAt.isEmpty()
          || (expiresAt.isPresent() && !expiresAt.get().isAfter(giver.expiresAt.get()));
    }
  }

  public boolean expiredAt(Instant now) {
    return terms.expiredAt(now);
  }
}
