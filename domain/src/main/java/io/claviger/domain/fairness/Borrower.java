package io.claviger.domain.fairness;

import java.util.Optional;
import java.util.UUID;

/**
 * The person to whom the use of a service is lent, with the weight of the share that allows a call.
 *
 * @param id the user; for a service account, the user or group that is responsible for the account
 */
public record Borrower(UUID id, Weight weight) {
  /**
   * Returns the borrower of a call. A person is one borrower, together with all service accounts
   * for which the person is responsible and all projects of the person.
   *
   * @param holder the user whose right the call uses: the caller or, if the call is made through a
   *     project, the project's owner
   * @param responsible the user or group responsible for the holder, if the holder is a service
   *     account
   * @param share the weight of the holder's share; empty if the holder needs no share
   * @param giver the weight of the own share of the co-owner who gave that share
   */
  public static Borrower of(
      UUID holder, Optional<UUID> responsible, Optional<Weight> share, Optional<Weight> giver) {
    Weight own = share.orElse(Weight.USUAL);
    return new Borrower(responsible.orElse(holder), giver.map(own::atMost).orElse(own));
  }
}
