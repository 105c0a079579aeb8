package io.claviger.application.reviews;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.groups.Groups;
import io.claviger.application.groups.port.GroupStore;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.reviews.port.ReviewStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.TimeCursor;
import io.claviger.application.sharing.ShareGrants;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.reviews.Review;

/**
 * Makes access reviews. In a review, a reviewer looks at all grants of a service or all members of
 * a group, and keeps or ends each of them. Owners and co-owners review services, managers review
 * groups, and administrators review both. For anybody else, the answer is {@code not_found}. All
 * methods refuse a token of scope {@code use} with {@code forbidden}.
 */
public interface Reviews {
  /**
   * Starts the review of a service. Users who see the service but may not end its shares are
   * refused with {@code forbidden}. The answer can also be the conflict {@code too_many_reviews} or
   * {@code too_many_grants}.
   */
  Outcome<Review> startOfService(Actor actor, Instance.Ref service);

  /** Starts the review of a group. The refusals are the same as for the review of a service. */
  Outcome<Review> startOfGroup(Actor actor, Handle group);

  /** Lists the reviews that the actor may see, the newest first. */
  Outcome<Page<Review, TimeCursor>> list(Actor actor, PageRequest<TimeCursor> page);

  Outcome<Review> find(Actor actor, Review.Id id);

  /** Returns whether the review still accepts decisions. */
  boolean isOpen(Review review);

  /** Lists the grants of a review in their present state, ordered by name. */
  Outcome<Page<Review.Line, String>> lines(Actor actor, Review.Id id, PageRequest<String> page);

  /**
   * Decides to keep or to end a grant. Ending a grant means ending the share or membership, under
   * the rules for shares and memberships. Repeating the same decision changes nothing. A kept grant
   * can be ended later, but an ended grant can't be kept any more.
   *
   * <p>Users who may not end the grant are refused with {@code forbidden}. The holder of a grant
   * may end it but not keep it. A service account also may not keep a grant whose holder is
   * responsible for the account. A service account also may not keep a grant if one person can act
   * both for the account and for the grant's holder. The answer can be the conflict {@code
   * review_closed}, {@code decision_stands}, {@code grant_ended} or {@code grant_changed}. For
   * members of a group that follows the identity provider, the answer is the conflict {@code
   * synced}. For a grant that is not a share, the answer is the conflict {@code not_ended_here}.
   *
   * @param grantee the grantee's name in the review
   */
  Outcome<Review.Line> decide(Actor actor, Review.Id id, String grantee, Review.Decision decision);

  /** Deletes old reviews. */
  void removeOld();

  static Reviews of(
      ReviewStore store,
      UserStore users,
      InstanceStore instances,
      GroupStore groups,
      ShareGrants grants,
      Groups members,
      AuditedChanges changes) {
    return new ReviewUseCases(store, users, instances, groups, grants, members, changes);
  }
}
