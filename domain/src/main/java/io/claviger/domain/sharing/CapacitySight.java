package io.claviger.domain.sharing;

/**
 * How much somebody can see of a provider's limits for a service, and of the use of these limits.
 * The remaining amounts of an account's limits show how much other borrowers use, so borrowers see
 * only their own use.
 */
public enum CapacitySight {
  /** The limits, and for all borrowers the use and the waiting calls. */
  EVERYTHING,
  /** Only one's own use and waiting calls. */
  OWN,
  NOTHING;

  /**
   * Decides how much of the capacity's state somebody can see.
   *
   * @param relationship the relationship to the service in question
   * @param mayManage whether the access token of that person may do more than use services
   * @param restricted whether the access token of that person is only for this service or only for
   *     one project
   * @param inGroup whether further services of the owner share the capacity. A borrower of this
   *     service can't see the further services
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
