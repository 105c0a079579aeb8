package io.claviger.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.journeys.Api;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A caller requests the terms that a call lacked, and the owner answers. Each of them has their own
 * browser.
 */
@BrowserTest
class BorrowingTest {
  private static final Map<String, Object> LARGE =
      Map.of("model", "text-embedding-3-large", "input", "hello");

  @Test
  void the_link_of_a_refusal_leads_to_the_owner_who_grants_exactly_that(Lab lab) {
    Api owner = lab.owner("granter");
    Api caller = lab.user("asker");
    lend(owner, "granter/chat", "asker");
    String link = caller.embed("granter/chat", LARGE).isStatus(403).header("X-Claviger-Request");
    assertThat(link).isNotEmpty();
    try (Visitor asking = lab.visitor(caller);
        Visitor granting = lab.visitor(owner)) {
      asking.open(URI.create(link).getPath() + "?" + URI.create(link).getRawQuery());
      asking.write("note", FurnishedLab.HOSTILE);
      asking.press("Ask");
      asking.sees("Somebody who may share the service decides");

      granting.open("/console");
      granting.page().locator("ul.needs a").first().click();
      granting.sees("text-embedding-3-large");
      granting.press("Grant exactly this");
      granting.sees("granted");
      asking.page().reload();
      asking.sees("granted");
    }
    caller.embed("granter/chat", LARGE).isStatus(200);
  }

  @Test
  void an_owner_changes_what_was_asked_for_before_granting_it(Lab lab) {
    Api owner = lab.owner("changer");
    Api caller = lab.user("hopeful");
    lend(owner, "changer/chat", "hopeful");
    ask(caller, "changer/chat");
    try (Visitor granting = lab.visitor(owner)) {
      granting.open("/console");
      granting.page().locator("ul.needs a").first().click();
      granting.page().getByText("Change it before you grant it").click();
      granting.write("requests_per_minute", "3");
      granting.press("Grant with these changes");
      granting.sees("granted");
    }
    assertThat(
            owner
                .get("/v1/llm-services/changer/chat/shares")
                .at("/items/0/limits/requests_per_minute")
                .intValue())
        .isEqualTo(3);
  }

  @Tag("thorough")
  @Test
  void what_an_owner_declines_is_told_on_the_first_page_of_who_asked(Lab lab) {
    Api owner = lab.owner("decliner");
    Api caller = lab.user("declined");
    lend(owner, "decliner/chat", "declined");
    ask(caller, "decliner/chat");
    try (Visitor declining = lab.visitor(owner);
        Visitor asking = lab.visitor(caller)) {
      declining.open("/console");
      declining.page().locator("ul.needs a").first().click();
      declining.press("Decline");
      declining.sees("declined");
      asking.open("/console");
      asking.sees("declined");
    }
    caller.embed("decliner/chat", LARGE).isStatus(403);
  }

  @Tag("thorough")
  @Test
  void who_asks_withdraws_and_an_owner_takes_no_more_requests_of_them(Lab lab) {
    Api owner = lab.owner("weary");
    Api caller = lab.user("insistent");
    lend(owner, "weary/chat", "insistent");
    String ask = "/console/requests/new?service=weary/chat";
    try (Visitor asking = lab.visitor(caller);
        Visitor asked = lab.visitor(owner)) {
      ask(asking, ask, "parrot-large");
      assertThat(asking.page().locator("dl .state")).hasText("open");
      asked.open("/console");
      asked.page().locator("ul.needs a").first().click();
      asked.sees("parrot-large");
      asking.press("Withdraw");
      asking.sees("withdrawn");
      asked.press("Grant exactly this");
      assertThat(asked.page().locator("[role=alert]")).isVisible();
      assertThat(asked.page().locator("dl .state")).hasText("withdrawn");
      caller.embed("weary/chat", LARGE).isStatus(403);

      asked.press("Accept no more requests of insistent");
      assertThat(asked.page().locator("[name=users]")).hasValue("insistent");
      ask(asking, ask, "parrot-small");
      assertThat(asking.page().locator("[role=alert]").first()).isVisible();
      assertThat(asking.page().locator("[name=models]")).hasValue("parrot-small");

      asked.write("users", "");
      asked.press("Save");
      assertThat(asked.page()).hasURL(lab.node.api() + "/console/requests");
      asking.press("Ask");
      assertThat(asking.page().locator("dl .state")).hasText("open");
    }
  }

  private static void ask(Visitor asking, String address, String model) {
    asking.open(address);
    asking.write("models", model);
    asking.press("Ask");
  }

  private static void lend(Api owner, String service, String user) {
    owner
        .put(
            "/v1/llm-services/" + service + "/shares/" + user,
            Map.of("role", "reader", "limits", Map.of("models", List.of("text-embedding-3-small"))))
        .isStatus(201);
  }

  private static void ask(Api caller, String service) {
    caller
        .post(
            "/v1/llm-services/" + service + "/requests",
            Map.of("models", List.of("text-embedding-3-large")))
        .isStatus(201);
  }
}
