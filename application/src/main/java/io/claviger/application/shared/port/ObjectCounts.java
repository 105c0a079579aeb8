package io.claviger.application.shared.port;

import io.claviger.application.shared.CountedKind;
import io.claviger.domain.accounts.UserId;

/** Counts how many things of a kind a user has. */
public interface ObjectCounts {
  /**
   * Counts a user's things of a kind, including those that this transaction has added. Until this
   * transaction ends, no other one can count the same. Of two transactions that add one thing each,
   * the second thus counts what the first has added.
   *
   * @param enough the count stops at this number
   */
  int lockAndCount(UserId user, CountedKind kind, int enough);
}
