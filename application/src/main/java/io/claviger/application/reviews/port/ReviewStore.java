package io.claviger.application.reviews.port;

import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.accounts.User;
import io.claviger.domain.reviews.Review;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Stores access reviews with their grants. */
public interface ReviewStore {
  /**
   * The numbers of open reviews that a user has started: the number of reviews of a certain service
   * or group, and the number of all reviews.
   */
  record Open(int ofSubject, int inAll) {}

  /**
   * Locks the user who starts a review, and counts the user's open reviews. The caller of this
   * method must have locked the reviewed service or group.
   */
  Open lockAndCount(Review.Subject subject, User.Id starter, Instant now);

  /**
   * Stores a new review with the present grants of the reviewed service or group. The numbers of
   * grants that {@code review} states are ignored.
   *
   * @param most the maximum number of grants; one more grant can be stored, so that the caller can
   *     see that there are too many
   * @return the number of stored grants
   */
  int insert(Review review, int most);

  Optional<Review> find(Review.Id id);

  /**
   * Lists reviews, the newest first. The list has the reviews of services that the user co-owns and
   * of groups that the user manages. Of the services that the user owns, the list has only those
   * reviews that began when the user already owned the service.
   *
   * @param all whether to list the reviews of all services and groups; if false, only the reviews
   *     described above are listed
   */
  List<Review> list(User.Id user, boolean all, Instant now, Optional<TimeCursor> after, int limit);

  /** Lists the grants of a review, ordered by name. */
  List<Review.Line> lines(Review review, Optional<String> after, int limit, Instant now);

  /**
   * Finds a grant of a review, and locks the grant until the transaction ends. The result does not
   * state when the grant was last used.
   */
  Optional<Review.Line> lock(Review review, String grantee, Instant now);

  /** Finds a grant of a review in its present state. */
  Optional<Review.Line> line(Review review, String grantee, Instant now);

  void decide(Review.Id id, String grantee, Review.Decided decided);

  /**
   * Deletes the reviews that were started longer ago than the given time, by the database's clock.
   * Returns the number of deleted reviews.
   */
  int deleteOlderThan(Duration age);
}
