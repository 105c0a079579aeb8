package io.claviger.gateway.bills;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.groups.Tuple.tuple;

import io.claviger.domain.ModelName;
import io.claviger.domain.bills.BilledCost;
import io.claviger.domain.bills.BilledUsage;
import io.claviger.domain.bills.BillingFailure;
import io.claviger.domain.bills.ProviderFigures;
import io.claviger.domain.formats.BillingApi;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages as the providers document them, and as nobody should write them. */
final class BillTableTest {
  private static final LocalDate DAY = LocalDate.of(2026, 11, 20);
  private static final Instant NOW = Instant.parse("2026-11-21T01:00:00Z");

  /** Midnight of the day, in seconds. */
  private static final long START = 1_795_132_800L;

  private final BillTable whole = table(Optional.empty());

  private static BillTable table(Optional<String> scope) {
    return new BillTable(scope, DAY, DAY, "sk-admin"::equals);
  }

  @Test
  void openais_usage_of_texts_is_told_apart_by_model_key_and_tier() {
    read(
        whole,
        BillSource.COMPLETIONS,
        openAi(
            """
            {"object": "organization.usage.completions.result", "input_tokens": 1000,
             "output_tokens": 500, "input_cached_tokens": 700, "input_cache_write_tokens": 100,
             "num_model_requests": 5, "project_id": null, "user_id": null, "api_key_id": "key_a",
             "model": "gpt-5.2", "batch": false, "service_tier": "default", "input_audio_tokens": 9},
            {"input_tokens": 10, "output_tokens": 20, "num_model_requests": 1, "api_key_id": "key_a",
             "model": "gpt-5.2", "batch": true, "service_tier": "default"},
            {"input_tokens": 10, "output_tokens": 21, "num_model_requests": 1, "api_key_id": "key_a",
             "model": "gpt-5.2", "batch": true, "service_tier": "flex",
             "input_uncached_tokens": 10},
            {"input_tokens": 900, "output_tokens": 7, "num_model_requests": 2, "api_key_id": "key_b",
             "model": "gpt-6-sol", "input_cached_tokens": 300, "input_cache_write_tokens": 500,
             "input_cache_write_30m_tokens": 200, "input_cache_write_12h_tokens": 300},
            {"input_tokens": 600, "output_tokens": 1, "num_model_requests": 1, "api_key_id": "key_c",
             "model": "gpt-6-sol", "input_cache_write_30m_tokens": 200,
             "input_cache_write_12h_tokens": 300}
            """));

    assertThat(whole.figures(NOW).usage())
        .containsExactly(
            usage("gpt-5.2", "key_a", "default", 5, 200, 700, 100, 0, 500, Map.of()),
            usage("gpt-5.2", "key_a", "batch", 2, 20, 0, 0, 0, 41, Map.of()),
            usage("gpt-6-sol", "key_b", null, 2, 100, 300, 200, 300, 7, Map.of()),
            usage("gpt-6-sol", "key_c", null, 1, 100, 0, 200, 300, 1, Map.of()));
  }

  @Test
  void openais_decisions_are_usage_of_their_model() {
    read(
        whole,
        BillSource.DECISIONS,
        openAi(
            """
            {"object": "organization.usage.decisions.result", "input_tokens": 30,
             "output_tokens": 4, "input_cached_tokens": null, "num_model_requests": 2,
             "api_key_id": "key_a", "model": "gpt-decisions", "service_tier": "default"}
            """));

    assertThat(whole.figures(NOW).usage())
        .containsExactly(usage("gpt-decisions", "key_a", "default", 2, 30, 0, 0, 0, 4, Map.of()));
  }

