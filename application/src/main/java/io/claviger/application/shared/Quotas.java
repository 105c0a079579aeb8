package io.claviger.application.shared;

import io.claviger.application.shared.port.CountedKind;
import io.claviger.application.shared.port.ObjectCounts;
import io.claviger.domain.accounts.User;
import java.util.Map;

/**
 * The maximum number of records of each kind that a user may have. Records of {@code _system} are
 * not counted, because only administrators create them.
 */
public final class Quotas {
  public static final Quotas NONE = new Quotas(Map.of(), (user, kind, added, most) -> 0);

  private final Map<CountedKind, Integer> most;
  private final ObjectCounts counts;

  /**
   * @param most the maximum number of records of each kind; the number of records of all other
   *     kinds is unlimited
   */
  public Quotas(Map<CountedKind, Integer> most, ObjectCounts counts) {
    this.most = Map.copyOf(most);
    this.counts = counts;
  }

  /**
   * Checks the quota. Must be called after records were added, in the same transaction.
   *
   * @param added the number of records of the kind that the transaction adds
   * @throws RefusedException if the user now has more records of the kind than permitted
   */
  void demand(ChangeLog.Addition to, int added) {
    CountedKind kind = to.kind();
    Integer quota = most.get(kind);
    if (quota == null || to.user().equals(User.Id.SYSTEM)) {
      return;
    }
    if (counts.lockAndCount(to.user(), kind, added, quota) > quota) {
      throw RefusedException.conflict(
          "quota_exceeded",
          "A user can have at most %d %s. Delete some that you no longer need."
              .formatted(quota, kind.plural()));
    }
  }
}
