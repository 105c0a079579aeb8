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
import java.util.Set;
import java.util.TreeSet;

/** Finds with axe-core what violates level AA of WCAG 2.2. */
final class Accessibility {
  /** Axe-core itself. What deque wraps around it brings it to a page anew for each question. */
  private static final String AXE = read("/axe.min.js");

  /** All rules of the level except the rule about contrast, which runs separately. */
  private static final String FAULTS =
      """
      () => axe.run(document, {
        runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] },
        rules: { 'color-contrast': { enabled: false } },
        resultTypes: ['violations'],
        selectors: false,
      }).then(found => found.violations.map(rule => rule.id + ' (' + rule.help + '): '
        + rule.nodes.map(node => node.html + ' ' + node.failureSummary).join('; ')))
      """;

  /**
   * Texts whose contrast is too low. To tell takes long, but depends on styles alone. So only those
   * texts are looked at that are written and laid on something as none was that axe found fine.
   */
  private static final String PALE =
      """
      async known => {
        const fine = new Set(known);
        const grounds = new Map([[null, '']]);
        const ground = e => {
          if (!grounds.has(e)) {
            const { backgroundColor, backgroundImage, opacity, position } = getComputedStyle(e);
            const own = [backgroundColor, backgroundImage, opacity, position].join();
            const isClear = own === 'rgba(0, 0, 0, 0),none,1,static';
            grounds.set(e, ground(e.parentElement) + (isClear ? '' : '/' + own));
          }
          return grounds.get(e);
        };
        const look = e => {
          const { color, fontSize, fontWeight, textShadow } = getComputedStyle(e);
          return [color, fontSize, fontWeight, textShadow, ground(e)].join();
        };
        const isText = e => e.value || e.placeholder
          || [...e.childNodes].some(n => n.nodeType === Node.TEXT_NODE && n.data.trim());
        const isSeen = e => e.checkVisibility({ visibilityProperty: true })
          && e.getBoundingClientRect().right > 0;
        const isOnPicture = e => getComputedStyle(e).backgroundImage !== 'none'; // axe cannot tell
        const texts = [...document.querySelectorAll('body, body *')]
          .filter(e => isText(e) && isSeen(e) && !isOnPicture(e) && !fine.has(look(e)));
        if (!texts.length) {
          return { faults: [], fine: [] };
        }
        const found = await axe.run(texts, {
          runOnly: { type: 'rule', values: ['color-contrast'] },
          resultTypes: ['violations', 'passes'],
          selectors: false,
          elementRef: true,
        });
        return {
          faults: found.violations.flatMap(rule =>
            rule.nodes.map(node => node.html + ' ' + node.failureSummary)),
          fine: found.passes.flatMap(rule => rule.nodes.map(node => look(node.element))),
        };
      }
      """;

  /** The looks of texts that are fine. */
  private final Set<String> fine = new TreeSet<>();

  /** Loads axe-core into every page that is opened until this object is closed. */
  static AutoCloseable on(Page page) {
    return page.addInitScript(AXE);
  }

  /** What is wrong with the page that is shown in light, and with its colours in dark. */
  List<String> faults(Page page) {
    List<String> faults = new ArrayList<>();
    ((List<?>) page.evaluate(FAULTS)).forEach(fault -> faults.add(page.url() + ": " + fault));
    faults.addAll(pale(page, "light"));
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
    faults.addAll(pale(page, "dark"));
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
    return faults;
  }

  private List<String> pale(Page page, String scheme) {
    Map<?, ?> found = (Map<?, ?>) page.evaluate(PALE, List.copyOf(fine));
    ((List<?>) found.get("fine")).forEach(look -> fine.add(String.valueOf(look)));
    return ((List<?>) found.get("faults"))
        .stream().map(fault -> page.url() + " in " + scheme + ": contrast: " + fault).toList();
  }

  private static String read(String resource) {
    try (InputStream in = Accessibility.class.getResourceAsStream(resource)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
