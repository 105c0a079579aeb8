package io.claviger.application.shared.port;

import io.claviger.domain.accounts.User;

/** Counts how many records of a kind a user has. */
public interface ObjectCounts {
  /**
   * Counts a user's records of a kind, including records that this transaction has added. If the
   * result is at most the quota, committing the transaction can't exceed the quota, even if other
   * transactions add records at the same time. Other transactions might have to wait until this
   * transaction ends.
   *
   * @param added the number of records of this kind that the transaction has added
   * @param most the quota; counting stops at one more than the quota
   * @throws io.claviger.application.shared.ConcurrencyConflict if too many other transactions have
   *     added records at the same time, so that this transaction has to be repeated
   */
  int lockAndCount(User.Id user, CountedKind kind, int added, int most);
}
