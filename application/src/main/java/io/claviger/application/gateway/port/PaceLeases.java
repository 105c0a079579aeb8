package io.claviger.application.gateway.port;

import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.UUID;

/**
 * Leases tokens a minute and calls at a time to the nodes that admit calls, so that limits of these
 * two kinds apply across nodes without a query for each call. All methods throw {@link
 * io.claviger.application.shared.StoreUnavailable} when the database does not answer.
 */
public interface PaceLeases {
  /**
   * Leases tokens. Two kinds of leases of a subject count: its current leases, and its leases that
   * ended within the last 60 seconds. The sum of their tokens never exceeds the limit, except for
   * debts that {@link #owe} added. Debts are subtracted before tokens are leased.
   *
   * @param perMinute how many tokens the subject may use in any 60 seconds
   * @param needed the least number of tokens that is useful, from 1 to {@code perMinute}; if fewer
   *     tokens are available, none are granted
   * @param wanted how many tokens to lease if enough are free; at least {@code needed}
   * @param lifetime how long the tokens may be used
   */
  TokenLease leaseTokens(
      String subject, long perMinute, long needed, long wanted, Duration lifetime);

  /**
   * Returns the unused tokens of leases from which calls no longer take tokens. Used tokens are
   * counted for 60 seconds after the return or after the end of the lease, whichever was earlier. A
   * lease may be reported again if calls have returned more tokens since the last report.
   */
  void giveBack(Collection<UsedTokens> leases);

  /**
   * Records as debt that calls have used more than they had reserved. The next leases of the
   * subject pay the debt back. The debt is at most the amount that the subject may use in 24 hours.
   *
   * @param tokens 1 or more
   */
  void owe(String subject, long perMinute, long tokens);

  /**
   * Sets how many calls of a subject a node may run at a time. Together, the leases of all nodes
   * never exceed the limit, unless more calls are running already.
   *
   * @param most how many calls all nodes may run
   * @return how many calls the node may run until the lease ends
   */
  int leasePlaces(PlaceWish wish, int most, Duration lifetime);

  /**
   * Renews leases of places. Each lease has as many places as before, or fewer. If a wish asks for
   * no places, its lease ends.
   *
   * @param wishes the wishes of this node, at most {@value #MOST_RENEWED}
   * @return the subjects whose leases were renewed; the leases of all other subjects had already
   *     ended
   */
  Set<String> renewPlaces(UUID node, Collection<PlaceWish> wishes, Duration lifetime);

  /** The greatest number of leases that are renewed together. */
  int MOST_RENEWED = 50;

  /**
   * The answer to a request for tokens.
   *
   * @param id the id of the lease; the id has no meaning when nothing was granted
   * @param granted the number of leased tokens; 0 when fewer tokens are free than are needed
   * @param retryAfter the time after which enough tokens or places may be free again, at most 60
   *     seconds; zero when something was granted
   */
  record TokenLease(long id, long granted, Duration retryAfter) {}

  /**
   * A lease that calls no longer use.
   *
   * @param used how many of the lease's tokens are used or reserved
   */
  record UsedTokens(String subject, long lease, long used) {}

  /**
   * How many calls of a subject a node would like to run at a time.
   *
   * @param running how many calls the node runs; the node gets places for these calls in any case
   */
  record PlaceWish(String subject, UUID node, int running, int wanted) {}
}
