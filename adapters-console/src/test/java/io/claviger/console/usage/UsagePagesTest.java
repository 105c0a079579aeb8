package io.claviger.console.usage;

import static io.claviger.console.served.ServedConsole.HOSTILE;
import static io.claviger.console.served.ServedConsole.sound;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AUsage;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.usage.port.UsageStore;
import io.claviger.console.served.ServedConsole;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.usage.ChargedFees;
import io.claviger.domain.usage.CountedModel;
import io.claviger.domain.usage.DisputedUsage;
import io.claviger.domain.usage.EstimatedUsage;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.ServiceTier;
import io.claviger.domain.usage.StoredUsage;
import io.claviger.domain.usage.TokenParts;
import io.claviger.domain.usage.UsageCost;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.domain.usage.UsageModel;
import io.claviger.domain.usage.UsageRow;
import io.claviger.testkit.http.TestResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Usage of Alice's service by Bob and by Carol. */
class UsagePagesTest {
  @RegisterExtension private static final ServedConsole CONSOLE = new ServedConsole();
  private static final String SPAN = "?from=" + AUsage.DAY + "&to=" + AUsage.DAY.plusDays(400);
  private static final String USAGE = "/console/usage";

  @BeforeAll
  static void use() {
    for (String user : List.of("alice", "bob", "carol", "dave", "erin", "frank")) {
      CONSOLE.apiOf(user);
    }
    Instance service = AnInstance.of(user("alice"), "chat").build();
    List<UsageRow> rows = new ArrayList<>();
    rows.add(
        AUsage.of(user("bob"), service)
            .counts(
                new UsageCounts(
                    7,
                    1,
                    3,
                    4,
                    500,
                    60,
                    2,
                    TokenParts.NONE,
                    new EstimatedUsage(1, 80, 9),
                    UsageCost.NONE,
                    DisputedUsage.NONE,
                    new StoredUsage(5, 1234),
                    ChargedFees.NONE))
            .model(UsageModel.called(HOSTILE.replace(" ", "")))
            .build());
    for (int day = 1; day <= 250; day++) {
      rows.add(
          AUsage.of(user("carol"), service)
              .on(AUsage.DAY.plusDays(day))
              .model(UsageModel.called("model-" + day % 20))
              .counts(new UsageCounts(1, 0, 0, 0, 10, 10))
              .build());
    }
    CONSOLE.ports().usage().add(UsageStore.UsageBatch.alone(rows));
  }

  @Test
  void an_owner_sees_all_months_of_a_long_span_with_stated_and_estimated_apart() {
    String body = sound(open("alice", SPAN + "&by=user").isStatus(200)).body();
    assertThat(body)
        .contains(
            month(AUsage.DAY),
            month(AUsage.DAY.plusDays(250)),
            "<bdi>bob</bdi></th><td>7</td><td>1</td>" + "<td>2</td><td>471</td>" + "<td>89</td>",
            "<td>5</td><td>1,234</td><td>–</td></tr>",
            "<bdi>carol</bdi></th><td>250</td>")
        .contains("<figure class=\"chart\">", "<svg viewBox=\"0 0 ", "Requests by month, ");
  }

  @Test
  void a_hostile_model_is_shown_harmless_in_table_and_chart() {
    String body = sound(open("alice", SPAN + "&by=model&show=tokens").isStatus(200)).body();
    assertThat(body).contains("&lt;script&gt;alert", "all others", "model-19");
  }

