package io.claviger.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.claviger.journeys.Api;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Administrators keep people and groups. */
@BrowserTest
class AdministeringTest {
  @Test
  void somebody_joins_with_a_token_that_is_shown_once_and_leaves(Lab lab) {
    Api chief = lab.journey.administrator(lab.node, "chief");
    try (Visitor visitor = lab.visitor(chief)) {
      visitor.follow("People");
      visitor.follow("Add somebody");
      visitor.fill("Handle", "joiner");
      visitor.fill("E-mail address", "joiner@example.org");
      visitor.press("Add");
      Page page = visitor.page();
      String token = page.locator("#token").innerText();
      Api joiner = chief.holding(token);
      String unused = lab.journey.service(joiner, "joiner/things");
      visitor.follow("Done");
      assertThat(visitor.source()).doesNotContain(token);
      visitor.follow("Delete…");
      assertThat(page.locator("main")).containsText("Services that end: 1");
      assertThat(page.locator("main")).containsText("joiner/things");
      visitor.press("Delete joiner");
      assertThat(page).hasURL(lab.node.api() + "/console/people");
      joiner.get("/v1/me").isProblem(401, "unauthorized");
    }
  }

  @Test
  void a_group_is_made_gets_members_and_a_manager_and_ends(Lab lab) {
    Api chief = lab.journey.administrator(lab.node, "grouper");
    lab.user("groupie");
    try (Visitor visitor = lab.visitor(chief)) {
      visitor.open("/console/groups");
      visitor.fill("Handle", "choir");
      visitor.press("Create");
      visitor.fill("Who", "groupie");
      visitor.press("Add");
      Page page = visitor.page();
      assertThat(page.locator("tr#groupie")).containsText("member");
      page.locator("tr#groupie").getByText("Make manager").click();
      assertThat(page.locator("tr#groupie td").first()).hasText("manager");
      assertThat(lab.root().get("/v1/groups/choir/members").items("user")).contains("groupie");
      visitor.follow("Delete the group…");
      page.locator("button.danger").click();
      assertThat(page).hasURL(lab.node.api() + "/console/groups");
    }
    lab.root().get("/v1/groups/choir").isProblem(404, "not_found");
  }

  @Test
  void pages_of_administrators_are_neither_offered_nor_open_to_others(Lab lab) {
    try (Visitor visitor = lab.visitor(lab.user("curious"))) {
      assertThat(visitor.page().locator("nav")).not().containsText("Operations");
      assertThat(visitor.open("/console/operations")).isEqualTo(403);
      assertThat(visitor.open("/console/people")).isEqualTo(403);
      assertThat(visitor.open("/console/new-person")).isEqualTo(403);
      assertThat(visitor.open("/console/people/root")).isIn(403, 404);
    }
  }

  @Test
  void operations_show_this_node_its_keys_and_the_others(Lab lab) {
    try (Visitor visitor = lab.visitor(lab.root())) {
      visitor.follow("Operations");
      visitor.sees("ready");
      assertThat(visitor.heading("Encryption keys")).isVisible();
      assertThat(visitor.page().locator("section[aria-labelledby=nodes] tbody tr").first())
          .containsText("live");
    }
  }

  @Test
  void what_was_done_is_found_by_who_did_it(Lab lab) {
    Api doer = lab.owner("doer");
    doer.patch("/v1/llm-services/doer/chat", Map.of("display_name", "Renamed")).isStatus(200);
    try (Visitor visitor = lab.visitor(doer)) {
      visitor.follow("Audit");
      visitor.fill("Who", "doer");
      visitor.choose("What", "service.update");
      visitor.press("Show");
      Page page = visitor.page();
      assertThat(page.locator("tbody tr")).hasCount(1);
      page.locator("tbody summary").click();
      assertThat(page.locator("tbody tr")).containsText("display_name");
      assertThat(page.url()).contains("actor=doer");
    }
  }
}