  @ParameterizedTest
  @CsvSource({
    "IMAGES, images, image, 3",
    "AUDIO_SPEECHES, characters, character, 3",
    "AUDIO_TRANSCRIPTIONS, seconds, audio_second, 3",
    "VECTOR_STORES, usage_bytes, stored_byte, 0",
    "CODE_INTERPRETER, num_sessions, code_interpreter, 0",
    "FILE_SEARCHES, num_requests, file_search, 0",
    "WEB_SEARCHES, num_requests, web_search, 0"
  })
  void openais_other_usage_is_counted_in_pieces(
      BillSource source, String field, String what, int requests) {
    read(
        whole,
        source,
        openAi("{\"" + field + "\": 41, \"num_model_requests\": 3, \"model\": \"m\"}"));

    assertThat(whole.figures(NOW).usage())
        .containsExactly(usage("m", null, null, requests, 0, 0, 0, 0, 0, Map.of(what, 41L)));
  }

  @Test
  void usage_of_the_same_subject_in_several_lists_is_added() {
    read(
        whole,
        BillSource.EMBEDDINGS,
        openAi("{\"input_tokens\": 7, \"num_model_requests\": 2, \"model\": \"m\"}"));
    read(whole, BillSource.WEB_SEARCHES, openAi("{\"num_requests\": 4, \"model\": \"m\"}"));

    assertThat(whole.figures(NOW).usage())
        .containsExactly(usage("m", null, null, 2, 7, 0, 0, 0, 0, Map.of("web_search", 4L)));
  }

  @ParameterizedTest
  @CsvSource({
    "0.06, 60000000",
    "'\"0.06\"', 60000000",
    "0, 0",
    "'\"0E-6176\"', 0",
    "0.13080438340307526, 130804383",
    "1.0000000005, 1000000000",
    "1.0000000015, 1000000002",
    "12.3e2, 1230000000000",
    "4611686.018427387905, 4611686018427388"
  })
  void openais_costs_are_exact_dollars(String amount, long nano) {
    read(
        whole,
        BillSource.COSTS,
        openAi(cost(amount, "usd", "\"gpt-5.2-2026-01-01, cached input\"")));

    assertThat(whole.figures(NOW).costs())
        .containsExactly(
            new BilledCost(
                DAY,
                Optional.of("gpt-5.2-2026-01-01, cached input"),
                Optional.of(new ModelName("gpt-5.2-2026-01-01")),
                "USD",
                nano));
  }

  @Test
  void anthropics_usage_and_costs_are_read_and_its_costs_are_in_cents() {
    read(
        whole,
        BillSource.MESSAGES,
        anthropic(
            """
            {"uncached_input_tokens": 1500, "cache_creation": {"ephemeral_1h_input_tokens": 1000,
             "ephemeral_5m_input_tokens": 500}, "cache_read_input_tokens": 200,
             "output_tokens": 500, "server_tool_use": {"web_search_requests": 10},
             "api_key_id": "apikey_01", "workspace_id": "wrkspc_01", "model": "claude-x",
             "service_tier": "standard", "context_window": "0-200k"}
            """));
    read(
        whole,
        BillSource.COST_REPORT,
        anthropic(
            """
            {"currency": "USD", "amount": "123.78912", "workspace_id": null,
             "description": "Claude X Usage - Input Tokens", "cost_type": "tokens",
             "context_window": "0-200k", "model": "claude-x", "service_tier": "standard",
             "token_type": "uncached_input_tokens"},
            {"currency": "USD", "amount": "1", "description": null, "cost_type": "web_search",
             "model": null}
            """));

    ProviderFigures figures = whole.figures(NOW);
    assertThat(figures.usage())
        .containsExactly(
            usage(
                "claude-x",
                "apikey_01",
                "standard",
                0,
                1500,
                200,
                500,
                1000,
                500,
                Map.of("web_search", 10L)));
    assertThat(figures.costs())
        .extracting(BilledCost::lineItem, BilledCost::amount)
        .containsExactly(
            tuple(Optional.of("Claude X Usage - Input Tokens"), 1_237_891_200L),
            tuple(Optional.of("web_search"), 10_000_000L));
  }

