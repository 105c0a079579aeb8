package io.claviger.browser;

import com.microsoft.playwright.Page;
import java.util.ArrayList;
import java.util.List;

/** Checks that the texts on a page did no harm to the page. */
final class HarmlessPage {
  private static final String WATCHES = "window.hits = 0; window.hit = () => window.hits++;";

  private static final String TOO_WIDE =
      """
      () => [...document.querySelectorAll('main *, header *')]
        .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
        .filter(e => !e.closest('.overflow-auto, pre, .hidden'))
        .map(e => e.outerHTML.slice(0, 150)).slice(0, 3).join('\\n')
      """;

  /** Rows are stacked there, except in tables of figures, which scroll in a box of their own. */
  private static final String SCROLLED =
      """
      () => [...document.querySelectorAll('main .overflow-auto')]
        .filter(e => e.scrollWidth > e.clientWidth)
        .filter(e => !e.querySelector('table.figures, table:not(.stacked) td.number'))
        .map(e => e.outerHTML.slice(0, 150)).join('\\n')
      """;

  private HarmlessPage() {}

  /**
   * From now on, counts how often a script from a text runs. Each such script would call {@code
   * hit()}.
   */
  static void watch(Page page) {
    page.addInitScript(WATCHES);
  }

  /**
   * Returns the harm that a text did to the shown page: it ran a script, or made the page wider
   * than a telephone.
   */
  static List<String> faults(Page page) {
    page.setViewportSize(375, 800);
    List<String> faults = new ArrayList<>();
    Object width = page.evaluate("() => document.documentElement.scrollWidth");
    if (!Integer.valueOf(375).equals(width)) {
      faults.add(page.url() + " is " + width + " wide\n" + page.evaluate(TOO_WIDE));
    }
    Object scrolled = page.evaluate(SCROLLED);
    if (!"".equals(scrolled)) {
      faults.add(page.url() + " has a table wider than a telephone\n" + scrolled);
    }
    if (!Integer.valueOf(0).equals(page.evaluate("() => window.hits"))) {
      faults.add(page.url() + " ran a script");
    }
    return faults;
  }
}
