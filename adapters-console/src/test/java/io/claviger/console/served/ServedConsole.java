package io.claviger.console.served;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.sessions.LocalSignIn;
import io.claviger.console.Console;
import io.claviger.testkit.http.FormBrowser;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.pages.Pages;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The API with the console on a free port, with in-memory ports and an administrator. */
public final class ServedConsole implements AutoCloseable {
  /** Markup, a right-to-left override and an emoji, as a name that somebody chose. */
  public static final String HOSTILE = "<script>alert('\"&x')</script>\u202Egnp.🙂";

  /** The beginning of that name as a page must not contain it. */
  public static final String MARKUP = "<script>alert";

  private final Served served =
      Served.start(
          Served.withPages(
              new Pages.Settings(
                  Optional.empty(),
                  new LocalSignIn(true),
                  "the identity provider",
                  Optional.of(new Console()))),
          useCases -> useCases);
  private final Map<String, String> tokens = new TreeMap<>();

  public Served served() {
    return served;
  }

  public Client root() {
    return served.root();
  }

  /** The API as this user, who is created when they are named first. */
  public Client user(String handle) {
    return served.holding(token(handle));
  }

  /** A browser in which this user is signed in; {@code root} is the administrator. */
  public FormBrowser browserOf(String handle) {
    FormBrowser browser = FormBrowser.of(URI.create("http://127.0.0.1:" + served.port()));
    TestResponse page = browser.open("/console/sign-in").isStatus(200);
    browser.submit(page, "/console/sign-in/token", Map.of("token", token(handle))).isStatus(303);
    return browser;
  }

  private String token(String handle) {
    return handle.equals("root")
        ? served.rootToken()
        : tokens.computeIfAbsent(
            handle, name -> root().post("/v1/users", Map.of("handle", name)).text("/access_token"));
  }

  /** Checks that a page is one of the console, and that no name in it became markup. */
  public static TestResponse sound(TestResponse page) {
    assertThat(page.header("Content-Type")).isEqualTo("text/html;charset=utf-8");
    assertThat(page.header("Cache-Control")).isEqualTo("no-store");
    assertThat(page.header("Content-Security-Policy")).startsWith("default-src 'none'");
    assertThat(page.body()).doesNotContain(MARKUP, " style=", " onclick=", "null</");
    return page;
  }

  @Override
  public void close() {
    served.close();
  }
}
