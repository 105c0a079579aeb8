package io.claviger.application.routing.port;

import io.claviger.domain.accounts.UserId;
import io.claviger.domain.groups.GroupId;
import io.claviger.domain.instances.InstanceId;
import java.time.Instant;
import java.util.Optional;

/**
 * Stores which users accepted that names of models without a service may lead to a service that is
 * shared with them or with a group of theirs. An acceptance ends with the share and the membership.
 */
public interface BareNameStore {
  /**
   * Stores an acceptance. One that is stored already stays as it is.
   *
   * @param group the group by whose share the user calls it; empty when it is their own share
   * @return whether there was none
   * @throws io.claviger.application.shared.ConcurrencyConflict when there is no such share or
   *     membership
   */
  boolean accept(InstanceId instance, UserId user, Optional<GroupId> group, Instant at);

  /** Stores an acceptance of what the user calls by their own share. */
  default boolean accept(InstanceId instance, UserId user, Instant at) {
    return accept(instance, user, Optional.empty(), at);
  }

  /**
   * Deletes an acceptance.
   *
   * @return whether there was one
   */
  boolean withdraw(InstanceId instance, UserId user);
}
