package io.claviger.application.gateway.port;

import java.time.Duration;

/**
 * Leases permits in batches to the nodes that admit requests. So a rate limit applies across all
 * nodes, although not every request needs a query. The rate limit applies to the current leases of
 * a subject, such as a user, together with the subject's leases that ended within the last 60
 * seconds. The sum of the permits of all these leases never exceeds the rate limit.
 */
public interface PermitLeases {
  /** An implementation that grants every requested permit, and counts no permits. */
  PermitLeases UNLIMITED =
      new PermitLeases() {
        @Override
        public Lease lease(String subject, int perMinute, int wanted, Duration lifetime) {
          return new Lease(0, wanted, Duration.ZERO);
        }

        @Override
        public int counted(String subject) {
          return 0;
        }

        @Override
        public void giveBack(EndedPermitLease used) {
          // Nothing is stored.
        }
      };

  /**
   * Leases permits.
   *
   * @param subject the name under which requests are counted together
   * @param perMinute the number of requests that the subject may make within 60 seconds
   * @param wanted the number of permits to lease, at least 1; fewer permits might be granted
   * @param lifetime the time for which the permits may be used
   * @throws io.claviger.application.shared.StoreUnavailable when the database can't be reached
   */
  Lease lease(String subject, int perMinute, int wanted, Duration lifetime);

  /**
   * Returns how many permits of a subject count toward its rate limit at the moment. Permits count
   * whether they are used or only leased.
   */
  int counted(String subject);

  /**
   * Gives back the unused permits of a lease that is no longer used. Used permits count until 60
   * seconds after the lease ended or this call, whichever is earlier.
   */
  void giveBack(EndedPermitLease used);

  /**
   * The answer to a request for permits.
   *
   * @param id the id of the lease; meaningless if no permits were granted
   * @param granted the number of leased permits; 0 if all permits of the subject are taken
   * @param retryAfter the time after which permits might be free again; zero if permits were
   *     granted
   */
  record Lease(long id, int granted, Duration retryAfter) {}

  /**
   * An ended lease of permits.
   *
   * @param used the number of the lease's permits that were used
   */
  record EndedPermitLease(String subject, long lease, int used) {}
}
