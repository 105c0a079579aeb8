package io.claviger.web.json;

import io.claviger.domain.InvalidValue;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Instants as RFC 3339 writes them, kept to the microsecond, as the database does. What lies beyond
 * the years 1 to 9999 could not be shown again.
 */
public final class Times {
  private static final Pattern RFC_3339 =
      Pattern.compile(
          "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?(Z|[+-]\\d\\d:\\d\\d)");
  private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");

  private Times() {}

  public static JsonConverter<Instant> instant(String field) {
    return JsonConverter.text(text -> parse(field, text));
  }

  /**
   * @param field that a wrong one is told of
   * @throws InvalidValue when it is no such time
   */
  public static Instant parse(String field, String given) {
    String text = given.toUpperCase(Locale.ROOT);
    if (RFC_3339.matcher(text).matches()) {
      try {
        Instant at = OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MICROS);
        if (!at.isBefore(EARLIEST) && !at.isAfter(LATEST)) {
          return at;
        }
      } catch (DateTimeException e) {
        // Falls through to the one answer for all that is not a time.
      }
    }
    throw new InvalidValue(field, "a time as in RFC 3339, such as 2026-01-01T00:00:00Z");
  }
}
