package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.standards.KeyMethod;
import io.claviger.domain.standards.WireFormat;
import io.claviger.stub.RecordedRequest;
import io.claviger.testkit.http.TestResponse;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a service adds to a request: its key, its organization, its headers. */
class AttachedKeyTest {
  private static final String GEMINI_PATH = "v1beta/models/m:generateContent";
  private static final String GEMINI_BODY = "{\"contents\":[{\"parts\":[{\"text\":\"hi\"}]}]}";

  @AutoClose private final Rig rig = new Rig();

  @Test
  void organization_and_custom_headers_replace_the_callers() {
    rig.lend(
        rig.at(WireFormat.OPENAI)
            .passing("openai-organization", "x-title")
            .organization("org-theirs")
            .header("X-Title", "theirs")
            .header("User-Agent", "theirs"));
    rig.post(
        "embeddings",
        Rig.embedding("m"),
        "OpenAI-Organization",
        "org-mine",
        "x-title",
        "mine",
        "User-Agent",
        "mine");

    assertThat(seen().headers("openai-organization")).containsExactly("org-theirs");
    assertThat(seen().headers("x-title")).containsExactly("theirs");
    assertThat(seen().headers("user-agent")).containsExactly("theirs");
  }

  @Test
  void a_key_in_a_header_of_its_own_replaces_the_callers() {
    rig.lend(
        rig.at(WireFormat.OPENAI)
            .placed(KeyMethod.CUSTOM_HEADER, "x-title")
            .passing("x-title")
            .header("X-Title", "custom"));
    rig.post("embeddings", Rig.embedding("m"), "X-Title", "mine");

    assertThat(seen().headers("x-title")).containsExactly(TestService.KEY);
    assertThat(seen().headers("authorization")).isEmpty();
  }

  @Test
  void anthropics_key_goes_as_the_callers_token_came() {
    rig.lend(WireFormat.ANTHROPIC);
    rig.post("v1/messages", Rig.chat("m").replace(",\"stream\":true", ""));
    rig.anonymous()
        .with("x-api-key", Rig.TOKEN)
        .send(
            "POST",
            Rig.path("v1/messages"),
            BodyPublishers.ofString(Rig.chat("m").replace(",\"stream\":true", "")));

    RecordedRequest newer = rig.stub.requests().get(0);
    assertThat(newer.headers("authorization")).containsExactly("Bearer " + TestService.KEY);
    assertThat(newer.headers("x-api-key")).isEmpty();
    RecordedRequest second = rig.stub.requests().get(1);
    assertThat(second.headers("authorization")).isEmpty();
    assertThat(second.headers("x-api-key")).containsExactly(TestService.KEY);
  }

  @Test
  void a_key_in_the_query_is_percent_encoded_behind_what_passes() {
    rig.lend(rig.at(WireFormat.GEMINI).placed(KeyMethod.QUERY_PARAM, "key"));
    TestResponse answer = rig.post(GEMINI_PATH + "?alt=json", GEMINI_BODY);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(seen().uri())
        .isEqualTo("/v1beta/models/m:generateContent?alt=json&key=sk-stub-Zx81%2Fq%227%5Cw-ending");
    assertThat(seen().headers("x-goog-api-key")).isEmpty();
  }

  @Test
  void settings_replace_the_callers_parameters_and_headers() {
    rig.lend(
        rig.at(WireFormat.GEMINI)
            .passing("x-title")
            .placed(KeyMethod.QUERY_PARAM, "key")
            .sending("query ALT=a b&c=d", "query api-version=1", "header X-Title=of theirs"));
    rig.post(GEMINI_PATH + "?alt=json", GEMINI_BODY, "X-Title", "mine").isStatus(200);

    assertThat(seen().uri())
        .isEqualTo(
            "/v1beta/models/m:generateContent?ALT=a%20b%26c%3Dd&api-version=1"
                + "&key=sk-stub-Zx81%2Fq%227%5Cw-ending");
    assertThat(seen().headers("x-title")).containsExactly("of theirs");
  }

  @Test
  void neither_the_key_nor_a_custom_header_gives_way_to_a_setting() {
    rig.lend(
        rig.at(WireFormat.OPENAI)
            .placed(KeyMethod.CUSTOM_HEADER, "x-key")
            .header("X-Title", "custom")
            .organization("org-theirs")
            .sending("header X-Key=a", "header x-title=b", "header OpenAI-Organization=c"));
    rig.post("embeddings", Rig.embedding("m"));

    assertThat(seen().headers("x-key")).containsExactly(TestService.KEY);
    assertThat(seen().headers("x-title")).containsExactly("custom");
    assertThat(seen().headers("openai-organization")).containsExactly("c");
  }

  @Test
  void a_callers_key_parameter_is_consumed_where_the_services_own_takes_its_place() {
    rig.lend(rig.at(WireFormat.GEMINI).placed(KeyMethod.QUERY_PARAM, "key").key("other-key-1"));
    String path = Rig.path(GEMINI_PATH + "?key=" + Rig.TOKEN);

    rig.anonymous().send("POST", path, BodyPublishers.ofString(GEMINI_BODY)).isStatus(200);
    assertThat(seen().uri()).isEqualTo("/v1beta/models/m:generateContent?key=other-key-1");
  }

  @Test
  void a_key_in_a_form_takes_the_place_of_every_such_field() {
    rig.lend(rig.at(WireFormat.OPENAI).placed(KeyMethod.BODY_FORM, "api_key").key("a+b/c&d=e12"));
    TestResponse answer =
        rig.post(
            "embeddings",
            "model=m&api_key=mine&input=a%26b&%61pi%5Fkey=mine&api_key&x=;api_key=mine;y=2&=z&api_keys=1",
            "Content-Type",
            "application/x-www-form-urlencoded; charset=utf-8");

    assertThat(answer.status()).isNotEqualTo(415);
    assertThat(seen().text())
        .isEqualTo("api_key=a%2Bb%2Fc%26d%3De12&model=m&input=a%26b&x=;y=2&=z&api_keys=1");
    assertThat(seen().headers("authorization")).isEmpty();
    assertThat(seen().complete()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "multipart/form-data; boundary=x", "text/plain"})
  void a_key_in_a_form_needs_a_form(String type) {
    rig.lend(rig.at(WireFormat.OPENAI).placed(KeyMethod.BODY_FORM, "api_key"));
    TestResponse answer = rig.post("embeddings", "a=b", "Content-Type", type);

    assertThat(answer.status()).isEqualTo(415);
    assertThat(answer.headers().firstValue("x-claviger-error")).contains("body_not_a_form");
    assertThat(rig.stub.requests()).isEmpty();
  }

  @Test
  void a_keyless_service_gets_no_credential_at_all() {
    rig.lend(rig.at(WireFormat.OPENAI).keyless());
    TestResponse answer = rig.post("embeddings", Rig.embedding("m"));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(seen().headers("authorization")).isEmpty();
    assertThat(answer.headers().firstValue("x-claviger-key-source")).contains("keyless");
  }

  private RecordedRequest seen() {
    return rig.stub.requests().get(0);
  }
}
