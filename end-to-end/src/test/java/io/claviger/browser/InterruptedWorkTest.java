package io.claviger.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import io.claviger.bootstrap.node.Node;
import io.claviger.journeys.Api;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * If the user's work is interrupted, the page explains this in a sentence, and nothing that was
 * typed is lost.
 */
@BrowserTest
@Tag("thorough")
class InterruptedWorkTest {
  @Test
  void what_was_typed_while_a_session_ended_is_sent_after_signing_in_again(Lab lab) {
    Api owner = lab.owner("expired");
    lab.user("expired-friend");
    try (Visitor visitor = lab.visitor(owner)) {
      visitor.open("/console/services/expired/chat/lend");
      visitor.fill("To", "expired-friend");
      visitor.write("requests_per_minute", "7");
      visitor.context().clearCookies();
      visitor.press("Lend");
      visitor.sees("Your session has ended");
      visitor.signInInAnotherTab(owner.token());
      visitor.press("Go on with what you typed");
      visitor.sees("expired-friend");
      visitor.press("Send it");
      assertThat(visitor.page().locator("tr#expired-friend")).isVisible();
    }
    assertThat(
            owner
                .get("/v1/llm-services/expired/chat/shares")
                .at("/items/0/limits/requests_per_minute")
                .intValue())
        .isEqualTo(7);
  }

  @Test
  void a_form_that_is_sent_twice_does_its_work_once(Lab lab) {
    Api owner = lab.owner("impatient");
    try (Visitor visitor = lab.visitor(owner)) {
      visitor.open("/console/services/impatient/chat/connect");
      visitor.fill("For which program?", "clicked");
      visitor.page().getByText("Make a token").dblclick();
      visitor.sees("This is shown once");
      List<String> names = owner.get("/v1/users/impatient/tokens").items("name");
      assertThat(names).containsOnlyOnce("clicked");
    }
  }

  @Test
  void going_back_and_forward_sends_nothing_twice(Lab lab) {
    Api owner = lab.owner("wanderer");
    try (Visitor visitor = lab.visitor(owner)) {
      visitor.open("/console/services/wanderer/chat/connect");
      visitor.fill("For which program?", "once");
      visitor.press("Make a token");
      visitor.sees("This is shown once");
      visitor.goBack();
      visitor.goForward();
      visitor.open("/console/services/wanderer/chat");
      visitor.goBack();
      assertThat(owner.get("/v1/users/wanderer/tokens").items("name")).containsOnlyOnce("once");
    }
  }

  @Test
  void two_tabs_that_change_one_service_are_told_and_see_both_versions(Lab lab) {
    try (Visitor visitor = lab.visitor(lab.owner("twofold"))) {
      String settings = "/console/services/twofold/chat/settings";
      visitor.open(settings);
      Page other = visitor.newTab();
      other.navigate(visitor.page().url());
      visitor.write("description", "From the first tab");
      visitor.press("Save");
      other.locator("[name=description]").fill("From the second tab");
      other.locator("button:text-is('Save')").click();
      assertThat(other.locator("main")).containsText("From the first tab");
      assertThat(other.locator("[name=description]")).hasValue("From the second tab");
      other.locator("button:text-is('Save')").click();
      assertThat(other.locator("main")).containsText("From the second tab");
      other.close();
    }
  }

  @Test
  void the_page_of_what_was_just_deleted_says_that_it_is_gone(Lab lab) {
    Api owner = lab.owner("shortlived");
    try (Visitor visitor = lab.visitor(owner)) {
      visitor.open("/console/services/shortlived/chat");
      owner.delete("/v1/llm-services/shortlived/chat").isStatus(204);
      visitor.follow("Lend it");
      assertThat(visitor.page().locator("main")).containsText("That did not work");
      assertThat(visitor.open("/console/services/shortlived/chat")).isEqualTo(404);
    }
  }

  @Test
  void what_was_typed_about_something_just_deleted_is_answered_in_a_sentence(Lab lab) {
    Api owner = lab.owner("vanishing");
    Api chief = lab.journey.administrator(lab.node, "vanisher");
    chief.put("/v1/groups/vanished", Map.of()).isStatus(201);
    try (Visitor visitor = lab.visitor(owner);
        Visitor administrator = lab.visitor(chief)) {
      visitor.open("/console/services/vanishing/chat/settings");
      owner.delete("/v1/llm-services/vanishing/chat").isStatus(204);
      visitor.write("description", "too late");
      visitor.press("Save");
      visitor.sees("That did not work");
      administrator.open("/console/groups/vanished");
      chief.delete("/v1/groups/vanished").isStatus(204);
      administrator.write("user", "vanishing");
      administrator.press("Add");
      administrator.sees("That did not work");
    }
  }

