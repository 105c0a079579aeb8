package io.claviger.domain.audit;

/**
 * Decides which frequent events stand alone in the audit trail, and which are only counted.
 * Frequent events are those that callers can cause as often as they like: stored objects, deleted
 * objects and exchanges of JWTs. Without a limit, one caller could add hundreds of events a second
 * to the trail. The database's function {@code record_frequent_event} applies this rule, so that
 * all nodes count together.
 *
 * <p>Events are counted for each person and each hour of the database's clock. An event about an
 * object counts for whoever made the object, so that nobody can hide the deletion of somebody
 * else's object among deletions of their own objects. Service accounts count together with the user
 * or group responsible for them. Events of the same kind count for the same person, and have the
 * same actor, action, target and outcome. When the hour is over, the events that do not stand alone
 * are recorded as one event of each kind, which states their number.
 */
public final class FrequentEvents {
  /** The maximum number of a person's events that stand alone in an hour, whatever their kind. */
  public static final int MOST_AN_HOUR = 2_000;

  private FrequentEvents() {}

  /**
   * Returns whether an event stands alone.
   *
   * @param earlier the number of earlier events of the person in this hour
   * @param earlierOfKind the number of earlier events of the same kind that the person caused in
   *     this hour after the first {@link #MOST_AN_HOUR} events. If there are none, the event stands
   *     alone, so that the trail names an object of each kind
   */
  public static boolean standsAlone(long earlier, long earlierOfKind) {
    return earlier < MOST_AN_HOUR || earlierOfKind == 0;
  }
}
