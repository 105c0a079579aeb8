package io.claviger.web.pages;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.sessions.LocalSignIn;
import io.claviger.testkit.http.FormBrowser;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.RawConnection;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sign-in with a pasted access token, and what every form of the pages demands. */
class TokenSignInTest {
  private static final String SIGN_IN = "/console/sign-in";
  private static final String TOKEN = "/console/sign-in/token";
  private static final String START = "/console";
  private static final String ACCOUNT = "/console/account";
  @AutoClose private static final ServedPages SERVED = ServedPages.local();

  private final FormBrowser browser = SERVED.browser();

  @Test
  void a_pasted_token_signs_in_and_is_nowhere_in_what_comes_back() {
    TestResponse page = browser.open(SIGN_IN).isStatus(200);
    String token = SERVED.aliceToken;
    TestResponse answer = browser.submit(page, TOKEN, Map.of("token", " " + token + "\n"));
    assertThat(answer.header("Location")).isEqualTo(START);
    TestResponse account = browser.follow(answer).isStatus(200);
    assertThat(account.body()).contains("alice", "with an access token");
    assertThat(answer.response().headers().toString() + answer.body() + account.body())
        .doesNotContain(token);
    assertThat(browser.cookies().values()).noneMatch(value -> value.contains(token));
  }

