package io.claviger.application.requests.port;

import io.claviger.application.shared.Sight;
import io.claviger.application.shared.TimeCursor;
import io.claviger.application.sharing.port.OpenRequests;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.requests.BorrowRequest;
import io.claviger.domain.requests.MutedAskers;
import io.claviger.domain.requests.RequestSide;
import io.claviger.domain.requests.RequestState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Stores requests to borrow services, and the users whom each owner has muted. In all methods,
 * {@code now} is the time that decides which shares have expired.
 */
public interface BorrowRequestStore extends OpenRequests {
  /**
   * Finds a request for an actor. The result can be empty if the actor can't see the request. The
   * look-up of a hidden request then takes as long as the look-up of an unknown request.
   */
  Optional<BorrowRequest> find(BorrowRequest.Id id, Sight sight, Instant now);

  /**
   * Prevents other transactions from adding or ending requests for the service until this
   * transaction ends. The service itself can still be used and changed.
   */
  void lockAnswers(Instance.Id service);

  /**
   * Finds a request, locks it exclusively, and also locks its service's requests as {@link
   * #lockAnswers} does.
   */
  Optional<BorrowRequest> lock(BorrowRequest.Id id);

  /**
   * Lists the requests that a user made, and the requests for services that the user owns or
   * co-owns, ordered by the time of the request, then id.
   *
   * @param side whether to select the requests that the user made or the requests that the user may
   *     answer; if empty, all of these requests are selected
   * @param state the state of the selected requests; if empty, requests in any state are selected
   * @param endedAfter the time after which the selected requests ended; if empty, requests that
   *     ended at any time or are open are selected
   */
  List<BorrowRequest> list(
      User.Id user,
      Optional<RequestSide> side,
      Optional<RequestState> state,
      Optional<Instant> endedAfter,
      Instant now,
      Optional<TimeCursor> after,
      int limit);

  /**
   * Stores a new request.
   *
   * @return whether the request was stored; false if the asker already made the same request on
   *     this day (UTC, by the database's clock)
   * @throws io.claviger.application.shared.ConcurrencyConflict if the service or the asker was
   *     deleted
   */
  boolean insert(BorrowRequest request);

  /**
   * Counts the open requests of an asker, who is the user that made the requests, including
   * requests that this transaction has stored. Until this transaction ends, no other transaction
   * can count the asker's requests.
   *
   * @param enough the number at which counting stops
   */
  int lockAndCountOpenOf(User.Id asker, int enough);

  /**
   * Counts all requests that the asker of a request made on the same day, including the request
   * itself and requests that are no longer open. The count is exact only if {@link
   * #lockAndCountOpenOf} was called before.
   *
   * @param enough the number at which counting stops
   */
  int countOfSameDay(BorrowRequest request, int enough);

  /**
   * Counts the open requests for an owner's services, including requests that this transaction has
   * stored. Until this transaction ends, no other transaction can count these requests. If a
   * transaction also calls {@link #lockAndCountOpenOf}, it must call that method first.
   *
   * @param enough the number at which counting stops
   */
  int lockAndCountOpenFor(User.Id owner, int enough);

  /**
   * Deletes requests that ended longer ago than the given time, and open requests that are older
   * than the given time, by the database's clock. Returns the number of deleted requests.
   */
  int deleteOlderThan(Duration age);

  /** Finds the users whose requests an owner does not accept. */
  MutedAskers mutedBy(User.Id owner);

  boolean isMuted(User.Id owner, User.Id asker);

  /** Whether a user has made a request for a service of an owner, even if the request has ended. */
  boolean hasAsked(User.Id owner, Handle asker);

  /**
   * Replaces the list of users whose requests an owner does not accept.
   *
   * @return false if one of the users does not exist; the caller must then roll back the
   *     transaction
   * @throws io.claviger.application.shared.ConcurrencyConflict if somebody else replaces the list
   *     at the same time
   */
  boolean mute(User.Id owner, MutedAskers muted);
}
