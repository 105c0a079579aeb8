package io.claviger.domain;

import java.time.Instant;

/**
 * The range of times that callers can state: the years 1 to 9999 in UTC. The API writes times as in
 * RFC 3339, which can't represent other years.
 */
public final class TimeBounds {
  /** The allowed range, for messages about refused times. */
  public static final String ALLOWED = "a time of the years 1 to 9999";

  public static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");

  /**
   * The latest time that the database, which stores microseconds, does not round up to the year
   * 10000.
   */
  public static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");

  private TimeBounds() {}

  public static boolean contain(Instant at) {
    return !at.isBefore(EARLIEST) && !at.isAfter(LATEST);
  }
}
