package io.claviger.application.reviews.port;

import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.accounts.User;
import io.claviger.domain.reviews.Review;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Stores access reviews, with the grants of which they consist. */
public interface ReviewStore {
  /** How many reviews are open. */
  record Open(int ofSubject, int ofStarter) {}

  /** Locks a user, and counts open reviews. The subject is locked by the caller. */
  Open lockAndCount(Review.Subject subject, User.Id starter, Instant now);

  /**
   * Stores a new review with the grants of the moment, of which {@code review} says nothing yet.
   *
   * @param most the number of grants beyond which no more are stored than one
   * @return how many were stored
   */
  int insert(Review review, int most);

  Optional<Review> find(Review.Id id);

  /**
   * Lists reviews, the newest first: of services that the user owned when they began and still
   * owns, of those of which the user is a co-owner, and of groups that the user manages.
   *
   * @param all whether to list all there are
   */
  List<Review> list(User.Id user, boolean all, Instant now, Optional<TimeCursor> after, int limit);

  /** Lists the grants of a review by name. */
  List<Review.Line> lines(Review review, Optional<String> after, int limit, Instant now);

  /**
   * Finds a grant of a review, and keeps it from changing until the transaction ends. Its last use
   * is left out.
   */
  Optional<Review.Line> lock(Review review, String grantee, Instant now);

  /** Finds a grant of a review as it is now. */
  Optional<Review.Line> line(Review review, String grantee, Instant now);

  void decide(Review.Id id, String grantee, Review.Decided decided);

  /** Deletes what was started before a time. Returns how many reviews that were. */
  int deleteStartedBefore(Instant time);
}
