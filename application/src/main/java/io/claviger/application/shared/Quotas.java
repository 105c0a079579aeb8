package io.claviger.application.shared;

import io.claviger.application.shared.port.ObjectCounts;
import io.claviger.domain.accounts.UserId;
import java.util.Map;

/**
 * How many things of each kind one user may have. What belongs to {@code _system} is not counted:
 * only administrators write it.
 */
public final class Quotas {
  public static final Quotas NONE = new Quotas(Map.of(), (user, kind, enough) -> 0);

  private final Map<CountedKind, Integer> most;
  private final ObjectCounts counts;

  /**
   * @param most what is not in it is not bounded
   */
  public Quotas(Map<CountedKind, Integer> most, ObjectCounts counts) {
    this.most = Map.copyOf(most);
    this.counts = counts;
  }

  /**
   * To be called in the transaction that added something, after that.
   *
   * @throws RefusedException when the user has more than they may now
   */
  void demand(UserId user, CountedKind kind) {
    Integer quota = most.get(kind);
    if (quota == null || user.equals(UserId.SYSTEM)) {
      return;
    }
    if (counts.lockAndCount(user, kind, quota + 1) > quota) {
      throw new RefusedException(
          new Refusal.Conflict(
              "quota_exceeded",
              "One user may have %d %s here. Delete some that are not needed."
                  .formatted(quota, kind.plural())));
    }
  }
}
