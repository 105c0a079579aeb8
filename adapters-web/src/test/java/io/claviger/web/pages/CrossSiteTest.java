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
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What other sites can make a signed-in browser do: nothing. */
class CrossSiteTest {
  private static final String SIGN_IN = "/console/sign-in";
  private static final String TOKEN = SIGN_IN + "/token";
  private static final String ACCOUNT = "/console/account";
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
    Map<String, String> fields = FormBrowser.fields(account, ACCOUNT + "/sign-out");
    TestResponse refused = browser.post(ACCOUNT + "/sign-out", fields, header, value);
    refused.isStatus(403);
    assertThat(refused.body()).contains("Nothing was done");
    browser.open(ACCOUNT).isStatus(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/sign-out",
        "/identity/link",
        "/identity/unlink",
        "/sessions/00000000-0000-0000-0000-000000000001/end"
      })
  void a_form_without_the_pages_token_changes_nothing(String form) {
    for (String token : new String[] {"", "A".repeat(43)}) {
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
    Map<String, String> fields = FormBrowser.fields(own, ACCOUNT + "/sign-out");
    browser.post(ACCOUNT + "/sign-out", fields, "Sec-Fetch-Site", "same-origin").isStatus(403);
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

  /** Otherwise, the lengths of answers to addresses with guesses would show the page's token. */
  @ParameterizedTest
  @CsvSource({
    "Sec-Fetch-Site, none, gzip",
    "Sec-Fetch-Site, same-origin, gzip",
    "Sec-Fetch-Site, same-site, ''",
    "Sec-Fetch-Site, cross-site, ''",
    "X-Nothing, at-all, ''"
  })
  void a_page_is_compressed_only_if_no_other_site_can_have_chosen_its_address(
      String header, String value, String coding) throws IOException {
    String cookies =
        browser.cookies().entrySet().stream()
            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
            .collect(Collectors.joining("; "));
    TestClient client =
        TestClient.of(SERVED.url()).with("Cookie", cookies).with("Accept-Encoding", "gzip");
    HttpResponse<InputStream> page =
        client.stream("GET", ACCOUNT, BodyPublishers.noBody(), header, value);
    assertThat(page.headers().firstValue("Content-Encoding").orElse("")).isEqualTo(coding);
    try (InputStream body = coding.isEmpty() ? page.body() : new GZIPInputStream(page.body())) {
      assertThat(new String(body.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(account.body());
    }
  }

  @Test
  void what_is_no_form_is_refused() {
    browser
        .post(
            ACCOUNT + "/sign-out",
            Map.of(),
            "Sec-Fetch-Site",
            "same-origin",
            "Content-Type",
            "text/plain")
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
    TestResponse out = browser.submit(both, ACCOUNT + "/sign-out", Map.of());
    assertThat(out.isStatus(303).header("Location")).isEqualTo(SIGN_IN);
    assertThat(browser.open(ACCOUNT).header("Location")).isEqualTo(SIGN_IN);
  }
}
