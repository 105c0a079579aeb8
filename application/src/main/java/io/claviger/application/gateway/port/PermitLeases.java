package io.claviger.application.gateway.port;

import java.time.Duration;
import java.util.Optional;

/**
 * Permits for requests, leased in portions to the nodes that admit them, so that a rate holds
 * across nodes without asking for each request. All leases of a subject that ended within the last
 * 60 seconds or have not ended never exceed its rate.
 */
public interface PermitLeases {
  /**
   * @param subject what is counted
   * @param perMinute how many requests it may make in any 60 seconds
   * @param wanted how many to lease, 1 or more; perhaps fewer are granted
   * @param lifetime how long they may be used
   * @param back a lease of the same subject that is over, and how many of it were used
   * @throws io.claviger.application.shared.StoreUnavailable when it can't be asked
   */
  Lease lease(String subject, int perMinute, int wanted, Duration lifetime, Optional<Used> back);

  /** Gives back what was not used of a lease that is over. */
  void giveBack(Used used);

  /**
   * @param id of the lease; without meaning where nothing was granted
   * @param granted 0 when all are taken
   * @param retryAfter when some may be free again; zero where something was granted
   */
  record Lease(long id, int granted, Duration retryAfter) {}

  /**
   * @param used how many of its permits were
   */
  record Used(String subject, long lease, int used) {}
}
