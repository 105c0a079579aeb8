package io.claviger.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import io.claviger.journeys.Api;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Makes the pictures of the README: into {@code target}, or into the directory that the system
 * property {@code claviger.pictures} names.
 */
@BrowserTest
@SuppressWarnings("NullAway.Init") // set before the test
class PicturesTest {
  private static final Path DIRECTORY =
      Path.of(System.getProperty("claviger.pictures", "target/pictures"));
  private static final long LARGEST = 150_000;

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
    share(mira, "mira/claude-writing", "jonas", Map.of("models", List.of("claude-haiku-4-5")));
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
      visitor.write("until", "2027-03-03");
      visitor.write("requests_per_minute", "30");
      visitor.write("models", "claude-sonnet-4-5\nclaude-haiku-*");
      visitor.write("amount1", "20");
      page.locator("[name=amount1]").press("Tab");
      assertThat(page.locator("#sentence")).containsText("$20");
      keep(page, "lend", 1240);

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

  /** Takes the upper part of a page. */
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
