package io.claviger.domain.sharing;

/**
 * How much a user can see of a service's provider limits and of the use of these limits. The
 * remaining amount of a limit would show how much all borrowers use together. So a borrower sees
 * only their own use.
 */
public enum CapacitySight {
  /** The user can see the limits, and the use and the waiting calls of all borrowers. */
  EVERYTHING,
  /** The user can see only their own use and their own waiting calls. */
  OWN,
  NOTHING;

  /**
   * Decides what a user can see of the provider limits.
   *
   * @param relationship the user's relationship to the service
   * @param mayManage whether the user's access token allows more than using services
   * @param restricted whether the user's access token is valid only for this service or only for
   *     one project
   * @param inGroup whether other services of the owner share the provider's limits with this
   *     service. A borrower of this service can't see those other services
   */
  public static CapacitySight of(
      Relationship relationship, boolean mayManage, boolean restricted, boolean inGroup) {
    boolean seesOthers =
        !inGroup || ((relationship.owningUser() || relationship.administrator()) && !restricted);
    if (mayManage && seesOthers && Permissions.allows(relationship, Action.SEE_SHARES)) {
      return EVERYTHING;
    }
    return Permissions.allows(relationship, Action.USE) ? OWN : NOTHING;
  }
}
