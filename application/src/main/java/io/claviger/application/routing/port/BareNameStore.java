package io.claviger.application.routing.port;

import io.claviger.domain.accounts.UserId;
import io.claviger.domain.instances.InstanceId;
import java.time.Instant;

/**
 * Stores which users accepted that names of models without a service may lead to a service that is
 * shared with them. An acceptance ends with the share.
 */
public interface BareNameStore {
  /**
   * Stores an acceptance. One that is there stays as it is.
   *
   * @return whether there was none
   * @throws io.claviger.application.shared.ConcurrencyConflict when the user has no share of it
   */
  boolean accept(InstanceId instance, UserId user, Instant at);

  /**
   * Deletes an acceptance.
   *
   * @return whether there was one
   */
  boolean withdraw(InstanceId instance, UserId user);
}
