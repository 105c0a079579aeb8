package io.claviger.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions.IsVisibleOptions;
import com.microsoft.playwright.options.Media;
import io.claviger.journeys.Api;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How times are shown, and that pages work where scripts do not run. */
@BrowserTest
@Tag("thorough")
class ReadingTest {
  @Test
  void times_are_in_the_zone_of_the_viewer_with_utc_on_hover(Lab lab) {
    Browser.NewContextOptions tokyo =
        new Browser.NewContextOptions().setTimezoneId("Asia/Tokyo").setLocale("en-GB");
    try (Visitor visitor = lab.visitor(lab.owner("abroad"), tokyo)) {
      visitor.open("/console/services/abroad/chat/key");
      Locator time = visitor.page().locator("#key ~ p time").first();
      Instant at = Instant.parse(time.getAttribute("datetime"));
      assertThat(time.getAttribute("title"))
          .isEqualTo(at.toString().replace("T", " ").replaceAll("(\\.\\d+)?Z$", " UTC"));
      assertThat(time.innerText())
          .contains(
              DateTimeFormatter.ofPattern("HH:mm").withZone(ZoneId.of("Asia/Tokyo")).format(at));
    }
  }

  @Test
  void paper_has_the_content_of_a_page_without_what_can_only_be_pressed(Lab lab) {
    try (Visitor visitor = lab.visitor(lab.owner("printing"))) {
      Page page = visitor.page();
      visitor.open("/console/services/printing/chat");
      page.emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.PRINT));
      assertThat(page.locator("h1")).isVisible();
      assertThat(page.locator("nav.menu")).isHidden();
      assertThat(page.locator("main button:visible")).hasCount(0);
    }
  }

  @Test
  void a_service_is_lent_and_ended_without_scripts(Lab lab) {
    Api owner = lab.owner("scriptless");
    Api reader = lab.user("scriptless-reader");
    try (Visitor visitor =
        lab.stranger(new Browser.NewContextOptions().setJavaScriptEnabled(false))) {
      visitor.signIn(owner.token());
      visitor.open("/console/services/scriptless/chat");
      visitor.follow("Lend it");
      visitor.fill("To", "scriptless-reader");
      visitor.press("Lend");
      assertThat(visitor.page().locator("tr#scriptless-reader")).isVisible();
      reader.embed("scriptless/chat").isStatus(200);
      visitor.press("End what scriptless-reader has");
      visitor.sees("Nobody but its owner.");
      reader.embed("scriptless/chat").isStatus(404);
      visitor.open("/console/services/scriptless/chat/connect");
      visitor.press("Call it once");
      assertThat(visitor.page().locator("#answer")).containsText("It works");
    }
  }

  @Test
  void the_contract_is_on_its_page_as_a_whole_and_fits_a_phone(Lab lab) {
    // A page of the browser whose visit is not searched for tokens, since the contract has
    // examples.
    Browser.NewPageOptions phone = new Browser.NewPageOptions().setViewportSize(375, 700);
    try (Visitor visitor = lab.stranger(new Browser.NewContextOptions());
        Page page = visitor.context().browser().newPage(phone)) {
      visitor.open("/console/sign-in");
      page.navigate(lab.node.api() + "/docs");
      // The script writes the whole contract, which takes seconds on a busy machine.
      Locator schema = page.locator("#schema-LlmService");
      assertThat(schema).isVisible(new IsVisibleOptions().setTimeout(60_000));
      assertThat(page.locator("#listAllServices")).containsText("api_key_set_at");
      assertThat(page.locator("#sidebar a[href='#tag-Shares']")).isVisible();
      assertThat(page.locator("details, [hidden]")).hasCount(0);
      assertThat(page.evaluate("() => document.documentElement.scrollWidth")).isEqualTo(375);
      page.setViewportSize(1200, 700);
      assertThat(page.locator("#sidebar a[href='#listAllServices']")).isVisible();
    }
  }

  @Test
  void names_are_suggested_while_somebody_types(Lab lab) {
    Api owner = lab.owner("suggesting");
    lab.user("suggested-one");
    lab.user("hidden-one");
    owner
        .put("/v1/llm-services/suggesting/chat/shares/suggested-one", Map.of("role", "reader"))
        .isStatus(201);
    try (Visitor visitor = lab.visitor(owner)) {
      visitor.open("/console/services/suggesting/chat/lend");
      Locator names = visitor.page().locator("#to-names option");
      assertThat(names.first()).isAttached();
      visitor.page().locator("input[name=to]").pressSequentially("ed-one");
      assertThat(names).hasCount(1);
      assertThat(names).hasAttribute("value", "suggested-one");
      visitor.fill("To", "hidden-on");
      assertThat(names).hasCount(0);
    }
  }

  @Test
  void htmx_evaluates_no_text_and_adds_no_style(Lab lab) {
    try (Visitor visitor = lab.visitor(lab.user("unevaluated"))) {
      visitor.open("/console/services");
      assertThat(
              visitor
                  .page()
                  .evaluate("() => [htmx.config.allowEval, htmx.config.includeIndicatorStyles]"))
          .isEqualTo(List.of(false, false));
      assertThat(visitor.page().locator("style")).hasCount(0);
    }
  }
}
