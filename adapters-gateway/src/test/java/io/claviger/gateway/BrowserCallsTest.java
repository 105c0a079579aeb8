package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.domain.InvalidValue;
import io.claviger.gateway.head.AllowedOrigins;
import io.claviger.testkit.http.TestClient;
import io.claviger.testkit.http.TestResponse;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scripts of web pages call the gateway from a browser (CORS). */
class BrowserCallsTest {
  private static final String APP = "https://app.example.org";
  private static final String ELECTRON = "app://obsidian.md";
  private static final List<String> HELD_BACK =
      List.of(
          "access-control-allow-origin",
          "access-control-allow-headers",
          "access-control-allow-methods",
          "access-control-expose-headers");

  @AutoClose
  private final Rig rig =
      new Rig(settings -> settings.withOrigins(AllowedOrigins.of(List.of(APP, ELECTRON))));

  @ParameterizedTest
  @ValueSource(strings = {APP, ELECTRON})
  void a_preflight_from_a_listed_origin_is_allowed_without_a_token_and_without_cookies(
      String origin) {
    for (String path : List.of(Rig.path("embeddings"), "/gateway/openai/v1/embeddings")) {
      TestResponse answer = preflight(rig, origin, path);

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.values("access-control-allow-origin")).containsExactly(origin);
      assertThat(answer.values("access-control-allow-methods"))
          .containsExactly("GET, HEAD, POST, PUT, PATCH, DELETE");
      assertThat(answer.values("access-control-allow-headers"))
          .containsExactly("authorization, content-type");
      assertThat(answer.values("access-control-allow-credentials")).isEmpty();
      assertThat(answer.values("vary")).containsExactly("Origin");
    }
    assertThat(rig.stub.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://app.example.org.evil.example",
        "https://evil.example",
        "http://app.example.org",
        "https://app.example.org:8443",
        "https://APP.example.org",
        "null",
        ""
      })
  void any_other_origin_is_refused(String origin) {
    TestResponse answer = preflight(rig, origin, Rig.path("embeddings"));

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.values("x-claviger-error")).containsExactly("origin_not_allowed");
    assertThat(HELD_BACK).allSatisfy(name -> assertThat(answer.values(name)).isEmpty());
  }

  @Test
  void no_origin_is_allowed_unless_it_is_set() {
    try (Rig usual = new Rig()) {
      TestResponse answer = preflight(usual, APP, Rig.path("embeddings"));

      assertThat(answer.values("x-claviger-error")).containsExactly("origin_not_allowed");
      assertThat(
              usual
                  .post("embeddings", Rig.embedding("m"), "Origin", APP)
                  .values("access-control-allow-origin"))
          .isEmpty();
    }
  }

  @Test
  void an_answer_and_an_error_can_be_read_by_the_listed_origin_alone() {
    TestResponse answer = rig.post("embeddings", Rig.embedding("m"), "Origin", APP);
    TestResponse error = rig.post("files", "{}", "Origin", APP);
    TestResponse other = rig.post("embeddings", Rig.embedding("m"), "Origin", "https://evil.test");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.values("access-control-allow-origin")).containsExactly(APP);
    assertThat(answer.values("access-control-expose-headers")).containsExactly("*");
    assertThat(answer.values("access-control-allow-credentials")).isEmpty();
    assertThat(error.status()).isGreaterThanOrEqualTo(400);
    assertThat(error.values("access-control-allow-origin")).containsExactly(APP);
    assertThat(other.status()).isEqualTo(200);
    assertThat(other.values("access-control-allow-origin")).isEmpty();
  }

  @Test
  void a_request_that_names_two_origins_is_from_none() {
    try (RawCaller caller = new RawCaller(rig)) {
      String answer =
          caller
              .send(
                  "OPTIONS /gateway/openai/v1/models HTTP/1.1\r\nHost: x\r\nOrigin: "
                      + APP
                      + "\r\nOrigin: https://evil.test\r\n"
                      + "Access-Control-Request-Method: GET\r\n\r\n")
              .until("\r\n\r\n");
      assertThat(answer).startsWith("HTTP/1.1 403").doesNotContain("Access-Control");
    }
  }

  @Test
  void options_that_is_no_preflight_is_no_operation() {
    assertThat(
            rig.anonymous()
                .with("Origin", APP)
                .send("OPTIONS", Rig.path("embeddings"), BodyPublishers.noBody())
                .status())
        .isEqualTo(401);
  }

  @Test
  void a_setting_may_have_a_port_and_an_address() {
    assertThat(AllowedOrigins.of(List.of("http://localhost:5173", "http://[::1]:8080")).origins())
        .hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*",
        "https://*.example.org",
        "https://app.example.org/",
        "https://app.example.org:443",
        "http://localhost:80",
        "https://App.example.org",
        "app.example.org",
        "null",
        "https://u@app.example.org",
        "https://a b"
      })
  void what_no_browser_sends_is_refused_as_a_setting(String origin) {
    assertThatThrownBy(() -> AllowedOrigins.of(List.of(origin))).isInstanceOf(InvalidValue.class);
  }

  private static TestResponse preflight(Rig rig, String origin, String path) {
    TestClient browser =
        rig.anonymous()
            .with("Origin", origin)
            .with("Access-Control-Request-Method", "POST")
            .with("Access-Control-Request-Headers", "authorization, content-type");
    return browser.send("OPTIONS", path, BodyPublishers.noBody());
  }
}
