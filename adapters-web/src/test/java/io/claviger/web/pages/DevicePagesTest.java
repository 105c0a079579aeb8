package io.claviger.web.pages;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.FormBrowser;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.LogCapture;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody types the code that a device shows, and lets the device in or not. */
class DevicePagesTest {
  private static final String DEVICE = "/console/device";
  private static final String APPROVE = DEVICE + "/approve";
  private static final String DENY = DEVICE + "/deny";
  private static final String CODE = "code";

  @AutoClose private final ServedPages served = ServedPages.local();
  private final FormBrowser browser = served.browser();

  @Test
  void who_types_the_code_sees_what_asks_and_lets_it_in() {
    signIn();
    TestResponse device = asked("use");

    TestResponse offer = typed(device).isStatus(200);
    assertThat(offer.body())
        .contains(device.text("/user_code"), "127.0.0.1", "Let it in as alice", "deny");
    assertThat(polled(device).text("/error")).isEqualTo("authorization_pending");
    TestResponse done = browser.submit(offer, APPROVE, Map.of()).isStatus(200);

    assertThat(done.body()).contains("The device is signed in");
    String token = patiently(device).isStatus(200).text("/access_token");
    assertThat(served.served().holding(token).get("/v1/me").text("/handle")).isEqualTo("alice");
    assertThat(done.body()).doesNotContain(token);
    browser.submit(offer, APPROVE, Map.of()).isStatus(404);
    browser.submit(offer, DENY, Map.of()).isStatus(404);
  }

  @Test
  void who_denies_gives_nothing() {
    signIn();
    TestResponse device = asked("use");

    TestResponse done = browser.submit(typed(device), DENY, Map.of()).isStatus(200);

    assertThat(done.body()).contains("The device was denied");
    assertThat(polled(device).text("/error")).isEqualTo("access_denied");
  }

  @ParameterizedTest
  @ValueSource(strings = {DEVICE, APPROVE, DENY})
  void a_form_without_the_pages_token_answers_no_device(String form) {
    signIn();
    TestResponse device = asked("use");
    Map<String, String> fields = Map.of(CODE, device.text("/user_code"));

    browser.post(form, fields, "Sec-Fetch-Site", "same-origin").isStatus(403);
    browser
        .post(
            form,
            Map.of(CODE, device.text("/user_code"), Visit.PROOF, "A".repeat(43)),
            "Sec-Fetch-Site",
            "same-origin")
        .isStatus(403);

    assertThat(polled(device).text("/error")).isEqualTo("authorization_pending");
  }

  @ParameterizedTest
  @CsvSource({
    "Sec-Fetch-Site, cross-site",
    "Sec-Fetch-Site, same-site",
    "Origin, https://evil.example",
    "X-Nothing, at-all"
  })
  void another_site_answers_no_device_even_with_the_pages_token(String header, String value) {
    signIn();
    TestResponse device = asked("use");
    Map<String, String> fields = FormBrowser.fields(typed(device), APPROVE);

    browser.post(APPROVE, fields, header, value).isStatus(403);
    browser.post(DENY, fields, header, value).isStatus(403);

    assertThat(polled(device).text("/error")).isEqualTo("authorization_pending");
  }

  @Test
  void the_page_of_another_session_answers_nothing() {
    signIn();
    TestResponse device = asked("use");
    FormBrowser attacker = served.browser();
    signIn(attacker, served.rootToken);
    TestResponse own =
        attacker.submit(attacker.open(DEVICE), DEVICE, Map.of(CODE, device.text("/user_code")));

    browser
        .post(APPROVE, FormBrowser.fields(own, APPROVE), "Sec-Fetch-Site", "same-origin")
        .isStatus(403);

    assertThat(polled(device).text("/error")).isEqualTo("authorization_pending");
  }

  @Test
  void an_expired_code_lets_nothing_in_however_long_the_page_was_open() {
    signIn();
    TestResponse device = asked("use");
    TestResponse offer = typed(device).isStatus(200);
    served.served().ports().clock().advance(Duration.ofMinutes(10));

    browser.submit(offer, APPROVE, Map.of()).isStatus(404);
    assertThat(typed(device).isStatus(404).body()).contains("its ten minutes are over");
    assertThat(polled(device).text("/error")).isEqualTo("expired_token");
  }

  @Test
  void the_code_is_never_filled_in() {
    signIn();
    String code = asked("use").text("/user_code");

    for (String parameter : new String[] {CODE, "user_code"}) {
      assertThat(browser.open(DEVICE + "?" + parameter + "=" + code).isStatus(200).body())
          .doesNotContain(code);
    }
  }

