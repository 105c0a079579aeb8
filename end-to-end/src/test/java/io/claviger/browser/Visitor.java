package io.claviger.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.JSHandle;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.PlaywrightException;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.HarContentPolicy;
import com.microsoft.playwright.options.ReducedMotion;
import com.microsoft.playwright.options.SameSiteAttribute;
import io.claviger.journeys.Journey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Somebody at a browser of their own. When they leave, no page may have broken the policy for its
 * content, no key may be in a page, an address, an answer or what the browser keeps, and what is
 * shown once was in no second answer.
 */
final class Visitor implements AutoCloseable {
  private static final String REPORTS_VIOLATIONS =
      """
      document.addEventListener('securitypolicyviolation',
        e => console.error('policy broken: ' + e.violatedDirective + ' ' + e.blockedURI))
      """;

  /** All addresses but those of style sheets and scripts, which are the same for everybody. */
  private static final Pattern BESIDE_FILES = Pattern.compile("^((?!/console/assets/).)*$");

  private static final String SOURCE = "() => document.documentElement.outerHTML";

  static final String KEPT =
      "() => JSON.stringify([localStorage, sessionStorage, document.cookie, history.state])";

  /** Whether a click on a button or link leads to another page. */
  private static final String LEAVES_THE_PAGE =
      """
      clicked => clicked.matches('a')
        ? !clicked.matches('[target], [download], [href^="#"]')
        : clicked.type === 'submit' && clicked.form !== null
          && !clicked.form.matches('[hx-post], :invalid') && !clicked.matches('[hx-post]')
      """;

  static final Page.GetByLabelOptions EXACTLY = new Page.GetByLabelOptions().setExact(true);

  private final BrowserContext context;
  private final Page page;
  private final URI server;
  private final Journey journey;
  private final Path recorded;
  private int clicks;
  private final List<String> complaints = new ArrayList<>();

  private Visitor(BrowserContext context, URI server, Journey journey, Path recorded) {
    this.context = context;
    this.server = server;
    this.journey = journey;
    this.recorded = recorded;
    context.addInitScript(REPORTS_VIOLATIONS);
    context.onConsoleMessage(this::hear);
    context.onWebError(error -> complaints.add(error.error()));
    context.setDefaultTimeout(15_000);
    this.page = context.newPage();
  }

