package io.claviger.application.requests.port;

import io.claviger.application.shared.Sight;
import io.claviger.application.shared.TimeCursor;
import io.claviger.application.sharing.port.OpenRequests;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.requests.BorrowRequest;
import io.claviger.domain.requests.MutedAskers;
import io.claviger.domain.requests.RequestSide;
import io.claviger.domain.requests.RequestState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Stores requests to borrow, and for each owner the users whose requests the owner does not accept.
 * The parameter {@code now} is the time that decides which shares have expired.
 */
public interface BorrowRequestStore extends OpenRequests {
  /**
   * Finds a request for an actor. The result may be empty if the actor can't see the request. So
   * the look-up of a hidden request takes as long as the look-up of an unknown request.
   */
  Optional<BorrowRequest> find(BorrowRequest.Id id, Sight sight, Instant now);

  /**
   * Until the transaction ends, no other transaction can add or end a request for the service. The
   * service itself can be used and changed while the lock is held.
   */
  void lockAnswers(Instance.Id service);

  /** Finds a request and locks it for changing, with {@link #lockAnswers}. */
  Optional<BorrowRequest> lock(BorrowRequest.Id id);

  /**
   * Lists the requests that a user made, and the requests for services that the user owns or
   * co-owns, by the time of the request, then id.
   *
   * @param side whether to list requests that the user made or requests that the user may answer;
   *     empty for both
   * @param state the state of the requests that are listed; empty for requests in all states
   */
  List<BorrowRequest> list(
      User.Id user,
      Optional<RequestSide> side,
      Optional<RequestState> state,
      Instant now,
      Optional<TimeCursor> after,
      int limit);

  /**
   * Stores a new request.
   *
   * @return false when the asker has already made the same request on this day of the database's
   *     clock, in UTC; in that case, nothing is stored
   * @throws io.claviger.application.shared.ConcurrencyConflict when the service or the asker has
   *     been deleted
   */
  boolean insert(BorrowRequest request);

  /**
   * Counts the open requests of an asker, including requests that this transaction has stored. No
   * other transaction can count the asker's requests until the present transaction ends.
   *
   * @param enough the number at which counting stops
   */
  int lockAndCountOpenOf(User.Id asker, int enough);

  /**
   * Counts the requests that the asker of a request made on the same day, including this request,
   * and including requests that are no longer open. The count is exact if {@link
   * #lockAndCountOpenOf} was called before.
   *
   * @param enough the number at which counting stops
   */
  int countOfSameDay(BorrowRequest request, int enough);

  /**
   * Counts the open requests for services of an owner, including requests that this transaction has
   * stored. No other transaction can count the requests for services of this owner until the
   * present transaction ends. A transaction that calls both this method and {@link
   * #lockAndCountOpenOf} must call {@link #lockAndCountOpenOf} first.
   *
   * @param enough the number at which counting stops
   */
  int lockAndCountOpenFor(User.Id owner, int enough);

  /**
   * Deletes requests that ended before a time, and open requests that were made before that time.
   * Returns how many requests were deleted.
   */
  int deleteOlderThan(Instant time);

  /** Finds the users whose requests an owner does not accept. */
  MutedAskers mutedBy(User.Id owner);

  boolean isMuted(User.Id owner, User.Id asker);

  /**
   * Replaces the list of users whose requests an owner does not accept.
   *
   * @return false when one of the users does not exist; the transaction must then be rolled back
   * @throws io.claviger.application.shared.ConcurrencyConflict when somebody else replaces the list
   *     at the same time
   */
  boolean mute(User.Id owner, MutedAskers muted);
}
