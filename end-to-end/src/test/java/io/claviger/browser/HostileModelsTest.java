package io.claviger.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.claviger.journeys.Api;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A provider lists models with names that would do harm, and lists more models than Claviger keeps.
 */
@BrowserTest
@Tag("thorough")
class HostileModelsTest {
  private static final int MOST_KEPT = 10_000;

  @Test
  void what_a_provider_lists_is_kept_in_bounds_and_shown_harmlessly(Lab lab) {
    Api owner = lab.user("believer");
    owner
        .put(
            "/v1/llm-services/believer/chat",
            Map.of(
                "provider",
                "openai",
                "model",
                HostileModels.MARKUP,
                "endpoint",
                lab.liar.baseUrl() + "/v1",
                "api_key",
                lab.journey.key("believer")))
        .isStatus(201);
    String service = "/console/services/believer/chat";
    try (Visitor visitor = lab.visitor(owner)) {
      Page page = visitor.page();
      HarmlessPage.watch(page);
      visitor.open(service);
      visitor.press("Check now");
      visitor.sees("The provider answers and accepts the key");
      lab.eventually(() -> isListed(owner));

      List<String> faults = new ArrayList<>(HarmlessPage.faults(page));
      assertThat(page.locator("main")).containsText(HostileModels.MARKUP);
      String named = URLEncoder.encode(HostileModels.MARKUP, StandardCharsets.UTF_8);
      for (String path :
          List.of(
              service + "/connect",
              service + "/lend",
              service + "/settings",
              "/console/models",
              "/console/why?service=believer/chat&model=" + named,
              "/console/why?format=openai&name=believer%2Fchat%2F" + named)) {
        page.setViewportSize(1200, 800);
        assertThat(visitor.open(path)).as(path).isLessThan(500);
        faults.addAll(HarmlessPage.faults(page));
        assertThat(visitor.source().length()).as(path).isLessThan(100_000);
      }
      assertThat(faults).isEmpty();

      visitor.open(service + "/connect");
      visitor.press("Call it once");
      assertThat(page.locator("#answer .state.good")).isVisible();
      assertThat(page.locator("#answer")).containsText(HostileModels.MARKUP);
      assertThat(HarmlessPage.faults(page)).isEmpty();
    }
    List<String> kept =
        lab.journey.column(
            """
            select unnest(l.models)
            from model_lists l join instances i on i.id = l.instance_id
            where i.owner_handle = 'believer'
            """);
    assertThat(kept.size()).isBetween(MOST_KEPT - 10, MOST_KEPT); // some can be no ids
    assertThat(kept.contains(HostileModels.MARKUP)).isTrue();
    assertThat(kept.stream().filter(HostileModelsTest::isNone)).isEmpty();
  }

  private static boolean isNone(String id) {
    return id.isEmpty() || id.length() > 256 || id.chars().anyMatch(c -> c <= ' ' || c > '~');
  }

  private static boolean isListed(Api owner) {
    return owner.get("/v1/llm-services/believer/chat/offers").items("model").contains("model-1");
  }
}
