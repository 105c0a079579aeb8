package io.claviger.application.shared.port;

import io.claviger.application.shared.CountedKind;
import io.claviger.domain.accounts.UserId;

/** How many things of a kind a user has. */
public interface ObjectCounts {
  /**
   * Counts, with what this transaction has added. No other transaction counts the same until this
   * one ends, so that two that add one each see each other.
   *
   * @param enough no more than so many are counted
   */
  int lockAndCount(UserId user, CountedKind kind, int enough);
}
