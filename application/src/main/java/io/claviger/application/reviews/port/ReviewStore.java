package io.claviger.application.reviews.port;

import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.accounts.User;
import io.claviger.domain.reviews.Review;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Stores access reviews with their grants. */
public interface ReviewStore {
  /**
   * Two numbers: the open reviews of the subject, and the open reviews that were started by the
   * user who starts this review.
   */
  record Open(int ofSubject, int ofStarter) {}

  /**
   * Locks the user who starts a review, and counts open reviews. The caller has already locked the
   * subject.
   */
  Open lockAndCount(Review.Subject subject, User.Id starter, Instant now);

  /**
   * Stores a new review, and together with it the grants that the subject has now. The counts of
   * grants in {@code review} are ignored.
   *
   * @param most the greatest allowed number of grants; at most one more grant than this number is
   *     stored, so that the caller notices if there are too many grants
   * @return how many grants were stored
   */
  int insert(Review review, int most);

  Optional<Review> find(Review.Id id);

  /**
   * Lists reviews, the newest first. The list contains the reviews of services that the user
   * co-owns and of groups that the user manages. It also contains the reviews of services that the
   * user owns, if the user already owned the service when the review began.
   *
   * @param all whether to list the reviews of all services and groups instead
   */
  List<Review> list(User.Id user, boolean all, Instant now, Optional<TimeCursor> after, int limit);

  /** Lists the grants of a review by name. */
  List<Review.Line> lines(Review review, Optional<String> after, int limit, Instant now);

  /**
   * Finds a grant of a review, and locks the grant until the transaction ends. The result does not
   * say when the grant was last used.
   */
  Optional<Review.Line> lock(Review review, String grantee, Instant now);

  /** Finds the present state of a grant of a review. */
  Optional<Review.Line> line(Review review, String grantee, Instant now);

  void decide(Review.Id id, String grantee, Review.Decided decided);

  /** Deletes the reviews that were started before a time, and returns how many were deleted. */
  int deleteStartedBefore(Instant time);
}
