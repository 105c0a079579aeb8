package io.claviger.application.shared.port;

import io.claviger.domain.accounts.User;

/** Counts the things of a kind that a user has. */
public interface ObjectCounts {
  /**
   * Counts a user's things of a kind, including things that this transaction has added. If the
   * result is at most the quota, the transaction may be committed: the quota is then kept even if
   * other transactions add things at the same time. Other transactions may have to wait until this
   * transaction ends.
   *
   * @param added how many things of this kind the transaction has added
   * @param most the quota; counting stops at one more than this number
   * @throws io.claviger.application.shared.ConcurrencyConflict if the transaction has to be
   *     repeated, because too many other transactions added things in the meantime
   */
  int lockAndCount(User.Id user, CountedKind kind, int added, int most);
}
