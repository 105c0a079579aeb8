package io.claviger.gateway.bills;

import io.claviger.domain.ModelName;
import io.claviger.domain.bills.BilledCost;
import io.claviger.domain.bills.BilledUsage;
import io.claviger.domain.bills.BilledUsage.Tokens;
import io.claviger.domain.bills.BillingFailure;
import io.claviger.domain.formats.BillingApi;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A list of figures for bills in a provider's API, and the rules for reading the results in the
 * list.
 */
public enum BillSource {
  COMPLETIONS(
      BillingApi.OPENAI,
      "organization/usage/completions",
      "model",
      "api_key_id",
      "batch",
      "service_tier"),
  DECISIONS(
      BillingApi.OPENAI,
      "organization/usage/decisions",
      "model",
      "api_key_id",
      "batch",
      "service_tier"),
  EMBEDDINGS(BillingApi.OPENAI, "organization/usage/embeddings", "model", "api_key_id"),
  MODERATIONS(BillingApi.OPENAI, "organization/usage/moderations", "model", "api_key_id"),
  IMAGES(BillingApi.OPENAI, "organization/usage/images", "model", "api_key_id"),
  AUDIO_SPEECHES(BillingApi.OPENAI, "organization/usage/audio_speeches", "model", "api_key_id"),
  AUDIO_TRANSCRIPTIONS(
      BillingApi.OPENAI, "organization/usage/audio_transcriptions", "model", "api_key_id"),
  VECTOR_STORES(BillingApi.OPENAI, "organization/usage/vector_stores"),
  CODE_INTERPRETER(BillingApi.OPENAI, "organization/usage/code_interpreter_sessions"),
  FILE_SEARCHES(BillingApi.OPENAI, "organization/usage/file_search_calls", "api_key_id"),
  WEB_SEARCHES(BillingApi.OPENAI, "organization/usage/web_search_calls", "model", "api_key_id"),
  COSTS(BillingApi.OPENAI, "organization/costs", "line_item"),
  MESSAGES(
      BillingApi.ANTHROPIC,
      "v1/organizations/usage_report/messages",
      "model",
      "api_key_id",
      "service_tier"),
  COST_REPORT(BillingApi.ANTHROPIC, "v1/organizations/cost_report", "description");

  /** The maximum number of days per page that both providers accept. */
  private static final int DAYS_OF_A_PAGE = 31;

  /** The text that means Anthropic's default workspace, which has no id. */
  private static final String DEFAULT_WORKSPACE = "default";

  private static final String BATCH = "batch";

  private final BillingApi api;
  private final String path;
  private final List<String> groups;

  BillSource(BillingApi api, String path, String... groups) {
    this.api = api;
    this.path = path;
    this.groups = List.of(groups);
  }

  /** Returns all lists that Claviger requests from a provider with this API. */
  public static List<BillSource> of(BillingApi api) {
    return Arrays.stream(values()).filter(source -> source.api == api).toList();
  }

  /** The path that is appended to the endpoint. */
  public String path() {
    return path;
  }

  /**
   * Whether the list is newer than the other lists of this API, so that some providers with this
   * API do not have the list yet.
   */
  public boolean isOptional() {
    return this == DECISIONS || this == FILE_SEARCHES || this == WEB_SEARCHES;
  }

  /**
   * Returns the query for a page.
   *
   * @param scope the project or workspace whose figures are requested; if empty, the figures of the
   *     whole organization are requested
   * @param to the last day of the requested figures
   * @param page the token of the page; empty for the first page
   */
  public String query(Optional<String> scope, LocalDate from, LocalDate to, Optional<String> page) {
    StringBuilder query = new StringBuilder(256);
    switch (api) {
      case OPENAI ->
          query
              .append("start_time=")
              .append(from.atStartOfDay(ZoneOffset.UTC).toEpochSecond())
              .append("&end_time=")
              .append(to.plusDays(1).atStartOfDay(ZoneOffset.UTC).toEpochSecond());
      case ANTHROPIC ->
          query
              .append("starting_at=")
              .append(from)
              .append("T00:00:00Z&ending_at=")
              .append(to.plusDays(1))
              .append("T00:00:00Z");
    }
    query.append("&bucket_width=1d&limit=").append(DAYS_OF_A_PAGE);
    groups.forEach(group -> list(query, "group_by", group));
    scope.ifPresent(
        id -> {
          list(query, "group_by", api.scopeField() + "_id");
          // Anthropic's costs can't be filtered, and no query can filter by the default workspace,
          // because it has no id.
          if (this != COST_REPORT
              && !(api == BillingApi.ANTHROPIC && id.equals(DEFAULT_WORKSPACE))) {
            list(query, api.scopeField() + "_ids", id);
          }
        });
    page.ifPresent(token -> query.append("&page=").append(encoded(token)));
    return query.toString();
  }