  @Test
  void who_is_not_signed_in_is_sent_to_sign_in_and_comes_back() {
    assertThat(browser.open("/device").isStatus(303).header("Location")).isEqualTo(DEVICE);
    String there = browser.open(DEVICE).isStatus(303).header("Location");
    assertThat(there).isEqualTo("/console/sign-in?return=%2Fconsole%2Fdevice");
    TestResponse signedIn =
        browser.submit(
            browser.open(there), "/console/sign-in/token", Map.of("token", served.aliceToken));
    assertThat(signedIn.header("Location")).isEqualTo(DEVICE);
  }

  @Test
  void a_device_that_may_manage_needs_a_recent_sign_in() {
    signIn();
    TestResponse device = asked("manage");
    Map<String, String> recent = FormBrowser.fields(typed(device), APPROVE);
    served.served().ports().clock().advance(Duration.ofMinutes(5));

    TestResponse offer = typed(device).isStatus(200);
    assertThat(offer.body())
        .contains("signed in less than five minutes ago", "everything that you may")
        .doesNotContain("action=\"" + APPROVE + "\"");
    browser.post(APPROVE, recent, "Sec-Fetch-Site", "same-origin").isStatus(409);

    TestResponse out = browser.submit(offer, DEVICE + "/again", Map.of());
    assertThat(out.header("Location"))
        .isEqualTo("/console/sign-in?return=%2Fconsole%2Fdevice&again=yes");
    signIn();
    TestResponse back = browser.open(DEVICE).isStatus(200);
    assertThat(FormBrowser.fields(back, DEVICE)).containsEntry(CODE, device.text("/user_code"));
    assertThat(browser.open(DEVICE).body()).doesNotContain(device.text("/user_code"));
    TestResponse shown = browser.submit(back, DEVICE, Map.of()).isStatus(200);
    browser.submit(shown, APPROVE, Map.of()).isStatus(200);
    assertThat(patiently(device).isStatus(200).text("/scope")).isEqualTo("manage");
  }

  @Test
  void nothing_but_a_code_is_kept_and_no_other_site_can_have_one_kept() {
    signIn();
    TestResponse device = asked("manage");
    served.served().ports().clock().advance(Duration.ofMinutes(5));
    TestResponse offer = typed(device).isStatus(200);
    Map<String, String> fields = FormBrowser.fields(offer, DEVICE + "/again");

    browser.post(DEVICE + "/again", fields, "Sec-Fetch-Site", "cross-site").isStatus(403);
    TestResponse out = browser.submit(offer, DEVICE + "/again", Map.of(CODE, "x; Domain=evil"));

    assertThat(out.isStatus(303).values("Set-Cookie")).noneMatch(set -> set.contains("device="));
  }

  @Test
  void after_five_wrong_codes_a_right_one_shows_nothing() {
    signIn();
    TestResponse device = asked("use");
    for (int i = 0; i < 5; i++) {
      browser.submit(browser.open(DEVICE), DEVICE, Map.of(CODE, "BBBB-BBBB")).isStatus(404);
    }

    TestResponse refused = typed(device).isStatus(409);
    assertThat(refused.body())
        .contains("Wait for ten minutes")
        .doesNotContain(device.text("/user_code"));
  }

  @Test
  void no_code_is_logged() {
    try (LogCapture log = LogCapture.begin()) {
      signIn();
      TestResponse device = asked("use");
      browser.submit(typed(device), APPROVE, Map.of()).isStatus(200);
      String token = patiently(device).isStatus(200).text("/access_token");

      log.await("POST " + APPROVE + " 200");
      assertThat(log.everything())
          .doesNotContain(device.text("/user_code"), device.text("/device_code"), token);
    }
  }

  private void signIn() {
    signIn(browser, served.aliceToken);
  }

  private static void signIn(FormBrowser browser, String token) {
    browser
        .submit(browser.open("/console/sign-in"), "/console/sign-in/token", Map.of("token", token))
        .isStatus(303);
  }

  /** A device begins. */
  private TestResponse asked(String scope) {
    return served
        .served()
        .nobody()
        .form("/oauth/device_authorization", "client_id=claviger&scope=" + scope)
        .isStatus(200);
  }

  private TestResponse typed(TestResponse device) {
    return browser.submit(
        browser.open(DEVICE),
        DEVICE,
        Map.of(CODE, device.text("/user_code").toLowerCase(Locale.ROOT)));
  }

  private TestResponse polled(TestResponse device) {
    return served
        .served()
        .nobody()
        .form(
            "/oauth/token",
            "client_id=claviger&grant_type=urn:ietf:params:oauth:grant-type:device_code"
                + "&device_code="
                + device.text("/device_code"));
  }

  /** Polls after the interval. */
  private TestResponse patiently(TestResponse device) {
    served.served().ports().clock().advance(Duration.ofSeconds(5));
    return polled(device);
  }
}
