package io.claviger.application.limits.port;

import io.claviger.domain.accounts.User;
import io.claviger.domain.groups.Group;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.UserLimits;
import java.time.Instant;

/** Stores the limits of users and groups. */
public interface AssignedLimitsStore {
  /**
   * The limits that are stored for a user or group.
   *
   * @param version 1 if the limits were never changed; each change increases the version by one
   */
  record StoredLimits(Limits limits, long version) {
    public static final StoredLimits NEVER = new StoredLimits(Limits.NONE, 1);
  }

  StoredLimits find(User.Id user);

  /**
   * Finds all limits that apply to a user: the user's own limits and the limits of the user's
   * groups.
   */
  UserLimits holdingFor(User.Id user);

  /**
   * Finds the limits of a group.
   *
   * @param pooled true for the limits of all members together; false for the limits of each member
   */
  StoredLimits find(Group.Id group, boolean pooled);

  /**
   * Stores the limits of a user. The transaction must have locked the user.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict if the user no longer exists
   * @throws io.claviger.domain.InvalidValue if a budget has an unknown time zone
   */
  void save(User.Id user, StoredLimits limits, Instant at);

  /**
   * Stores limits of a group. The transaction must have locked the group.
   *
   * @param pooled true for the limits of all members together; false for the limits of each member
   * @throws io.claviger.application.shared.ConcurrencyConflict if the group no longer exists
   * @throws io.claviger.domain.InvalidValue if a budget has an unknown time zone
   */
  void save(Group.Id group, boolean pooled, StoredLimits limits, Instant at);
}
