package io.claviger.web.pages;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.FormBrowser;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The rates of the API hold for pages too. */
class PageRatesTest {
  private static final int PER_MINUTE = 20;
  private static final String ACCOUNT = "/console/account";

  @AutoClose
  private final Served served =
      Served.start(Served.limited(limits -> limits.withRequestsPerMinute(PER_MINUTE)), u -> u);

  @Test
  void pages_count_with_the_requests_of_their_user() {
    Client alice = served.user("alice");
    String token =
        alice.post("/v1/users/alice/tokens", Map.of("name", "n")).isStatus(201).text("/token");
    FormBrowser browser = FormBrowser.of(URI.create("http://127.0.0.1:" + served.port()));
    TestResponse signIn = browser.open("/console/sign-in");
    browser.submit(signIn, "/console/sign-in/token", Map.of("token", token)).isStatus(303);
    for (int i = 0; i < PER_MINUTE; i++) {
      alice.get("/v1/me");
    }
    TestResponse page = browser.open(ACCOUNT);
    assertReadable(page);
    served.root().get("/v1/me").isStatus(200);
  }

  @Test
  void visitors_without_a_session_get_a_readable_page_too() {
    FormBrowser browser = FormBrowser.of(URI.create("http://127.0.0.1:" + served.port()));
    TestResponse page = browser.open("/console/sign-in");
    for (int i = 0; i < 100 * PER_MINUTE && page.status() == 200; i++) {
      page = browser.open("/console/sign-in");
    }
    assertReadable(page);
    assertReadable(
        browser.post("/console/sign-in/token", Map.of("token", "x"), "Sec-Fetch-Site", "none"));
  }

  private static void assertReadable(TestResponse page) {
    page.isStatus(429);
    assertThat(page.header("Content-Type")).isEqualTo("text/html;charset=utf-8");
    assertThat(page.header("Content-Security-Policy")).contains("default-src 'none'");
    assertThat(Integer.parseInt(page.header("Retry-After"))).isBetween(1, 60);
    assertThat(page.body())
        .contains("Too many requests", "Try again in " + page.header("Retry-After") + " s");
  }
}
