package io.claviger.stub;

import io.claviger.stub.AccountLimits.Lie;
import io.claviger.stub.AccountLimits.Measure;
import io.claviger.stub.RecordedRequest.Header;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Enforces the limits of accounts, and states them in the headers of the called API. Only the APIs
 * of OpenAI and Anthropic have such headers. Only the event loop uses this object. This object
 * remembers up to 1,000 accounts and models. If there are more, the oldest entry is removed.
 */
final class AccountPace {
  /**
   * The path for the limits: {@code GET} reads the limits and the counts, and {@code PUT} sets the
   * limits in its query.
   */
  static final String PATH = "/stub/limits";

  private static final int MOST = 1_000;
  private static final double MINUTE = 60e9;
  private static final int DAY = 1_440;

  /** Numbers from this size on are rounded to thousands, as Anthropic does. */
  private static final long ROUNDED = 10_000;

  private final LongSupplier nanos;
  private final Supplier<Instant> clock;
  private final Map<String, Buckets> buckets =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Buckets> eldest) {
          return size() > MOST;
        }
      };
  private final Map<String, Long> refused = new TreeMap<>();
  private final Map<Measure, Long> allowed = new EnumMap<>(Measure.class);
  private AccountLimits limits = AccountLimits.NONE;
  private int mostAtATime;
  private int answers;

  AccountPace(LongSupplier nanos, Supplier<Instant> clock) {
    this.nanos = nanos;
    this.clock = clock;
  }

  /**
   * The decision about a call.
   *
   * @param stated the headers to add to the answer
   * @param refusal the action that sends the answer to a refused call; null if the call is allowed
   * @param ended the action to run once, after an allowed call was answered
   */
  record Admission(List<Header> stated, @Nullable Consumer<StubExchange> refusal, Runnable ended) {
    static final Admission FREE = new Admission(List.of(), null, () -> {});
  }

  private static final class Buckets {
    final Map<Measure, Double> levels = new EnumMap<>(Measure.class);
    long at;
    int calls;
    long ofDay;
  }

  /** Sets new limits with full buckets, and resets the counts to zero. */
  void limit(AccountLimits value) {
    limits = value;
    buckets.clear();
    refused.clear();
    allowed.clear();
    mostAtATime = 0;
    answers = 0;
  }

  Admission admit(StubCall call) {
    if (limits.isNone() || call.model().isEmpty()) {
      return Admission.FREE;
    }
    Buckets of =
        buckets.computeIfAbsent(
            call.account().key() + "\n" + (limits.byModel() ? call.model() : ""), name -> full());
    refill(of);
    answers++;
    StubUsage usage = StubUsage.of(call);
    @Nullable Consumer<StubExchange> lied = lie(call);
    if (lied != null) {
      return refusing("lie", stated(call, of), lied);
    }
    if (limits.calls() > 0 && of.calls >= limits.calls()) {
      return refusing("calls", List.of(), tooMany(call, "concurrent connections", null, 1));
    }
    for (Map.Entry<Measure, Long> each : limits.perMinute().entrySet()) {
      Measure measure = each.getKey();
      double missing =
          Math.min((double) measure.of(usage), capacity(each.getValue()))
              - of.levels.getOrDefault(measure, 0.0);
      boolean tooLarge = measure.of(usage) > each.getValue();
      if (tooLarge || missing > 0) {
        double seconds = missing / each.getValue() * 60;
        return refusing(
            measure.text(), stated(call, of), tooMany(call, measure.text(), measure, seconds));
      }
    }
    for (Measure measure : Measure.values()) {
      of.levels.computeIfPresent(measure, (same, level) -> level - measure.of(usage));
      allowed.merge(measure, measure.of(usage), Long::sum);
    }
    of.ofDay++;
    of.calls++;
    mostAtATime = Math.max(mostAtATime, of.calls);
    return new Admission(stated(call, of), null, () -> of.calls--);
  }

  private Buckets full() {
    Buckets full = new Buckets();
    limits.perMinute().forEach((measure, limit) -> full.levels.put(measure, capacity(limit)));
    full.at = nanos.getAsLong();
    return full;
  }

  private double capacity(long limit) {
    return limit * limits.burst() / 60;
  }

  private void refill(Buckets of) {
    long now = nanos.getAsLong();
    double minutes = (now - of.at) / MINUTE;
    of.at = now;
    of.levels.replaceAll(
        (measure, level) -> {
          long limit = limits.perMinute().getOrDefault(measure, 0L);
          return Math.min(capacity(limit), level + limit * minutes);
        });
  }

  private Admission refusing(String why, List<Header> stated, Consumer<StubExchange> how) {
    refused.merge(why, 1L, Long::sum);
    return new Admission(stated, how, () -> {});
  }

  private static Consumer<StubExchange> tooMany(
      StubCall call, String what, @Nullable Measure measure, double seconds) {
    StubResponse plain =
        call.format()
            .refusal(
                429,
                "Rate limit reached for %s on %s. Please try again in %ss."
                    .formatted(call.model(), what, decimal(seconds)));
    StubResponse refusal =
        measure == null || measure == Measure.REQUESTS
            ? plain
            : plain.replacing("\"type\": \"requests\"", "\"type\": \"tokens\"");
    if (call.format() instanceof Gemini) {
      return exchange ->
          exchange.send(
              refusal.replacing(
                  "\"details\": []",
                  "\"details\": [{\"@type\": \"type.googleapis.com/google.rpc.RetryInfo\", "
                      + "\"retryDelay\": \"%ss\"}]".formatted(decimal(seconds))));
    }
    long whole = Math.max(1, (long) Math.ceil(seconds));
    return exchange -> exchange.send(refusal.with("retry-after", String.valueOf(whole)));
  }

  private @Nullable Consumer<StubExchange> lie(StubCall call) {
    return switch (limits.lie()) {
      case REFUSES, REFUSES_WITH_ROOM -> tooMany(call, "requests", Measure.REQUESTS, 1);
      case REFUSES_ENDLESSLY -> AccountPace::endlessly;
      case NO_CREDIT -> exchange -> exchange.send(noCredit(call));
      case OVERLOADED ->
          exchange ->
              exchange.send(
                  call.format()
                      .refusal(call.format() instanceof Anthropic ? 529 : 503, "Overloaded")
                      .with("retry-after", "1"));
      default -> null;
    };
  }

  private static StubResponse noCredit(StubCall call) {
    return call.format()
        .refusal(429, "You exceeded your current quota, please check your plan.")
        .replacing("\"type\": \"requests\"", "\"type\": \"insufficient_quota\"")
        .replacing("\"rate_limit_exceeded\"", "\"insufficient_quota\"")
        .with("retry-after", "1");
  }

  private static void endlessly(StubExchange exchange) {
    exchange.open(StubResponse.json(429, "").with("retry-after", "1"), null);
    exchange.write("{\"error\": {\"message\": \"");
    String piece = "a".repeat(1 << 10);
    exchange.writePieces(
        () -> {
          exchange.write(piece);
          return true;
        });
  }

  /**
   * Returns the headers that state the limits. If a lie is set, the headers are wrong in the way
   * that this lie describes.
   */
  private List<Header> stated(StubCall call, Buckets of) {
    List<Header> all = new ArrayList<>();
    if (limits.headers().equals("none")) {
      return all;
    }
    boolean anthropic = call.format() instanceof Anthropic;
    if (!anthropic && !(call.format() instanceof OpenAi)) {
      return all;
    }
    for (Measure measure : Measure.values()) {
      long limit = limits.perMinute().getOrDefault(measure, 0L);
      boolean named = anthropic || measure == Measure.REQUESTS || measure == Measure.TOKENS;
      if (limit > 0 && named) {
        state(all, measure, limit, of, anthropic);
      }
    }
    if (limits.lie() == Lie.TWICE) {
      all.addAll(List.copyOf(all));
    }
    return all;
  }

  private void state(List<Header> all, Measure measure, long limit, Buckets of, boolean anthropic) {
    long most = shown(limit);
    double level = Math.max(0, of.levels.getOrDefault(measure, 0.0));
    long left = (long) level;
    double reset = Math.max(0, (capacity(limit) - level) / limit * 60);
    if (limits.headers().equals("groq") && measure == Measure.REQUESTS) {
      most = limit * DAY;
      left = Math.max(0, most - of.ofDay);
      reset = (most - left) * 86_400.0 / most;
    }
    if (anthropic && limit >= ROUNDED && measure != Measure.REQUESTS) {
      left = Math.round(left / 1e3) * 1_000;
    }
    switch (limits.lie()) {
      case REFUSES -> left = 0;
      case REFUSES_WITH_ROOM -> left = most;
      case SHRINKING, JUMPING -> left = Math.min(left, most);
      default -> {}
    }
    String end = reset(reset, anthropic);
    String name = measure.text().replace('_', '-');
    all.add(new Header(name(name, "limit", anthropic), number(most)));
    all.add(new Header(name(name, "remaining", anthropic), number(left)));
    all.add(new Header(name(name, "reset", anthropic), end));
  }

  private long shown(long limit) {
    return switch (limits.lie()) {
      case SHRINKING -> limit >> Math.min(62, answers);
      case JUMPING -> answers % 3 == 0 ? limit * 1_000 : answers % 3 == 1 ? limit : 1;
      default -> limit;
    };
  }

  private String number(long number) {
    return switch (limits.lie()) {
      case NEGATIVE -> "-" + (number + 1);
      case HUGE -> "9".repeat(30);
      case WORDS -> "many";
      default -> String.valueOf(number);
    };
  }

  private static String name(String measure, String part, boolean anthropic) {
    return anthropic
        ? "anthropic-ratelimit-" + measure + "-" + part
        : "x-ratelimit-" + part + "-" + measure;
  }

  private String reset(double seconds, boolean anthropic) {
    double told =
        switch (limits.lie()) {
          case NEGATIVE -> -seconds;
          case PAST -> -86_400 * 365;
          case FUTURE -> 86_400 * 3_650;
          default -> seconds;
        };
    if (limits.lie() == Lie.WORDS) {
      return "soon";
    }
    return anthropic ? clock.get().plusSeconds((long) Math.ceil(told)).toString() : duration(told);
  }

  /** Writes a duration as Go does: {@code 120ms}, {@code 1.5s}, {@code 6m0s}. */
  private static String duration(double seconds) {
    if (seconds < 0) {
      return "-" + duration(-seconds);
    }
    if (seconds < 1) {
      return Math.round(seconds * 1e3) + "ms";
    }
    Duration whole = Duration.ofMillis(Math.round(seconds * 1e3));
    String rest = decimal(whole.toSecondsPart() + whole.toMillisPart() / 1e3) + "s";
    long hours = whole.toHours();
    String minutes = hours > 0 || whole.toMinutesPart() > 0 ? whole.toMinutesPart() + "m" : "";
    return (hours > 0 ? hours + "h" : "") + minutes + rest;
  }

  private static String decimal(double number) {
    String text = String.format(Locale.ROOT, "%.3f", number);
    return text.replaceAll("\\.?0+$", "");
  }

  /** Returns how many calls were allowed and refused since the limits were set, as JSON. */
  StubResponse counts() {
    StringJoiner allowedJson = new StringJoiner(", ", "{", "}");
    for (Measure measure : Measure.values()) {
      allowedJson.add("\"%s\": %d".formatted(measure.text(), allowed.getOrDefault(measure, 0L)));
    }
    StringJoiner refusedJson = new StringJoiner(", ", "{", "}");
    refused.forEach((why, times) -> refusedJson.add("\"%s\": %d".formatted(why, times)));
    return StubResponse.json(
        200,
        "{\"allowed\": %s, \"refused\": %s, \"most_at_a_time\": %d}"
            .formatted(allowedJson, refusedJson, mostAtATime));
  }
}
