package io.claviger.application.routing.port;

import io.claviger.domain.accounts.User;
import io.claviger.domain.groups.Group;
import io.claviger.domain.instances.Instance;
import java.time.Instant;
import java.util.Optional;

/**
 * Stores which users accepted that names of models without a service may select a service that is
 * shared with them or with one of their groups. An acceptance ends when the share ends, or when the
 * user leaves the group that has the share.
 */
public interface BareNameStore {
  /**
   * Stores an acceptance. An acceptance that is already stored stays unchanged.
   *
   * @param group the group by whose share the user calls the service; empty if the user calls it by
   *     an own share
   * @return whether the acceptance is new
   * @throws io.claviger.application.shared.ConcurrencyConflict when there is no such share or
   *     membership
   */
  boolean accept(Instance.Id instance, User.Id user, Optional<Group.Id> group, Instant at);

  /** Deletes an acceptance. Returns whether the acceptance existed. */
  boolean withdraw(Instance.Id instance, User.Id user);
}
