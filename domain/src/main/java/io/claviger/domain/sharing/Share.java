package io.claviger.domain.sharing;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.policy.Limits;
import java.time.Instant;
import java.util.Optional;

/**
 * A role that an instance gives one user. Which instance is said by who holds the share.
 *
 * @param givenBy who gave it; empty once that user is deleted
 * @param givenVia the co-owner whose own share it was given by and with which it ends; empty when
 *     the owning user or an administrator gave it
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
   * What is lent.
   *
   * @param mayReshare whether a project of the grantee may pass the use on to its members
   */
  public record Terms(Role role, boolean mayReshare, Optional<Instant> expiresAt, Limits limits) {
    /**
     * Whether a co-owner with the given terms may give these: readers and writers, no longer and no
     * more than they have.
     */
    public boolean fitWithin(Terms giver) {
      return giver.role == Role.OWNER
          && role != Role.OWNER
          && (giver.mayReshare || !mayReshare)
          && outlastedBy(giver)
          && limits.fitWithin(giver.limits);
    }

    private boolean outlastedBy(Terms giver) {
      return giver.expiresAt.isEmpty()
          || (expiresAt.isPresent() && !expiresAt.get().isAfter(giver.expiresAt.get()));
    }
  }

  public boolean expiredAt(Instant now) {
    return terms.expiresAt().isPresent() && !now.isBefore(terms.expiresAt().get());
  }
}
