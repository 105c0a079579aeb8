package io.claviger.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Page;
import io.claviger.journeys.Api;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Budgets are used up, raised for a time, and tried before they are given. */
@BrowserTest
class BudgetsTest {
  @Test
  void an_owner_grants_more_to_somebody_whose_budget_is_used_up(Lab lab) {
    Api owner = lab.owner("patron");
    Api caller = lab.user("spender");
    lend(owner, "patron/chat", "spender", 2);
    caller.embed("patron/chat").isStatus(200);
    caller.embed("patron/chat").isStatus(200);
    caller.embed("patron/chat").isStatus(402);
    lab.eventually(() -> caller.get("/v1/budgets").text("/items/0/settled").equals("2"));
    try (Visitor spending = lab.visitor(caller);
        Visitor granting = lab.visitor(owner)) {
      spending.open("/console");
      spending.sees("used up");
      spending.open("/console/budgets");
      spending.sees("You on patron/chat");
      granting.open("/console/services/patron/chat");
      granting.follow("Budgets of all who call it");
      granting.follow("spender on patron/chat");
      granting.write("amount", "3");
      granting.write("until", LocalDate.now(ZoneOffset.UTC).plusDays(2).toString());
      granting.press("Raise");
      Page page = granting.page();
      assertThat(page.locator("section[aria-labelledby=raises] tbody tr")).hasCount(1);

      spending.follow("You on patron/chat");
      assertThat(spending.page().locator("dt:text-is('Left') + dd")).hasText("3 requests");
      assertThat(spending.page().locator("main form")).hasCount(0);
      lab.eventually(() -> caller.embed("patron/chat").status() == 200);

      page.getByText("End the raise of").click();
      granting.sees("No raise is in force.");
    }
    lab.eventually(() -> caller.embed("patron/chat").status() == 402);
  }

  @Tag("thorough")
  @Test
  void a_budget_is_tried_on_what_was_used_before_it_is_given(Lab lab) {
    Api owner = lab.owner("prudent");
    Api caller = lab.user("frequent");
    lend(owner, "prudent/chat", "frequent", 100);
    for (int i = 0; i < 3; i++) {
      caller.embed("prudent/chat").isStatus(200);
    }
    lab.eventually(() -> owner.get("/v1/usage").body().contains("frequent"));
    try (Visitor visitor = lab.visitor(owner)) {
      visitor.open("/console/services/prudent/chat");
      visitor.follow("Try a budget on what was used");
      visitor.write("amount", "2");
      visitor.pick("unit", "requests");
      visitor.press("Try");
      Page page = visitor.page();
      assertThat(page.locator("section[aria-labelledby=result]"))
          .containsText("of 3 calls would have been refused");
      assertThat(page.locator("section[aria-labelledby=result] tbody tr")).containsText("frequent");
      assertThat(page.locator("[name=amount]")).hasValue("2");
    }
    caller.embed("prudent/chat").isStatus(200);
  }

  @Tag("thorough")
  @Test
  void a_webhook_for_thresholds_shows_its_secret_once(Lab lab) {
    Api owner = lab.owner("notified");
    try (Visitor visitor = lab.visitor(owner)) {
      visitor.open("/console/budgets");
      visitor.follow("Get messages");
      visitor.write("url", "https://" + "127.0.0.1:1" + "/budgets");
      visitor.press("Create");
      assertThat(visitor.page().locator("#url-more .field-error, .problem").first()).isVisible();
      assertThat(visitor.page().locator("[name=url]")).hasValue("https://127.0.0.1:1/budgets");

      visitor.write("url", lab.receiver());
      visitor.write("thresholds", "50, 90");
      visitor.press("Create");
      String secret = lab.journey.token(visitor.page().locator("#new-secret").innerText());
      visitor.open("/console/people/notified/webhook");
      assertThat(visitor.page().locator("main")).containsText(lab.receiver());
      assertThat(visitor.page().locator("main")).not().containsText(secret);
      visitor.press("Delete the webhook");
      visitor.sees("Create");
    }
  }

  private static void lend(Api owner, String service, String to, int requests) {
    Map<String, Object> budget =
        Map.of("amount", String.valueOf(requests), "unit", "requests", "window", "month");
    owner
        .put(
            "/v1/llm-services/" + service + "/shares/" + to,
            Map.of("role", "reader", "limits", Map.of("budgets", List.of(budget))))
        .isStatus(201);
  }
}
