package io.claviger.domain.fairness;

import java.util.Optional;
import java.util.UUID;

/**
 * The person to whom the use of a service is lent, and the weight of the share by which a call
 * goes.
 *
 * @param id the user; for a service account the user or the group who is responsible for it
 */
public record Borrower(UUID id, Weight weight) {
  /**
   * Returns who counts as the borrower of a call. Nobody counts twice because of further service
   * accounts or projects.
   *
   * @param holder the user by whose right the call goes: the caller, or the owner of the project
   *     through which it goes
   * @param responsible who is responsible for the holder, if that is a service account
   * @param share the weight of the holder's share; empty if they need none
   * @param giver the weight of the share of the co-owner who gave that share
   */
  public static Borrower of(
      UUID holder, Optional<UUID> responsible, Optional<Weight> share, Optional<Weight> giver) {
    Weight own = share.orElse(Weight.USUAL);
    return new Borrower(responsible.orElse(holder), giver.map(own::atMost).orElse(own));
  }
}
