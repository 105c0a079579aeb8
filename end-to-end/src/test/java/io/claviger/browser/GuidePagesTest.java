package io.claviger.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ReducedMotion;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The guide in a browser: for everybody, on a phone, and without scripts. */
@BrowserTest
@Tag("thorough")
class GuidePagesTest {
  private static final List<String> PAGES =
      List.of(
          "",
          "/gateway",
          "/budgets",
          "/in-process",
          "/providers/readme",
          "/search?q=strict+budget");

  @Test
  void pages_are_accessible_in_light_and_dark_and_fit_a_phone(Lab lab) throws Exception {
    List<String> faults = new ArrayList<>();
    Accessibility accessibility = new Accessibility();
    Browser.NewPageOptions still =
        new Browser.NewPageOptions().setReducedMotion(ReducedMotion.REDUCE);
    try (Visitor visitor = lab.stranger(new Browser.NewContextOptions());
        Page page = visitor.context().browser().newPage(still)) {
      visitor.open("/console/sign-in");
      List<String> complaints = new ArrayList<>();
      page.onConsoleMessage(message -> complaints.add(message.text()));
      AutoCloseable axe = Accessibility.on(page);
      try {
        for (String each : PAGES) {
          page.setViewportSize(1280, 800);
          page.navigate(lab.node.api() + "/docs/guide" + each);
          faults.addAll(accessibility.faults(page));
          assertThat(page.locator("nav.menu")).isVisible();
          page.setViewportSize(375, 700);
          assertThat(page.evaluate("() => document.documentElement.scrollWidth"))
              .as("width of %s", each)
              .isEqualTo(375);
          assertThat(page.locator("nav.menu")).isHidden();
        }
      } finally {
        axe.close();
      }
      assertThat(complaints).isEmpty();
    }
    assertThat(faults).isEmpty();
  }

  @Test
  void somebody_finds_a_page_without_scripts(Lab lab) {
    Browser.NewContextOptions phone =
        new Browser.NewContextOptions().setViewportSize(375, 700).setJavaScriptEnabled(false);
    try (Visitor visitor = lab.stranger(phone)) {
      Page page = visitor.page();
      visitor.open("/docs/guide");
      page.getByRole(AriaRole.SEARCHBOX).fill("strict budget");
      page.getByRole(AriaRole.SEARCHBOX).press("Enter");
      assertThat(page.locator(".found mark").first()).isVisible();
      page.locator(".found a").first().click();
      assertThat(page.locator("main h1")).isVisible();
      page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Menu")).click();
      page.locator("nav.menu").getByText("Commands").click();
      assertThat(page.locator("h1")).hasText("Commands for people");
      assertThat(page.locator("a[aria-current=page]")).hasText("Commands");
    }
  }
}
