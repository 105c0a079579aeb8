package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AUsage;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.application.usage.UsageReports;
import io.claviger.application.usage.port.UsageStore;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.domain.usage.ChargedFees;
import io.claviger.domain.usage.DisputedUsage;
import io.claviger.domain.usage.EstimatedUsage;
import io.claviger.domain.usage.StoredUsage;
import io.claviger.domain.usage.TokenParts;
import io.claviger.domain.usage.UsageCost;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.domain.usage.UsageModel;
import io.claviger.domain.usage.UsageRow;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import io.claviger.web.served.UseCaseStubs;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Alice's service and project, Bob who calls it, and Carol who calls through the project. */
class FocusTest {
  private static final String FOCUS = "/v1/usage/focus?month=2026-02";
  private static final Pattern CELL = Pattern.compile("(\"(?:[^\"]|\"\")*\"|[^\",\r\n]*)(,|\r\n)");

  @AutoClose private final Served served = Served.start();
  private final Client alice = served.user("alice");
  private final Client bob = served.user("bob");
  private final Client carol = served.user("carol");
  private final Instance service = AnInstance.of(user("alice"), "x").build();
  private final Project project = AProject.of(user("alice"), "p").using(service).build();

  /** A column as the specification defines it. */
  private record Column(boolean mandatory, boolean nullable, String type) {}

  @Test
  void the_columns_and_their_values_are_those_of_the_specification() {
    Map<String, Column> known = specification();
    store(row("gpt", 3, 1_000_000_001L), row("", 4, 0));

    List<Map<String, String>> rows = rows(alice.get(FOCUS).isStatus(200));

    assertThat(rows).hasSize(2);
    List<String> columns = List.copyOf(rows.getFirst().keySet());
    assertThat(columns).doesNotHaveDuplicates();
    assertThat(columns.stream().filter(name -> !name.startsWith("x_")))
        .isSubsetOf(known.keySet())
        .containsAll(
            known.entrySet().stream()
                .filter(column -> column.getValue().mandatory())
                .map(Map.Entry::getKey)
                .toList());
    for (Map<String, String> row : rows) {
      row.forEach(
          (name, value) -> {
            Column column = known.getOrDefault(name, new Column(false, true, "String"));
            assertThat(value.isEmpty() && !column.nullable()).as(name).isFalse();
            if (!value.isEmpty()) {
              assertThat(value).as(name).matches(shape(column.type()));
            }
          });
    }
  }

  @Test
  void a_row_says_who_used_what_when_and_what_it_cost() {
    store(row("gpt", 3, 1_000_000_001L));

    assertThat(rows(bob.get(FOCUS)).getFirst())
        .containsEntry("BilledCost", "1.000000001")
        .containsEntry("BillingAccountId", "alice")
        .containsEntry("BillingPeriodStart", "2026-02-01T00:00:00Z")
        .containsEntry("BillingPeriodEnd", "2026-03-01T00:00:00Z")
        .containsEntry("ChargePeriodStart", "2026-02-03T00:00:00Z")
        .containsEntry("ChargePeriodEnd", "2026-02-04T00:00:00Z")
        .containsEntry("ChargeDescription", "Use of gpt on alice/x by bob")
        .containsEntry("ConsumedQuantity", "110")
        .containsEntry("ConsumedUnit", "Tokens")
        .containsEntry("ResourceId", "alice/x")
        .containsEntry("SubAccountId", "bob")
        .containsEntry("SkuId", "gpt")
        .containsEntry("x_KeySource", "central")
        .containsEntry("x_EstimatedCost", "0.000000001")
        .containsEntry("x_DisputedCost", "0.000000021")
        .containsEntry("x_UnpricedRequests", "1");
  }

  @Test
  void the_sums_are_those_of_usage_to_the_nano_dollar_on_any_number_of_pages() {
    List<UsageRow> many = new ArrayList<>();
    for (int n = 0; n < 450; n++) {
      many.add(row("model-" + n % 30, 1 + n / 30, 999_999_999L * n + 1));
    }
    store(many.toArray(UsageRow[]::new));

    List<Map<String, String>> rows = rows(alice.get(FOCUS));

    assertThat(rows).hasSize(450);
    TestResponse sums = alice.get("/v1/usage?by=service&from=2026-02-01&to=2026-02-28");
    assertThat(sum(rows, "BilledCost")).isEqualByComparingTo(sums.text("/items/0/cost"));
    assertThat(sum(rows, "x_EstimatedCost"))
        .isEqualByComparingTo(sums.text("/items/0/estimated/cost"));
    assertThat(sum(rows, "x_DisputedCost"))
        .isEqualByComparingTo(sums.text("/items/0/disputed/cost"));
    assertThat(sum(rows, "x_Requests"))
        .isEqualByComparingTo(sums.at("/items/0/requests").asString());
    assertThat(sum(rows, "x_InputTokens"))
        .isEqualByComparingTo(sums.at("/items/0/input_tokens").asString());
  }

