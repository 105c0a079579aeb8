package io.claviger.stub;

import static io.claviger.stub.JsonTemplates.quoted;

import io.claviger.stub.ProviderLedger.Entry;
import io.claviger.stub.ProviderLedger.Fee;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The pages on which OpenAI and Anthropic report usage and costs to callers with an admin key. The
 * figures come from the stub's own bill, for all keys together. All figures belong to the same
 * project and the same workspace. A key may also call models if its text contains {@code models}.
 * If the key's text also contains {@code silent}, the stub does not say that the key may call
 * models.
 */
final class OrganizationUsage {
  static final String PROJECT = "proj_stub";
  static final String WORKSPACE = "wrkspc_stub";

  /** A page has only a few days, so that callers must request further pages. */
  private static final int DAYS_OF_A_PAGE = 2;

  private static final String USAGE = "/organization/usage/";
  private static final String ADMIN = "sk-admin";
  private static final String ADMIN_OF_ANTHROPIC = "sk-ant-admin";
  private static final BigDecimal CENTS = BigDecimal.valueOf(100);

  private OrganizationUsage() {}

  /** Finds the operation for a path; null if the path belongs to none of these pages. */
  static @Nullable StubOperation find(String path) {
    int usage = path.indexOf(USAGE);
    if (usage >= 0) {
      return openAiUsage(path.substring(usage + USAGE.length()));
    }
    if (path.endsWith("/organization/costs")) {
      return forAdmins(call -> page(call, OrganizationUsage::openAiCosts));
    }
    if (path.endsWith("/organizations/usage_report/messages")) {
      return forAdmins(call -> page(call, OrganizationUsage::anthropicUsage));
    }
    return path.endsWith("/organizations/cost_report")
        ? forAdmins(call -> page(call, OrganizationUsage::anthropicCosts))
        : null;
  }

  private static @Nullable StubOperation openAiUsage(String kind) {
    Results results =
        switch (kind) {
          case "completions" -> OrganizationUsage::completions;
          case "embeddings" ->
              (call, entries) -> byGroup(call, of(kind, entries), OrganizationUsage::embedding);
          case "images" -> (call, entries) -> fees(call, of(kind, entries), "image", "images");
          case "audio_speeches" ->
              (call, entries) -> fees(call, of(kind, entries), "character", "characters");
          case "audio_transcriptions" ->
              (call, entries) -> fees(call, of(kind, entries), "audio_second", "seconds");
          case "code_interpreter_sessions" ->
              (call, entries) -> fees(call, entries, "code_interpreter", "num_sessions");
          case "file_search_calls" ->
              (call, entries) -> fees(call, entries, "file_search", "num_requests");
          case "web_search_calls" ->
              (call, entries) -> fees(call, entries, "web_search", "num_requests");
          case "moderations", "vector_stores" -> (call, entries) -> List.of();
          default -> null;
        };
    return results == null ? null : forAdmins(call -> page(call, results));
  }

  private static List<Entry> of(String kind, List<Entry> entries) {
    return entries.stream().filter(entry -> entry.kind().equals(kind)).toList();
  }

  /**
   * Returns the refusal if an admin key may not read the list of models; null if the key may read
   * the list.
   */
  static @Nullable StubResponse refusedModels(StubCall call) {
    String key = call.account().key();
    if (!isAdmin(key) || key.contains("models")) {
      return null;
    }
    return key.contains("silent")
        ? call.format().refusal(500, "the stub does not say it")
        : call.format().refusal(403, "You have insufficient permissions for this operation.");
  }

  private static boolean isAdmin(String key) {
    return key.startsWith(ADMIN) || key.startsWith(ADMIN_OF_ANTHROPIC);
  }

  private static StubOperation forAdmins(StubOperation operation) {
    return call ->
        isAdmin(call.account().key())
            ? operation.answer(call)
            : call.format().refusal(401, "This needs an admin key.");
  }

  /** Computes the results of one day from the calls that were billed on this day. */
  private interface Results {
    List<String> of(StubCall call, List<Entry> entries);
  }