  @Test
  void only_the_asked_project_or_workspace_counts() {
    BillTable project = table(Optional.of("proj_a"));
    read(
        project,
        BillSource.VECTOR_STORES,
        openAi(
            """
            {"usage_bytes": 1, "project_id": "proj_a"}, {"usage_bytes": 2, "project_id": "proj_b"},
            {"usage_bytes": 4, "project_id": null}
            """));
    BillTable usual = table(Optional.of("default"));
    read(
        usual,
        BillSource.COST_REPORT,
        anthropic(
            """
            {"currency": "USD", "amount": "1", "description": "a", "workspace_id": null},
            {"currency": "USD", "amount": "2", "description": "a", "workspace_id": "wrkspc_b"}
            """));

    assertThat(project.figures(NOW).usage())
        .extracting(u -> u.fees().get("stored_byte"))
        .containsExactly(1L);
    assertThat(usual.figures(NOW).costs())
        .extracting(BilledCost::amount)
        .containsExactly(10_000_000L);
  }

  @Test
  void the_queries_ask_for_whole_days_of_utc_and_confine_them() {
    assertThat(BillSource.COSTS.query(Optional.of("proj_a"), DAY, DAY, Optional.of("a+b")))
        .isEqualTo(
            "start_time=1795132800&end_time=1795219200&bucket_width=1d&limit=31"
                + "&group_by%5B%5D=line_item&group_by%5B%5D=project_id&project_ids%5B%5D=proj_a"
                + "&page=a%2Bb");
    assertThat(BillSource.MESSAGES.query(Optional.of("wrkspc_a"), DAY, DAY, Optional.empty()))
        .isEqualTo(
            "starting_at=2026-11-20T00:00:00Z&ending_at=2026-11-21T00:00:00Z&bucket_width=1d&limit=31"
                + "&group_by%5B%5D=model&group_by%5B%5D=api_key_id&group_by%5B%5D=service_tier"
                + "&group_by%5B%5D=workspace_id&workspace_ids%5B%5D=wrkspc_a");
    assertThat(BillSource.MESSAGES.query(Optional.of("default"), DAY, DAY, Optional.empty()))
        .doesNotContain("workspace_ids");
    assertThat(BillSource.COST_REPORT.query(Optional.of("wrkspc_a"), DAY, DAY, Optional.empty()))
        .doesNotContain("workspace_ids");
    assertThat(BillSource.of(BillingApi.ANTHROPIC)).hasSize(2);
  }

