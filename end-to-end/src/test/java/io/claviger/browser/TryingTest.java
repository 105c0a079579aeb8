package io.claviger.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.claviger.journeys.Api;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The test call of the page Connect, whatever the provider answers. */
@BrowserTest
@SuppressWarnings("NullAway.Init") // set before the tests
@Tag("thorough")
class TryingTest {
  private static final String CONNECT = "/console/services/trier/chat/connect";

  private static Api trier;

  @BeforeAll
  static void register(Lab lab) {
    Api owner = lab.user("trier");
    lab.definition(owner, "trier/played");
    String unused = lab.chat(owner, "trier/chat");
    trier = owner;
  }

  private static Visitor tried(Lab lab, String user, String model) {
    Api caller = lab.user(user);
    trier.share("trier/chat", user, "reader").isStatus(201);
    Visitor visitor = lab.visitor(caller);
    HarmlessPage.watch(visitor.page());
    visitor.open(CONNECT);
    visitor.page().locator("[name=model]").fill(model);
    visitor.press("Call it once");
    assertThat(visitor.page().locator("#answer[role=status] .sentence")).isVisible();
    assertThat(visitor.page().locator("button:focus")).hasText("Call it once");
    return visitor;
  }

  @Test
  void the_answer_comes_with_its_receipt(Lab lab) {
    try (Visitor visitor = tried(lab, "tester", "parrot-large")) {
      Page page = visitor.page();
      assertThat(page.locator("#answer .state.good")).containsText("It works. The model says:");
      assertThat(page.locator("#answer blockquote")).not().isEmpty();
      assertThat(page.locator("#answer dt").allInnerTexts())
          .contains("Model", "Tokens", "Cost", "Key", "Took", "Request");
      assertThat(page.locator("#answer dt:text-is('Key') + dd")).hasText("the service's");
      assertThat(page.url()).endsWith(CONNECT);
    }
  }

  @Test
  void the_text_of_a_hostile_provider_is_shown_and_harmless(Lab lab) {
    try (Visitor visitor = tried(lab, "brave", "stub-hostile-text")) {
      Page page = visitor.page();
      assertThat(page.locator("#answer blockquote")).containsText("<img src=x onerror=hit()>");
      assertThat(page.locator("#answer img, #answer script")).hasCount(0);
      assertThat(HarmlessPage.faults(page)).isEmpty();
    }
  }

  @Test
  void the_error_of_a_hostile_provider_is_told_and_harmless(Lab lab) {
    try (Visitor visitor = tried(lab, "bold", "stub-hostile-error")) {
      Page page = visitor.page();
      assertThat(page.locator("#answer .state.bad"))
          .hasText("The provider answered with an error.");
      assertThat(page.locator("#answer img, #answer script")).hasCount(0);
      assertThat(HarmlessPage.faults(page)).isEmpty();
    }
  }

  @Test
  void a_provider_that_repeats_the_key_does_not_bring_it_to_the_page(Lab lab) {
    for (String how : List.of("body", "error", "header")) {
      tried(lab, "echo-" + how, "stub-echo-key-" + how).close();
    }
  }

  @Test
  void a_key_that_the_provider_rejects_is_told(Lab lab) {
    try (Visitor visitor = tried(lab, "rejected", "stub-unauthorized")) {
      assertThat(visitor.page().locator("#answer .state.bad")).isVisible();
      assertThat(visitor.page().locator("#answer")).containsText("provider_rejected_key");
    }
  }

  @Test
  void a_model_of_hostile_name_is_refused_or_called_and_shown_as_text(Lab lab) {
    try (Visitor visitor = tried(lab, "namer", FurnishedLab.HOSTILE)) {
      assertThat(visitor.page().locator("#answer img, #answer script")).hasCount(0);
      assertThat(HarmlessPage.faults(visitor.page())).isEmpty();
      assertThat(visitor.page().locator("[name=model]")).hasValue(FurnishedLab.HOSTILE);
    }
  }
}
