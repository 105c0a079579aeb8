package io.claviger.domain.fairness;

import io.claviger.domain.WireNamed;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The headers in which a provider states its limits. For each limit, this class states the window
 * in which use is counted and the notation of the reset time. All providers with headers in this
 * class limit each model separately, so an answer's headers apply only to the called model. Headers
 * that are not listed here are ignored.
 *
 * <p>The constants follow the providers' documentation. For other providers, administrators state
 * the limits. Cohere, DeepSeek, Google, Ollama and xAI document no such headers. OpenRouter's
 * headers don't say whether they state limits per minute or per day.
 */
public record LimitHeaders(List<Row> rows) {
  /** The greatest number of limits that one provider states. */
  public static final int MOST_ROWS = 8;

  /**
   * No headers are read, because the provider's headers state no limits or do not say to which
   * window a limit applies.
   */
  public static final LimitHeaders NONE = new LimitHeaders(List.of());

  /**
   * The headers of OpenAI and of providers that copy its API
   * (developers.openai.com/api/docs/guides/rate-limits). Some accounts have daily limits in the
   * same headers. If a daily number is read as a limit per minute, the limit is too high and
   * therefore delays no calls.
   */
  public static final LimitHeaders OPENAI =
      of(
          requests("x-ratelimit-*-requests", Window.MINUTE, Notation.DURATION),
          tokens("x-ratelimit-*-tokens", Window.MINUTE, Notation.DURATION));

  /** The limit of requests applies to a day (console.groq.com/docs/rate-limits). */
  public static final LimitHeaders GROQ =
      of(
          requests("x-ratelimit-*-requests", Window.DAY, Notation.DURATION),
          tokens("x-ratelimit-*-tokens", Window.MINUTE, Notation.DURATION));

  /** See platform.claude.com/docs/en/api/rate-limits. */
  public static final LimitHeaders ANTHROPIC =
      of(
          requests("anthropic-ratelimit-requests-*", Window.MINUTE, Notation.INSTANT),
          tokens("anthropic-ratelimit-tokens-*", Window.MINUTE, Notation.INSTANT),
          input("anthropic-ratelimit-input-tokens-*", Window.MINUTE, Notation.INSTANT),
          output("anthropic-ratelimit-output-tokens-*", Window.MINUTE, Notation.INSTANT));

  /**
   * Tokens are counted for each deployment and minute
   * (learn.microsoft.com/answers/questions/5625878). Headers about requests are ignored, because
   * their windows have one or ten seconds, and the headers don't say which.
   */
  public static final LimitHeaders AZURE =
      of(tokens("x-ratelimit-*-tokens", Window.MINUTE, Notation.SECONDS));

  /**
   * Mistral's documentation does not describe these headers. The meaning of the headers is inferred
   * from their names.
   */
  public static final LimitHeaders MISTRAL =
      of(
          requests("x-ratelimit-*-req-minute", Window.MINUTE, Notation.SECONDS),
          tokens("x-ratelimit-*-tokens-minute", Window.MINUTE, Notation.SECONDS));

  /** See inference-docs.cerebras.ai/support/rate-limits. */
  public static final LimitHeaders CEREBRAS =
      of(
          requests("x-ratelimit-*-requests-day", Window.DAY, Notation.SECONDS),
          tokens("x-ratelimit-*-tokens-minute", Window.MINUTE, Notation.SECONDS));

  /** The limits apply to each second (docs.together.ai/docs/rate-limits). */
  public static final LimitHeaders TOGETHER =
      of(
          requests("x-ratelimit-*", Window.SECOND, Notation.SECONDS),
          tokens("x-tokenlimit-*", Window.SECOND, Notation.SECONDS));

  /** Tokens are counted for each second (docs.fireworks.ai/serverless/rate-limits). */
  public static final LimitHeaders FIREWORKS =
      of(
          input("x-ratelimit-*-tokens-prompt", Window.SECOND, Notation.SECONDS),
          output("x-ratelimit-*-tokens-generated", Window.SECOND, Notation.SECONDS));