  private static StubResponse page(StubCall call, Results results) {
    boolean openAi = call.query().containsKey("start_time");
    LocalDate from = day(call, openAi ? "start_time" : "starting_at");
    LocalDate to = day(call, openAi ? "end_time" : "ending_at");
    UsageLie lie = call.account().ledger().lie();
    @Nullable String token = ModelPage.parameter(call, "page");
    long first = token == null ? 0 : Long.parseLong(token.replace("page_", ""));
    if (lie == UsageLie.ENDLESS_PAGES) {
      return StubResponse.json(
          200, "{\"data\": [], \"has_more\": true, \"next_page\": \"page_" + (first + 1) + "\"}");
    }
    List<String> days = new ArrayList<>();
    LocalDate day = from.plusDays(first);
    for (; day.isBefore(to) && days.size() < DAYS_OF_A_PAGE; day = day.plusDays(1)) {
      days.add(bucket(call, openAi, day, results, lie));
    }
    if (lie == UsageLie.SAME_DAY_TWICE) {
      days.add(days.get(0));
    }
    if (lie == UsageLie.OTHER_DAY) {
      days.add(bucket(call, openAi, to.plusDays(3), results, lie));
    }
    boolean more = day.isBefore(to) || lie == UsageLie.SAME_PAGE_AGAIN;
    long next = lie == UsageLie.SAME_PAGE_AGAIN ? 0 : first + DAYS_OF_A_PAGE;
    if (lie == UsageLie.SAME_PAGE_AGAIN && token != null) {
      days.clear();
    }
    return StubResponse.json(
        200,
        "{\"object\": \"page\", \"data\": [%s], \"has_more\": %s, \"next_page\": %s}"
            .formatted(String.join(", ", days), more, more ? quoted("page_" + next) : "null"));
  }

  private static LocalDate day(StubCall call, String name) {
    String value = String.valueOf(ModelPage.parameter(call, name));
    Instant at =
        value.matches("[0-9]+")
            ? Instant.ofEpochSecond(Long.parseLong(value))
            : OffsetDateTime.parse(value).toInstant();
    return LocalDate.ofInstant(at, ZoneOffset.UTC);
  }

  private static String bucket(
      StubCall call, boolean openAi, LocalDate day, Results results, UsageLie lie) {
    List<Entry> entries =
        call.account().ledger().entries().stream()
            .filter(entry -> LocalDate.ofInstant(entry.at(), ZoneOffset.UTC).equals(day))
            .toList();
    String shown =
        String.join(", ", isWithin(call, openAi) ? results.of(call, entries) : List.of());
    Instant start = day.atStartOfDay(ZoneOffset.UTC).toInstant();
    if (lie == UsageLie.OTHER_ZONE) {
      start = start.plusSeconds(5 * 3_600);
    }
    Instant end = start.plusSeconds(86_400);
    return openAi
        ? "{\"object\": \"bucket\", \"start_time\": %d, \"end_time\": %d, \"results\": [%s]}"
            .formatted(start.getEpochSecond(), end.getEpochSecond(), shown)
        : "{\"starting_at\": \"%s\", \"ending_at\": \"%s\", \"results\": [%s]}"
            .formatted(start, end, shown);
  }

  private static boolean isWithin(StubCall call, boolean openAi) {
    List<String> asked = list(call, openAi ? "project_ids" : "workspace_ids");
    return asked.isEmpty() || asked.contains(openAi ? PROJECT : WORKSPACE);
  }

  private static List<String> list(StubCall call, String name) {
    List<String> all = new ArrayList<>(call.query().getOrDefault(name + "[]", List.of()));
    all.addAll(call.query().getOrDefault(name, List.of()));
    return all;
  }

  /**
   * The fields for grouping results, as JSON. A field is null if the caller did not request to
   * group by it.
   */
  private static String group(StubCall call, Entry entry) {
    List<String> asked = list(call, "group_by");
    String batch = Boolean.toString(entry.tier().equals(ProviderLedger.BATCH));
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("model", quoted(model(call, entry)));
    parts.put("api_key_id", quoted(entry.keyId()));
    parts.put("batch", batch);
    parts.put("service_tier", quoted(tier(call, entry)));
    parts.put("project_id", quoted(PROJECT));
    parts.put("workspace_id", quoted(WORKSPACE));
    parts.replaceAll((name, value) -> asked.contains(name) ? value : "null");
    StringBuilder json = new StringBuilder();
    parts.forEach(
        (name, value) -> json.append('"').append(name).append("\": ").append(value).append(", "));
    return json.toString();
  }

  private static String model(StubCall call, Entry entry) {
    return call.account().ledger().lie() == UsageLie.ECHOED_KEY
        ? call.account().key()
        : entry.model();
  }

  /**
   * Returns the tier. The APIs have different names for the usual tier. At OpenAI, batches are not
   * a tier.
   */
  private static String tier(StubCall call, Entry entry) {
    boolean openAi = call.query().containsKey("start_time");
    boolean usual = entry.tier().equals(ProviderLedger.STANDARD);
    return openAi && (usual || entry.tier().equals(ProviderLedger.BATCH))
        ? "default"
        : entry.tier();
  }

  private static List<String> byGroup(
      StubCall call, List<Entry> entries, Function<List<Entry>, String> figures) {
    Map<String, List<Entry>> groups = new TreeMap<>();
    for (Entry entry : entries) {
      groups.computeIfAbsent(group(call, entry), g -> new ArrayList<>()).add(entry);
    }
    List<String> results = new ArrayList<>();
    groups.forEach(
        (group, members) -> results.add("{" + group + lying(call, figures.apply(members)) + "}"));
    return results;
  }

