package io.claviger.web.json;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.TimeBounds;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Reads times in the format of RFC 3339, and days. The times are truncated to microseconds, because
 * the database stores no smaller units. Times outside of the years 1 to 9999 are refused, because
 * the format can't represent them.
 */
public final class Times {
  private static final Pattern RFC_3339 =
      Pattern.compile(
          "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?(Z|[+-]\\d\\d:\\d\\d)");
  private static final Pattern DAY = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");

  private Times() {}

  public static JsonConverter<Instant> instant(String field) {
    return JsonConverter.text(text -> parse(field, text));
  }

  /**
   * Parses a time.
   *
   * @param field the field for which an error is reported
   * @throws InvalidValue if the text is not an RFC 3339 time of the years 1 to 9999
   */
  public static Instant parse(String field, String given) {
    String text = given.toUpperCase(Locale.ROOT);
    if (RFC_3339.matcher(text).matches()) {
      try {
        Instant at = OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MICROS);
        if (TimeBounds.contain(at)) {
          return at;
        }
      } catch (DateTimeException e) {
        // A text that can't be parsed leads to the same exception below as any other wrong text.
      }
    }
    throw new InvalidValue(field, "a time as in RFC 3339, such as 2026-01-01T00:00:00Z");
  }

  /**
   * Reads a day. Only the years 0 to 9999 are accepted, because the database can store them.
   *
   * @throws DateTimeException if the text is not a day in these years
   */
  public static LocalDate day(String text) {
    if (!DAY.matcher(text).matches()) {
      throw new DateTimeException("not a day of four digits for the year");
    }
    return LocalDate.parse(text);
  }

  /**
   * Returns a function that reads a day like {@link #day}. For any other text, the function throws
   * {@link InvalidValue}.
   *
   * @param field the field or parameter for which an error is reported
   */
  public static Function<String, LocalDate> dayOf(String field) {
    return text -> {
      try {
        return day(text);
      } catch (DateTimeException e) {
        throw new InvalidValue(field, "a day, such as 2026-01-31");
      }
    };
  }
}
