package io.claviger.domain.fairness;

import static io.claviger.domain.fairness.PaceLimit.INPUT_TOKENS_PER_MINUTE;
import static io.claviger.domain.fairness.PaceLimit.OUTPUT_TOKENS_PER_MINUTE;
import static io.claviger.domain.fairness.PaceLimit.REQUESTS_PER_MINUTE;
import static io.claviger.domain.fairness.PaceLimit.TOKENS_PER_MINUTE;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.standards.ResponseHeader;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class LimitHeadersTest {
  private static final Instant NOW = Instant.parse("2026-11-23T13:00:00Z");
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration DAY = Duration.ofDays(1);

  private static List<LimitHeaders> all() {
    return List.of(
        LimitHeaders.NONE,
        LimitHeaders.OPENAI,
        LimitHeaders.GROQ,
        LimitHeaders.ANTHROPIC,
        LimitHeaders.AZURE,
        LimitHeaders.MISTRAL,
        LimitHeaders.CEREBRAS,
        LimitHeaders.TOGETHER,
        LimitHeaders.FIREWORKS);
  }

  private static final String DECIMAL = "[0-9]{1,9}(?:\\.[0-9]{1,15})?";
  private static final Pattern BELOW_SECOND = Pattern.compile("(" + DECIMAL + ")(ms|us|µs)");
  private static final Pattern GO =
      Pattern.compile("(?:([0-9]{1,5})h)?(?:([0-9]{1,5})m)?(?:(" + DECIMAL + ")s)?");
  private static final String[] PIECES = {
    "0", "1", "59", "12345", "123456789", ".", "h", "m", "s", "ms", "us", "µs", "µ", " ", "-", "٣"
  };

  @Test
  void durations_are_read_as_patterns_describe_them() {
    Random random = new Random(7);
    int read = 0;
    for (int n = 0; n < 100_000; n++) {
      StringBuilder text = new StringBuilder();
      for (int pieces = random.nextInt(7); pieces >= 0; pieces--) {
        text.append(PIECES[random.nextInt(PIECES.length)]);
      }
      String each = text.toString();
      assertThat(LimitHeaders.Notation.SECONDS.read(each, NOW)).as(each).isEqualTo(seconds(each));
      Duration expected = inGo(each);
      assertThat(LimitHeaders.Notation.DURATION.read(each, NOW)).as(each).isEqualTo(expected);
      read += expected == null ? 0 : 1;
    }
    assertThat(read).isGreaterThan(1_000);
  }

  private static @Nullable Duration seconds(String text) {
    return text.matches(DECIMAL) ? ofSeconds(text) : null;
  }

  private static Duration ofSeconds(String decimal) {
    return Duration.ofNanos(new BigDecimal(decimal).movePointRight(9).longValue());
  }

  private static @Nullable Duration inGo(String text) {
    Matcher small = BELOW_SECOND.matcher(text);
    if (small.matches()) {
      return ofSeconds(small.group(1)).dividedBy(small.group(2).equals("ms") ? 1_000 : 1_000_000);
    }
    Matcher parts = GO.matcher(text);
    return text.isEmpty() || !parts.matches()
        ? null
        : Duration.ofHours(parts.group(1) == null ? 0 : Long.parseLong(parts.group(1)))
            .plusMinutes(parts.group(2) == null ? 0 : Long.parseLong(parts.group(2)))
            .plus(parts.group(3) == null ? Duration.ZERO : ofSeconds(parts.group(3)));
  }

  @Test
  void answers_of_each_provider_are_read_as_it_documents_them() {
    assertThat(
            read(
                LimitHeaders.OPENAI,
                """
                x-ratelimit-limit-requests: 60
                x-ratelimit-limit-tokens: 150000
                x-ratelimit-remaining-requests: 59
                x-ratelimit-remaining-tokens: 149984
                x-ratelimit-reset-requests: 1s
                x-ratelimit-reset-tokens: 6m0s
                """))
        .containsExactly(
            stated(REQUESTS_PER_MINUTE, MINUTE, 60, 59, "PT1S"),
            stated(TOKENS_PER_MINUTE, MINUTE, 150_000, 149_984, "PT6M"));
    assertThat(
            read(
                LimitHeaders.GROQ,
                """
                x-ratelimit-limit-requests: 14400
                x-ratelimit-limit-tokens: 18000
                x-ratelimit-remaining-requests: 14370
                x-ratelimit-remaining-tokens: 17997
                x-ratelimit-reset-requests: 2m59.56s
                x-ratelimit-reset-tokens: 7.66s
                """))
        .containsExactly(
            stated(REQUESTS_PER_MINUTE, DAY, 14_400, 14_370, "PT2M59.56S"),
            stated(TOKENS_PER_MINUTE, MINUTE, 18_000, 17_997, "PT7.66S"));
    assertThat(
            read(
                LimitHeaders.ANTHROPIC,
                """
                anthropic-ratelimit-requests-limit: 4000
                anthropic-ratelimit-requests-remaining: 3999
                anthropic-ratelimit-requests-reset: 2026-11-23T13:00:01Z
                anthropic-ratelimit-tokens-limit: 480000
                anthropic-ratelimit-tokens-remaining: 479000
                anthropic-ratelimit-tokens-reset: 2026-11-23T13:00:00Z
                anthropic-ratelimit-input-tokens-limit: 400000
                anthropic-ratelimit-input-tokens-remaining: 0
                anthropic-ratelimit-input-tokens-reset: 2026-11-23T14:01:00+01:00
                anthropic-ratelimit-output-tokens-limit: 80000
                anthropic-ratelimit-output-tokens-remaining: 80000
                anthropic-ratelimit-output-tokens-reset: 2026-11-23T12:59:58Z
                """))
        .containsExactly(
            stated(REQUESTS_PER_MINUTE, MINUTE, 4_000, 3_999, "PT1S"),
            stated(TOKENS_PER_MINUTE, MINUTE, 480_000, 479_000, "PT0S"),
            stated(INPUT_TOKENS_PER_MINUTE, MINUTE, 400_000, 0, "PT1M"),
            stated(OUTPUT_TOKENS_PER_MINUTE, MINUTE, 80_000, 80_000, "PT0S"));
    assertThat(
            read(
                LimitHeaders.AZURE,
                """
                x-ratelimit-limit-requests: 120
                x-ratelimit-remaining-requests: 19
                x-ratelimit-limit-tokens: 20000
                x-ratelimit-remaining-tokens: 19913
                x-ratelimit-reset-tokens: 1
                """))
        .containsExactly(stated(TOKENS_PER_MINUTE, MINUTE, 20_000, 19_913, "PT1S"));
    assertThat(
            read(
                LimitHeaders.MISTRAL,
                """
                x-ratelimit-limit-req-minute: 50
                x-ratelimit-remaining-req-minute: 49
                x-ratelimit-limit-tokens-minute: 50000
                x-ratelimit-remaining-tokens-minute: 47300
                x-ratelimit-limit-tokens-month: 4000000
                x-ratelimit-tokens-query-cost: 1300
                """))
        .containsExactly(
            stated(REQUESTS_PER_MINUTE, MINUTE, 50, 49, ""),
            stated(TOKENS_PER_MINUTE, MINUTE, 50_000, 47_300, ""));
    assertThat(
            read(
                LimitHeaders.CEREBRAS,
                """
                x-ratelimit-limit-requests-day: 1000000000
                x-ratelimit-limit-tokens-minute: 1000000000
                x-ratelimit-remaining-requests-day: 999997455
                x-ratelimit-remaining-tokens-minute: 999998298
                x-ratelimit-reset-requests-day: 33011.382867097855
                x-ratelimit-reset-tokens-minute: 11.382867097854
                """))
        .containsExactly(
            stated(REQUESTS_PER_MINUTE, DAY, 1_000_000_000, 999_997_455, "PT33011.382867097S"),
            stated(TOKENS_PER_MINUTE, MINUTE, 1_000_000_000, 999_998_298, "PT11.382867097S"));
    assertThat(
            read(
                LimitHeaders.TOGETHER,
                """
                x-ratelimit-limit: 10
                x-ratelimit-remaining: 9
                x-ratelimit-reset: 1
                x-tokenlimit-limit: 3000
                x-tokenlimit-remaining: 2900
                """))
        .containsExactly(
            stated(REQUESTS_PER_MINUTE, SECOND, 10, 9, "PT1S"),
            stated(TOKENS_PER_MINUTE, SECOND, 3_000, 2_900, ""));
    assertThat(
            read(
                LimitHeaders.FIREWORKS,
                """
                x-ratelimit-limit-tokens-prompt: 60000
                x-ratelimit-remaining-tokens-prompt: 59000
                x-ratelimit-limit-tokens-generated: 600
                """))
        .containsExactly(
            stated(INPUT_TOKENS_PER_MINUTE, SECOND, 60_000, 59_000, ""),
            new LimitStatement(
                OUTPUT_TOKENS_PER_MINUTE,
                SECOND,
                OptionalLong.of(600),
                OptionalLong.empty(),
                Optional.empty()));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          # limit,     remaining, reset,    what is read
          60,          59,        1s,       60 59 PT1S
          60,          60,        120ms,    60 60 PT0.12S
          1,           0,         500us,    1 0 PT0.0005S
          60,          0,         1h2m3.5s, 60 0 PT1H2M3.5S
          60,          0,         0s,       60 0 PT0S
          60,          0,         48h,      60 0 PT48H
          60,          -,         -,        60 - -
          -,           7,         -,        - 7 -
          -,           7,         2m,       - 7 PT2M
          1000000000,  0,         1s,       1000000000 0 PT1S
          -,           -,         1s,       nothing
          0,           0,         1s,       nothing
          -1,          -1,        0,        nothing
          -60,         59,        1s,       nothing
          60,          -59,       1s,       nothing
          60,          61,        1s,       nothing
          1000000001,  5,         1s,       nothing
          9999999999,  5,         1s,       nothing
          99999999999999999999999, 5, 1s,   nothing
          60,          1000000001, 1s,      nothing
          -,           1000000001, 1s,      nothing
          1e400,       5,         1s,       nothing
          60.5,        5,         1s,       nothing
          '60,000',    5,         1s,       nothing
          +60,         5,         1s,       nothing
          0x3c,        5,         1s,       nothing
          60 per minute, 5,       1s,       nothing
          ' 60',       5,         1s,       nothing
          NaN,         5,         1s,       nothing
          Infinity,    5,         1s,       nothing
          '',          5,         1s,       nothing
          60,          '',        1s,       nothing
          60,          5,         '',       nothing
          60,          5,         1,        nothing
          60,          5,         -1s,      nothing
          60,          5,         1s2m,     nothing
          60,          5,         1s1s,     nothing
          60,          5,         1 s,      nothing
          60,          5,         s,        nothing
          60,          5,         .5s,      nothing
          60,          5,         1s later, nothing
          60,          5,         soon,     nothing
          60,          5,         2d,       nothing
          60,          5,         49h,      nothing
          60,          5,         99999999h, nothing
          60,          5,         999999999s, nothing
          60,          5,         2026-11-23T13:00:01Z, nothing
          6０,         5,         1s,       nothing
          """)
  void a_limit_of_which_anything_is_not_understood_teaches_nothing(
      String most, String left, String reset, String expected) {
    Map<String, List<String>> headers = new HashMap<>();
    put(headers, "x-ratelimit-limit-requests", most);
    put(headers, "x-ratelimit-remaining-requests", left);
    put(headers, "x-ratelimit-reset-requests", reset);
    put(headers, "x-ratelimit-limit-tokens", "500");

    List<LimitStatement> all = read(LimitHeaders.OPENAI, headers);

    assertThat(all).last().isEqualTo(limit(TOKENS_PER_MINUTE, 500));
    assertThat(all.size() == 1 ? "nothing" : text(all.getFirst())).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-23T13:00:00Z, PT0S",
    "2026-11-23T12:59:50Z, PT0S",
    "2026-11-23T12:59:49Z, nothing",
    "2020-11-23T13:00:00Z, nothing",
    "2026-11-23T13:00:30.25Z, PT30.25S",
    "2026-11-25T13:00:00Z, PT48H",
    "2026-11-25T13:00:01Z, nothing",
    "2036-11-23T13:00:00Z, nothing",
    "+999999999-12-31T23:59:59Z, nothing",
    "-999999999-01-01T00:00:00Z, nothing",
    "2026-13-23T13:00:00Z, nothing",
    "2026-11-23 13:00:00Z, nothing",
    "2026-11-23T13:00:00, nothing",
    "1795438800, nothing",
    "6m0s, nothing"
  })
  void a_time_that_has_passed_or_is_days_away_teaches_nothing(String reset, String expected) {
    Map<String, List<String>> headers = new HashMap<>();
    put(headers, "anthropic-ratelimit-requests-limit", "50");
    put(headers, "anthropic-ratelimit-requests-reset", reset);

    assertThat(
            read(LimitHeaders.ANTHROPIC, headers).stream()
                .findFirst()
                .flatMap(LimitStatement::resetsIn)
                .map(Duration::toString)
                .orElse("nothing"))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("all")
  void a_header_that_comes_twice_teaches_nothing_and_no_length_matters(LimitHeaders each) {
    List<String> names = each.names().toList();
    for (String twice : names) {
      Map<String, List<String>> headers = new HashMap<>();
      names.forEach(name -> headers.put(name, List.of(name.contains("reset") ? "x" : "5")));
      names.stream().filter(name -> name.contains("reset")).forEach(headers::remove);
      int all = read(each, headers).size();
      headers.put(twice, List.of("5", "5"));

      assertThat(read(each, headers)).hasSize(all - 1);
    }
    Map<String, List<String>> endless = new HashMap<>();
    names.forEach(name -> endless.put(name, List.of("1".repeat(1 << 20))));
    assertThat(read(each, endless)).isEmpty();
    endless.replaceAll((name, value) -> List.of("1.".repeat(1 << 19)));
    assertThat(read(each, endless)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("all")
  void headers_that_a_row_does_not_name_teach_nothing(LimitHeaders each) {
    Map<String, List<String>> others = new HashMap<>();
    for (LimitHeaders other : all()) {
      other.names().forEach(name -> others.put(name, List.of("5")));
    }
    each.names().forEach(others::remove);

    assertThat(read(each, others)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("all")
  void what_tells_of_an_accounts_limits_is_withheld_from_borrowers(LimitHeaders each) {
    assertThat(each.names().map(ResponseHeader::new)).allMatch(ResponseHeader::tellsRates);
  }

  @Test
  void providers_are_known_by_their_entry_or_their_host() {
    Map<String, LimitHeaders> known = new TreeMap<>();
    for (Provider provider : Provider.known()) {
      Endpoint called = provider.defaultEndpoint().orElse(Endpoint.of("https://llm.example/v1"));
      known.put(provider.wireName(), provider.limitHeaders(called));
    }
    assertThat(known)
        .isEqualTo(
            Map.ofEntries(
                Map.entry("openai", LimitHeaders.OPENAI),
                Map.entry("openai-compat", LimitHeaders.OPENAI),
                Map.entry("azure", LimitHeaders.AZURE),
                Map.entry("anthropic", LimitHeaders.ANTHROPIC),
                Map.entry("mistral", LimitHeaders.MISTRAL),
                Map.entry("google", LimitHeaders.NONE),
                Map.entry("cohere", LimitHeaders.NONE),
                Map.entry("ollama", LimitHeaders.NONE),
                Map.entry("bedrock", LimitHeaders.NONE),
                Map.entry("vertex", LimitHeaders.NONE),
                Map.entry("openrouter", LimitHeaders.NONE),
                Map.entry("groq", LimitHeaders.GROQ),
                Map.entry("together", LimitHeaders.TOGETHER),
                Map.entry("deepseek", LimitHeaders.NONE),
                Map.entry("xai", LimitHeaders.NONE),
                Map.entry("vllm", LimitHeaders.NONE),
                Map.entry("vercel", LimitHeaders.NONE)));
    assertThat(
            Provider.OPENAI_COMPAT.limitHeaders(Endpoint.of("https://API.groq.com:443/openai/v1")))
        .isEqualTo(LimitHeaders.GROQ);
    assertThat(Provider.OPENAI_COMPAT.limitHeaders(Endpoint.of("https://xapi.groq.com/openai/v1")))
        .isEqualTo(LimitHeaders.OPENAI);
  }

  private static void put(Map<String, List<String>> headers, String name, String value) {
    if (value != null) {
      headers.put(name, List.of(value));
    }
  }

  @Test
  void the_case_of_a_header_does_not_matter() {
    assertThat(
            read(LimitHeaders.OPENAI, "X-RateLimit-Limit-Requests: 7\nX-RATELIMIT-LIMIT-TOKENS: 9"))
        .containsExactly(limit(REQUESTS_PER_MINUTE, 7), limit(TOKENS_PER_MINUTE, 9));
    assertThat(
            read(
                LimitHeaders.OPENAI,
                "x-ratelimit-limit-requests: 7\nX-Ratelimit-Limit-Requests: 7"))
        .isEmpty();
  }

  private static List<LimitStatement> read(LimitHeaders row, String lines) {
    Map<String, List<String>> headers = new HashMap<>();
    lines
        .lines()
        .map(line -> line.split(": ", 2))
        .forEach(line -> headers.computeIfAbsent(line[0], name -> new ArrayList<>()).add(line[1]));
    return read(row, headers);
  }

  private static List<LimitStatement> read(LimitHeaders row, Map<String, List<String>> headers) {
    return row.read(
        headers.entrySet().stream()
            .flatMap(
                header ->
                    header.getValue().stream().map(value -> Map.entry(header.getKey(), value)))
            .iterator(),
        InstantSource.fixed(NOW));
  }

  private static LimitStatement stated(
      PaceLimit limit, Duration window, long most, long left, String reset) {
    return new LimitStatement(
        limit,
        window,
        OptionalLong.of(most),
        OptionalLong.of(left),
        reset.isEmpty() ? Optional.empty() : Optional.of(Duration.parse(reset)));
  }

  private static LimitStatement limit(PaceLimit limit, long most) {
    return new LimitStatement(
        limit, MINUTE, OptionalLong.of(most), OptionalLong.empty(), Optional.empty());
  }

  private static String text(LimitStatement of) {
    return number(of.most())
        + " "
        + number(of.left())
        + " "
        + of.resetsIn().map(Duration::toString).orElse("-");
  }

  private static String number(OptionalLong of) {
    return of.isPresent() ? String.valueOf(of.getAsLong()) : "-";
  }
}