  @Test
  void estimated_and_disputed_parts_have_bars_and_fees_models_and_tiers_have_words() {
    Instance service = AnInstance.of(user("frank"), "searching").build();
    UsageModel gpt = UsageModel.called("gpt");
    CONSOLE
        .ports()
        .usage()
        .add(
            AUsage.of(user("frank"), service)
                .on(AUsage.DAY.plusDays(2_000))
                .model(new CountedModel(gpt, UsageModel.called("gpt-2"), ServiceTier.FLEX))
                .counts(
                    new UsageCounts(
                            2,
                            0,
                            0,
                            0,
                            10,
                            10,
                            0,
                            TokenParts.NONE,
                            new EstimatedUsage(1, 3, 4),
                            new UsageCost(2, 5_000_000_000L, 0, 2_000_000_000L),
                            new DisputedUsage(1, 99, 7_000_000_000L),
                            StoredUsage.NONE,
                            ChargedFees.NONE)
                        .using(
                            new ChargedFees(
                                Map.of(
                                    FeeKind.WEB_SEARCH,
                                    new ChargedFees.Fee(3, 30_000_000),
                                    FeeKind.AUDIO_MINUTE,
                                    new ChargedFees.Fee(90_000, 6_000_000)))))
                .build(),
            AUsage.of(user("frank"), service).on(AUsage.DAY.plusDays(2_002)).model(gpt).build());
    String days = "?from=" + AUsage.DAY.plusDays(2_000) + "&to=" + AUsage.DAY.plusDays(2_003);

    String byTier = sound(open("frank", days + "&by=service_tier&show=cost")).body();
    assertThat(byTier)
        .contains("<bdi>flex</bdi>", "<bdi>(the usual tier)</bdi>", "By service tier")
        .contains("<td>web search 3 ($0.03); audio minute 1.50 ($0.006)</td>")
        .contains(
            AUsage.DAY.plusDays(2_000) + ": $5.00</b>",
            AUsage.DAY.plusDays(2_001) + ": $0.00</b></span>",
            AUsage.DAY.plusDays(2_003) + ": $0.00</b></span>",
            "\nestimated part: $2.00\ndisputed, not charged: $7.00</span>")
        .contains(
            "class=\"series-1\" d=\"M1 100h6v100h-6z\"",
            "class=\"estimated\" d=\"M7 160h2v40h-2z\"",
            "class=\"disputed\" d=\"M9 60h2v140h-2z\"");
    assertThat(sound(open("frank", days + "&by=answered_model&show=tokens")).body())
        .contains("<bdi>gpt-2</bdi>", "<bdi>(the called model)</bdi>", "By answering model")
        .contains("\nestimated part: 7\ndisputed, not charged: 99</span>");
    assertThat(sound(open("alice", SPAN + "&show=cost")).body()).doesNotContain("class=\"disputed");
    assertThat(
            CONSOLE.browserOf("frank").open(USAGE + "/export" + days + "&by=answered_model").body())
        .startsWith("day,answered_model,requests,")
        .contains(",0.036000000\r\n");
  }

  @Test
  void users_see_their_own_usage_alone_in_page_and_file() {
    assertThat(sound(open("bob", SPAN + "&by=user")).body())
        .contains("<bdi>bob</bdi>")
        .doesNotContain("carol");
    String file = CONSOLE.browserOf("bob").open(USAGE + "/export" + SPAN + "&by=user").body();
    assertThat(file)
        .startsWith("day,user,requests,")
        .contains(AUsage.DAY + ",bob,7,1,2,500,60,,1,80,9,")
        .doesNotContain("carol");
    assertThat(sound(open("dave", SPAN)).body()).contains("Nothing was used in these days");
  }

  @Test
  void a_file_has_every_day_of_the_span() {
    TestResponse file =
        CONSOLE.browserOf("root").open(USAGE + "/export" + SPAN + "&by=user&service=alice/chat");
    assertThat(file.isStatus(200).body().lines()).hasSize(252);
    assertThat(file.header("Content-Disposition")).contains("usage.csv");
  }

  @Test
  void a_file_of_thousands_of_years_has_the_days_with_usage() {
    String ever = "?from=0001-01-01&to=9998-12-31&by=user";
    TestResponse file = CONSOLE.browserOf("root").open(USAGE + "/export" + ever);
    assertThat(file.isStatus(200).body().lines()).hasSizeGreaterThanOrEqualTo(252);
    assertThat(sound(open("root", ever).isStatus(200)).body())
        .contains(month(AUsage.DAY.plusDays(250)));
  }

  @Test
  void a_short_span_is_told_by_days() {
    String days = "?from=" + AUsage.DAY + "&to=" + AUsage.DAY.plusDays(61);
    assertThat(sound(open("alice", days + "&by=user").isStatus(200)).body())
        .contains("Day (UTC)", AUsage.DAY.plusDays(61).toString());
    String more = "?from=" + AUsage.DAY + "&to=" + AUsage.DAY.plusDays(62);
    assertThat(open("alice", more + "&by=user").body()).contains("Month (UTC)");
  }