  private static final Map<String, LimitHeaders> BY_HOST =
      Map.of(
          "api.groq.com", GROQ,
          "api.cerebras.ai", CEREBRAS,
          "api.together.ai", TOGETHER,
          "api.together.xyz", TOGETHER,
          "api.fireworks.ai", FIREWORKS);

  /**
   * The longest time until a reset. Limits with later resets are ignored, because the longest
   * windows are days.
   */
  private static final Duration FURTHEST = Duration.ofDays(2);

  /**
   * The tolerance for reset times in the past. A time that is at most this far in the past is
   * treated as the present, because clocks differ and answers take time.
   */
  private static final Duration PAST = Duration.ofSeconds(10);

  private static final int MOST_DIGITS = 10;

  /** Stands for the values of a header that occurs twice. No number or time is written like it. */
  private static final String UNREADABLE = "";

  public LimitHeaders {
    rows = List.copyOf(rows);
  }

  private static LimitHeaders of(Row... rows) {
    return new LimitHeaders(List.of(rows));
  }

  /** The window in which the use of a limit is counted. */
  public enum Window implements WireNamed {
    SECOND(Duration.ofSeconds(1)),
    MINUTE(Duration.ofMinutes(1)),
    DAY(Duration.ofDays(1));

    final Duration length;

    Window(Duration length) {
      this.length = length;
    }
  }

  /** The notation of a reset time. */
  public enum Notation implements WireNamed {
    /** {@code 1.5} or {@code 60}. */
    SECONDS {
      @Override
      @Nullable Duration read(String text, Instant now) {
        WrittenDuration written = new WrittenDuration(text);
        return written.seconds() && written.isAtEnd() ? written.duration() : null;
      }
    },
    /** A duration as programs in Go write it: {@code 6m0s}, {@code 2m59.56s}, {@code 120ms}. */
    DURATION {
      @Override
      @Nullable Duration read(String text, Instant now) {
        return new WrittenDuration(text).asInGo();
      }
    },
    /** A time as in RFC 3339, such as {@code 2026-11-23T13:17:18Z}. */
    INSTANT {
      @Override
      @Nullable Duration read(String text, Instant now) {
        try {
          Duration left = Duration.between(now, OffsetDateTime.parse(text).toInstant());
          if (!left.isNegative()) {
            return left;
          }
          return left.plus(PAST).isNegative() ? null : Duration.ZERO;
        } catch (DateTimeException | ArithmeticException unreadable) {
          return null;
        }
      }
    };

    /**
     * Returns the time until the reset; null if the text is not in this notation, or states a past
     * time.
     */
    abstract @Nullable Duration read(String text, Instant now);
  }

  /**
   * The headers of one limit.
   *
   * @param most the name of the header that states the limit, in lower case
   * @param remaining the name of the header that states how much is left
   * @param reset the name of the header that states when the limit is completely free again
   */
  public record Row(
      PaceLimit limit,
      Window window,
      Notation notation,
      String most,
      String remaining,
      String reset) {}

  private static Row requests(String names, Window window, Notation notation) {
    return row(PaceLimit.REQUESTS_PER_MINUTE, names, window, notation);
  }

  private static Row tokens(String names, Window window, Notation notation) {
    return row(PaceLimit.TOKENS_PER_MINUTE, names, window, notation);
  }

  private static Row input(String names, Window window, Notation notation) {
    return row(PaceLimit.INPUT_TOKENS_PER_MINUTE, names, window, notation);
  }

  private static Row output(String names, Window window, Notation notation) {
    return row(PaceLimit.OUTPUT_TOKENS_PER_MINUTE, names, window, notation);
  }

  /**
   * @param names the pattern of the three header names, with an asterisk in place of {@code limit},
   *     {@code remaining} or {@code reset}
   */
  private static Row row(PaceLimit limit, String names, Window window, Notation notation) {
    return new Row(
        limit,
        window,
        notation,
        names.replace("*", "limit"),
        names.replace("*", "remaining"),
        names.replace("*", "reset"));
  }

