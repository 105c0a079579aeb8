package io.claviger.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import io.claviger.journeys.Api;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The flows of {@link FlowsTest} with the keyboard alone, from the first Tab to the end. At each
 * step the focus is where a reader sees it.
 */
@BrowserTest
@Tag("thorough")
class KeyboardTest {
  private static final int MOST_TABS = 120;
  private static final int MOST_OPTIONS = 200;

  /**
   * Returns the name of the element with the focus, and whether a reader can see that it has the
   * focus.
   */
  private static final String FOCUSED =
      """
      () => {
        const e = document.activeElement;
        const style = getComputedStyle(e);
        const box = e.getBoundingClientRect();
        const within = e.type === 'date' && window.lastFocused === e; // its parts have rings inside
        window.lastFocused = e;
        const ringed = within || (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0)
          || style.boxShadow !== 'none';
        const inside = box.width > 0 && box.right > 0 && box.left < innerWidth
          && box.bottom > 0 && box.top < innerHeight;
        const words = e.textContent.replace(/\\s+/g, ' ').trim();
        const none = e === document.body; // between the last element and the first
        return [none || (ringed && inside) ? '' : 'invisible',
          e.getAttribute('name') || words || e.id, e.id, words, e.getAttribute('aria-label')];
      }
      """;

  @Test
  void a_service_is_lent(Lab lab) {
    Api owner = lab.owner("typist");
    Api reader = lab.user("typed-to");
    try (Visitor visitor = lab.visitor(owner)) {
      Page page = visitor.page();
      visitor.open("/console");
      tabTo(page, "Skip to the content");
      press(page, "Services");
      press(page, "typist/chat");
      press(page, "Lend it");
      tabTo(page, "to");
      page.keyboard().type("typed-to");
      tabTo(page, "role");
      tabTo(page, "until");
      tabTo(page, "requests_per_minute");
      page.keyboard().type("30");
      press(page, "Lend");
      assertThat(page.locator("tr#typed-to")).containsText("reader");
    }
    reader.embed("typist/chat").isStatus(200);
  }

  @Test
  void a_program_is_connected(Lab lab) {
    Api owner = lab.owner("plugger");
    try (Visitor visitor = lab.visitor(owner)) {
      Page page = visitor.page();
      visitor.open("/console");
      press(page, "plugger/chat");
      press(page, "Connect");
      tabTo(page, "name");
      page.keyboard().type("terminal");
      press(page, "Make a token");
      String shown = page.locator("#new-token").innerText();
      String token = shown.substring(shown.indexOf('=') + 1).strip();
      owner.holding(token).embed("plugger/chat").isStatus(200);
      for (String sdk : List.of("openai-python", "LangChain4j")) {
        tabTo(page, sdk);
        page.keyboard().press("Enter");
        assertThat(page.locator("details:has(summary:text-is('" + sdk + "')) pre")).isVisible();
      }
    }
  }

  @Test
  void from_the_sign_in_to_the_first_lent_call(Lab lab) {
    lab.definition(lab.root(), "root/typed");
    try (Visitor root = lab.stranger(new Browser.NewContextOptions());
        Visitor borrower = lab.stranger(new Browser.NewContextOptions())) {
      Page page = root.page();
      signIn(root, lab.root().token());
      press(page, "Add somebody");
      type(page, "handle", "typed-borrower");
      press(page, "Add");
      String token = lab.journey.token(page.locator("#token").innerText());
      press(page, "Register a service to lend");
      tabTo(page, "definition");
      choose(page, "root/typed");
      type(page, "name", "typed");
      type(page, "api_key", lab.journey.key("typed"));
      press(page, "Register and check");
      press(page, "Lend it");
      type(page, "to", "typed-borrower");
      tabTo(page, "for-daily");
      page.keyboard().press("Space");
      assertThat(page.locator("#sentence")).containsText("typed-borrower may call root/typed");
      press(page, "Lend");
      assertThat(page.locator("tr#typed-borrower")).isVisible();
      signIn(borrower, token);
      press(borrower.page(), "Connect root/typed");
      tabTo(borrower.page(), "Call it once");
      borrower.page().keyboard().press("Enter");
      borrower.sees("It works. The model says:");
    }
  }

