package io.claviger.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.claviger.journeys.Api;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An owner registers a service and lends it, and the borrowers see the service. */
@BrowserTest
class LendingTest {
  @Test
  void a_service_is_registered_from_a_definition_in_three_fields(Lab lab) {
    Api owner = lab.user("registrar");
    lab.definition(owner, "registrar/played");
    try (Visitor visitor = lab.visitor(owner)) {
      visitor.open("/console");
      visitor.follow("Register a service");
      visitor.choose("Definition", "registrar/played");
      visitor.fill("Name", "fresh");
      visitor.fill("API key of the provider", lab.journey.key("registered"));
      visitor.press("Register and check");
      visitor.sees("Next, connect a program to it");
      visitor.follow("The service");
      assertThat(visitor.heading("registrar/fresh")).isVisible();
      visitor.follow("Key");
      visitor.sees("A key has been stored since");
    }
    assertThat(owner.get("/v1/llm-services/registrar/fresh").isStatus(200).text("/model"))
        .isEqualTo("parrot-large");
  }

  @Test
  void what_is_lent_to_a_person_is_said_in_words_and_seen_by_them(Lab lab) {
    Api lender = lab.owner("lender");
    Api borrower = lab.user("borrower");
    try (Visitor owner = lab.visitor(lender);
        Visitor person = lab.visitor(borrower)) {
      person.open("/console");
      person.sees("You can't use any service yet");
      owner.open("/console/services/lender/chat");
      owner.follow("Lend it");
      owner.fill("To", "borrower");
      owner.write("models", "parrot-*");
      owner.write("requests_per_minute", "30");
      owner.write("amount1", "20");
      owner.pick("unit1", "requests");
      Page page = owner.page();
      page.locator("[name=amount1]").press("Tab");
      assertThat(page.locator("#sentence")).containsText("borrower");
      assertThat(page.locator("#sentence")).containsText("parrot-*");
      owner.press("Lend");
      assertThat(page.locator("tr#borrower")).containsText("reader");
      person.page().reload();
      assertThat(person.page().locator("table")).containsText("lender/chat");
      borrower.embed("lender/chat").isStatus(403);

      page.getByText("Change what borrower has").click();
      owner.write("models", "");
      owner.press("Lend");
      assertThat(page.locator("tr#borrower")).isVisible();
      borrower.embed("lender/chat").isStatus(200);
      page.getByText("End what borrower has").click();
      assertThat(page.locator("tr#borrower")).hasCount(0);
    }
    borrower.embed("lender/chat").isStatus(404);
  }

  @Tag("thorough")
  @Test
  void what_is_lent_to_a_group_is_seen_by_its_members(Lab lab) {
    Api lender = lab.owner("benefactor");
    Api member = lab.user("member");
    lab.root().put("/v1/groups/readers", Map.of()).isStatus(201);
    lab.root().put("/v1/groups/readers/members/member", Map.of("role", "member")).isStatus(201);
    try (Visitor owner = lab.visitor(lender);
        Visitor person = lab.visitor(member)) {
      owner.open("/console/services/benefactor/chat/lend");
      owner.fill("To", "@readers");
      pressAndHold(owner.page(), "Lend", "Each member of @readers");
      assertThat(owner.page().locator("tbody th")).hasText("@readers");
      person.open("/console/services");
      assertThat(person.page().locator("table")).containsText("by @readers");
      person.follow("benefactor/chat");
      person.press("Check now");
      person.sees("The provider answers and accepts the key");
    }
  }

  @Test
  void a_refused_loan_says_so_beside_its_field_and_loses_nothing_typed(Lab lab) {
    try (Visitor owner = lab.visitor(lab.owner("careful"))) {
      owner.open("/console/services/careful/chat/lend");
      owner.fill("To", "nobody-of-that-name");
      owner.write("models", "one\ntwo");
      owner.write("requests_per_minute", "many");
      owner.press("Lend");
      Page page = owner.page();
      assertThat(page.locator("#requests_per_minute-more .field-error")).isVisible();
      assertThat(page.getByLabel("To", Visitor.EXACTLY)).hasValue("nobody-of-that-name");
      assertThat(page.locator("textarea[name=models]")).hasValue("one\ntwo");
      assertThat(page.locator("[name=requests_per_minute]")).hasValue("many");
    }
  }

  @Test
  void a_key_is_replaced_and_a_service_deleted_after_saying_what_that_breaks(Lab lab) {
    Api keeper = lab.owner("keeper");
    Api other = lab.user("dependent");
    keeper.share("keeper/chat", "dependent", "reader").isStatus(201);
    try (Visitor owner = lab.visitor(keeper)) {
      owner.open("/console/services/keeper/chat/key");
      owner.fill("New API key", lab.journey.key("replaced"));
      owner.press("Replace the key");
      owner.sees("A key has been stored since");
      other.embed("keeper/chat").isStatus(200);
      owner.openMenu();
      owner.press("Disable");
      assertThat(owner.page().locator(".title .state")).hasText("disabled");
      other.embed("keeper/chat").isStatus(403);
      owner.openMenu();
      owner.press("Enable");
      assertThat(owner.page().locator(".title .state")).hasText("ready");
      owner.openMenu();
      owner.follow("Delete…");
      assertThat(owner.page().locator("main")).containsText("dependent");
      owner.page().locator("button.danger").click();
      assertThat(owner.page()).hasURL(lab.node.api() + "/console/services");
    }
    other.embed("keeper/chat").isStatus(404);
  }

  /**
   * Presses a button like a person, who holds the button for longer than the page takes to change.
   */
  private static void pressAndHold(Page page, String button, String untilShown) {
    page.getByText(button, new Page.GetByTextOptions().setExact(true)).last().hover();
    page.mouse().down();
    assertThat(page.locator("#sentence")).containsText(untilShown);
    page.mouse().up();
  }
}
