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

/** Who reviews what, and which decisions are recorded. No other code decides this. */
public final class ReviewRules {
  private ReviewRules() {}

  /**
   * Whether somebody starts and sees the reviews of a service: whoever ends shares of readers.
   *
   * @param moved whether the service has got another owner since the review began; administrators
   *     alone see what a former owner decided
   */
  public static boolean mayReview(Relationship relationship, boolean moved) {
    return Permissions.mayEndShare(relationship, Role.READER, false)
        && (!moved || relationship.administrator());
  }

  /** Whether somebody starts and sees the reviews of a group: whoever keeps its members. */
  public static boolean mayReview(boolean administrator, Optional<GroupRole> role) {
    return GroupPermissions.allows(administrator, role, GroupAction.KEEP_MEMBERS);
  }

  /** What comes of a decision. */
  public enum Verdict {
    RECORD,
    /** The same was decided before. */
    AS_BEFORE,
    /** The actor may not end this grant, so they do not decide about it either. */
    NOT_YOURS,
    /** Nobody confirms what they hold themselves. */
    OWN,
    /** An end stands. */
    STANDS,
    GONE,
    CHANGED,
    /**
     * It is not ended here: the identity provider keeps it, or another grant or setting gives it.
     */
    NOT_HERE
  }

  /**
   * Judges a decision about a grant.
   *
   * @param mayEnd whether the actor may end it, where it can be ended
   * @param own whether the actor holds it
   * @param endsHere whether a review can end it
   * @param before what was decided about it
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
