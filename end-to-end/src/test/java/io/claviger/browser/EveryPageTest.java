package io.claviger.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What holds for every page, with hostile names on it: no script of a name runs, the policy is not
 * broken, nobody has to scroll sideways on a telephone, and axe-core finds nothing.
 */
@BrowserTest
@SuppressWarnings("NullAway.Init") // set before the tests
class EveryPageTest {
  private static final String WATCHES = "window.hits = 0; window.hit = () => window.hits++;";
  private static final String TOO_WIDE =
      """
      () => [...document.querySelectorAll('main *, header *')]
        .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
        .filter(e => !e.closest('.overflow-auto, pre, .hidden'))
        .map(e => e.outerHTML.slice(0, 150)).slice(0, 3).join('\\n')
      """;

  private static FurnishedLab furnished;

  @BeforeAll
  static void furnish(Lab lab) {
    furnished = FurnishedLab.of(lab, "everything");
  }

  @AfterAll
  static void tidy(Lab lab) {
    furnished.removeEverybodys(lab);
  }

  @Test
  void pages_of_callers_and_owners(Lab lab) {
    String service = "/console/services/everything/chat";
    try (Visitor visitor = lab.visitor(furnished.owner)) {
      check(
          visitor,
          List.of(
              "/console",
              "/console/services",
              "/console/services?q=nothing-fits",
              "/console/services/register",
              "/console/services/register?from=nothing",
              service,
              service + "/settings",
              service + "/lend",
              service + "/connect",
              service + "/delete",
              service + "/prices",
              service + "/price",
              "/console/budgets",
              "/console/what-if?service=everything/chat",
              "/console/requests",
              "/console/requests/" + furnished.request,
              "/console/requests/muted",
              "/console/requests/new?service=everything-chief/none",
              "/console/usage?by=model",
              "/console/usage?by=user&from=not-a-day",
              "/console/models",
              "/console/why?service=everything/chat",
              "/console/audit",
              "/console/groups",
              "/console/groups/" + furnished.group,
              "/console/transfers",
              "/console/transfers/" + furnished.transfer,
              "/console/account"));
    }
  }

  @Test
  void pages_of_administrators(Lab lab) {
    try (Visitor visitor = lab.visitor(furnished.administrator)) {
      check(
          visitor,
          List.of(
              "/console/models",
              "/console/people",
              "/console/people/everything",
              "/console/people/everything/delete",
              "/console/people/everything/limits",
              "/console/people/everything/webhook",
              "/console/new-person",
              "/console/budgets",
              "/console/prices",
              "/console/price",
              "/console/requests/new?service=everything/chat",
              "/console/groups",
              "/console/groups/" + furnished.group + "/limits",
              "/console/groups/" + furnished.group + "/pooled-limits",
              "/console/groups/" + furnished.group + "/delete",
              "/console/operations"));
    }
  }

  @Test
  void pages_of_who_is_not_signed_in_or_is_lost(Lab lab) {
    try (Visitor visitor = lab.stranger(new Browser.NewContextOptions())) {
      check(visitor, List.of("/console/sign-in", "/console/sign-in/link/" + "x".repeat(43)));
    }
    try (Visitor visitor = lab.visitor(furnished.owner)) {
      check(
          visitor,
          List.of(
              "/console/services/everything/nothing",
              "/console/no-such-page",
              "/console/people",
              "/console/device"));
    }
  }

  private static void check(Visitor visitor, List<String> paths) {
    Page page = visitor.page();
    page.addInitScript(WATCHES);
    List<String> wide = new ArrayList<>();
    for (String path : paths) {
      page.setViewportSize(1200, 800);
      assertThat(visitor.open(path)).as(path).isLessThan(500);
      Accessibility.check(page);
      page.setViewportSize(375, 800);
      Object width = page.evaluate("() => document.documentElement.scrollWidth");
      if (!Integer.valueOf(375).equals(width)) {
        wide.add(path + " " + width + "\n" + page.evaluate(TOO_WIDE));
      }
      assertThat(page.evaluate("() => window.hits")).as(path).isEqualTo(0);
    }
    assertThat(wide).as("wider than a telephone").isEmpty();
  }
}
