package io.claviger.stub;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The limits of each account of a stub. The limits are written like the query of a URL: {@code
 * requests=60&tokens=100000&calls=4&headers=groq}.
 *
 * <ul>
 *   <li>{@code requests}, {@code tokens}, {@code input_tokens}, {@code output_tokens}: the maximum
 *       number per minute. Each limit is a token bucket that is refilled evenly
 *   <li>{@code calls}: the maximum number of concurrent calls
 *   <li>{@code by_model=true}: the limits hold for each model separately
 *   <li>{@code burst}: the capacity of a bucket, in seconds of its refill; 60 by default
 *   <li>{@code headers}: the headers that state the limits. The value {@code groq} states requests
 *       per day, and {@code none} states nothing. By default, the headers are those of the called
 *       API
 *   <li>{@code lie}: the lower-case name of a {@link Lie}
 * </ul>
 *
 * @param perMinute the limits per minute, each 1 or more; limits that are not set are absent
 * @param calls a maximum for concurrent calls; 0 if there is no limit
 */
record AccountLimits(
    Map<Measure, Long> perMinute,
    int calls,
    boolean byModel,
    double burst,
    String headers,
    Lie lie) {
  static final AccountLimits NONE = new AccountLimits(Map.of(), 0, false, 60, "", Lie.NOTHING);

  enum Measure {
    REQUESTS {
      @Override
      long of(StubUsage usage) {
        return 1;
      }
    },
    TOKENS {
      @Override
      long of(StubUsage usage) {
        return usage.total();
      }
    },
    INPUT_TOKENS {
      @Override
      long of(StubUsage usage) {
        return usage.input();
      }
    },
    OUTPUT_TOKENS {
      @Override
      long of(StubUsage usage) {
        return usage.output();
      }
    };

    abstract long of(StubUsage usage);

    /** Returns this measure's name in the text form of the limits. */
    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Lies that a provider might tell because it is malicious or faulty. */
  enum Lie {
    NOTHING,
    /** All numbers in the headers are negative. */
    NEGATIVE,
    /** All numbers in the headers have 30 digits. */
    HUGE,
    /** The headers contain words in place of numbers. */
    WORDS,
    /** Each header of the limits occurs twice. */
    TWICE,
    /** Each stated limit is half of the previously stated limit, down to 0. */
    SHRINKING,
    /** Each answer states a limit that differs from the limit in the previous answer. */
    JUMPING,
    /** All stated reset times are long past, or negative. */
    PAST,
    /** All stated reset times are years ahead. */
    FUTURE,
    /** Each call is refused, and the headers say that the limits are used up. */
    REFUSES,
    /** Each call is refused, although the headers say that the limits are not used up. */
    REFUSES_WITH_ROOM,
    /** Each call is refused with a body that never ends. */
    REFUSES_ENDLESSLY,
    /** Each call is refused because the account has no credit. */
    NO_CREDIT,
    /**
     * Each call is refused because the provider is overloaded. The answer says to retry after a
     * second.
     */
    OVERLOADED
  }

  AccountLimits {
    perMinute = Map.copyOf(perMinute);
  }

  boolean isNone() {
    return perMinute.isEmpty() && calls == 0 && lie == Lie.NOTHING;
  }

  /**
   * @throws IllegalArgumentException if the text contains something unknown
   */
  static AccountLimits of(String text) {
    Map<String, String> parts = new HashMap<>();
    new QueryStringDecoder(text, false)
        .parameters()
        .forEach((name, values) -> parts.put(name, values.getFirst()));
    String calls = parts.remove("calls");
    String byModel = parts.remove("by_model");
    String burst = parts.remove("burst");
    String headers = parts.remove("headers");
    String lie = parts.remove("lie");
    Map<Measure, Long> perMinute = new EnumMap<>(Measure.class);
    parts.forEach((name, value) -> perMinute.put(measure(name), positive(value)));
    return new AccountLimits(
        perMinute,
        calls == null ? 0 : Math.toIntExact(positive(calls)),
        Boolean.parseBoolean(byModel),
        burst == null ? 60 : Double.parseDouble(burst),
        headers == null ? "" : known(headers),
        lie == null ? Lie.NOTHING : Lie.valueOf(lie.toUpperCase(Locale.ROOT)));
  }

  private static Measure measure(String name) {
    return Arrays.stream(Measure.values())
        .filter(each -> each.text().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no limit is called " + name));
  }

  private static long positive(String text) {
    long number = Long.parseLong(text);
    if (number < 1) {
      throw new IllegalArgumentException("a limit is 1 or more");
    }
    return number;
  }

  private static String known(String headers) {
    if (!List.of("groq", "none").contains(headers)) {
      throw new IllegalArgumentException("headers are groq or none");
    }
    return headers;
  }
}
