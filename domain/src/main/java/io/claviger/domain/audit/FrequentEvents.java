package io.claviger.domain.audit;

/**
 * Decides which events stand alone in the audit trail, of the events that callers can cause as
 * often as they like: stored and deleted objects, and exchanges of JWTs. Without a limit, one
 * caller could add hundreds of events a second to the trail, from which nothing is ever removed.
 *
 * <p>The events of a person are counted for each hour of the database's clock. Service accounts
 * count together with the user or group responsible for them. Events of the same kind have the same
 * actor, action, target and outcome. Events that do not stand alone are recorded as one event of
 * each kind when the hour is over. This event states their number.
 *
 * <p>The database's function {@code record_frequent_event} applies this rule, because all nodes
 * count together.
 */
public final class FrequentEvents {
  /** The maximum number of a person's events that stand alone in an hour, whatever their kind. */
  public static final int AN_HOUR = 2_000;

  private FrequentEvents() {}

  /**
   * Returns whether an event stands alone.
   *
   * @param earlier the number of earlier events of the person in this hour
   * @param earlierOfKind the number of earlier events of the same kind among those after the first
   *     {@link #AN_HOUR} events. The first of these events stands alone, so that the trail names an
   *     object of each kind
   */
  public static boolean standsAlone(long earlier, long earlierOfKind) {
    return earlier < AN_HOUR || earlierOfKind == 0;
  }
}