  @Test
  void a_node_that_stops_is_told_of_and_the_form_stays_as_it_was_typed(Lab lab) {
    Api owner = lab.owner("stranded");
    Node other = lab.anotherNode();
    try (Visitor visitor = lab.visitorAt(other, owner)) {
      visitor.open("/console/services/stranded/chat/lend");
      visitor
          .page()
          .waitForResponse(
              answer -> answer.url().contains("/console/suggestions"),
              () -> visitor.fill("To", "somebody"));
      lab.journey.stop(other);
      visitor.pressInVain("Lend");
      visitor.sees("Claviger did not answer");
      assertThat(visitor.page().getByLabel("To", Visitor.EXACTLY)).hasValue("somebody");
      visitor.forgetComplaints(); // htmx has one about the preview
    }
  }

  @Test
  void a_form_whose_sending_was_stopped_is_sent_again_by_a_second_press(Lab lab) {
    Api owner = lab.owner("halted");
    try (Visitor visitor = lab.visitor(owner)) {
      visitor.open("/console/services/halted/chat/settings");
      visitor.write("description", "Sent after a stop");
      Page page = visitor.page();
      List<Route> held = new ArrayList<>();
      page.route("**/chat/settings", held::add);
      // Playwright's own click waits for the answer.
      Object unused = page.locator("button:text-is('Save')").evaluate("button => button.click()");
      page.waitForCondition(() -> !held.isEmpty());
      held.getFirst().abort("aborted"); // as a press of Stop does
      page.unroute("**/chat/settings");
      visitor.pressInVain("Save");
      visitor.sees("no answer has arrived yet");
      visitor.press("Save");
      visitor.sees("Sent after a stop");
      visitor.forgetComplaints();
    }
    assertThat(owner.get("/v1/llm-services/halted/chat").text("/description"))
        .isEqualTo("Sent after a stop");
  }

  @Test
  void a_test_call_says_in_view_that_its_share_has_ended(Lab lab) {
    Api owner = lab.owner("retracting");
    Api reader = lab.user("retracted");
    owner.share("retracting/chat", "retracted", "reader").isStatus(201);
    try (Visitor visitor = lab.visitor(reader)) {
      visitor.open("/console/services/retracting/chat/connect");
      owner.delete("/v1/llm-services/retracting/chat/shares/retracted").isStatus(204);
      visitor.pressInVain("Call it once");
      assertThat(visitor.page().locator("#failed")).isInViewport();
      visitor.forgetComplaints(); // htmx has one about the call
    }
  }

  @Test
  void a_test_call_is_told_while_it_waits_and_when_something_between_refuses_it(Lab lab) {
    try (Visitor visitor = lab.visitor(lab.owner("barred"))) {
      visitor.open("/console/services/barred/chat/connect");
      Page page = visitor.page();
      List<Route> held = new ArrayList<>();
      page.route("**/connect/try", held::add);
      visitor.pressInVain("Call it once");
      assertThat(page.locator("#answer")).hasText("Calling…");
      page.waitForCondition(() -> !held.isEmpty());
      held.getFirst().fulfill(new Route.FulfillOptions().setStatus(403));
      visitor.sees("Claviger refused this request (403).");
      assertThat(page.locator("#answer")).isEmpty();
      visitor.forgetComplaints();
    }
  }

  @Test
  void a_refused_preview_is_told_with_its_link_and_the_earlier_sentence_goes(Lab lab) {
    lab.user("unforeseen-friend");
    try (Visitor visitor = lab.visitor(lab.owner("unforeseen"))) {
      visitor.open("/console/services/unforeseen/chat/lend");
      visitor.fill("To", "unforeseen-friend");
      Page page = visitor.page();
      assertThat(page.locator("#sentence .sentence")).isVisible();
      String refusal =
          "<main><p role=\"alert\">Not now. <a href=\"/console/account\">My account</a></p></main>";
      page.route(
          "**/lend/preview",
          route ->
              route.fulfill(
                  new Route.FulfillOptions()
                      .setStatus(403)
                      .setContentType("text/html")
                      .setBody(refusal)));
      visitor.write("requests_per_minute", "7");
      assertThat(page.locator("#failed a")).hasAttribute("href", "/console/account");
      assertThat(page.locator("#sentence")).isEmpty();
      visitor.forgetComplaints();
    }
  }

  @Test
  void names_of_ten_thousand_characters_are_refused_beside_their_field(Lab lab) {
    try (Visitor visitor = lab.visitor(lab.owner("verbose"))) {
      visitor.open("/console/services/verbose/chat/lend");
      Page page = visitor.page();
      Object unused =
          page.evaluate(
              "() => document.querySelectorAll('[maxlength]').forEach(e => e.maxLength = 20000)");
      for (Map.Entry<String, String> field :
          Map.of(
                  "to", FurnishedLab.HOSTILE,
                  "models", "m".repeat(10_000),
                  "requests_per_minute", "9".repeat(10_000))
              .entrySet()) {
        visitor.write(field.getKey(), field.getValue());
      }
      visitor.press("Lend");
      assertThat(page.locator("#to-more .field-error")).isVisible();
      assertThat(page.locator("[name=models]")).hasValue("m".repeat(10_000));
      assertThat(page.locator("[name=requests_per_minute]")).hasValue("9".repeat(10_000));
    }
  }
}
