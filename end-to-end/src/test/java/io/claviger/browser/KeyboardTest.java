package io.claviger.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.claviger.journeys.Api;
import org.junit.jupiter.api.Test;

/** Lending and connecting with the keyboard alone, from the first Tab to the end. */
@BrowserTest
class KeyboardTest {
  private static final int MOST_TABS = 60;

  /** What the element that has the focus is called, and whether a reader can see that it has it. */
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
        const name = e.getAttribute('name') || e.textContent.trim();
        return (ringed && inside ? '' : 'invisible: ') + name;
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
      tabTo(page, "openai-python");
      page.keyboard().press("Enter");
      assertThat(page.locator("details:has(summary:text-is('openai-python')) pre")).isVisible();
    }
  }

  /** Goes on to what is called like this, and presses Enter on it. */
  private static void press(Page page, String name) {
    tabTo(page, name);
    Visitor.leave(page, () -> page.keyboard().press("Enter"));
  }

  private static void tabTo(Page page, String name) {
    String focused = "";
    for (int tabs = 0; tabs < MOST_TABS && !focused.equals(name); tabs++) {
      page.keyboard().press("Tab");
      focused = String.valueOf(page.evaluate(FOCUSED));
      assertThat(focused).doesNotStartWith("invisible");
    }
    assertThat(focused).isEqualTo(name);
  }
}
