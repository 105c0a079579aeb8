package io.claviger.domain.sharing;

/**
 * How much somebody sees of the capacity that a provider allows a service, and of who uses it. What
 * an account has left tells a borrower what the others do, so borrowers see themselves alone.
 */
public enum CapacitySight {
  /** The limits, everybody's use and everybody's waits. */
  EVERYTHING,
  /** What calls that count with them used, and how they waited. */
  OWN,
  NOTHING;

  /**
   * Decides what somebody sees.
   *
   * @param relationship to the service that is asked about
   * @param mayManage whether their access token may do more than use services
   * @param restricted whether their access token is for this service or one project alone
   * @param inGroup whether further services of the owner share the capacity. Whoever was lent this
   *     one sees nothing of those
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