  @Test
  void an_owner_sees_what_it_costs_and_why_a_call_was_refused_and_ends_a_loan(Lab lab) {
    Api owner = lab.owner("key-owner");
    Api student = lab.user("key-student");
    String share = "/v1/llm-services/key-owner/chat/shares/key-student";
    owner
        .put(share, Map.of("role", "reader", "limits", Map.of("models", List.of("parrot-small"))))
        .isStatus(201);
    student.embed("key-owner/chat").isStatus(403);
    lab.eventually(() -> owner.get("/v1/refusals").body().contains("key-student"));
    try (Visitor visitor = lab.visitor(owner)) {
      Page page = visitor.page();
      visitor.open("/console");
      press(page, "By person");
      assertThat(page.locator("h1")).hasText("Usage");
      press(page, "Audit");
      press(page, "Refused calls");
      press(page, "Would it pass now? key-student at key-owner/chat");
      visitor.sees("The call would pass, if its model and operation are lent");
      press(page, "Home");
      press(page, "People of key-owner/chat");
      press(page, "Change what key-student has");
      type(page, "amount1", "5");
      press(page, "Lend");
      assertThat(page.locator("tr#key-student")).containsText("$5");
      tabTo(page, "key-student");
      page.keyboard().press("Space");
      assertThat(page.locator("tr#key-student input[type=checkbox]")).isChecked();
      press(page, "End what key-student has");
      assertThat(page.locator("tr#key-student")).hasCount(0);
    }
    student.embed("key-owner/chat").isStatus(404);
  }

  @Test
  void somebody_asks_for_more_and_gets_it(Lab lab) {
    Api owner = lab.owner("key-giver");
    Api asker = lab.user("key-asker");
    owner
        .put(
            "/v1/llm-services/key-giver/chat/shares/key-asker",
            Map.of("role", "reader", "limits", Map.of("models", List.of("parrot-small"))))
        .isStatus(201);
    try (Visitor borrower = lab.visitor(asker);
        Visitor giver = lab.visitor(owner)) {
      borrower.open("/console");
      press(borrower.page(), "key-giver/chat");
      press(borrower.page(), "Ask for more");
      type(borrower.page(), "models", "text-embedding-3-small");
      press(borrower.page(), "Ask");
      giver.open("/console");
      press(giver.page(), "key-asker asks for more of key-giver/chat.");
      press(giver.page(), "Grant exactly this");
    }
    asker.embed("key-giver/chat").isStatus(200);
  }

  @Test
  void an_administrator_sees_nodes_old_keys_and_who_could_use_a_service_on_a_day(Lab lab) {
    Api unused = lab.owner("key-audited");
    try (Visitor visitor = lab.visitor(lab.root())) {
      Page page = visitor.page();
      visitor.open("/console");
      press(page, "Operations");
      assertThat(page.locator("section[aria-labelledby=nodes] tbody tr").first()).isVisible();
      press(page, "Age of keys");
      press(page, "Show");
      press(page, "Audit");
      press(page, "Who could use a service on a day");
      type(page, "service", "key-audited/chat");
      press(page, "Show");
      visitor.sees("key-audited");
    }
  }

  private static void signIn(Visitor visitor, String token) {
    visitor.open("/console/sign-in");
    type(visitor.page(), "token", token);
    Visitor.leave(visitor.page(), () -> visitor.page().keyboard().press("Enter"));
  }

  /** Goes on to a field and types. */
  private static void type(Page page, String field, String text) {
    tabTo(page, field);
    page.keyboard().press("Control+a");
    page.keyboard().type(text);
  }

  /** Chooses the first option that begins like this, in the list that has the focus. */
  private static void choose(Page page, String option) {
    String chosen = "";
    for (int n = 0; n < MOST_OPTIONS && !chosen.startsWith(option); n++) {
      page.keyboard().press("ArrowDown");
      chosen =
          String.valueOf(
              page.evaluate("() => document.activeElement.selectedOptions[0].textContent.trim()"));
    }
    assertThat(chosen).startsWith(option);
  }

  /** Moves the focus to the element of this name, and presses Enter. */
  private static void press(Page page, String name) {
    tabTo(page, name);
    Visitor.leave(page, () -> page.keyboard().press("Enter"));
  }

  /** Goes on with Tab until something that is called like this has the focus. */
  private static void tabTo(Page page, String name) {
    List<?> focused = List.of();
    for (int tabs = 0; tabs < MOST_TABS && !focused.contains(name); tabs++) {
      page.keyboard().press("Tab");
      focused = (List<?>) page.evaluate(FOCUSED);
      assertThat(focused.getFirst()).as("the focus at %s", focused).isEqualTo("");
    }
    assertThat(focused.contains(name)).as("%s can be reached, after %s", name, focused).isTrue();
  }
}
