package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestClient;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.LogCapture;
import io.claviger.web.served.Served;
import io.claviger.web.server.Form;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is sent instead of a proper form gets a clear answer. */
class MalformedFormsTest {
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final List<String> OAUTH = List.of("/oauth/token", "/oauth/device_authorization");
  private static final List<String> CONSOLE =
      List.of(
          "/console/sign-in/provider",
          "/console/sign-in/token",
          "/console/sign-in/link/" + "A".repeat(43),
          "/console/account/sign-out",
          "/console/account/identity/unlink",
          "/console/account/sessions/x/end",
          "/console/device",
          "/console/device/approve",
          "/console/device/deny");

  /** Tells the log lines of this class from those of tests that run at the same time. */
  private static final String REQUEST_ID = "malformed-forms";

  /** A fixed seed, so that a failure can be repeated. */
  private static final long SEED = 15;

  @AutoClose private static final Served SERVED = Served.start();
  private static final TestClient CLIENT =
      TestClient.of(URI.create("http://localhost:" + SERVED.port()));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "grant_type",
        "grant_type=",
        "grant_type=password",
        "grant_type=refresh_token&grant_type=refresh_token",
        "client_id=claviger&client_id=claviger",
        "grant_type=%",
        "grant_type=%zz",
        "grant_type=%c3%28",
        "grant_type=%00",
        "%ff=%fe",
        "&&&&",
        "===",
        "{\"grant_type\": \"refresh_token\"}"
      })
  void a_form_that_is_wrong_is_an_error_of_oauth(String form) {
    for (String path : OAUTH) {
      TestResponse answer = send(path, FORM, form);
      assertThat(answer.status()).as(path).isEqualTo(400);
      isErrorOfOAuth(answer);
    }
  }

  @Test
  void too_many_fields_and_too_large_forms_are_refused() {
    String many = "f%d=x&".repeat(Form.MOST_FIELDS) + "grant_type=x";
    for (int n = 0; n < Form.MOST_FIELDS; n++) {
      many = many.replaceFirst("%d", String.valueOf(n));
    }
    String large = "grant_type=" + "x".repeat(Form.LARGEST);
    for (String path : OAUTH) {
      isErrorOfOAuth(send(path, FORM, many).isStatus(400));
      isErrorOfOAuth(send(path, FORM, large).isStatus(413));
    }
    for (String path : CONSOLE) {
      isPage(send(path, FORM, many).isStatus(400));
      isPage(send(path, FORM, large).isStatus(413));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "text/plain", "multipart/form-data; boundary=x", "x"})
  void another_media_type_is_told(String type) {
    for (String path : OAUTH) {
      isErrorOfOAuth(send(path, type, "grant_type=refresh_token").isStatus(415));
    }
    for (String path : CONSOLE) {
      isPage(send(path, type, "code=x").isStatus(415));
    }
  }

  @Test
  void random_forms_never_break_the_server() {
    Random random = new Random(SEED);
    try (LogCapture log = LogCapture.begin()) {
      for (int n = 0; n < 300; n++) {
        String form = form(random);
        String path = pick(random, random.nextBoolean() ? OAUTH : CONSOLE);
        TestResponse answer = send(path, FORM, form);
        assertThat(answer.status()).as("%s %s", path, form).isBetween(200, 499);
      }
      log.await(REQUEST_ID);
      assertThat(log.everything().lines())
          .noneMatch(line -> line.startsWith("ERROR") && line.contains(REQUEST_ID));
    }
  }

  private static String form(Random random) {
    List<String> pieces =
        List.of(
            "grant_type",
            "client_id",
            "claviger",
            "device_code",
            "refresh_token",
            "scope",
            "use",
            "urn:ietf:params:oauth:grant-type:device_code",
            "subject_token",
            "code",
            "token",
            "return",
            "page_token",
            "=",
            "=",
            "=",
            "&",
            "&",
            "&",
            "+",
            "%20",
            "%",
            "%e2%82",
            "%00",
            "\u00e9",
            "\ud83d\ude00",
            ";",
            "\r\n",
            "\"",
            "<b>");
    StringBuilder form = new StringBuilder();
    for (int n = random.nextInt(14); n >= 0; n--) {
      form.append(pick(random, pieces));
    }
    return form.toString();
  }

  private static String pick(Random random, List<String> of) {
    return of.get(random.nextInt(of.size()));
  }

  private static TestResponse send(String path, String type, String body) {
    return CLIENT
        .with("Content-Type", type)
        .with("X-Request-Id", REQUEST_ID)
        .send("POST", path, BodyPublishers.ofString(body), "Sec-Fetch-Site", "same-origin");
  }

  /** RFC 6749, 5.2. */
  private static void isErrorOfOAuth(TestResponse answer) {
    assertThat(answer.header("Content-Type")).startsWith("application/json");
    assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    assertThat(answer.text("/error"))
        .isIn("invalid_request", "invalid_client", "unsupported_grant_type");
    assertThat(answer.text("/error_description")).matches("[ !#-\\[\\]-~]+");
    assertThat(answer.json().propertyNames()).containsExactly("error", "error_description");
  }

  private static void isPage(TestResponse answer) {
    assertThat(answer.header("Content-Type")).startsWith("text/html;");
    assertThat(answer.body()).startsWith("<!DOCTYPE html>");
  }
}
