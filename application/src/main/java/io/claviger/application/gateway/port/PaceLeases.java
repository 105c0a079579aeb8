package io.claviger.application.gateway.port;

import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.UUID;

/**
 * Leases tokens per minute, and places for concurrent calls, to the nodes that admit calls. So the
 * limits on tokens and on concurrent calls apply across all nodes, although not every call needs a
 * query. All methods throw {@link io.claviger.application.shared.StoreUnavailable} when the
 * database does not answer.
 */
public interface PaceLeases {
  /**
   * Leases tokens. The limit applies to the current leases of a subject, such as a user, together
   * with the subject's leases that ended within the last 60 seconds. The sum of the tokens of all
   * these leases never exceeds the limit, except for debts that {@link #owe} added. Debts are
   * subtracted before tokens are leased.
   *
   * @param perMinute the number of tokens that the subject may use within 60 seconds
   * @param needed the smallest useful number of tokens, from 1 to {@code perMinute}; if fewer
   *     tokens are available, none are granted
   * @param wanted the number of tokens to lease if enough are free, at least {@code needed}
   * @param lifetime the time for which the tokens may be used
   */
  TokenLease leaseTokens(
      String subject, long perMinute, long needed, long wanted, Duration lifetime);

  /**
   * Gives back the unused tokens of leases that calls no longer use. Used tokens count until 60
   * seconds after the lease ended or this call, whichever is earlier. Unused tokens of the same
   * lease can be given back again if calls have returned more tokens to the lease since then.
   */
  void giveBack(Collection<UsedTokens> leases);

  /**
   * Records as debt the amount by which calls have exceeded their reservations. The next leases of
   * the same subject, such as a user, pay back the debt. The debt is at most the amount that the
   * subject may use within 24 hours.
   *
   * @param tokens at least 1
   */
  void owe(String subject, long perMinute, long tokens);

  /**
   * Sets how many calls of a subject, such as a user, a node may run concurrently. The leases of
   * all nodes together never exceed the limit, unless more calls are already running.
   *
   * @param most the number of calls that may run on all nodes together
   * @return the number of calls that the node may run until the lease ends
   */
  int leasePlaces(PlaceWish wish, int most, Duration lifetime);

  /**
   * Renews leases of places. Each lease gets as many places as before, or fewer. If the wish for a
   * lease is 0 places, the lease ends.
   *
   * @param wishes the leases to renew, with the numbers of places that this node would like to
   *     have; at most {@value #MOST_RENEWED}
   * @return the subjects whose leases were renewed; the leases of all other subjects had already
   *     ended
   */
  Set<String> renewPlaces(UUID node, Collection<PlaceWish> wishes, Duration lifetime);

  /** The maximum number of leases of places that are renewed together. */
  int MOST_RENEWED = 50;

  /**
   * The answer to a request for tokens.
   *
   * @param id the id of the lease; meaningless if no tokens were granted
   * @param granted the number of leased tokens; 0 if fewer tokens are free than needed
   * @param retryAfter the time after which enough tokens might be free again, at most 60 seconds;
   *     zero if tokens were granted
   */
  record TokenLease(long id, long granted, Duration retryAfter) {}

  /**
   * A lease of tokens that calls no longer use.
   *
   * @param used the number of the lease's tokens that are used or reserved
   */
  record UsedTokens(String subject, long lease, long used) {}

  /**
   * A wish, which states how many calls of a subject, such as a user, a node would like to run
   * concurrently.
   *
   * @param running the number of calls that are running on the node; the node always gets places
   *     for these calls
   */
  record PlaceWish(String subject, UUID node, int running, int wanted) {}
}
