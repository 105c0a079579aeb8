package io.claviger.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ForcedColors;
import com.microsoft.playwright.options.ReducedMotion;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Tests where the focus is, that it is visible, and that nothing moves for visitors who prefer
 * reduced motion.
 */
@Tag("thorough")
@BrowserTest
class FocusTest {
  private static final String REGISTER = "/console/services/register?from=nothing";
  private static final int TABS = 25;

  /** What is wrong with the ring of the focus. Its contrast is computed as WCAG does. */
  private static final String RING =
      """
      contrast => {
        const e = document.activeElement;
        if (e === document.body || e.type === 'date') return '';
        const style = getComputedStyle(e);
        const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
        const paint = colour => {
          canvas.fillStyle = colour;
          canvas.fillRect(0, 0, 1, 1);
          return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
        };
        const light = colour => {
          const [r, g, b] = paint(colour).map(v => v / 255)
            .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        let ground = e.parentElement;
        while (ground.parentElement && getComputedStyle(ground).backgroundColor === 'rgba(0, 0, 0, 0)') {
          ground = ground.parentElement;
        }
        const [a, b] = [light(style.outlineColor), light(getComputedStyle(ground).backgroundColor)]
          .sort((x, y) => y - x);
        const what = e.outerHTML.slice(0, 120);
        if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2) return 'no ring: ' + what;
        return contrast && (a + 0.05) / (b + 0.05) < 3 ? 'pale ring: ' + what : '';
      }
      """;

  private static final String MOVING =
      """
      () => [...document.querySelectorAll('*')].filter(e => {
        const style = getComputedStyle(e);
        return style.animationName !== 'none'
          || style.transitionDuration.split(',').some(each => parseFloat(each) > 0);
      }).length
      """;

  @Test
  void the_ring_of_the_focus_is_seen_in_light_in_dark_and_in_forced_colours(Lab lab) {
    try (Visitor visitor = lab.visitor(lab.owner("ringed"))) {
      Page page = visitor.page();
      for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
        for (ForcedColors forced : List.of(ForcedColors.NONE, ForcedColors.ACTIVE)) {
          page.emulateMedia(
              new Page.EmulateMediaOptions().setColorScheme(scheme).setForcedColors(forced));
          visitor.open("/console/services/ringed/chat/key");
          for (int n = 0; n < TABS; n++) {
            page.keyboard().press("Tab");
            assertThat(page.evaluate(RING, forced == ForcedColors.NONE))
                .as("%s, forced %s", scheme, forced)
                .isEqualTo("");
          }
        }
      }
    }
  }

  @Test
  void a_refused_form_begins_at_its_first_fault_with_and_without_scripts(Lab lab) {
    for (boolean scripts : new boolean[] {true, false}) {
      Browser.NewContextOptions options =
          new Browser.NewContextOptions().setJavaScriptEnabled(scripts);
      try (Visitor visitor = lab.visitor(lab.user("faulty-" + scripts), options)) {
        visitor.open(REGISTER);
        visitor.press("Register and check");
        assertThat(visitor.page().locator("[aria-invalid=true]").first()).isFocused();
      }
    }
  }

  @Test
  void further_actions_are_folded_by_escape_and_by_a_click_elsewhere(Lab lab) {
    try (Visitor visitor = lab.visitor(lab.owner("folding"))) {
      Page page = visitor.page();
      visitor.open("/console/services/folding/chat");
      Locator more = page.locator("details.more");
      more.locator("summary").click();
      assertThat(more).hasAttribute("open", "");
      page.keyboard().press("Tab");
      page.keyboard().press("Escape");
      assertThat(more).not().hasAttribute("open", "");
      assertThat(more.locator("summary")).isFocused();
      more.locator("summary").click();
      assertThat(more).hasAttribute("open", "");
      page.locator("h1").click();
      assertThat(more).not().hasAttribute("open", "");
    }
  }

  @Test
  void nothing_moves_for_those_who_want_less_motion(Lab lab) {
    try (Visitor visitor = lab.visitor(lab.owner("calm"))) {
      Page page = visitor.page();
      page.emulateMedia(new Page.EmulateMediaOptions().setReducedMotion(ReducedMotion.REDUCE));
      for (String path : List.of("/console", "/console/services/calm/chat", REGISTER)) {
        visitor.open(path);
        assertThat(page.evaluate(MOVING)).as(path).isEqualTo(0);
      }
    }
  }

  @Test
  void a_slash_leads_to_the_search_from_where_nobody_types(Lab lab) {
    Browser.NewContextOptions phone = new Browser.NewContextOptions().setViewportSize(375, 700);
    for (Browser.NewContextOptions window : List.of(new Browser.NewContextOptions(), phone)) {
      String handle = window == phone ? "seeker-on-the-phone" : "seeker";
      try (Visitor visitor = lab.visitor(lab.owner(handle), window)) {
        Page page = visitor.page();
        visitor.open("/console");
        page.keyboard().press("/");
        assertThat(page.locator("#find")).isFocused();
        page.keyboard().type(handle + "/");
        assertThat(page.locator("#find")).hasValue(handle + "/");
        assertThat(page.locator("#find-names option").first())
            .hasAttribute("value", handle + "/chat");
        Visitor.leave(page, () -> page.keyboard().press("Enter"));
        assertThat(page.locator("h1")).hasText(handle + "/chat");
      }
    }
  }

  @Test
  void the_key_that_leads_to_the_search_can_be_turned_off(Lab lab) {
    try (Visitor visitor = lab.visitor(lab.user("dictating"))) {
      Page page = visitor.page();
      visitor.open("/console/search");
      page.locator("#slash").uncheck();
      visitor.open("/console");
      page.keyboard().press("/");
      assertThat(page.locator("#find")).not().isFocused();
    }
  }
}