  /**
   * Returns the headers of a provider that has no constant in {@code Provider}, but is recognized
   * by its host; empty if the host is unknown.
   */
  public static Optional<LimitHeaders> ofHost(String host) {
    return Optional.ofNullable(BY_HOST.get(host));
  }

  /**
   * Whether one of the limits is Anthropic's. Anthropic does not count input that is read from a
   * cache against its limits.
   */
  public boolean areAnthropics() {
    return rows.stream().anyMatch(row -> row.most().startsWith("anthropic-ratelimit-"));
  }

  /** Returns the names of all headers, in lower case. */
  public Stream<String> names() {
    return rows.stream().flatMap(row -> Stream.of(row.most(), row.remaining(), row.reset()));
  }

  /**
   * Reads the limits that the headers of an answer state. A limit is ignored if one of its headers
   * is not understood, occurs twice, or has a negative or huge value. A limit is also ignored if
   * its reset time is in the past or days ahead, or if more is left than the limit allows.
   *
   * @param headers the names, in upper or lower case, and the values of all headers of the answer
   * @param clock the clock that states when the answer arrived; read only if one of the headers is
   *     there
   */
  public List<LimitStatement> read(
      Iterator<? extends Map.Entry<? extends CharSequence, ? extends CharSequence>> headers,
      InstantSource clock) {
    @Nullable String @Nullable [] values = values(headers);
    if (values == null) {
      return List.of();
    }
    Instant now = clock.instant();
    List<LimitStatement> all = new ArrayList<>(rows.size());
    for (int n = 0; n < rows.size(); n++) {
      LimitStatement stated =
          read(rows.get(n), values[3 * n], values[3 * n + 1], values[3 * n + 2], now);
      if (stated != null) {
        all.add(stated);
      }
    }
    return all;
  }

  /**
   * Returns the values of the three headers of each row. A value is null if the header is absent,
   * and {@link #UNREADABLE} if the header occurs twice. All headers are read in one pass, because
   * each answer has many headers.
   *
   * @return null if the answer has none of these headers
   */
  private @Nullable String @Nullable [] values(
      Iterator<? extends Map.Entry<? extends CharSequence, ? extends CharSequence>> headers) {
    @Nullable String[] values = null;
    while (headers.hasNext()) {
      Map.Entry<? extends CharSequence, ? extends CharSequence> header = headers.next();
      int at = place(header.getKey());
      if (at >= 0) {
        values = values == null ? new String[3 * rows.size()] : values;
        values[at] = values[at] == null ? header.getValue().toString() : UNREADABLE;
      }
    }
    return values;
  }

  /** Returns the index of a header's value in {@link #values}, or -1 if the header is not read. */
  private int place(CharSequence header) {
    for (int n = 0; n < rows.size(); n++) {
      Row row = rows.get(n);
      if (isSame(header, row.most)) {
        return 3 * n;
      }
      if (isSame(header, row.remaining)) {
        return 3 * n + 1;
      }
      if (isSame(header, row.reset)) {
        return 3 * n + 2;
      }
    }
    return -1;
  }

