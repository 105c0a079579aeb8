package io.claviger.web.pages;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.FormBrowser;
import io.claviger.testkit.http.TestClient;
import io.claviger.testkit.http.TestResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Other sites can't make a signed-in browser change anything. */
class CrossSiteTest {
  private static final String SIGN_IN = "/console/sign-in";
  private static final String TOKEN = SIGN_IN + "/token";
  private static final String ACCOUNT = "/console/account";
  private static final String SIGN_OUT = ACCOUNT + "/sign-out";
  @AutoClose private static final ServedPages SERVED = ServedPages.local();

  private final FormBrowser browser = SERVED.browser();
  private TestResponse account = browser.open(SIGN_IN);

  @BeforeEach
  void signIn() {
    TestResponse signedIn = browser.submit(account, TOKEN, Map.of("token", SERVED.aliceToken));
    account = browser.follow(signedIn).isStatus(200);
  }

  @ParameterizedTest
  @CsvSource({
    "Sec-Fetch-Site, cross-site",
    "Sec-Fetch-Site, same-site",
    "Sec-Fetch-Site, none",
    "Origin, https://evil.example",
    "Origin, null",
    "Origin, http://localhost",
    "X-Nothing, at-all"
  })
  void a_form_of_another_origin_changes_nothing_even_with_the_pages_token(
      String header, String value) {
    Map<String, String> fields = FormBrowser.fields(account, SIGN_OUT);
    TestResponse refused = browser.post(SIGN_OUT, fields, header, value);
    refused.isStatus(403);
    assertThat(refused.body()).contains("Nothing was done");
    browser.open(ACCOUNT).isStatus(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/sign-out",
        "/sign-in-again",
        "/identity/link",
        "/identity/unlink",
        "/sessions/00000000-0000-0000-0000-000000000001/end"
      })
  void a_form_without_the_pages_token_changes_nothing(String form) {
    for (String token : new String[] {"", "A".repeat(43), "A".repeat(115), "\u00e9"}) {
      browser
          .post(ACCOUNT + form, Map.of(Visit.PROOF, token), "Sec-Fetch-Site", "same-origin")
          .isStatus(403);
    }
    browser.open(ACCOUNT).isStatus(200);
  }

  @Test
  void the_token_of_another_session_is_none() {
    FormBrowser attacker = SERVED.browser();
    TestResponse own =
        attacker.follow(
            attacker.submit(attacker.open(SIGN_IN), TOKEN, Map.of("token", SERVED.rootToken)));
    Map<String, String> fields = FormBrowser.fields(own, SIGN_OUT);
    browser.post(SIGN_OUT, fields, "Sec-Fetch-Site", "same-origin").isStatus(403);
  }

  @Test
  void nobody_is_signed_in_to_an_attackers_account_without_knowing() {
    FormBrowser victim = SERVED.browser();
    victim
        .post(
            TOKEN,
            Map.of("token", SERVED.aliceToken),
            "Sec-Fetch-Site",
            "cross-site",
            "Origin",
            "https://evil.example")
        .isStatus(403);
    victim
        .post(TOKEN, Map.of("token", SERVED.aliceToken), "Sec-Fetch-Site", "same-origin")
        .isStatus(403);
    assertThat(victim.cookies()).isEmpty();
  }

  @Test
  void links_change_nothing() {
    for (String path : new String[] {"/sign-out", "/identity/link", "/identity/unlink"}) {
      browser.open(ACCOUNT + path).isStatus(405);
    }
    browser.open(ACCOUNT).isStatus(200);
  }

  @Test
  void a_damaged_token_of_the_page_is_none() {
    String token = tokenOf(account);
    String other = token.startsWith("A") ? "B" : "A";
    for (String damaged :
        List.of(other + token.substring(1), token.substring(1), token + "AAAA", token + "!")) {
      browser
          .post(SIGN_OUT, Map.of(Visit.PROOF, damaged), "Sec-Fetch-Site", "same-origin")
          .isStatus(403);
    }
    browser.open(ACCOUNT).isStatus(200);
  }

  /**
   * If the token always looked the same, stored guesses of the token would change the length of the
   * compressed page.
   */
  @Test
  void the_token_looks_different_on_each_page_and_each_is_taken() {
    Set<String> parts = new HashSet<>();
    for (TestResponse page : List.of(account, browser.open(ACCOUNT), browser.open(ACCOUNT))) {
      String token = tokenOf(page);
      parts.addAll(List.of(token.substring(0, 20), token.substring(token.length() - 20)));
      browser
          .post(
              ACCOUNT + "/sessions/00000000-0000-0000-0000-000000000001/end",
              Map.of(Visit.PROOF, token),
              "Sec-Fetch-Site",
              "same-origin")
          .isStatus(404);
    }
    assertThat(parts).hasSize(6);
  }

  @ParameterizedTest
  @CsvSource({
    "Sec-Fetch-Site, none",
    "Sec-Fetch-Site, same-origin",
    "Sec-Fetch-Site, cross-site",
    "X-Nothing, at-all"
  })
  void a_long_page_is_compressed_whatever_site_led_to_it(String header, String value)
      throws IOException {
    HttpResponse<InputStream> page =
        gzipClient().stream("GET", ACCOUNT, BodyPublishers.noBody(), header, value);
    assertThat(page.headers().firstValue("Content-Encoding")).contains("gzip");
    try (InputStream body = new GZIPInputStream(page.body())) {
      assertThat(withoutToken(new String(body.readAllBytes(), StandardCharsets.UTF_8)))
          .isEqualTo(withoutToken(account.body()));
    }
  }

  @Test
  void a_long_page_has_no_body_if_only_its_headers_are_requested() {
    TestResponse page = gzipClient().send("HEAD", ACCOUNT, BodyPublishers.noBody());
    assertThat(page.isStatus(200).body()).isEmpty();
  }

  @Test
  void what_is_no_form_is_refused() {
    browser
        .post(SIGN_OUT, Map.of(), "Sec-Fetch-Site", "same-origin", "Content-Type", "text/plain")
        .isStatus(415);
    browser.open(ACCOUNT).isStatus(200);
  }

  @Test
  void a_user_ends_another_browsers_session_and_signs_out() {
    FormBrowser phone = SERVED.browser();
    phone.submit(phone.open(SIGN_IN), TOKEN, Map.of("token", SERVED.aliceToken)).isStatus(303);
    TestResponse both = browser.open(ACCOUNT);
    String end =
        both.body().replaceAll("(?s).*action=\"(/console/account/sessions/[^\"]+/end)\".*", "$1");
    browser.submit(both, end, Map.of()).isStatus(303);
    assertThat(phone.open(ACCOUNT).header("Location")).isEqualTo(SIGN_IN);
    TestResponse out = browser.submit(both, SIGN_OUT, Map.of());
    assertThat(out.isStatus(303).header("Location")).isEqualTo(SIGN_IN);
    assertThat(browser.open(ACCOUNT).header("Location")).isEqualTo(SIGN_IN);
  }

  /** Returns a client with the browser's cookies that accepts compressed answers. */
  private TestClient gzipClient() {
    String cookies =
        browser.cookies().entrySet().stream()
            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
            .collect(Collectors.joining("; "));
    return TestClient.of(SERVED.url()).with("Cookie", cookies).with("Accept-Encoding", "gzip");
  }

  private static String withoutToken(String page) {
    return page.replaceAll("(name=\"page_token\" value=\")[^\"]*", "$1");
  }

  private static String tokenOf(TestResponse page) {
    return String.valueOf(FormBrowser.fields(page, SIGN_OUT).get(Visit.PROOF));
  }
}
