package io.claviger.signin;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.Cookie;
import io.claviger.browser.Chromium;
import io.claviger.testkit.http.TestClient;
import io.claviger.testkit.http.TestResponse;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Sign-in with a real Keycloak in a real browser. */
@SuppressWarnings("NullAway.Init") // set before the tests
@Tag("thorough")
class BrowserSignInTest {
  private static SignedInNode node;
  private static Chromium chromium;

  @BeforeAll
  static void start() {
    var found = Chromium.start();
    assumeTrue(found.isPresent(), "no Chromium");
    chromium = found.orElseThrow();
    node = SignedInNode.start();
  }

  @AfterAll
  static void close() {
    if (chromium != null) {
      chromium.close();
    }
    if (node != null) {
      node.close();
    }
  }

  @Test
  void somebody_signs_in_sees_their_account_and_signs_out() {
    node.realm.person("seen", "staff");
    try (BrowserContext person = chromium.person()) {
      List<String> complaints = new CopyOnWriteArrayList<>();
      List<String> asked = new CopyOnWriteArrayList<>();
      person.onRequest(request -> asked.add(request.url() + request.headers()));
      Page page = person.newPage();
      page.onConsoleMessage(message -> complaints.add(message.text()));
      signIn(page, "seen");
      assertThat(page.getByRole(AriaRole.HEADING, named("Home"))).isVisible();
      openAccount(page);
      assertThat(page.getByRole(AriaRole.HEADING, named("My account"))).isVisible();
      assertThat(page.getByText("This browser")).isVisible();
      Cookie session =
          person.cookies(node.url()).stream()
              .filter(cookie -> cookie.name.equals("claviger-session"))
              .findFirst()
              .orElseThrow();
      assertThat(session.httpOnly).isTrue();
      assertThat(page.content()).doesNotContain(session.value);
      node.journey.assertNoKeyIn("the page", page.content());
      node.journey.assertNoKeyIn("what the browser asked for", String.join("\n", asked));
      page.getByRole(AriaRole.BUTTON, button("Sign out")).click();
      assertThat(page).hasURL(node.url() + SignedInNode.SIGN_IN);
      assertThat(complaints).noneMatch(text -> text.contains("Content Security Policy"));
    }
  }

  @Test
  void a_device_is_let_in_by_the_code_that_somebody_types() {
    node.realm.person("typist");
    TestClient device =
        TestClient.of(java.net.URI.create(node.url()))
            .with("Content-Type", "application/x-www-form-urlencoded");
    TestResponse asked =
        device
            .send(
                "POST",
                "/oauth/device_authorization",
                BodyPublishers.ofString("client_id=claviger&scope=use"))
            .isStatus(200);
    try (BrowserContext person = chromium.person()) {
      Page page = person.newPage();
      page.navigate(node.url() + "/device");
      fillIn(page, "typist");
      assertThat(page).hasURL(node.url() + "/console/device");
      page.getByLabel("Code").fill(asked.text("/user_code").toLowerCase(java.util.Locale.ROOT));
      page.getByRole(AriaRole.BUTTON, button("Show who asks")).click();
      assertThat(page.getByText("Asked from")).isVisible();
      page.getByRole(AriaRole.BUTTON, button("Let it in as typist")).click();
      assertThat(page.getByRole(AriaRole.HEADING, named("The device is signed in"))).isVisible();
    }
    TestResponse token =
        device
            .send(
                "POST",
                "/oauth/token",
                BodyPublishers.ofString(
                    "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code"
                        + "&client_id=claviger&device_code="
                        + asked.text("/device_code")))
            .isStatus(200);
    assertThat(node.api(token.text("/access_token")).get("/v1/me").text("/handle"))
        .isEqualTo("typist");
  }

  @Test
  void somebody_ends_the_session_of_another_browser_on_the_account_page() {
    node.realm.person("forgetful");
    try (BrowserContext left = chromium.person();
        BrowserContext here = chromium.person()) {
      Page elsewhere = left.newPage();
      signIn(elsewhere, "forgetful");
      openAccount(elsewhere);
      Page page = here.newPage();
      signIn(page, "forgetful");
      openAccount(page);
      page.getByRole(AriaRole.BUTTON, button("End this session")).click();
      assertThat(page.getByRole(AriaRole.BUTTON, button("End this session"))).hasCount(0);
      assertThat(page.getByText("This browser")).isVisible();
      elsewhere.reload();
      assertThat(elsewhere).hasURL(Pattern.compile(".*" + SignedInNode.SIGN_IN + "\\?return=.*"));
    }
  }

  private static void openAccount(Page page) {
    page.getByTitle("My account").click();
    assertThat(page).hasURL(node.url() + SignedInNode.ACCOUNT);
  }

  private static void signIn(Page page, String name) {
    page.navigate(node.url() + SignedInNode.SIGN_IN);
    fillIn(page, name);
  }

  private static void fillIn(Page page, String name) {
    page.getByRole(AriaRole.BUTTON, button("Sign in with")).first().click();
    page.locator("#username").fill(name);
    page.locator("#password").fill("password-of-" + name);
    page.locator("#kc-login").click();
  }

  private static Page.GetByRoleOptions named(String name) {
    return new Page.GetByRoleOptions().setName(name);
  }

  private static Page.GetByRoleOptions button(String name) {
    return new Page.GetByRoleOptions().setName(name);
  }
}
