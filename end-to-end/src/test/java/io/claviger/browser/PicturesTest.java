package io.claviger.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.LoadState;
import io.claviger.journeys.Api;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Makes the pictures of the README and of the console's pages: into {@code target}, or into the
 * directory that the system property {@code claviger.pictures} names.
 */
@BrowserTest
@SuppressWarnings("NullAway.Init") // set before the test
@Tag("thorough")
class PicturesTest {
  private static final Path DIRECTORY =
      Path.of(System.getProperty("claviger.pictures", "target/pictures"));
  private static final long LARGEST = 150_000;
  private static final List<Integer> WIDTHS = List.of(1280, 375);

  /** In milliseconds. */
  private static final int SLOWEST = 60_000;

  private static final int LARGEST_PAGE = 61_440;
  private static final long LARGEST_IN_ALL = 2_500 * 1024;

  private static final String INDEX =
      """
      # The console in pictures

      `docs/pictures/make` makes these pictures from a node with sample data: each page in light and in dark, 1,280 and 375
      pixels wide.
      """;

  private static final Map<String, String> ENDPOINTS =
      Map.of(
          "openai", "https://api.openai.com/v1",
          "anthropic", "https://api.anthropic.com",
          "cohere", "https://api.cohere.com",
          "gemini", "https://generativelanguage.googleapis.com");

  /** Usage of 30 days, less of it on weekends. */
  private static final String USAGE =
      """
      insert into usage_daily (
        day, user_id, user_handle, instance_id, instance_ref, owner_id, project_id, key_source,
        model, requests, errors, bytes_in, bytes_out, input_tokens, output_tokens, priced, cost,
        estimated_requests, estimated_cost, disputed_requests, disputed_tokens, disputed_cost)
      select d::date, u.id, u.handle, i.id, i.owner_handle || '/' || i.handle, i.owner_id,
        '00000000-0000-0000-0000-000000000000', 'central', i.model, n, n / 90, n * 4000, n * 9000,
        n * 900, n * 210, n, n * 6100000,
        n / 9, n * 680000, n / 40, n * 40, n * 290000
      from generate_series(current_date - 29, current_date, interval '1 day') d
      join instances i on i.owner_handle = 'mira'
      join users u on u.handle in ('mira', 'jonas', 'priya')
      cross join lateral (
        select (20::bigint + abs(hashtext(u.handle || i.handle || d)) % 60)
          * case when extract(isodow from d) > 5 then 1 else 4 end
          * case when i.handle like 'claude%' then 2 else 1 end as n) counted
      """;

  /** Charges the same amount to each budget in dollars, so that one budget is nearly used up. */
  private static final String CHARGES =
      """
      insert into budget_windows (account_id, starts_at, ends_at, settled, reserved, touched_at)
      select a.id, month at time zone 'UTC', (month + interval '1 month') at time zone 'UTC',
        17200000000, 0, now()
      from budget_accounts a, date_trunc('month', now() at time zone 'UTC') month
      where a.unit = 'usd' and a.period = 'month'
      on conflict (account_id, starts_at) do update set settled = excluded.settled
      """;

  private static Api mira;

  @BeforeAll
  static void furnish(Lab lab) throws IOException {
    Path unused = Files.createDirectories(DIRECTORY);
    mira = lab.user("mira");
    Api priya = lab.user("priya");
    Api jonas = lab.user("jonas");
    lab.root().put("/v1/groups/nlp-lab", Map.of("display_name", "NLP lab")).isStatus(201);
    register(lab, mira, "mira/claude-writing", "anthropic", "claude-sonnet-4-5", "Writing");
    register(lab, mira, "mira/gpt-course", "openai", "gpt-5-mini", "The spring course");
    register(lab, mira, "mira/embeddings", "openai", "text-embedding-3-large", "Library search");
    register(lab, priya, "priya/gemini-vision", "gemini", "gemini-2.5-flash", "Scanned pages");
    register(lab, priya, "priya/archive", "cohere", "embed-v4.0", "The archive");
    share(priya, "priya/gemini-vision", "mira", Map.of("budgets", List.of(dollars("50"))));
    share(
        mira,
        "mira/claude-writing",
        "jonas",
        Map.of("models", List.of("claude-haiku-4-5"), "budgets", List.of(dollars("40"))));
    share(mira, "mira/gpt-course", "priya", Map.of("budgets", List.of(dollars("18"))));
    share(mira, "mira/gpt-course", "jonas", Map.of("budgets", List.of(dollars("90"))));
    share(mira, "mira/embeddings", "@nlp-lab", Map.of());
    jonas
        .post(
            "/v1/llm-services/mira/claude-writing/requests",
            Map.of("models", List.of("claude-sonnet-4-5"), "note", "For the thesis chapter"))
        .isStatus(201);
    priya
        .post("/v1/transfers", Map.of("services", List.of("priya/archive"), "to", "mira"))
        .isStatus(201);
    lab.journey.tamper(USAGE);
    useBudgets(lab);
  }

