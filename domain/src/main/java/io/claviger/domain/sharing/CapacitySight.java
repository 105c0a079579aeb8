package io.claviger.domain.sharing;

/**
 * How much somebody can see of a provider's limits for a service, and of their use. The remaining
 * amounts of an account's limits reveal the use of other borrowers, so borrowers see only their own
 * use.
 */
public enum CapacitySight {
  /** The limits, and the use and waiting calls of everybody. */
  EVERYTHING,
  /** Only the use and the waiting calls of the same borrower. */
  OWN,
  NOTHING;

  /**
   * Decides how much somebody can see.
   *
   * @param relationship the relationship to the service in question
   * @param mayManage whether their access token may do more than use services
   * @param restricted whether their access token is only for this service or for one project
   * @param inGroup whether further services of the owner share the capacity. A borrower of this
   *     service can't see those services
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
