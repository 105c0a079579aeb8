package io.claviger.gateway.relay;

import io.claviger.gateway.wire.HeaderNames;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads how long a provider asks callers to wait. The header contains seconds or a date (RFC 9110,
 * 10.2.3); some providers have headers with milliseconds. Times above an hour count as one hour.
 * Any other value is ignored.
 */
final class RetryAfter {
  static final Duration LONGEST = Duration.ofHours(1);

  private static final String MILLIS = "retry-after-ms";
  private static final HeaderNames NAMES =
      HeaderNames.of(List.of(HttpHeaderNames.RETRY_AFTER, MILLIS, "x-ms-" + MILLIS));
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}(?:\\.[0-9]{1,9})?");

  private RetryAfter() {}

  /** Whether headers with the given name say how long to wait. */
  static boolean isSaidBy(CharSequence name) {
    return NAMES.contains(name);
  }

  /** Returns a time in whole seconds, rounded up, at most an hour. */
  static long seconds(Duration asked) {
    return Math.min(asked.plusMillis(999).toSeconds(), LONGEST.toSeconds());
  }

  /** Returns how long the provider asks callers to wait. */
  static Optional<Duration> of(HttpHeaders headers) {
    return Optional.ofNullable(headers.get(MILLIS))
        .flatMap(value -> millis(value.strip()))
        .or(
            () ->
                Optional.ofNullable(headers.get(HttpHeaderNames.RETRY_AFTER))
                    .flatMap(value -> secondsOrDate(value.strip())));
  }

  /**
   * Returns the value to forward; empty if the header is not forwarded.
   *
   * @param name a name for which {@link #isSaidBy} returns true
   */
  static Optional<String> passing(CharSequence name, String value) {
    String text = value.strip();
    boolean inMillis = name.toString().toLowerCase(Locale.ROOT).endsWith("-ms");
    Optional<Duration> asked = inMillis ? millis(text) : secondsOrDate(text);
    return asked.map(
        time -> {
          if (time.compareTo(LONGEST) < 0) {
            return text;
          }
          return Long.toString(inMillis ? LONGEST.toMillis() : LONGEST.toSeconds());
        });
  }

  private static Optional<Duration> millis(String text) {
    return number(text, 1_000_000L);
  }

  private static Optional<Duration> secondsOrDate(String text) {
    return number(text, 1_000_000_000L).or(() -> date(text));
  }

  private static Optional<Duration> number(String text, long nanos) {
    if (!NUMBER.matcher(text).matches()) {
      return Optional.empty();
    }
    BigDecimal asked = new BigDecimal(text).multiply(BigDecimal.valueOf(nanos));
    return Optional.of(
        Duration.ofNanos(asked.min(BigDecimal.valueOf(LONGEST.toNanos())).longValue()));
  }

  private static Optional<Duration> date(String text) {
    if (text.length() > 40) {
      return Optional.empty();
    }
    try {
      Instant then = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration left = Duration.between(Instant.now(), then);
      return Optional.of(left.compareTo(LONGEST) < 0 ? left : LONGEST).filter(d -> !d.isNegative());
    } catch (DateTimeException | ArithmeticException e) {
      return Optional.empty();
    }
  }
}
