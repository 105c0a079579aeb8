package io.claviger.domain;

import java.time.Instant;

/**
 * The times that people and programs can give: those of the years 1 to 9999 in UTC. RFC 3339, in
 * which the API states times, can represent no other years.
 */
public final class TimeBounds {
  /** A rule that names the times, for refusals. */
  public static final String ALLOWED = "a time of the years 1 to 9999";

  private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");

  /** The database stores microseconds, and would round a later time up to the next year. */
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");

  private TimeBounds() {}

  public static boolean contain(Instant at) {
    return !at.isBefore(EARLIEST) && !at.isAfter(LATEST);
  }
}