  private static boolean isSame(CharSequence header, String name) {
    if (header.length() != name.length()) {
      return false;
    }
    for (int i = name.length() - 1; i >= 0; i--) {
      char c = header.charAt(i);
      if (c != name.charAt(i) && Character.toLowerCase(c) != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable LimitStatement read(
      Row row,
      @Nullable String mostText,
      @Nullable String leftText,
      @Nullable String resetText,
      Instant now) {
    if (mostText == null && leftText == null) {
      return null;
    }
    OptionalLong most = number(mostText);
    OptionalLong left = number(leftText);
    Optional<Duration> reset = reset(row.notation, resetText, now);
    boolean isRead =
        most.isPresent() == (mostText != null)
            && left.isPresent() == (leftText != null)
            && reset.isPresent() == (resetText != null);
    boolean isPossible = most.orElse(1) > 0 && left.orElse(0) <= most.orElse(PaceLimits.MOST);
    return isRead && isPossible
        ? new LimitStatement(row.limit, row.window.length, most, left, reset)
        : null;
  }

  private static OptionalLong number(@Nullable String text) {
    if (text == null || text.isEmpty() || text.length() > MOST_DIGITS) {
      return OptionalLong.empty();
    }
    long number = 0;
    for (int i = 0; i < text.length(); i++) {
      char digit = text.charAt(i);
      if (digit < '0' || digit > '9') {
        return OptionalLong.empty();
      }
      number = 10 * number + digit - '0';
    }
    return number <= PaceLimits.MOST ? OptionalLong.of(number) : OptionalLong.empty();
  }

  private static Optional<Duration> reset(Notation notation, @Nullable String text, Instant now) {
    return text != null && text.length() <= 40
        ? Optional.ofNullable(notation.read(text, now))
            .filter(time -> time.compareTo(FURTHEST) <= 0)
        : Optional.empty();
  }

  /**
   * Reads a duration from left to right. This class uses no regular expressions, because they would
   * be slower, and each answer has several durations.
   */
  private static final class WrittenDuration {
    private static final int MOST_WHOLE_SECONDS = 9;
    private static final int MOST_WHOLE = 5;
    private static final int MOST_FRACTION = 15;
    private static final int NANO_DIGITS = 9;

    private final String text;
    private int at;

    /** The integer part of the last number. */
    private long whole;

    /** The fractional part of the last number, in billionths. Further digits are dropped. */
    private long billionths;

    WrittenDuration(String text) {
      this.text = text;
    }

    boolean isAtEnd() {
      return at == text.length();
    }

    /** Returns the last number in seconds. */
    Duration duration() {
      return Duration.ofSeconds(whole, billionths);
    }

    @Nullable Duration asInGo() {
      if (text.isEmpty()) {
        return null;
      }
      Duration sum = Duration.ZERO;
      if (number(MOST_WHOLE, 'h')) {
        sum = sum.plusHours(whole);
      }
      if (number(MOST_WHOLE, 'm')) {
        sum = sum.plusMinutes(whole);
      }
      int before = at;
      if (seconds()) {
        if (ends("s")) {
          sum = sum.plus(duration());
        } else if (before == 0 && ends("ms")) {
          sum = duration().dividedBy(1_000);
        } else if (before == 0 && (ends("us") || ends("µs"))) {
          sum = duration().dividedBy(1_000_000);
        } else {
          return null;
        }
      }
      return isAtEnd() ? sum : null;
    }

    /**
     * Reads a decimal number. Returns false if the text at this position is not a decimal number.
     */
    boolean seconds() {
      int from = at;
      if (!digits(MOST_WHOLE_SECONDS)) {
        return false;
      }
      billionths = 0;
      if (!isAtEnd() && text.charAt(at) == '.') {
        int point = at;
        long seconds = whole;
        at++;
        if (!digits(MOST_FRACTION)) {
          at = from;
          return false;
        }
        billionths = whole;
        for (int digits = at - point - 1; digits < NANO_DIGITS; digits++) {
          billionths *= 10;
        }
        for (int digits = at - point - 1; digits > NANO_DIGITS; digits--) {
          billionths /= 10;
        }
        whole = seconds;
      }
      return true;
    }

    /**
     * Reads a whole number and the given unit. Reads nothing if another unit follows the number.
     */
    private boolean number(int mostDigits, char unit) {
      int from = at;
      // The m of ms does not mean minutes.
      if (digits(mostDigits)
          && !isAtEnd()
          && text.charAt(at) == unit
          && !text.startsWith("ms", at)) {
        at++;
        return true;
      }
      at = from;
      return false;
    }

    private boolean digits(int most) {
      int from = at;
      whole = 0;
      while (!isAtEnd() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
        if (at - from == most) {
          return false;
        }
        whole = 10 * whole + text.charAt(at) - '0';
        at++;
      }
      return at > from;
    }

    /**
     * Reads the given unit at the end of the text. Reads nothing if the remaining text is not
     * exactly this unit.
     */
    private boolean ends(String unit) {
      boolean is = text.startsWith(unit, at) && at + unit.length() == text.length();
      at += is ? unit.length() : 0;
      return is;
    }
  }
}
