package io.claviger.application.limits;

import io.claviger.application.accounts.UserAccess;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.groups.port.GroupStore;
import io.claviger.application.limits.port.AssignedLimitsStore;
import io.claviger.application.limits.port.AssignedLimitsStore.StoredLimits;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.policy.Limits;

/**
 * Shows and sets the limits of users and groups. These limits apply to all calls of a user, on any
 * service.
 *
 * <p>Every user and every group has such limits. Initially, the limits are empty and have version
 * 1. All methods refuse a token of scope {@code use} with {@code forbidden}. If the user or group
 * does not exist or is hidden from the actor, the answer is {@code not_found}. Users see their own
 * limits and the limits of their groups. Users who are responsible for a service account see the
 * limits of the account. Administrators see all limits. Only administrators can change limits.
 */
public interface AssignedLimits {
  static AssignedLimits of(
      AssignedLimitsStore limits, UserStore users, GroupStore groups, AuditedChanges changes) {
    return new AssignedLimitsUseCases(limits, new UserAccess(users), groups, changes);
  }

  Outcome<StoredLimits> ofUser(Actor actor, Handle user);

  /**
   * Replaces the limits of a user. Only administrators may replace limits. The limits of the
   * built-in user {@code _system} can't be replaced. Attempts by anybody else, or for {@code
   * _system}, are refused with {@code forbidden}. The answer is {@code precondition_failed} if the
   * stored limits do not meet the precondition.
   */
  Outcome<StoredLimits> putOfUser(
      Actor actor, Handle user, Precondition precondition, Limits limits);

  /**
   * Finds the limits of a group. Members and administrators can see the limits. Anybody else is
   * refused with {@code forbidden}.
   *
   * @param pooled true for the limits of all members together; false for the limits of each member
   */
  Outcome<StoredLimits> ofGroup(Actor actor, Handle group, boolean pooled);

  /**
   * Replaces the limits of a group, which can be a synced group. Only administrators may replace
   * limits. Anybody else is refused with {@code forbidden}. The answer is {@code
   * precondition_failed} if the stored limits do not meet the precondition.
   *
   * @param pooled true for the limits of all members together; false for the limits of each member
   */
  Outcome<StoredLimits> putOfGroup(
      Actor actor, Handle group, boolean pooled, Precondition precondition, Limits limits);
}
