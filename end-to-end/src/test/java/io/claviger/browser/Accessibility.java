package io.claviger.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.util.List;

/** What axe-core finds against level AA of WCAG 2.2. */
final class Accessibility {
  private static final List<String> LEVEL_AA =
      List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa");

  private Accessibility() {}

  /** Checks the page that is shown, in light, and its colours in dark too. */
  static void check(Page page) {
    assertThat(faults(new AxeBuilder(page).withTags(LEVEL_AA)))
        .as("in light: %s", page.url())
        .isEmpty();
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
    assertThat(faults(new AxeBuilder(page).withRules(List.of("color-contrast"))))
        .as("in dark: %s", page.url())
        .isEmpty();
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
  }

  /** The broken rules, each with the elements that break it. */
  @SuppressWarnings("deprecation") // the newer way opens another page for each check
  private static List<String> faults(AxeBuilder builder) {
    return builder.setLegacyMode(true).analyze().getViolations().stream()
        .map(Accessibility::told)
        .toList();
  }

  private static String told(Rule rule) {
    List<String> elements =
        rule.getNodes().stream().map(node -> node.getHtml() + " " + node.getAny()).toList();
    return rule.getId() + " (" + rule.getHelp() + "): " + elements;
  }
}