  @Test
  void of_many_things_those_that_used_most_are_told_apart_and_the_page_stays_small() {
    Instance service = AnInstance.of(user("frank"), "wide").build();
    List<UsageRow> rows = new ArrayList<>();
    for (int n = 1; n <= 60; n++) {
      for (int month = 0; month < 24; month++) {
        rows.add(
            AUsage.of(user("frank"), service)
                .on(AUsage.DAY.plusMonths(month))
                .model(UsageModel.called("wide-" + n))
                .counts(new UsageCounts(1000L * n, 0, 0, 0, 1, 1))
                .build());
      }
    }
    CONSOLE.ports().usage().add(UsageStore.UsageBatch.alone(rows));
    String span = "?from=" + AUsage.DAY + "&to=" + AUsage.DAY.plusYears(2);
    String body = sound(open("frank", span + "&by=model").isStatus(200)).body();

    assertThat(body)
        .contains("wide-60</bdi></th><td>1,440,000</td>")
        .contains("wide-36<", "of 60; the file has all")
        .contains("(35 others)</bdi></th><td>15,120,000</td>")
        .doesNotContain("wide-35<");
    assertThat(body.length()).isLessThan(30_000);
    for (int day = 0; day < 30; day++) {
      for (int n = 1; n <= 60; n++) {
        rows.add(
            AUsage.of(user("frank"), service)
                .on(AUsage.DAY.plusDays(day))
                .model(UsageModel.called("wide-" + n))
                .counts(new UsageCounts(1000L * n, 0, 0, 0, 1, 1))
                .build());
      }
    }
    CONSOLE.ports().usage().add(UsageStore.UsageBatch.alone(rows));
    String days = "?from=" + AUsage.DAY + "&to=" + AUsage.DAY.plusDays(29) + "&by=model";
    assertThat(open("frank", days).body().length()).isLessThan(30_000);
  }

  @Test
  void a_report_that_takes_too_long_is_told_in_words_with_a_shorter_time() {
    CONSOLE.ports().usage().takeTooLong(true);
    try {
      assertThat(sound(open("alice", SPAN + "&by=user").isStatus(422)).body())
          .contains("The query takes too long", "Show the last 30 days", "?by=user\"")
          .doesNotContain("Nothing was used");
    } finally {
      CONSOLE.ports().usage().takeTooLong(false);
    }
  }

  @Test
  void a_span_with_more_sums_than_are_read_at_once_is_told_apart_all_the_same() {
    Instance service = AnInstance.of(user("erin"), "busy").build();
    List<UsageRow> rows = new ArrayList<>();
    for (int day = 0; day < 150; day++) {
      for (String caller : List.of("alice", "bob", "carol", "dave", "erin")) {
        for (int model = 0; model < 2; model++) {
          rows.add(
              AUsage.of(user(caller), service)
                  .on(AUsage.DAY.plusDays(day))
                  .model(UsageModel.called("busy-" + model + "-" + day))
                  .counts(new UsageCounts(caller.length(), 0, 0, 0, 1, 1))
                  .build());
        }
      }
    }
    CONSOLE.ports().usage().add(UsageStore.UsageBatch.alone(rows));
    String busy = SPAN + "&service=erin/busy";
    for (String dimension : List.of("user", "model", "service", "project")) {
      assertThat(sound(open("erin", busy + "&by=" + dimension).isStatus(200)).body())
          .as(dimension)
          .contains(month(AUsage.DAY.plusDays(149)));
    }
    String chart = open("erin", busy + "&by=user").body();
    assertThat(chart)
        .contains("<bdi>carol</bdi></th><td>1,500</td>")
        .contains("<li class=\"series-2\"><bdi>carol</bdi></li>");
    assertThat(open("erin", busy + "&by=model").body())
        .contains("<li class=\"series-rest\"><bdi>all others</bdi></li>");
    TestResponse file = CONSOLE.browserOf("erin").open(USAGE + "/export" + busy + "&by=user");
    assertThat(file.body().lines()).hasSize(751);
  }