  private static String lying(StubCall call, String figures) {
    return switch (call.account().ledger().lie()) {
      case NEGATIVE -> figures.replaceAll("(\": )(\"?)(\\d)", "$1$2-1$3");
      case INFINITE -> figures.replaceAll("(\": )(\"?)(\\d)", "$1$21e999$3");
      case OTHER_CURRENCY -> figures.replace("usd", "eur").replace("USD", "EUR");
      default -> figures;
    };
  }

  private static List<String> completions(StubCall call, List<Entry> all) {
    return byGroup(
        call,
        of(StubBill.COMPLETIONS, all),
        entries -> {
          long cached = sum(entries, "cached");
          long written = sum(entries, "written_5m") + sum(entries, "written_1h");
          return """
          "input_tokens": %d, "input_cached_tokens": %d, "input_cache_write_tokens": %d,
          "output_tokens": %d, "num_model_requests": %d"""
              .formatted(
                  sum(entries, "input") + cached + written,
                  cached,
                  written,
                  sum(entries, "output"),
                  entries.size());
        });
  }

  private static String embedding(List<Entry> entries) {
    return "\"input_tokens\": %d, \"num_model_requests\": %d"
        .formatted(sum(entries, "input"), entries.size());
  }

  private static List<String> fees(StubCall call, List<Entry> all, String what, String field) {
    List<Entry> charged = all.stream().filter(entry -> count(entry, what) > 0).toList();
    return byGroup(
        call,
        charged,
        entries ->
            "\"%s\": %d, \"num_model_requests\": %d"
                .formatted(field, sum(entries, entry -> count(entry, what)), entries.size()));
  }

  private static List<String> openAiCosts(StubCall call, List<Entry> all) {
    return lines(
        call,
        all,
        "line_item",
        "project_id",
        PROJECT,
        dollars -> "\"amount\": {\"value\": %s, \"currency\": \"usd\"}".formatted(dollars));
  }

  private static List<String> anthropicCosts(StubCall call, List<Entry> all) {
    return lines(
        call,
        all,
        "description",
        "workspace_id",
        WORKSPACE,
        dollars ->
            "\"currency\": \"USD\", \"amount\": \"%s\""
                .formatted(new BigDecimal(dollars).multiply(CENTS).toPlainString()));
  }

  private static List<String> lines(
      StubCall call,
      List<Entry> all,
      String field,
      String scope,
      String id,
      Function<String, String> amount) {
    List<String> asked = list(call, "group_by");
    Map<String, BigDecimal> byLine = new TreeMap<>();
    for (Entry entry : all) {
      String line =
          asked.contains(field)
              ? "\"%s\": %s, \"model\": %s"
                  .formatted(
                      field,
                      quoted(model(call, entry) + ", " + tier(call, entry)),
                      quoted(model(call, entry)))
              : "\"%s\": null".formatted(field);
      byLine.merge(line, entry.dollars(), BigDecimal::add);
    }
    String shownScope = asked.contains(scope) ? quoted(id) : "null";
    List<String> results = new ArrayList<>();
    byLine.forEach(
        (line, dollars) ->
            results.add(
                "{%s, \"%s\": %s, %s}"
                    .formatted(
                        line,
                        scope,
                        shownScope,
                        lying(call, amount.apply(dollars.toPlainString())))));
    return results;
  }

  private static List<String> anthropicUsage(StubCall call, List<Entry> all) {
    return byGroup(
        call,
        of(StubBill.COMPLETIONS, all),
        entries ->
            """
            "uncached_input_tokens": %d, "cache_read_input_tokens": %d,
            "cache_creation": {"ephemeral_5m_input_tokens": %d, "ephemeral_1h_input_tokens": %d},
            "output_tokens": %d, "server_tool_use": {"web_search_requests": %d}"""
                .formatted(
                    sum(entries, "input"),
                    sum(entries, "cached"),
                    sum(entries, "written_5m"),
                    sum(entries, "written_1h"),
                    sum(entries, "output"),
                    sum(entries, entry -> count(entry, "web_search"))));
  }

  private static long sum(List<Entry> entries, String tokens) {
    return sum(entries, entry -> entry.tokens(tokens));
  }

  private static long sum(List<Entry> entries, ToLongFunction<Entry> figure) {
    return entries.stream().mapToLong(figure).sum();
  }

  private static long count(Entry entry, String what) {
    return entry.fees().stream().filter(fee -> fee.what().equals(what)).mapToLong(Fee::count).sum();
  }
}