  @Test
  void everybody_gets_the_usage_that_they_see_in_the_list() {
    User dan = AUser.called("dan").build();
    store(
        row("gpt", 3, 1),
        AUsage.of(user("carol"), service).through(project).build(),
        AUsage.of(dan, AnInstance.of(dan, "own").build()).build());

    assertThat(callers(alice, "")).containsExactly("bob", "carol");
    assertThat(callers(bob, "")).containsExactly("bob");
    assertThat(callers(carol, "")).containsExactly("carol");
    assertThat(callers(served.root(), "")).containsExactlyInAnyOrder("bob", "carol", "dan");
    assertThat(callers(alice, "&project=alice/p")).containsExactly("carol");
    assertThat(callers(alice, "&service=alice/y")).isEmpty();
    assertThat(rows(carol.get(FOCUS)).getFirst())
        .containsEntry(
            "ResourceId", carol.get("/v1/usage?from=2026-02-01").text("/items/0/service"))
        .containsEntry("x_KeySource", "central");
    assertThat(rows(served.root().get(FOCUS)))
        .isNotEmpty()
        .allSatisfy(row -> assertThat(row).containsEntry("x_KeySource", ""));
    bob.get(FOCUS + "&group=team").isStatus(403);
    served.root().get(FOCUS + "&group=team").isStatus(200);
  }

  @Test
  void names_of_others_are_no_formulas_and_end_no_cell() {
    store(
        row("=cmd|' /C calc'!A0", 3, 1),
        row("+1", 4, 1),
        row("-1", 5, 1),
        row("@SUM(1)", 6, 1),
        row("a\",b", 7, 1));

    assertThat(rows(alice.get(FOCUS)).stream().map(row -> row.get("SkuId")))
        .containsExactly("'=cmd|' /C calc'!A0", "'+1", "'-1", "'@SUM(1)", "a\",b");
  }

