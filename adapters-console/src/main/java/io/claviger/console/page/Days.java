package io.claviger.console.page;

import io.claviger.domain.InvalidValue;
import io.claviger.web.json.Times;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** Days in UTC, in the format that inputs of type {@code date} use. */
public final class Days {
  private Days() {}

  /**
   * Reads a day, which must be in one of the years 1 to 9998.
   *
   * @throws InvalidValue for the given field, if the text is not a day in one of the years 1 to
   *     9998
   */
  public static LocalDate of(String field, String text) {
    LocalDate day = Times.dayOf(field).apply(text);
    if (day.getYear() < 1 || day.getYear() >= 9999) {
      throw new InvalidValue(field, "a day, such as 2026-01-31");
    }
    return day;
  }

  /** Reads a day from a text, and returns the first instant of the day. */
  public static Instant beginning(String field, String text) {
    return of(field, text).atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  /** Reads a day from a text, and returns the first instant after the day. */
  public static Instant end(String field, String text) {
    return of(field, text).plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }
}
