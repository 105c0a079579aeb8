package io.claviger.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.claviger.journeys.Api;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Administrators keep people and groups. */
@BrowserTest
@Tag("thorough")
class AdministeringTest {
  @Test
  void somebody_joins_with_a_token_that_is_shown_once_and_leaves(Lab lab) {
    Api chief = lab.journey.administrator(lab.node, "chief");
    try (Visitor visitor = lab.visitor(chief)) {
      visitor.open("/console");
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
  void a_service_account_gets_a_token_and_trusts_the_tokens_of_an_issuer(Lab lab) {
    Api chief = lab.journey.administrator(lab.node, "platformer");
    try (Visitor visitor = lab.visitor(chief)) {
      Page page = visitor.page();
      visitor.open("/console/trusted-issuers");
      visitor.write("name", "builds");
      visitor.write("issuer", "https://builds.example.org");
      visitor.press("Add");
      assertThat(page.locator("tbody tr").filter(having("builds"))).containsText("example.org");

      visitor.open("/console/new-person");
      visitor.fill("Handle", "builder");
      visitor.pick("kind", "service");
      visitor.write("responsible", "platformer");
      visitor.press("Add");
      visitor.sees("Added builder");
      visitor.open("/console/people/builder");
      visitor.follow("Access tokens");
      visitor.fill("For which program?", "nightly");
      visitor.press("Make a token");
      String token = lab.journey.token(page.locator("#new-token").innerText());
      chief.holding(token).get("/v1/me").isStatus(200);

      visitor.open("/console/people/builder");
      visitor.follow("Trusts");
      visitor.write("name", "main");
      visitor.choose("Issuer", "builds");
      visitor.write("subject", "repo:acme/app:*");
      visitor.write("claims", "repository_id = 5088");
      visitor.press("Accept");
      assertThat(page.locator("tbody tr")).containsText("repository_id = 5088");
      visitor.press("Delete main");
      visitor.sees("No tokens are accepted yet.");
      visitor.open("/console/people/builder/access");
      visitor.press("Revoke nightly");
      lab.eventually(() -> chief.holding(token).get("/v1/me").status() == 401);
    }
  }

  @Test
  void an_identity_is_linked_after_saying_what_that_ends_and_unlinked(Lab lab) {
    Api chief = lab.journey.administrator(lab.node, "linker");
    Api linked = lab.user("linked");
    try (Visitor visitor = lab.visitor(chief)) {
      visitor.open("/console/people/linked");
      visitor.follow("Identity");
      visitor.sees("this ends everything with which anybody can act as them");
      visitor.write("issuer", "https://id.example.org/realms/lab");
      visitor.write("subject", "0815");
      visitor.press("Link");
      assertThat(visitor.page().locator("dl")).containsText("https://id.example.org/realms/lab");
      lab.eventually(() -> linked.get("/v1/me").status() == 401);
      visitor.press("Unlink");
      visitor.sees("No account there is linked to");
    }
  }

  @Test
  void pages_of_administrators_are_neither_offered_nor_open_to_others(Lab lab) {
    try (Visitor visitor = lab.visitor(lab.user("curious"))) {
      visitor.open("/console");
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
      visitor.open("/console");
      visitor.follow("Operations");
      visitor.sees("ready");
      assertThat(visitor.heading("Encryption keys")).isVisible();
      assertThat(visitor.page().locator("section[aria-labelledby=nodes] tbody tr").first())
          .containsText("live");
    }
  }

  private static Locator.FilterOptions having(String text) {
    return new Locator.FilterOptions().setHasText(text);
  }
}
