package io.claviger.browser;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What axe-core finds against level AA of WCAG 2.2. */
final class Accessibility {
  /** Axe-core itself. What deque wraps around it brings it to a page anew for each question. */
  private static final String AXE = read("/axe.min.js");

  private static final Map<String, Object> LEVEL_AA =
      Map.of(
          "type", "tag", "values", List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"));

  private static final Map<String, Object> CONTRAST =
      Map.of("type", "rule", "values", List.of("color-contrast"));

  /** The broken rules, each with the elements that break it. */
  private static final String FAULTS =
      """
      runOnly => axe.run(document, { runOnly, resultTypes: ['violations'] })
        .then(found => found.violations.map(rule => rule.id + ' (' + rule.help + '): '
          + rule.nodes.map(node => node.html + ' ' + node.failureSummary).join('; ')))
      """;

  private Accessibility() {}

  /** What is wrong with the page that is shown in light, and with its colours in dark. */
  static List<String> faults(Page page) {
    Object unused = page.evaluate(AXE);
    List<String> faults = new ArrayList<>(faults(page, "light", LEVEL_AA));
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
    faults.addAll(faults(page, "dark", CONTRAST));
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
    return faults;
  }

  private static List<String> faults(Page page, String scheme, Map<String, Object> rules) {
    return ((List<?>) page.evaluate(FAULTS, rules))
        .stream().map(fault -> page.url() + " in " + scheme + ": " + fault).toList();
  }

  private static String read(String resource) {
    try (InputStream in = Accessibility.class.getResourceAsStream(resource)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
