package io.claviger.application.routing.port;

import io.claviger.domain.accounts.User;
import io.claviger.domain.groups.Group;
import io.claviger.domain.instances.Instance;
import java.time.Instant;
import java.util.Optional;

/**
 * Stores which users have accepted that bare names, which are model names without a service, select
 * a service that is shared with the user or with one of the user's groups. An acceptance ends when
 * the share ends, or when the user leaves the group that holds the share.
 */
public interface BareNameStore {
  /**
   * Stores an acceptance. If the acceptance is already stored, it stays unchanged.
   *
   * @param group the group whose share is used for the user's calls; empty if the user's own share
   *     is used
   * @return whether the acceptance is new
   * @throws io.claviger.application.shared.ConcurrencyConflict if there is no such share or
   *     membership
   */
  boolean accept(Instance.Id instance, User.Id user, Optional<Group.Id> group, Instant at);

  /** Whether a user's acceptance for a service is stored. */
  boolean isAccepted(Instance.Id instance, User.Id user);

  /** Deletes an acceptance. Returns whether an acceptance was stored. */
  boolean withdraw(Instance.Id instance, User.Id user);
}
