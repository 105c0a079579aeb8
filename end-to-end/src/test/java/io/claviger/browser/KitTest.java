package io.claviger.browser;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.ColorScheme;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each piece of the design, on one page that only this test has, looks as it did. The pictures are
 * compared by the mean brightness of squares, so that other fonts or a shift by some pixels pass,
 * and a piece that is gone, in another place or without its colour does not. The system property
 * {@code claviger.kit} writes the pictures again, into the directory that it names.
 */
@BrowserTest
@Tag("thorough")
class KitTest {
  private static final String KIT = "/io/claviger/browser/kit/";
  private static final int SQUARE = 24;

  /** Of 255. Letters are thin, so that other ones change the mean of a square by less. */
  private static final int MOST_DIFFERENCE = 24;

  private static final double MOST_SQUARES = 0.04;
  private static final double MOST_HEIGHT = 0.03;

  @ParameterizedTest
  @CsvSource({"LIGHT, 1280", "DARK, 1280", "LIGHT, 375", "DARK, 375"})
  void each_piece_looks_as_it_did(ColorScheme scheme, int width, Lab lab) throws IOException {
    byte[] picture = picture(lab, scheme, width, "");
    String name = "kit-%s-%d.png".formatted(scheme == ColorScheme.DARK ? "dark" : "light", width);
    String kept = System.getProperty("claviger.kit");
    if (kept != null) {
      Path unused = Files.write(Path.of(kept, name), picture);
      return;
    }
    BufferedImage stored = ImageIO.read(new ByteArrayInputStream(read(name)));
    assertThat(stored.getWidth()).isEqualTo(width);
    assertThat(differing(stored, image(picture))).as(name).isLessThan(MOST_SQUARES);
    byte[] broken = picture(lab, scheme, width, "section, .card, .title { display: inline }");
    assertThat(differing(stored, image(broken))).as("broken layout").isGreaterThan(MOST_SQUARES);
  }

  private static byte[] picture(Lab lab, ColorScheme scheme, int width, String style)
      throws IOException {
    Browser.NewContextOptions window =
        new Browser.NewContextOptions().setViewportSize(width, 800).setColorScheme(scheme);
    String kit = new String(read("kit.html"), UTF_8);
    try (Visitor visitor = lab.stranger(window)) {
      Page page = visitor.page();
      visitor.open("/console/sign-in");
      String shown =
          kit.replace("{style}", address(page, "console.css"))
              .replace("{mark}", address(page, "mark.svg"))
              .replace("</head>", "<style>" + style + "</style></head>");
      page.route(
          "**/console/kit",
          route ->
              route.fulfill(new Route.FulfillOptions().setContentType("text/html").setBody(shown)));
      var unused = page.navigate(lab.node.api() + "/console/kit");
      Object overflow = page.evaluate("() => document.documentElement.scrollWidth");
      if (style.isEmpty()) {
        assertThat(overflow).isEqualTo(width);
      }
      return page.screenshot(new Page.ScreenshotOptions().setFullPage(true));
    }
  }

  /** The address of a file on a page, which has a part that changes with the file. */
  private static String address(Page page, String file) {
    return Pattern.compile("/console/assets/[0-9a-f]+/" + file)
        .matcher(page.content())
        .results()
        .map(MatchResult::group)
        .findFirst()
        .orElseThrow();
  }

  /** The part of the squares that differ; 1 if one picture is much longer. */
  private static double differing(BufferedImage one, BufferedImage other) {
    int height = Math.min(one.getHeight(), other.getHeight());
    if (Math.abs(one.getHeight() - other.getHeight()) > MOST_HEIGHT * height) {
      return 1;
    }
    int squares = 0;
    int differing = 0;
    for (int y = 0; y + SQUARE <= height; y += SQUARE) {
      for (int x = 0; x + SQUARE <= one.getWidth(); x += SQUARE) {
        squares++;
        if (Math.abs(brightness(one, x, y) - brightness(other, x, y)) > MOST_DIFFERENCE) {
          differing++;
        }
      }
    }
    return (double) differing / squares;
  }

  private static double brightness(BufferedImage image, int left, int top) {
    long sum = 0;
    for (int y = top; y < top + SQUARE; y++) {
      for (int x = left; x < left + SQUARE; x++) {
        int rgb = image.getRGB(x, y);
        sum += ((rgb >> 16) & 255) + ((rgb >> 8) & 255) + (rgb & 255);
      }
    }
    return sum / 3.0 / (SQUARE * SQUARE);
  }

  private static BufferedImage image(byte[] picture) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(picture));
  }

  private static byte[] read(String name) throws IOException {
    try (InputStream in = KitTest.class.getResourceAsStream(KIT + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }
}
