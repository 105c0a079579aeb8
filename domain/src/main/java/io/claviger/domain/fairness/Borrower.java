package io.claviger.domain.fairness;

import java.util.Optional;
import java.util.UUID;

/**
 * The person who borrows a service, with the weight of the share that allows the call.
 *
 * @param id the user; for a service account, the user or group that is responsible for the account
 */
public record Borrower(UUID id, Weight weight) {
  /**
   * Returns the borrower of a call. A person, the person's projects and the service accounts for
   * which the person is responsible count as one borrower.
   *
   * @param holder the user whose right the call uses: the caller, or the project's owner if the
   *     call is made through a project
   * @param responsible the user or group responsible for the holder; empty if the holder is a
   *     person
   * @param share the weight of the holder's share of the service; empty if the holder needs no
   *     share
   * @param giver the weight of the giver's own share, if a co-owner gave the holder's share
   */
  public static Borrower of(
      UUID holder, Optional<UUID> responsible, Optional<Weight> share, Optional<Weight> giver) {
    Weight own = share.orElse(Weight.USUAL);
    return new Borrower(responsible.orElse(holder), giver.map(own::atMost).orElse(own));
  }
}
