package io.claviger.console.served;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.fakes.InMemoryPorts;
import io.claviger.application.sessions.LocalSignIn;
import io.claviger.console.Console;
import io.claviger.testkit.http.FormBrowser;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.pages.Pages;
import io.claviger.web.served.Client;
import io.claviger.web.served.InMemoryUseCases;
import io.claviger.web.served.Served;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The API with the console on a free port, with in-memory ports. It ends with the class of tests.
 */
public final class ServedConsole implements AfterAllCallback {
  /** A character that reverses the rest of a line. */
  private static final String UNSEEN = "\u202E";

  /** Markup, a right-to-left override and an emoji, as a name that somebody chose. */
  public static final String HOSTILE = "<script>alert('\"&x')</script>" + UNSEEN + "gnp.🙂";

  /** The values of fields, which the browser sends back as they are. */
  private static final Pattern SENT_BACK =
      Pattern.compile(" value=\"[^\"]*\"|<textarea.*?</textarea>", Pattern.DOTALL);

  private static final Pattern ID = Pattern.compile(" id=\"[^\"]*\"");

  private final Map<String, Person> people = new TreeMap<>();
  private final Served served;

  public ServedConsole() {
    this(u -> u);
  }

  /**
   * @param useCases replaces use cases by others
   */
  public ServedConsole(UnaryOperator<InMemoryUseCases> useCases) {
    this.served =
        Served.withPages(
            new Pages.Settings(
                Optional.empty(),
                new LocalSignIn(true),
                "",
                Console.frame(),
                Pages.Settings.STANDARD_KEY_AGE),
            Console.FEATURES,
            useCases);
  }

  /** Somebody with a browser that is signed in, and a token for the API. */
  public record Person(String handle, FormBrowser browser, Client api) {
    public TestResponse open(String path) {
      return browser.open(path);
    }

    /** Opens a page, and sends the form in it that goes to the same address. */
    public TestResponse send(String path, Map<String, String> filledIn) {
      return browser.submit(open(path).isStatus(200), path, filledIn);
    }

    /** Opens a page, and sends the form in it that goes to another address. */
    public TestResponse send(String page, String path, Map<String, String> filledIn) {
      return browser.submit(open(page).isStatus(200), path, filledIn);
    }
  }

  /** Returns a new user, signed in with the first access token. */
  public Person person(String handle) {
    String token =
        served
            .root()
            .post("/v1/users", Map.of("handle", handle))
            .isStatus(201)
            .text("/access_token");
    return signedIn(handle, token);
  }

  /** Returns a new user who owns the service {@code chat} with these settings. */
  public Person owner(String handle, Map<String, ?> service) {
    Person owner = person(handle);
    owner.api().put("/v1/llm-services/" + handle + "/chat", service).isStatus(201);
    return owner;
  }

  /** Returns the administrator. */
  public Person root() {
    return signedIn("root", served.rootToken());
  }

  /** The API as this user, who is created when they are named first. */
  public Client apiOf(String handle) {
    return known(handle).api();
  }

  /** A browser in which this user is signed in, who is created when they are named first. */
  public FormBrowser browserOf(String handle) {
    return known(handle).browser();
  }

  private Person known(String handle) {
    return people.computeIfAbsent(handle, name -> name.equals("root") ? root() : person(name));
  }

  /**
   * Checks that a page is one of the console, loads nothing from elsewhere, has each id once, and
   * that no name in it became markup or reverses the text after it.
   */
  public static TestResponse sound(TestResponse page) {
    assertThat(page.header("Content-Type")).isEqualTo("text/html;charset=utf-8");
    assertThat(page.header("Cache-Control")).isEqualTo("no-store");
    assertThat(page.header("Content-Security-Policy"))
        .isIn(
            "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src"
                + " 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self';"
                + " frame-ancestors 'none'; base-uri 'none'");
    assertThat(page.body())
        .doesNotContain("<script>alert", " style=", " onclick=", "null</")
        .doesNotContain(" src=\"http", " src=\"//", "href=\"http", "href=\"//");
    String read = SENT_BACK.matcher(page.body()).replaceAll("");
    assertThat(read).doesNotContain(UNSEEN);
    assertThat(ID.matcher(read).results().map(MatchResult::group)).doesNotHaveDuplicates();
    return page;
  }

  /** Returns the markup of a name in a sentence, which sets it apart from the sentence's words. */
  public static String named(String name) {
    return "<code><bdi>" + name + "</bdi></code>";
  }

  /** The server. */
  public Served served() {
    return served;
  }

  /** Returns a user, signed in with this access token. */
  public Person signedIn(String handle, String token) {
    FormBrowser browser = FormBrowser.of(URI.create("http://127.0.0.1:" + served.port()));
    TestResponse page = browser.open("/console/sign-in").isStatus(200);
    TestResponse unused =
        browser.submit(page, "/console/sign-in/token", Map.of("token", token)).isStatus(303);
    return new Person(handle, browser, served.holding(token));
  }

  public InMemoryPorts ports() {
    return served.ports();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    served.close();
  }
}
