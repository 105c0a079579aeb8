package io.claviger.application.shared.port;

import io.claviger.domain.accounts.User;

/** Counts how many things of a kind a user has. */
public interface ObjectCounts {
  /**
   * Counts a user's things of a kind, including those that this transaction has added. If the
   * result is at most the quota, then the transaction may be committed: what other transactions add
   * at the same time does not exceed the quota either. Other transactions may have to wait for this
   * one.
   *
   * @param added how many things of this kind the transaction has added
   * @param most the quota; the count stops at one more
   * @throws io.claviger.application.shared.ConcurrencyConflict if the transaction has to be
   *     repeated, since too many others added things meanwhile
   */
  int lockAndCount(User.Id user, CountedKind kind, int added, int most);
}