  /** Makes the accounts of mira's budgets, by raises that end, and lets them be used. */
  private static void useBudgets(Lab lab) {
    String tomorrow = Instant.now().plus(Duration.ofDays(1)).toString();
    for (String service : List.of("mira/claude-writing", "mira/gpt-course")) {
      for (String budget : mira.get("/v1/budgets?service=" + service).items("id")) {
        mira.post("/v1/budgets/" + budget + "/raises", Map.of("amount", "1", "until", tomorrow))
            .isStatus(201);
      }
    }
    lab.journey.tamper("delete from budget_raises");
    lab.journey.tamper(CHARGES);
  }

  @Test
  @EnabledIfSystemProperty(named = "claviger.pictures", matches = ".+")
  void twenty_five_pages_are_pictured_in_light_and_dark_and_on_a_telephone(Lab lab)
      throws IOException {
    Path directory = Files.createDirectories(DIRECTORY.resolve("pages"));
    Map<String, String> pages = pages(jonasRequest());
    assertThat(pages).hasSize(25);
    long size = 0;
    for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      for (int width : WIDTHS) {
        Browser.NewContextOptions window =
            new Browser.NewContextOptions().setViewportSize(width, 800).setColorScheme(scheme);
        try (Visitor owner = lab.visitor(mira, window);
            Visitor administrator = lab.visitor(lab.root(), window)) {
          for (Map.Entry<String, String> each : pages.entrySet()) {
            boolean ofRoot = each.getValue().startsWith("!");
            byte[] picture =
                picture(ofRoot ? administrator : owner, each.getValue().replace("!", ""), width);
            size += picture.length;
            Path unused =
                Files.write(directory.resolve(file(each.getKey(), width, scheme)), picture);
          }
        }
      }
    }
    assertThat(size).isLessThanOrEqualTo(LARGEST_IN_ALL);
    Path unused = Files.writeString(DIRECTORY.resolve("README.md"), index(pages));
  }

  private static String index(Map<String, String> pages) {
    StringBuilder index = new StringBuilder(INDEX);
    for (String page : pages.keySet()) {
      index.append("\n## ").append(page).append('\n');
      for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
        for (int width : WIDTHS) {
          index.append(
              "![%s, %s, %d pixels wide](pages/%s)\n"
                  .formatted(
                      page,
                      scheme == ColorScheme.LIGHT ? "light" : "dark",
                      width,
                      file(page, width, scheme)));
        }
      }
    }
    return index.toString();
  }

  private static String file(String page, int width, ColorScheme scheme) {
    return "%s-%d-%s.webp"
        .formatted(
            page.toLowerCase(Locale.ROOT).replace(' ', '-'),
            width,
            scheme == ColorScheme.LIGHT ? "light" : "dark");
  }

  private static byte[] picture(Visitor visitor, String path, int width) {
    Page page = visitor.page();
    page.setDefaultNavigationTimeout(SLOWEST);
    assertThat(visitor.open(path)).as(path).isEqualTo(200);
    page.waitForLoadState(LoadState.NETWORKIDLE);
    assertThat((boolean) page.evaluate("() => document.body.scrollWidth <= innerWidth"))
        .as("%s fits into %d pixels", path, width)
        .isTrue();
    JsonObject how = new JsonObject();
    how.addProperty("format", "webp");
    how.addProperty("quality", 70);
    CDPSession session = visitor.context().newCDPSession(page);
    byte[] picture =
        Base64.getDecoder()
            .decode(session.send("Page.captureScreenshot", how).get("data").getAsString());
    session.detach();
    assertThat(picture.length).as(path).isBetween(2_000, LARGEST_PAGE);
    return picture;
  }

  private static String jonasRequest() {
    return mira.get("/v1/requests?state=open").isStatus(200).items("id").getFirst();
  }

  /** The pages by what they are called, as mira sees them, or the administrator where it says !. */
  private static Map<String, String> pages(String request) {
    Map<String, String> pages = new LinkedHashMap<>();
    String service = "/console/services/mira/claude-writing";
    pages.put("Home", "/console");
    pages.put("Services", "/console/services");
    pages.put("A service", service);
    pages.put("Lend", service + "/lend");
    pages.put("A loan", service + "/lend?to=jonas");
    pages.put("Connect", service + "/connect");
    pages.put("Settings", service + "/settings");
    pages.put("Delete", service + "/delete");
    pages.put("Register", "/console/services/register?from=nothing");
    pages.put("Usage", "/console/usage?show=cost&by=service");
    pages.put("Usage by person", "/console/usage?show=cost&by=user");
    pages.put("Budgets of callers", "/console/budgets?whose=callers");
    pages.put("Try a budget", "/console/what-if?service=mira/claude-writing&amount=20");
    pages.put("Prices", "/console/prices");
    pages.put("Requests", "/console/requests");
    pages.put("A request", "/console/requests/" + request);
    pages.put("Models", "/console/models");
    pages.put("Why", "/console/why?service=mira/claude-writing&user=jonas&model=claude-sonnet-4-5");
    pages.put("Audit", "/console/audit?target=mira/claude-writing");
    pages.put("Groups", "/console/groups");
    pages.put("Transfers", "/console/transfers");
    pages.put("My account", "/console/account");
    pages.put("People", "!/console/people");
    pages.put("A person", "!/console/people/jonas");
    pages.put("Operations", "!/console/operations");
    return pages;
  }

  @Test
  void the_main_pages_are_pictured(Lab lab) throws IOException {
    Browser.NewContextOptions window = new Browser.NewContextOptions().setViewportSize(1200, 800);
    try (Visitor visitor = lab.visitor(mira, window)) {
      Page page = visitor.page();
      visitor.open("/console");
      keep(page, "home", 620);

      visitor.open("/console/services/mira/claude-writing/lend");
      visitor.fill("To", "@nlp-lab");
      visitor.write("until", LocalDate.now(ZoneOffset.UTC).plusMonths(3).toString());
      visitor.write("requests_per_minute", "30");
      visitor.write("models", "claude-sonnet-4-5\nclaude-haiku-*");
      visitor.write("amount1", "20");
      page.locator("[name=amount1]").press("Tab");
      assertThat(page.locator("#sentence")).containsText("$20");
      keep(page, "lend", 1000);

      visitor.open("/console/services/mira/gpt-course/connect");
      visitor.fill("For which program?", "Course notebook");
      visitor.press("Make a token");
      visitor.sees("This is shown once");
      keep(page, "connect", 730);

      visitor.open("/console/usage?show=cost&by=service");
      assertThat(page.locator(".chart svg")).isVisible();
      keep(page, "usage", 605);
    }
  }

  /** Takes a picture of the upper part of a page. */
  private static void keep(Page page, String name, int height) throws IOException {
    page.setViewportSize(1200, height);
    Object unusedToo = page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }");
    Path picture = DIRECTORY.resolve(name + ".png");
    byte[] unused = page.screenshot(new Page.ScreenshotOptions().setPath(picture));
    assertThat(Files.size(picture)).isBetween(10_000L, LARGEST);
  }

  private static void register(
      Lab lab, Api owner, String ref, String provider, String model, String name) {
    owner
        .put(
            "/v1/llm-services/" + ref,
            Map.of(
                "provider", provider,
                "endpoint", ENDPOINTS.getOrDefault(provider, ""),
                "model", model,
                "display_name", name,
                "api_key", lab.journey.key(ref)))
        .isStatus(201);
  }

  private static void share(Api owner, String ref, String to, Map<String, ?> limits) {
    owner
        .put(
            "/v1/llm-services/" + ref + "/shares/" + to, Map.of("role", "reader", "limits", limits))
        .isStatus(201);
  }

  private static Map<String, String> dollars(String amount) {
    return Map.of("amount", amount, "unit", "usd", "window", "month");
  }
}