  private static void list(StringBuilder query, String name, String value) {
    query.append('&').append(name).append("%5B%5D=").append(encoded(value));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** Whether a result belongs to the requested project or workspace. */
  boolean isWithin(Optional<String> scope, BillRow row) {
    return scope.isEmpty()
        || row.text(api.scopeField() + "_id")
            .or(
                () ->
                    api == BillingApi.ANTHROPIC ? Optional.of(DEFAULT_WORKSPACE) : Optional.empty())
            .equals(scope);
  }

  boolean isOfCosts() {
    return this == COSTS || this == COST_REPORT;
  }

  /** Reads one result of a list of costs. */
  BilledCost cost(LocalDate day, BillRow row) {
    boolean inDollars = this == COSTS;
    String currency =
        row.text(inDollars ? "amount.currency" : "currency")
            .orElseThrow(() -> new UnreadableBill(BillingFailure.BILL_UNREADABLE))
            .toUpperCase(Locale.ROOT);
    if (!currency.equals("USD")) {
      throw new UnreadableBill(BillingFailure.OTHER_CURRENCY);
    }
    Optional<String> line =
        inDollars ? row.text("line_item") : row.text("description").or(() -> row.text("cost_type"));
    return new BilledCost(
        day,
        line,
        inDollars ? line.flatMap(BillSource::modelOfLine) : row.model(),
        currency,
        inDollars ? row.nanoDollars("amount.value", 0) : row.nanoDollars("amount", 2));
  }

  /** OpenAI names cost items with texts such as {@code gpt-4o-2024-08-06, cached input}. */
  private static Optional<ModelName> modelOfLine(String line) {
    return Optional.of(line.indexOf(", "))
        .filter(comma -> comma > 0)
        .map(comma -> line.substring(0, comma))
        .filter(ModelName::isValid)
        .map(ModelName::new);
  }

  /** Reads one result of a list of usage. */
  BilledUsage usage(LocalDate day, BillRow row) {
    return switch (this) {
      case COMPLETIONS, DECISIONS -> completions(day, row);
      case EMBEDDINGS, MODERATIONS ->
          used(
              day, row, requests(row), new Tokens(row.count("input_tokens"), 0, 0, 0, 0), Map.of());
      case IMAGES -> pieces(day, row, requests(row), "image", row.count("images"));
      case AUDIO_SPEECHES -> pieces(day, row, requests(row), "character", row.count("characters"));
      case AUDIO_TRANSCRIPTIONS ->
          pieces(day, row, requests(row), "audio_second", row.count("seconds"));
      case VECTOR_STORES -> pieces(day, row, 0, "stored_byte", row.count("usage_bytes"));
      case CODE_INTERPRETER -> pieces(day, row, 0, "code_interpreter", row.count("num_sessions"));
      // The requests that made the searches are already counted as completions, so no requests are
      // counted here.
      case FILE_SEARCHES -> pieces(day, row, 0, "file_search", row.count("num_requests"));
      case WEB_SEARCHES -> pieces(day, row, 0, "web_search", row.count("num_requests"));
      case MESSAGES -> messages(day, row);
      case COSTS, COST_REPORT ->
          throw new IllegalStateException("costs are not in a list of usage");
    };
  }

  private static long requests(BillRow row) {
    return row.count("num_model_requests");
  }

  private static BilledUsage completions(LocalDate day, BillRow row) {
    long input = row.count("input_tokens");
    long cached = row.optionalCount("input_cached_tokens").orElse(0L);
    long writtenLong = row.optionalCount("input_cache_write_12h_tokens").orElse(0L);
    long writtenBriefly = row.optionalCount("input_cache_write_30m_tokens").orElse(0L);
    long written =
        Math.max(
            writtenBriefly + writtenLong, row.optionalCount("input_cache_write_tokens").orElse(0L));
    long fresh = row.optionalCount("input_uncached_tokens").orElse(input - cached - written);
    if (fresh < 0) {
      throw new UnreadableBill(BillingFailure.AMOUNT_INVALID);
    }
    Tokens tokens =
        new Tokens(fresh, cached, written - writtenLong, writtenLong, row.count("output_tokens"));
    return used(day, row, requests(row), tokens, Map.of());
  }

  private static BilledUsage messages(LocalDate day, BillRow row) {
    Tokens tokens =
        new Tokens(
            row.count("uncached_input_tokens"),
            row.count("cache_read_input_tokens"),
            row.optionalCount("cache_creation.ephemeral_5m_input_tokens").orElse(0L),
            row.optionalCount("cache_creation.ephemeral_1h_input_tokens").orElse(0L),
            row.count("output_tokens"));
    long searches = row.optionalCount("server_tool_use.web_search_requests").orElse(0L);
    return used(day, row, 0, tokens, fees("web_search", searches));
  }

  private static BilledUsage pieces(
      LocalDate day, BillRow row, long requests, String what, long pieces) {
    return used(day, row, requests, Tokens.NONE, fees(what, pieces));
  }

  private static Map<String, Long> fees(String what, long pieces) {
    return pieces > 0 ? Map.of(what, pieces) : Map.of();
  }

  private static BilledUsage used(
      LocalDate day, BillRow row, long requests, Tokens tokens, Map<String, Long> fees) {
    boolean inBatch = row.text(BATCH).filter("true"::equals).isPresent();
    return new BilledUsage(
        day,
        row.model(),
        row.text("api_key_id"),
        inBatch ? Optional.of(BATCH) : row.text("service_tier").map(BillSource::tier),
        requests,
        tokens,
        new TreeMap<>(fees));
  }

  /**
   * OpenAI has two names for the same tier: {@code fast} and {@code priority}. Anthropic has no
   * service tier called {@code fast}.
   */
  private static String tier(String name) {
    return name.equals("fast") ? "priority" : name;
  }
}
