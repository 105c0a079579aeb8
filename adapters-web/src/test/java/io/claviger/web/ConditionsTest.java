package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Versions, entity tags and conditional writes. */
class ConditionsTest {
  private static final String PATH = "/v1/llm-services/alice/x";
  @AutoClose private final Served served = Served.start();
  private final Client alice = served.user("alice");

  @BeforeEach
  void start() {
    alice.put(PATH, Map.of("definition", "_system/openai-large")).isStatus(201);
    alice.patch(PATH, Map.of("display_name", "Second")).isStatus(200);
  }

  @Test
  void get_answers_the_version_as_a_strong_tag() {
    TestResponse shown = alice.get(PATH);
    assertThat(shown.at("/version").intValue()).isEqualTo(2);
    assertThat(shown.header("ETag")).isEqualTo("\"2\"");
  }

  @Test
  void the_answer_to_a_write_has_the_version_and_no_tag() {
    TestResponse written = alice.patch(PATH, Map.of("display_name", "Third"));
    assertThat(written.at("/version").intValue()).isEqualTo(3);
    assertThat(written.headers().map()).doesNotContainKey("ETag");
  }

  @Test
  void there_is_no_304() {
    alice.with("If-None-Match", "\"2\"").get(PATH).isStatus(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"2\"", "\"1\", \"2\"", "W/\"1\" , \"2\"", "*", " * "})
  void a_write_on_the_version_that_stands_is_done(String ifMatch) {
    alice.with("If-Match", ifMatch).patch(PATH, Map.of("display_name", "Third")).isStatus(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"1\"", "W/\"2\"", "\"two\"", "\"02\"", "\"1\", \"3\"", "\"\""})
  void a_write_on_another_version_is_412(String ifMatch) {
    alice
        .with("If-Match", ifMatch)
        .patch(PATH, Map.of("display_name", "Third"))
        .isProblem(412, "precondition_failed");
    assertThat(alice.get(PATH).text("/display_name")).isEqualTo("Second");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"2", "\"2", "'2'", "\"2\" \"3\"", "*, \"2\"", ",", "W/", "W/2", "\"2\", 3"})
  void a_condition_that_is_none_is_400(String ifMatch) {
    alice
        .with("If-Match", ifMatch)
        .patch(PATH, Map.of("display_name", "Third"))
        .isProblem(400, "malformed_condition");
  }

  @Test
  void two_lines_of_a_header_are_one_list() {
    alice
        .with("If-Match", "\"1\"")
        .with("If-Match", "\"2\"")
        .patch(PATH, Map.of("display_name", "Third"))
        .isStatus(200);
  }

  @Test
  void create_only_does_not_replace() {
    Client create = alice.with("If-None-Match", "*");
    create.put(PATH, Map.of("definition", "_system/openai-large")).isStatus(412);
    create
        .put("/v1/llm-services/alice/y", Map.of("definition", "_system/openai-large"))
        .isStatus(201);
  }

  @Test
  void replace_only_does_not_create() {
    alice
        .with("If-Match", "*")
        .put("/v1/llm-services/alice/y", Map.of("definition", "_system/openai-large"))
        .isStatus(412);
  }

  @Test
  void a_version_in_a_body_acts_as_the_header_does() {
    alice.patch(PATH, Map.of("display_name", "Third", "version", 1)).isStatus(412);
    alice.patch(PATH, Map.of("display_name", "Third", "version", 2)).isStatus(200);
  }

  @Test
  void header_and_body_must_both_hold() {
    alice
        .with("If-Match", "\"2\"")
        .patch(PATH, Map.of("display_name", "Third", "version", 3))
        .isStatus(412);
  }

  @Test
  void a_version_that_is_no_number_is_422() {
    alice.patch(PATH, Map.of("version", "2")).hasFaults("/version wrong_type");
    alice.patch(PATH, "{\"version\":null}").hasFaults("/version not_nullable");
  }

  @Test
  void deleting_another_version_is_412() {
    alice.with("If-Match", "\"1\"").delete(PATH).isStatus(412);
    alice.with("If-Match", "\"2\"").delete(PATH).isStatus(204);
  }

  @Test
  void what_was_read_and_is_outdated_is_412_even_where_read_only_fields_differ() {
    String read = alice.get(PATH).body();
    alice.patch(PATH, Map.of("api_key", "sk-0123456789", "endpoint", "https://api.openai.com/v1"));
    alice.put(PATH, read).isStatus(412);
  }
}