  @Test
  void pages_have_no_scripts_are_kept_nowhere_and_framed_by_nobody() {
    for (String path : new String[] {SIGN_IN, ACCOUNT, "/console/none"}) {
      TestResponse page = browser.open(path);
      assertThat(page.header("Content-Security-Policy"))
          .isEqualTo(
              "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self';"
                  + " frame-ancestors 'none'; base-uri 'none'");
      assertThat(page.header("Cache-Control")).isEqualTo("no-store");
      assertThat(page.header("Referrer-Policy")).isEqualTo("no-referrer");
      assertThat(page.header("Cross-Origin-Opener-Policy")).isEqualTo("same-origin");
      assertThat(page.header("X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(page.body()).doesNotContain("<script", "style=", "onclick");
    }
  }

  @Test
  void over_loopback_http_the_cookie_has_neither_prefix_nor_secure() {
    TestResponse answer = signIn(browser);
    assertThat(answer.values("Set-Cookie"))
        .anySatisfy(
            cookie ->
                assertThat(cookie)
                    .matches("claviger-session=[\\w-]{43}; Path=/; HttpOnly; SameSite=Lax"));
  }

  @Test
  void over_https_the_cookie_is_bound_to_the_host_and_secure() {
    try (ServedPages https = ServedPages.at(ServedPages.PUBLIC)) {
      FormBrowser there = FormBrowser.of(https.url());
      TestResponse page = there.open(SIGN_IN);
      TestResponse answer =
          there.submit(page, TOKEN, Map.of("token", https.aliceToken)).isStatus(303);
      assertThat(answer.values("Set-Cookie"))
          .anySatisfy(
              cookie ->
                  assertThat(cookie)
                      .matches(
                          "__Host-claviger-session=[\\w-]{43}; Path=/; HttpOnly; SameSite=Lax;"
                              + " Secure"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {SIGN_IN, TOKEN})
  void over_other_plain_http_nobody_can_sign_in_and_the_page_says_so(String path) {
    try (ServedPages plain = ServedPages.at("http://claviger.example.org")) {
      FormBrowser there = FormBrowser.of(plain.url());
      TestResponse answer =
          path.equals(SIGN_IN)
              ? there.open(path)
              : there.post(
                  path, Map.of("token", plain.aliceToken), "Origin", "http://claviger.example.org");
      answer.isStatus(403);
      assertThat(answer.body()).contains("plain HTTP", "CLAVIGER_PUBLIC_URL");
      assertThat(plain.sessions.count()).isZero();
    }
  }

  @Test
  void a_token_that_is_not_known_signs_nobody_in() {
    TestResponse page = browser.open(SIGN_IN);
    TestResponse answer =
        browser.submit(page, TOKEN, Map.of("token", "clv_<b>hunter2</b>")).isStatus(401);
    assertThat(answer.body()).contains("unknown, expired or revoked").doesNotContain("hunter2");
    assertThat(browser.cookies()).doesNotContainKey("claviger-session");
  }

  @Test
  void without_local_sign_in_a_token_of_root_alone_signs_in() {
    try (ServedPages strict =
        ServedPages.with(new Pages.Settings(Optional.empty(), new LocalSignIn(false), ""))) {
      FormBrowser alice = strict.browser();
      TestResponse page = alice.open(SIGN_IN);
      assertThat(page.body()).contains("only root may");
      TestResponse refused =
          alice.submit(page, TOKEN, Map.of("token", strict.aliceToken)).isStatus(403);
      assertThat(refused.body()).contains("only root may");
      FormBrowser root = strict.browser();
      root.submit(root.open(SIGN_IN), TOKEN, Map.of("token", strict.rootToken)).isStatus(303);
    }
  }

  @Test
  void a_cookie_that_somebody_planted_is_not_the_one_of_the_session() {
    browser.cookies().put("claviger-session", "A".repeat(43));
    TestResponse answer = signIn(browser);
    assertThat(answer.isStatus(303).status()).isEqualTo(303);
    assertThat(browser.cookies().get("claviger-session")).isNotEqualTo("A".repeat(43));
  }

  /** A neighbouring host can add a cookie, and the browser sends both. */
  @Test
  void of_two_cookies_of_a_session_none_counts() {
    signIn(browser).isStatus(303);
    browser.open(ACCOUNT).isStatus(200);

    browser.cookies().put("more", "x; claviger-session=" + "A".repeat(43));

    assertThat(browser.open(ACCOUNT).header("Location")).isEqualTo(SIGN_IN);
    browser.cookies().remove("more");
    browser.open(ACCOUNT).isStatus(200);
  }

  @Test
  void signing_in_again_gives_a_new_cookie_and_ends_the_session_before() {
    signIn(browser).isStatus(303);
    String before = browser.cookies().get("claviger-session");
    int sessions = SERVED.sessions.count();
    FormBrowser planted = SERVED.browser();
    planted.cookies().put("claviger-session", String.valueOf(before));
    TestResponse account = planted.open(ACCOUNT);
    String proof = FormBrowser.fields(account, ACCOUNT + "/sign-out").get(Visit.PROOF);
    planted
        .post(
            TOKEN,
            Map.of("token", SERVED.rootToken, Visit.PROOF, String.valueOf(proof)),
            "Sec-Fetch-Site",
            "same-origin")
        .isStatus(303);
    assertThat(planted.cookies().get("claviger-session")).isNotEqualTo(before);
    assertThat(SERVED.sessions.count()).isEqualTo(sessions);
    assertThat(browser.open(ACCOUNT).header("Location")).isEqualTo(SIGN_IN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://evil.example", "//evil.example", "/docs", "/console/../docs"})
  void signing_in_leads_to_no_other_site(String wanted) {
    TestResponse page = browser.open(SIGN_IN);
    TestResponse answer =
        browser.submit(page, TOKEN, Map.of("token", SERVED.aliceToken, "return", wanted));
    assertThat(answer.isStatus(303).header("Location")).isEqualTo(START);
  }

  @Test
  void signing_in_leads_back_to_the_page_that_was_wanted() {
    TestResponse page = browser.open(SIGN_IN + "?return=%2Fconsole%2Fdevice");
    assertThat(browser.submit(page, TOKEN, Map.of("token", "clv_mistyped")).isStatus(401).body())
        .contains("<a href=\"" + SIGN_IN + "?return=%2Fconsole%2Fdevice\">Sign in</a>");
    TestResponse answer = browser.submit(page, TOKEN, Map.of("token", SERVED.aliceToken));
    assertThat(answer.header("Location")).isEqualTo("/console/device");
  }

  @Test
  void a_form_does_nothing_if_its_session_has_ended_when_the_form_is_there() throws IOException {
    String token =
        SERVED
            .served()
            .root()
            .post("/v1/users", Map.of("handle", "gail"))
            .isStatus(201)
            .text("/access_token");
    Client gail = SERVED.served().holding(token);
    signIn(browser, token).isStatus(303);
    String own = gail.get("/v1/users/gail/sessions").text("/items/0/id");
    signIn(SERVED.browser(), token).isStatus(303);
    String other =
        gail.get("/v1/users/gail/sessions").items("id").stream()
            .filter(id -> !id.equals(own))
            .findAny()
            .orElseThrow();
    String path = ACCOUNT + "/sessions/" + other + "/end";
    String body =
        Visit.PROOF + "=" + FormBrowser.fields(browser.open(ACCOUNT), path).get(Visit.PROOF);
    try (RawConnection slow = new RawConnection(SERVED.served().port())) {
      slow.begin(
          "POST",
          path,
          body.length(),
          "Content-Type: application/x-www-form-urlencoded",
          "Sec-Fetch-Site: same-origin",
          "Cookie: claviger-session=" + browser.cookies().get("claviger-session"));

      gail.delete("/v1/users/gail/sessions/" + own).isStatus(204);

      assertThat(slow.send(body).answer("POST", path).status()).isEqualTo(403);
      assertThat(gail.get("/v1/users/gail/sessions").text("/items/0/id")).isEqualTo(other);
    }
  }

  private static TestResponse signIn(FormBrowser browser) {
    return signIn(browser, SERVED.aliceToken);
  }

  private static TestResponse signIn(FormBrowser browser, String token) {
    return browser.submit(browser.open(SIGN_IN), TOKEN, Map.of("token", token));
  }
}
