package io.claviger.web.pages;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.accounts.Handle;
import io.claviger.testkit.Race;
import io.claviger.testkit.http.FormBrowser;
import io.claviger.testkit.http.TestResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OneTimeLinkTest {
  @AutoClose private static final ServedPages SERVED = ServedPages.local();

  private final FormBrowser browser = SERVED.browser();

  @Test
  void opening_a_link_shows_whom_one_becomes_and_only_the_button_signs_in() {
    String link = link();
    int before = SERVED.sessions.count();
    TestResponse shown = browser.open(link).isStatus(200);
    assertThat(shown.body()).contains("Sign in as alice");
    browser.open(link).isStatus(200);
    assertThat(SERVED.sessions.count()).isEqualTo(before);
    TestResponse account = browser.follow(browser.submit(shown, link, Map.of())).isStatus(200);
    assertThat(account.body()).contains("alice", "with a one-time link");
  }

  @Test
  void a_used_link_does_not_work_again() {
    String link = link();
    TestResponse shown = browser.open(link);
    FormBrowser other = SERVED.browser();
    TestResponse alsoShown = other.open(link);
    browser.submit(shown, link, Map.of()).isStatus(303);
    other.submit(alsoShown, link, Map.of()).isStatus(404);
    assertThat(other.open(link).isStatus(404).body()).contains("used already");
    assertThat(other.cookies()).doesNotContainKey("claviger-session");
  }

  @Test
  void of_16_browsers_that_use_a_link_at_once_one_is_signed_in() {
    String link = link();
    List<FormBrowser> browsers =
        java.util.stream.Stream.generate(SERVED::browser).limit(16).toList();
    List<TestResponse> shown = browsers.stream().map(each -> each.open(link)).toList();
    List<Integer> answers =
        Race.of(16, n -> browsers.get(n).submit(shown.get(n), link, Map.of()).status(), 1);
    assertThat(answers).containsOnlyOnce(303).containsOnly(303, 404);
  }

  @Test
  void another_site_can_not_use_a_link_in_somebody_elses_browser() {
    String link = link();
    TestResponse shown = browser.open(link);
    Map<String, String> fields = FormBrowser.fields(shown, link);
    browser.post(link, fields, "Sec-Fetch-Site", "cross-site").isStatus(403);
    SERVED.browser().post(link, fields, "Sec-Fetch-Site", "same-origin").isStatus(403);
    assertThat(browser.open(link).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "%3Cscript%3E", "%00"})
  void what_is_no_link_is_told_like_a_used_one(String secret) {
    TestResponse answer = browser.open("/console/sign-in/link/" + secret);
    assertThat(answer.status()).isIn(400, 404);
    assertThat(answer.body()).doesNotContain("<script>");
  }

  private static String link() {
    return "/console/sign-in/link/" + SERVED.links.make(new Handle("alice")).orThrow().reveal();
  }
}
