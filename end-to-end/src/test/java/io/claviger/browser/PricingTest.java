package io.claviger.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.claviger.journeys.Api;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Prices are stated, changed and deleted, and calls cost what they say. */
@BrowserTest
@Tag("thorough")
class PricingTest {
  @Test
  void a_price_of_the_deployment_is_stated_changed_and_deleted(Lab lab) {
    try (Visitor visitor = lab.visitor(lab.journey.administrator(lab.node, "pricer"))) {
      visitor.open("/console");
      visitor.follow("Models");
      visitor.follow("Prices");
      visitor.follow("New price");
      state(visitor, "priced-model", "250");
      Page page = visitor.page();
      assertThat(row(page, "priced-model")).containsText("$250");

      visitor.follow("priced-model");
      visitor.write("input", "400");
      page.getByText("More rates").click();
      visitor.write("request", "0.01");
      visitor.press("Save");
      assertThat(row(page, "priced-model")).containsText("$400");
      assertThat(row(page, "priced-model")).containsText("Each request $0.01");

      visitor.follow("priced-model");
      visitor.follow("Delete…");
      visitor.sees("No earlier price of this model");
      page.locator("button.danger").click();
      assertThat(page).hasURL(Pattern.compile(".*/console/prices(\\?.*)?"));
      visitor.open("/console/prices?model=priced-model");
      visitor.sees("There is no such price.");
    }
  }

  @Test
  void a_call_costs_what_the_owner_stated_for_the_service(Lab lab) {
    Api owner = lab.user("merchant");
    lab.definition(owner, "merchant/played");
    String unused = lab.chat(owner, "merchant/chat");
    try (Visitor visitor = lab.visitor(owner)) {
      visitor.open("/console/services/merchant/chat/connect");
      visitor.press("Call it once");
      visitor.sees("nobody has set a price");

      visitor.open("/console/services/merchant/chat");
      visitor.follow("Prices of its own");
      visitor.follow("New price");
      state(visitor, "parrot-large", "1000000");
      assertThat(row(visitor.page(), "parrot-large")).containsText("$");
      visitor.open("/console/services/merchant/chat/connect");
      visitor.press("Call it once");
      Page page = visitor.page();
      assertThat(page.locator("#answer")).containsText("It works");
      assertThat(page.locator("#answer dl")).not().containsText("nobody has set a price");
      String cost =
          page.locator("#answer dt:text-is('Cost') + dd").innerText().replace("$", "").strip();
      assertThat(Double.parseDouble(cost)).isGreaterThanOrEqualTo(1);
      lab.eventually(
          () -> owner.get("/v1/usage?by=model").body().contains("\"cost\":\"" + cost + "\""));
      visitor.open("/console/usage?show=cost&by=model");
      assertThat(row(page, "parrot-large")).containsText("$" + cost);
    }
  }

  @Test
  void what_is_wrong_with_a_price_is_said_beside_its_field_and_stays_typed(Lab lab) {
    try (Visitor visitor = lab.visitor(lab.journey.administrator(lab.node, "mispricer"))) {
      visitor.open("/console/price");
      state(visitor, "some-model", "a lot");
      Page page = visitor.page();
      assertThat(page.locator("#input-more .field-error")).isVisible();
      assertThat(page.locator("[name=input]")).hasValue("a lot");
      assertThat(page.locator("[name=model]")).hasValue("some-model");
    }
  }

  private static void state(Visitor visitor, String model, String input) {
    visitor.write("model", model);
    visitor.write("valid_from", "2026-01-01");
    visitor.write("input", input);
    visitor.press("Save");
  }

  private static Locator row(Page page, String model) {
    return page.locator("tbody tr", new Page.LocatorOptions().setHasText(model)).first();
  }
}