  static Visitor at(
      URI server, Chromium chromium, Browser.NewContextOptions options, Journey journey) {
    try {
      Path recorded = Files.createTempFile("visit", ".har");
      options.setRecordHarPath(recorded).setRecordHarContent(HarContentPolicy.EMBED);
      options.setRecordHarUrlFilter(BESIDE_FILES);
      options.setReducedMotion(ReducedMotion.REDUCE); // colours are there at once
      return new Visitor(chromium.person(options), server, journey, recorded);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Chromium itself reports answers with an error status and missing answers. */
  private void hear(ConsoleMessage message) {
    boolean ofAnswers = message.text().startsWith("Failed to load resource:");
    if ("error".equals(message.type()) && !ofAnswers) {
      complaints.add(message.text());
    }
  }

  BrowserContext context() {
    return context;
  }

  Page page() {
    return page;
  }

  /** Another tab of the same browser. */
  Page newTab() {
    return context.newPage();
  }

  /** Has these cookies, as after a sign-in, without the pages that lead to one. */
  void keep(Map<String, String> cookies) {
    cookies.forEach(
        (name, value) ->
            context.addCookies(
                List.of(
                    new Cookie(name, value)
                        .setUrl(server.toString())
                        .setHttpOnly(true)
                        .setSameSite(SameSiteAttribute.LAX))));
  }

  /** Signs in by typing a token into the form. */
  void signIn(String token) {
    open("/console/sign-in");
    signIn(page, token);
    search();
  }

  void signInInAnotherTab(String token) {
    Page other = newTab();
    Response unused = other.navigate(server + "/console/sign-in");
    signIn(other, token);
    other.close();
  }

  private void signIn(Page shown, String token) {
    shown.getByLabel("Access token").fill(token);
    clicks++;
    shown.getByRole(AriaRole.BUTTON, exactly("Sign in")).click();
    assertThat(shown).hasURL(server + "/console");
  }

  /** Goes to an address of the console and returns the status of the answer. */
  int open(String path) {
    int status = page.navigate(server + path).status();
    search();
    return status;
  }

  /** Presses a button, waits for the page that follows if one does, and searches it. */
  void press(String button) {
    click(page.getByRole(AriaRole.BUTTON, exactly(button)));
  }

  /** Opens the menu of further actions on the thing that the page shows. */
  void openMenu() {
    clicks++;
    page.locator("details.more > summary").click();
  }

  /** For tests in which scripts have reason to complain. */
  void forgetComplaints() {
    complaints.clear();
  }

  /** Follows a link, waits for the page that it leads to, and searches it. */
  void follow(String link) {
    click(page.locator("a").filter(named(link)).first());
  }

  /** How often this visitor pressed, followed or chose something. What was typed is not counted. */
  int clicks() {
    return clicks;
  }

  private void click(Locator place) {
    clicks++;
    if ((boolean) place.evaluate(LEAVES_THE_PAGE)) {
      leave(page, place::click);
    } else {
      place.click();
    }
    search();
  }

  /** Does something that leads to another page, and waits until that is complete. */
  static void leave(Page page, Runnable step) {
    Object unused = page.evaluate("() => { window.isBefore = true }");
    step.run();
    JSHandle unusedToo =
        page.waitForFunction("() => !window.isBefore && document.readyState === 'complete'");
  }

  /** Presses a button whose form is not answered, so that the page stays. */
  void pressInVain(String button) {
    page.getByRole(AriaRole.BUTTON, exactly(button)).click();
    search();
  }

  void fill(String label, String text) {
    page.getByLabel(label, EXACTLY).fill(text);
  }

  /** Fills the field of this name, where the label is long. */
  void write(String field, String text) {
    page.locator("[name=" + field + "]").fill(text);
  }

  /** Chooses by the field's name and the option's value. */
  void pick(String field, String value) {
    clicks++;
    List<String> unused = page.locator("[name=" + field + "]").selectOption(value);
  }

  /** Goes back, which Chromium refuses where a form would have to be sent again. */
  void goBack() {
    walk(page::goBack);
  }

  /** Goes forward, which Chromium also refuses if a form would have to be sent again. */
  void goForward() {
    walk(page::goForward);
  }

  private void walk(Runnable step) {
    try {
      step.run();
    } catch (PlaywrightException refused) {
      assertThat(refused).hasMessageContaining("ERR_CACHE_MISS");
      page.waitForURL(url -> url.startsWith("chrome-error:"));
    }
  }

  /** Chooses the first option with this text in it. */
  void choose(String label, String option) {
    clicks++;
    Locator select = page.getByRole(AriaRole.COMBOBOX, exactly(label));
    Locator.FilterOptions fits = new Locator.FilterOptions().setHasText(option);
    String value = select.locator("option").filter(fits).first().getAttribute("value");
    List<String> unused = select.selectOption(value);
  }

  void sees(String text) {
    assertThat(page.getByText(text).first()).isVisible();
  }

  Locator heading(String text) {
    return page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName(text));
  }

  /** What the page shows, as a reader sees it. */
  String text() {
    return page.locator("main").innerText();
  }

  /** Returns a filter for elements with exactly this text. */
  private static Locator.FilterOptions named(String text) {
    return new Locator.FilterOptions()
        .setHasText(Pattern.compile("^\\s*" + escaped(text) + "\\s*$"));
  }

  /** The page as it is now, scripts' changes included. */
  String source() {
    return String.valueOf(read(SOURCE));
  }

  private Object read(String script) {
    while (true) {
      page.waitForLoadState();
      try {
        return page.evaluate(script);
      } catch (PlaywrightException e) {
        // A form that was sent has just been answered: the next page is loading.
        assertThat(e).hasMessageContaining("navigation");
      }
    }
  }

  /** Escapes a text for a pattern that Java and the browser read in the same way. */
  private static String escaped(String text) {
    return text.replaceAll("[^A-Za-z0-9 ]", "\\\\$0");
  }

  private static Page.GetByRoleOptions exactly(String name) {
    return new Page.GetByRoleOptions().setName(name).setExact(true);
  }

  /** No key is in the page that is shown, its address or what scripts could read elsewhere. */
  private void search() {
    List<?> found = (List<?>) read("() => [(" + SOURCE + ")(), (" + KEPT + ")()]");
    journey.assertNoKeyIn("the page " + page.url(), String.valueOf(found.get(0)));
    journey.assertNoKeyIn("the address", page.url());
    journey.assertNoKeyIn("what the browser keeps", String.valueOf(found.get(1)));
  }

  @Override
  public void close() {
    try {
      context.cookies().forEach(cookie -> journey.assertNoKeyIn("a cookie", cookie.value));
      context.close();
      RecordedVisit.in(recorded).assertNothingLeaked(journey);
      assertThat(complaints).isEmpty();
    } finally {
      context.close();
      delete();
    }
  }

  private void delete() {
    try {
      Files.delete(recorded);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
