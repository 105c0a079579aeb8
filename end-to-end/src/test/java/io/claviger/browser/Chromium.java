package io.claviger.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Chromium of this machine, without a window: the one that {@code CLAVIGER_CHROMIUM} names, or
 * one on the path. None is downloaded.
 */
public final class Chromium implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Chromium.class);

  /** The first of these programs has no windows at all, so it needs less CPU time. */
  private static final List<String> NAMES =
      List.of("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome");

  /**
   * What no test needs: processes in reserve, and pages of the browser's own window. This replaces
   * Playwright's list, of which the rest is what keeps addresses and pages as tests expect them.
   */
  private static final String WITHOUT =
      "--disable-features=SpareRendererForSitePerProcess,PreloadTopChromeWebUI,InitialWebUI,"
          + "WebUIReloadButton,WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup,"
          + "HttpsUpgrades,PaintHolding,Translate,MediaRouter,LensOverlay,"
          + "OptimizationHints,ThirdPartyStoragePartitioning,DestroyProfileOnBrowserClose,"
          + "AvoidUnnecessaryBeforeUnloadCheckSync,BoundaryEventDispatchTracksNodeRemoval";

  /** The network in the browser's process. The first feature is all of Playwright's own list. */
  private static final String WITH =
      "--enable-features=CDPScreenshotNewSurface,NetworkServiceInProcess2";

  private final Playwright playwright;
  private final Browser browser;

  private Chromium(Playwright playwright, Browser browser) {
    this.playwright = playwright;
    this.browser = browser;
  }

  /** Starts Chromium. Empty if this machine has no Chromium; the log then says so. */
  public static Optional<Chromium> start() {
    Optional<Path> program = program();
    if (program.isEmpty()) {
      LOG.warn("no Chromium on the path or in CLAVIGER_CHROMIUM: its tests are skipped");
      return Optional.empty();
    }
    Playwright playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    Browser browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(program.get())
                    .setHeadless(true)
                    .setArgs(
                        List.of(
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-dev-shm-usage",
                            WITH,
                            WITHOUT)));
    return Optional.of(new Chromium(playwright, browser));
  }

  /** Opens a context for one person, with its own cookies. */
  public BrowserContext person() {
    return browser.newContext();
  }

  /** Opens a context for another person, with its own settings. */
  BrowserContext person(Browser.NewContextOptions options) {
    return browser.newContext(options);
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }

  private static Optional<Path> program() {
    Optional<Path> named = Optional.ofNullable(System.getenv("CLAVIGER_CHROMIUM")).map(Path::of);
    return named.or(
        () ->
            NAMES.stream()
                .flatMap(name -> path().map(directory -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .findFirst());
  }

  private static Stream<String> path() {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1));
  }
}
