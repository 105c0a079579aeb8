package io.claviger.domain.reviews;

import io.claviger.domain.groups.GroupAction;
import io.claviger.domain.groups.GroupPermissions;
import io.claviger.domain.groups.GroupRole;
import io.claviger.domain.reviews.Review.Decision;
import io.claviger.domain.reviews.Review.State;
import io.claviger.domain.sharing.Permissions;
import io.claviger.domain.sharing.Relationship;
import io.claviger.domain.sharing.Role;
import java.util.Optional;

/**
 * Decides who reviews which grants, and which decisions are recorded. No other code decides this.
 */
public final class ReviewRules {
  private ReviewRules() {}

  /**
   * Whether somebody may start and see the reviews of a service. Everybody who may end the shares
   * of readers may also start and see reviews.
   *
   * @param moved whether the service got another owner after the review began. After a change of
   *     the owner, only administrators may see the review, because it contains decisions of the
   *     former owner
   */
  public static boolean mayReview(Relationship relationship, boolean moved) {
    return Permissions.mayEndShare(relationship, Role.READER, false)
        && (!moved || relationship.administrator());
  }

  /**
   * Whether somebody may start and see the reviews of a group. Whoever may change the group's
   * members may do so.
   */
  public static boolean mayReview(boolean administrator, Optional<GroupRole> role) {
    return GroupPermissions.allows(administrator, role, GroupAction.KEEP_MEMBERS);
  }

  /** What happens when somebody sends a decision. */
  public enum Verdict {
    RECORD,
    /** The grant already has this decision. */
    AS_BEFORE,
    /** The actor may not end this grant, and therefore can't decide about it. */
    NOT_YOURS,
    /** The grant is the actor's own. Nobody may confirm their own grant. */
    OWN,
    /** The review has already decided to end the grant. This decision can't be changed. */
    STANDS,
    GONE,
    CHANGED,
    /**
     * The review can't end the grant. The grant comes from the identity provider, another grant or
     * a setting.
     */
    NOT_HERE
  }

  /**
   * Decides whether a decision about a grant is recorded, and if it is not recorded, why.
   *
   * @param mayEnd whether the actor may end the grant, in a review or otherwise
   * @param own whether the grant belongs to the actor, or to somebody who can act as the actor
   * @param endsHere whether a review can end the grant
   * @param before the previous decision about the grant; empty if nobody has decided yet
   */
  public static Verdict judge(
      Decision wanted,
      boolean mayEnd,
      boolean own,
      boolean endsHere,
      State state,
      Optional<Decision> before) {
    if (!mayEnd) {
      return Verdict.NOT_YOURS;
    }
    if (before.equals(Optional.of(Decision.END))) {
      return wanted == Decision.END ? Verdict.AS_BEFORE : Verdict.STANDS;
    }
    return switch (state) {
      case ENDED -> Verdict.GONE;
      case CHANGED -> Verdict.CHANGED;
      case UNCHANGED ->
          switch (wanted) {
            case END -> endsHere ? Verdict.RECORD : Verdict.NOT_HERE;
            case KEEP -> {
              if (own) {
                yield Verdict.OWN;
              }
              yield before.isPresent() ? Verdict.AS_BEFORE : Verdict.RECORD;
            }
          };
    };
  }
}
