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
import java.time.Instant;

/**
 * Access reviews: somebody looks at all grants of a service, or all members of a group, and keeps
 * or ends each grant or membership. Owners and co-owners review services, managers review groups,
 * and administrators review both; for anybody else the answer is {@code not_found}. With a token of
 * scope use, all methods are refused with {@code forbidden}.
 */
public interface Reviews {
  /**
   * Starts a review of a service. Users who see the service but may not end its shares are refused
   * with {@code forbidden}. Refused as a conflict with {@code too_many_reviews} or {@code
   * too_many_grants}.
   */
  Outcome<Review> startOfService(Actor actor, Instance.Ref service);

  /**
   * Starts a review of a group. Refused for the same reasons as the start of a review of a service.
   */
  Outcome<Review> startOfGroup(Actor actor, Handle group);

  /** Lists the reviews that the actor may see, the newest first. */
  Outcome<Page<Review, TimeCursor>> list(Actor actor, PageRequest<TimeCursor> page);

  Outcome<Review> find(Actor actor, Review.Id id);

  /** Returns whether decisions can still be made in a review. */
  boolean isOpen(Review review);

  /** Lists the grants of a review by name, each in its present state. */
  Outcome<Page<Review.Line, String>> lines(Actor actor, Review.Id id, PageRequest<String> page);

  /**
   * Decides to keep or to end a grant. Ending a grant ends the share or membership, under the rules
   * for shares and memberships. If the same decision was made before, nothing changes. A grant that
   * was kept can be ended later, but a grant that was ended can't be kept any more.
   *
   * <p>Users who may not end the grant are refused with {@code forbidden}. The holder of a grant
   * may decide to end the grant, but not to keep it. The same is true of a service account for
   * which the holder, or the same person as the holder, is responsible. Refused as a conflict with
   * {@code review_closed}, {@code decision_stands}, {@code grant_ended} or {@code grant_changed}.
   * Refused as a conflict with {@code synced} for a member of a group that follows the identity
   * provider, and with {@code not_ended_here} for a grant that is not a share.
   *
   * @param grantee the name of the grant in the review
   */
  Outcome<Review.Line> decide(Actor actor, Review.Id id, String grantee, Review.Decision decision);

  /** Deletes old reviews. */
  void removeOld(Instant now);

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
