package io.claviger.application.shared;

import io.claviger.application.shared.port.CountedKind;
import io.claviger.application.shared.port.ObjectCounts;
import io.claviger.domain.accounts.User;
import java.util.Map;

/**
 * The greatest number of things of each kind that one user may have. Things of {@code _system} are
 * not counted, because only administrators create them.
 */
public final class Quotas {
  public static final Quotas NONE = new Quotas(Map.of(), (user, kind, added, most) -> 0);

  private final Map<CountedKind, Integer> most;
  private final ObjectCounts counts;

  /**
   * @param most the limits by kind; a kind without a limit is unlimited
   */
  public Quotas(Map<CountedKind, Integer> most, ObjectCounts counts) {
    this.most = Map.copyOf(most);
    this.counts = counts;
  }

  /**
   * Checks the quota. This method must be called in the transaction that added something, after the
   * addition.
   *
   * @param added how many things of this kind the transaction adds
   * @throws RefusedException when the user now has more things of this kind than the quota allows
   */
  void demand(ChangeLog.Addition to, int added) {
    CountedKind kind = to.kind();
    Integer quota = most.get(kind);
    if (quota == null || to.user().equals(User.Id.SYSTEM)) {
      return;
    }
    if (counts.lockAndCount(to.user(), kind, added, quota) > quota) {
      throw new RefusedException(
          new Refusal.Conflict(
              "quota_exceeded",
              "One user may have %d %s here. Delete some that are not needed."
                  .formatted(quota, kind.plural())));
    }
  }
}