  @Test
  void a_page_names_the_next_one() {
    assertThat(
            whole.add(
                BillSource.COSTS,
                bytes("{\"data\": [], \"has_more\": true, \"next_page\": \"page_2\"}")))
        .contains("page_2");
    assertThat(whole.add(BillSource.COSTS, bytes("{\"data\": [], \"next_page\": null}"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "null",
        "{\"data\": {}}",
        "{\"data\": [], \"has_more\": true}",
        "{\"data\": [], \"has_more\": true, \"next_page\": \"\"}",
        "{\"data\": [], \"has_more\": 1}",
        "{\"data\": []} {}",
        "{\"data\": [], \"data\": []}",
        "{\"data\": [7]}",
        "{\"data\": [{\"start_time\": 1795132800, \"end_time\": 1795219200}]}",
        "{\"data\": [{\"start_time\": \"soon\", \"end_time\": 1795219200, \"results\": []}]}",
        "{\"data\": [{\"start_time\": 1e400, \"end_time\": 1795219200, \"results\": []}]}",
        "{\"data\": [{\"start_time\": 9223372036854775807, \"end_time\": 1, \"results\": []}]}",
        "{\"data\": [{\"start_time\": 31556889864403199, \"end_time\": 31556889864403199, \"results\": []}]}",
        "{\"data\": [{\"start_time\": 99999999999999999999, \"end_time\": 1, \"results\": []}]}",
        "{\"data\": [{\"start_time\": 1795132800, \"end_time\": 1795219200, \"results\": [[]]}]}"
      })
  void what_is_no_page_is_not_guessed_at(String body) {
    assertThatExceptionOfType(UnreadableBill.class)
        .isThrownBy(() -> whole.add(BillSource.COMPLETIONS, bytes(body)))
        .extracting(UnreadableBill::why)
        .isIn(BillingFailure.BILL_UNREADABLE, BillingFailure.OTHER_ZONE, BillingFailure.OTHER_DAYS);
  }

  @ParameterizedTest
  @CsvSource({
    "1795132801, 1795219200, OTHER_ZONE",
    "1795136400, 1795222800, OTHER_ZONE",
    "1795046400, 1795132800, OTHER_DAYS",
    "1795219200, 1795305600, OTHER_DAYS",
    "1795132800, 1795132800, OTHER_DAYS",
    "1795132800, 1795737600, OTHER_DAYS"
  })
  void days_of_another_zone_or_length_and_days_that_nobody_asked_for_are_refused(
      long start, long end, BillingFailure why) {
    refused(
        BillSource.COSTS,
        "{\"data\": [{\"start_time\": %d, \"end_time\": %d, \"results\": []}]}"
            .formatted(start, end),
        why);
  }

  @Test
  void a_day_of_another_zone_may_be_written_with_that_zone() {
    refused(
        BillSource.COST_REPORT,
        anthropic("").replace("2026-11-20T00:00:00Z", "2026-11-20T00:00:00-05:00"),
        BillingFailure.OTHER_ZONE);
  }

  @Test
  void a_day_that_is_stated_twice_is_refused_also_on_another_page() {
    read(whole, BillSource.COSTS, openAi(""));
    read(whole, BillSource.IMAGES, openAi(""));

    refused(whole, BillSource.COSTS, openAi(""), BillingFailure.OTHER_DAYS);
  }

  @ParameterizedTest
  @CsvSource({
    "-0.01, usd, AMOUNT_INVALID",
    "'\"-5\"', usd, AMOUNT_INVALID",
    "'\"Infinity\"', usd, AMOUNT_INVALID",
    "'\"NaN\"', usd, AMOUNT_INVALID",
    "'\"1,5\"', usd, AMOUNT_INVALID",
    "'\"0x10\"', usd, AMOUNT_INVALID",
    "'\" 1\"', usd, AMOUNT_INVALID",
    "null, usd, AMOUNT_INVALID",
    "true, usd, AMOUNT_INVALID",
    "1000000000.01, usd, AMOUNT_INVALID",
    "1e99, usd, AMOUNT_INVALID",
    "1e1000000, usd, AMOUNT_INVALID",
    "1e-1000000, usd, AMOUNT_INVALID",
    "NaN, usd, BILL_UNREADABLE",
    "1, eur, OTHER_CURRENCY",
    "1, USDT, OTHER_CURRENCY"
  })
  void amounts_that_can_t_be_are_refused(String amount, String currency, BillingFailure why) {
    refused(BillSource.COSTS, openAi(cost(amount, currency, "\"line\"")), why);
  }

  @ParameterizedTest
  @CsvSource({
    "-1, AMOUNT_INVALID",
    "1.5, AMOUNT_INVALID",
    "1e16, AMOUNT_INVALID",
    "9223372036854775808, AMOUNT_INVALID",
    "'\"1\"', AMOUNT_INVALID",
    "null, BILL_UNREADABLE",
    "[], BILL_UNREADABLE"
  })
  void counts_that_can_t_be_are_refused(String count, BillingFailure why) {
    refused(
        BillSource.EMBEDDINGS,
        openAi("{\"input_tokens\": %s, \"num_model_requests\": 1}".formatted(count)),
        why);
  }

  @Test
  void a_sum_of_lines_that_is_too_large_is_refused() {
    String lines =
        IntStream.range(0, 10)
            .mapToObj(
                i ->
                    cost("1000000000", "usd", "\"line\"")
                        .replaceFirst("}$", ", \"project_id\": \"p" + i + "\"}"))
            .collect(Collectors.joining(","));

    refused(BillSource.COSTS, openAi(lines), BillingFailure.AMOUNT_INVALID);
  }

  @Test
  void contradictions_are_refused() {
    refused(
        BillSource.COMPLETIONS,
        openAi(
            """
            {"input_tokens": 5, "input_cached_tokens": 6, "output_tokens": 1,
             "num_model_requests": 1}
            """),
        BillingFailure.AMOUNT_INVALID);
    refused(
        BillSource.COSTS,
        openAi(cost("1", "usd", "\"a\"") + "," + cost("2", "usd", "\"a\"")),
        BillingFailure.BILL_UNREADABLE);
    refused(
        BillSource.COSTS,
        openAi("{\"amount\": {\"value\": 1}, \"amount.value\": 2, \"line_item\": \"a\"}"),
        BillingFailure.BILL_UNREADABLE);
  }

  @Test
  void texts_that_are_no_names_and_the_key_itself_are_refused() {
    for (String text : new String[] {"", "a\\nb", "x".repeat(300), "sk-admin"}) {
      refused(
          BillSource.COSTS,
          openAi(cost("1", "usd", "\"" + text + "\"")),
          BillingFailure.BILL_UNREADABLE);
    }
    refused(BillSource.COSTS, openAi(cost("1", "usd", "7")), BillingFailure.BILL_UNREADABLE);
  }

  @Test
  void a_day_has_at_most_a_thousand_lines_and_a_result_a_hundred_members() {
    String lines =
        IntStream.rangeClosed(0, ProviderFigures.MOST_A_DAY)
            .mapToObj(i -> cost("1", "usd", "\"line " + i + "\""))
            .collect(Collectors.joining(","));
    refused(BillSource.COSTS, openAi(lines), BillingFailure.BILL_TOO_LARGE);
    String members =
        IntStream.range(0, 101)
            .mapToObj(i -> "\"m" + i + "\": 1")
            .collect(Collectors.joining(",", "{", "}"));
    refused(BillSource.COSTS, openAi(members), BillingFailure.BILL_UNREADABLE);
    refused(
        BillSource.COSTS,
        openAi("{\"a\": ".repeat(5) + "1" + "}".repeat(5)),
        BillingFailure.BILL_UNREADABLE);
  }

  /** What follows the first day that nobody asked for is not even parsed. */
  @ParameterizedTest
  @ValueSource(longs = {START + 86_400, START, START - 86_400})
  void reading_ends_at_the_first_day_that_was_not_asked_for(long start) {
    String day = "{\"start_time\": %d, \"end_time\": %d, \"results\": [{}]}";
    String days =
        day.formatted(START, START + 86_400).replace("{}", "")
            + ","
            + day.formatted(start, start + 86_400);

    refused(BillSource.COSTS, "{\"data\": [" + days + ", what", BillingFailure.OTHER_DAYS);
  }

  @Test
  void a_page_has_a_bounded_number_of_names_and_values() {
    String filler = "\"x\": [" + "1,".repeat(500_000) + "1], ";

    refused(
        BillSource.COSTS,
        openAi("").replaceFirst("\"data\"", filler + "\"data\""),
        BillingFailure.BILL_TOO_LARGE);
  }

  @Test
  void a_name_with_those_around_it_is_no_longer_than_any_in_a_bill() {
    String around = ", \"%s\": {\"n\": 1}}";
    String line = cost("1", "usd", "\"line\"");
    read(
        whole,
        BillSource.COSTS,
        openAi(line.replaceFirst("}$", around.formatted("a".repeat(126)))));
    refused(
        BillSource.COSTS,
        openAi(line.replaceFirst("}$", around.formatted("a".repeat(127)))),
        BillingFailure.BILL_UNREADABLE);
  }

  private static String cost(String amount, String currency, String line) {
    return "{\"amount\": {\"value\": %s, \"currency\": \"%s\"}, \"line_item\": %s}"
        .formatted(amount, currency, line);
  }

  @Test
  void names_with_equal_hash_codes_take_little_longer_than_others() {
    assertThat(IntStream.rangeClosed(1, 30).map(day -> hash(LocalDate.of(2026, 11, day), day)))
        .containsOnly(hash(LocalDate.of(2026, 11, 1), 0));
    Duration others = reading((day, n) -> "model-" + n);
    Duration alike = reading(BillTableTest::alike);

    assertThat(alike).isLessThan(others.multipliedBy(10));
  }

  /** Reads 1,000 rows for each of 30 days. */
  private static Duration reading(BiFunction<LocalDate, Integer, String> model) {
    LocalDate from = LocalDate.of(2026, 11, 1);
    LocalDate to = from.plusDays(29);
    List<String> pages =
        from.datesUntil(to.plusDays(1))
            .map(
                day ->
                    openAi(
                        day.atStartOfDay(ZoneOffset.UTC).toEpochSecond(),
                        IntStream.range(0, ProviderFigures.MOST_A_DAY)
                            .mapToObj(
                                n ->
                                    "{\"num_requests\": 1, \"model\": \"%s\"}"
                                        .formatted(model.apply(day, n)))
                            .collect(Collectors.joining(","))))
            .toList();
    BillTable table = new BillTable(Optional.empty(), from, to, "sk-admin"::equals);
    // The CPU time of this thread does not depend on what else the machine does.
    long began = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    pages.forEach(page -> read(table, BillSource.WEB_SEARCHES, page));
    List<BilledUsage> usage = table.figures(NOW).usage();
    long taken = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - began;

    assertThat(usage).hasSize(30 * ProviderFigures.MOST_A_DAY);
    return Duration.ofNanos(taken);
  }

  /** Returns one of 1,024 names that have the same hash code together with their day. */
  private static String alike(LocalDate day, int number) {
    return IntStream.range(0, 10)
        .mapToObj(bit -> (number >> bit & 1) == 0 ? "Aa" : "BB")
        .collect(Collectors.joining("", "", (char) ('~' - day.getDayOfMonth()) + "x"));
  }

  private static int hash(LocalDate day, int number) {
    return new BilledUsage.Subject(
            day, Optional.of(new ModelName(alike(day, number))), Optional.empty(), Optional.empty())
        .hashCode();
  }

  private static String openAi(String results) {
    return openAi(START, results);
  }

  private static String openAi(long start, String results) {
    return """
    {"object": "page", "data": [{"object": "bucket", "start_time": %d, "end_time": %d,
     "results": [%s]}], "has_more": false, "next_page": null}
    """
        .formatted(start, start + 86_400, results);
  }

  private static String anthropic(String results) {
    return """
    {"data": [{"ending_at": "2026-11-21T00:00:00Z", "results": [%s],
     "starting_at": "2026-11-20T00:00:00Z"}], "has_more": false, "next_page": null}
    """
        .formatted(results);
  }

  private static byte[] bytes(String body) {
    return body.getBytes(StandardCharsets.UTF_8);
  }

  private static void read(BillTable table, BillSource source, String body) {
    assertThat(table.add(source, bytes(body))).isEmpty();
  }

  private static void refused(BillSource source, String body, BillingFailure why) {
    refused(table(Optional.empty()), source, body, why);
  }

  private static void refused(BillTable table, BillSource source, String body, BillingFailure why) {
    assertThatExceptionOfType(UnreadableBill.class)
        .isThrownBy(() -> table.add(source, bytes(body)))
        .extracting(UnreadableBill::why)
        .isEqualTo(why);
  }

  private static BilledUsage usage(
      String model,
      @Nullable String key,
      @Nullable String tier,
      long requests,
      long fresh,
      long cached,
      long write5m,
      long write1h,
      long output,
      Map<String, Long> fees) {
    return new BilledUsage(
        DAY,
        Optional.of(new ModelName(model)),
        Optional.ofNullable(key),
        Optional.ofNullable(tier),
        requests,
        new BilledUsage.Tokens(fresh, cached, write5m, write1h, output),
        new TreeMap<>(fees));
  }
}