  @Test
  void an_installation_without_usage_has_the_columns_alone() {
    TestResponse answer = served.root().get("/v1/usage/focus").isStatus(200);

    assertThat(answer.body()).startsWith("BilledCost,").hasLineCount(1);
    assertThat(answer.header("Content-Type")).isEqualTo("text/csv; charset=utf-8");
    assertThat(answer.header("Content-Disposition"))
        .matches("attachment; filename=\"focus-[0-9]{4}-[0-9]{2}\\.csv\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "2026", "2026-13", "2026-02-03", "26-02", "2026-2", "%2B2026-02"})
  void what_is_no_month_is_refused(String month) {
    alice.get("/v1/usage/focus?month=" + month).hasFaults("/month invalid_value");
  }

  @Test
  void a_file_of_which_a_part_can_not_be_read_does_not_look_complete() {
    AtomicInteger lists = new AtomicInteger();
    try (Served failing =
        Served.start(
            settings -> settings,
            usual ->
                UseCaseStubs.before(
                    usual,
                    UsageReports.class,
                    () -> {
                      if (lists.incrementAndGet() == 2) {
                        throw new StoreUnavailable(new IllegalStateException());
                      }
                    }))) {
      Client root = failing.root();
      List<UsageRow> many = new ArrayList<>();
      for (int n = 0; n < 201; n++) {
        many.add(AUsage.of(user("alice"), service).model(UsageModel.called("model-" + n)).build());
      }
      failing.ports().usage().add(UsageStore.UsageBatch.alone(many));

      assertThatThrownBy(() -> root.get(FOCUS)).hasRootCauseInstanceOf(IOException.class);
      assertThat(rows(root.get(FOCUS))).hasSize(201);
    }
  }

  @Test
  void a_file_ends_with_the_token_of_its_reader() {
    List<Runnable> first = new ArrayList<>();
    try (Served ending =
        Served.start(
            settings -> settings,
            usual ->
                UseCaseStubs.before(
                    usual, UsageReports.class, () -> List.copyOf(first).forEach(Runnable::run)))) {
      Client dan = ending.user("dan");
      Client reader =
          ending.holding(
              dan.post("/v1/users/dan/tokens", Map.of("name", "read"))
                  .isStatus(201)
                  .text("/token"));
      List<UsageRow> many = new ArrayList<>();
      User caller = ending.ports().users().find(new Handle("dan")).orElseThrow();
      Instance own = AnInstance.of(caller, "x").build();
      for (int n = 0; n < 201; n++) {
        many.add(AUsage.of(caller, own).model(UsageModel.called("model-" + n)).build());
      }
      ending.ports().usage().add(UsageStore.UsageBatch.alone(many));
      assertThat(rows(reader.get(FOCUS))).hasSize(201);
      first.add(
          () -> {
            first.clear();
            reader.delete("/v1/me/token").isStatus(204);
          });

      assertThatThrownBy(() -> reader.get(FOCUS)).hasRootCauseInstanceOf(IOException.class);
    }
  }

  private static BigDecimal sum(List<Map<String, String>> rows, String column) {
    return rows.stream()
        .map(row -> new BigDecimal(Objects.requireNonNull(row.get(column))))
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static List<String> callers(Client reader, String query) {
    return rows(reader.get(FOCUS + query)).stream().map(row -> row.get("SubAccountId")).toList();
  }

  /** Reads a file as RFC 4180 says. Every row has as many cells as the first. */
  private static List<Map<String, String>> rows(TestResponse answer) {
    List<List<String>> lines = new ArrayList<>();
    List<String> line = new ArrayList<>();
    Matcher cell = CELL.matcher(answer.isStatus(200).body());
    int end = 0;
    while (cell.find()) {
      assertThat(cell.start()).isEqualTo(end);
      end = cell.end();
      String text = cell.group(1);
      line.add(
          text.startsWith("\"")
              ? text.substring(1, text.length() - 1).replace("\"\"", "\"")
              : text);
      if (!cell.group(2).equals(",")) {
        lines.add(line);
        line = new ArrayList<>();
      }
    }
    assertThat(end).isEqualTo(answer.body().length());
    List<Map<String, String>> rows = new ArrayList<>();
    for (List<String> values : lines.subList(1, lines.size())) {
      assertThat(values).hasSameSizeAs(lines.getFirst());
      Map<String, String> row = new LinkedHashMap<>();
      for (int i = 0; i < values.size(); i++) {
        assertThat(row.put(lines.getFirst().get(i), values.get(i))).isNull();
      }
      rows.add(row);
    }
    return rows;
  }

  private static Map<String, Column> specification() {
    Map<String, Column> columns = new LinkedHashMap<>();
    try (InputStream facts = FocusTest.class.getResourceAsStream("/focus-columns.txt")) {
      new String(Objects.requireNonNull(facts).readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split(" +"))
          .forEach(
              words ->
                  columns.put(
                      words[0],
                      new Column(words[1].equals("Mandatory"), words[2].equals("null"), words[3])));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertThat(columns).hasSize(57);
    return columns;
  }

  private static String shape(String type) {
    return switch (type) {
      case "Decimal" -> "-?[0-9]+(\\.[0-9]+)?";
      case "Time" -> "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z";
      default -> ".*\\S.*";
    };
  }

  private void store(UsageRow... rows) {
    served.ports().usage().add(UsageStore.UsageBatch.alone(List.of(rows)));
  }

  private UsageRow row(String model, int day, long nanoDollars) {
    return AUsage.of(user("bob"), service)
        .on(AUsage.DAY.withDayOfMonth(day))
        .model(model.isEmpty() ? UsageModel.UNKNOWN : UsageModel.called(model))
        .counts(
            new UsageCounts(
                2,
                0,
                3,
                4,
                50,
                60,
                0,
                TokenParts.NONE,
                new EstimatedUsage(1, 8, 9),
                new UsageCost(1, nanoDollars, nanoDollars, Math.min(1, nanoDollars)),
                new DisputedUsage(1, 5, 21),
                StoredUsage.NONE,
                ChargedFees.NONE))
        .build();
  }

  private User user(String handle) {
    return served.ports().users().find(new Handle(handle)).orElseThrow();
  }
}