  @Test
  void home_and_the_page_of_a_service_show_what_was_used_lately_to_those_who_may_see_it() {
    CONSOLE.apiOf("gerd");
    CONSOLE
        .apiOf("gina")
        .put("/v1/llm-services/gina/chat", Map.of("definition", "_system/openai-large"))
        .isStatus(201);
    Instance service = AnInstance.of(user("gina"), "chat").build();
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    UsageCounts one = new UsageCounts(1, 0, 0, 0, 10, 10);
    assertThat(home("gina")).contains("There is nothing to show");
    CONSOLE
        .ports()
        .usage()
        .add(
            AUsage.of(user("gerd"), service).on(today).counts(one).build(),
            AUsage.of(user("gina"), service).on(today).counts(one).build());
    assertThat(home("gina"))
        .contains("Requests by day, " + today.withDayOfMonth(1), "<dd>2 requests</dd>");
    assertThat(home("gerd")).contains("<dd>1 request</dd>").doesNotContain("2 requests");

    CONSOLE
        .ports()
        .usage()
        .add(
            AUsage.of(user("gina"), service)
                .on(today.withDayOfMonth(1).minusMonths(1))
                .counts(priced(one, 3_000_000_000L))
                .build(),
            AUsage.of(user("gina"), service).on(today).counts(priced(one, 2_500_000_000L)).build());
    assertThat(home("gina"))
        .contains("Cost by day, ", "This month</dt><dd>$2.50</dd>")
        .contains("until the same day</dt><dd>$3.00</dd>", "in all</dt><dd>$3.00</dd>");
    String page = "/console/services/gina/chat";
    String shown = sound(CONSOLE.browserOf("gina").open(page).isStatus(200)).body();
    assertThat(shown).contains("Last 30 days", "<dt>Requests</dt>", "Cost by day, ");
    assertThat(CONSOLE.browserOf("root").open("/console").body())
        .contains("All calls of everybody.", "hx-get=\"/console/this-month\"");
    CONSOLE.ports().usage().takeTooLong(true);
    try {
      assertThat(home("gina")).contains("There is nothing to show");
    } finally {
      CONSOLE.ports().usage().takeTooLong(false);
    }
  }

  private static String home(String user) {
    return sound(CONSOLE.browserOf(user).open("/console/this-month").isStatus(200)).body();
  }

  private static UsageCounts priced(UsageCounts counts, long nanoDollars) {
    return counts.plus(
        new UsageCounts(
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            TokenParts.NONE,
            EstimatedUsage.NONE,
            new UsageCost(1, nanoDollars, 0, 0),
            DisputedUsage.NONE,
            StoredUsage.NONE,
            ChargedFees.NONE));
  }

  @Test
  void the_first_page_has_at_most_60_KiB_compressed_with_everything_on_it() throws IOException {
    for (String page : List.of("/console", "/console/prices", USAGE + SPAN + "&by=model")) {
      String body = CONSOLE.browserOf("alice").open(page).isStatus(200).body();
      List<String> assets =
          Pattern.compile("(?:src|href)=\"(/console/assets/[^\"]+)\"")
              .matcher(body)
              .results()
              .map(found -> found.group(1))
              .distinct()
              .toList();
      assertThat(assets).as(page).hasSize(4);
      long size = compressed(body);
      for (String asset : assets) {
        size += compressed(CONSOLE.browserOf("alice").open(asset).isStatus(200).body());
      }
      assertThat(size).as(page).isLessThanOrEqualTo(60 * 1024);
    }
  }

  private static long compressed(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(UTF_8));
    }
    return bytes.size();
  }

  @Test
  void bad_filters_are_told_beside_their_fields_and_stay() {
    for (String query :
        List.of("?from=yesterday", "?service=%3Cscript%3Ealert", "?to=2026-02-30")) {
      assertThat(sound(open("alice", query).isStatus(422)).body()).contains("field-error");
    }
    for (String query : List.of("?by=day", "?by=x", "?show=x")) {
      assertThat(sound(open("alice", query).isStatus(422)).body()).contains("role=\"alert\"");
    }
    sound(open("alice", "?user=%00").isStatus(400));
    assertThat(sound(open("alice", "?from=2026-02-02&to=2026-01-01").isStatus(422)).body())
        .contains("field-error", "not before from");
    sound(open("alice", "?from=2026-02-02&to=2026-02-02").isStatus(200));
    sound(open("alice", "").isStatus(200));
  }

  private static TestResponse open(String user, String query) {
    return CONSOLE.browserOf(user).open(USAGE + query);
  }

  private static String month(LocalDate day) {
    return "<bdi>" + day.toString().substring(0, 7) + "</bdi>";
  }

  private static User user(String handle) {
    return CONSOLE.ports().users().find(new Handle(handle)).orElseThrow();
  }
}
