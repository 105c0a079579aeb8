package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How request bodies are read, whatever the resource. */
class BodiesTest {
  @AutoClose private static final Served SERVED = Served.start();
  private static final Client ROOT = SERVED.root();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "{\"handle\":",
        "{\"handle\" \"x\"}",
        "{'handle':'x'}",
        "{\"a\":1,}",
        "{} {}",
        "{}x",
        "{\"a\":01}",
        "{\"a\":NaN}",
        "// {}",
        "{\"a\":\"\u0001\"}",
        "{\"a\":\"\\q\"}",
        "\uFEFF{}",
        "nul"
      })
  void what_is_not_json_is_400(String body) {
    ROOT.post("/v1/users", body).isProblem(400, "malformed_json");
  }

  @Test
  void where_json_breaks_is_told_and_what_stood_there_is_not() {
    TestResponse reply = ROOT.post("/v1/users", "{\n  \"handle\": SECRET-VALUE }");
    assertThat(reply.text("/detail")).contains("line 2");
    assertThat(reply.body()).doesNotContain("SECRET");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "\"x\"", "1", "true", "null"})
  void a_body_that_is_no_object_is_422(String body) {
    ROOT.post("/v1/users", body).hasFaults(" wrong_type");
  }

  @Test
  void a_field_of_a_body_that_has_none_is_refused_with_what_to_send() {
    TestResponse reply = ROOT.post("/v1/llm-services/root/_check", "{\"service\": \"root/x\"}");
    reply.hasFaults("/service unknown_field");
    assertThat(reply.text("/errors/0/detail")).isEqualTo("There is no such field here. Send {}.");
  }

  @Test
  void invalid_utf_8_is_400() {
    byte[] body = "{\"handle\":\"x?\"}".getBytes(StandardCharsets.US_ASCII);
    body[12] = (byte) 0xff;
    ROOT.with("Content-Type", "application/json")
        .send("POST", "/v1/users", BodyPublishers.ofByteArray(body))
        .isProblem(400, "malformed_json");
  }

  @Test
  void surrogates_encoded_as_utf_8_are_400() {
    byte[] body = "{\"handle\":\"???\"}".getBytes(StandardCharsets.US_ASCII);
    body[11] = (byte) 0xed;
    body[12] = (byte) 0xa0;
    body[13] = (byte) 0x80;
    ROOT.with("Content-Type", "application/json")
        .send("POST", "/v1/users", BodyPublishers.ofByteArray(body))
        .isProblem(400, "malformed_json");
  }

  @Test
  void an_unknown_field_is_named() {
    ROOT.post("/v1/users", "{\"handle\":\"u1\",\"colour\":\"red\",\"a/b~c\":1}")
        .hasFaults("/colour unknown_field", "/a~1b~0c unknown_field");
  }

  @Test
  void a_field_given_twice_is_named() {
    ROOT.post("/v1/users", "{\"handle\":\"u1\",\"handle\":\"u2\"}")
        .hasFaults("/handle duplicate_field");
  }

  @Test
  void a_field_given_twice_within_another_is_named() {
    ROOT.put(
            "/v1/llm-services/root/x",
            "{\"definition\":\"_system/openai-large\",\"key_policy\":{\"user_keys\":true,\"user_keys\":true}}")
        .hasFaults("/key_policy/user_keys duplicate_field");
  }

  @Test
  void the_same_name_written_with_an_escape_is_the_same_field() {
    ROOT.post("/v1/users", "{\"handle\":\"u1\",\"\\u0068andle\":\"u2\"}")
        .hasFaults("/handle duplicate_field");
  }

  @Test
  void everything_that_is_wrong_is_said_at_once() {
    ROOT.put(
            "/v1/llm-services/root/x",
            """
            {"definition": 7, "model": "", "dimensions": 0, "timeout_ms": "fast", "enabled": null,
             "endpoint": "ftp://x", "key_policy": {"central_key": 1, "nope": 2}, "limits": [],
             "api_key": "short", "custom_headers": {"Host": "x", "X-A": 1}, "extra": {}}
            """)
        .hasFaults(
            "/definition wrong_type",
            "/model invalid_value",
            "/dimensions invalid_value",
            "/timeout_ms wrong_type",
            "/enabled not_nullable",
            "/endpoint invalid_value",
            "/key_policy/central_key wrong_type",
            "/key_policy/nope unknown_field",
            "/limits wrong_type",
            "/api_key invalid_value",
            "/custom_headers/Host invalid_value",
            "/custom_headers/X-A wrong_type",
            "/extra unknown_field");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\u0000", "\\ud800", "\\udc00x", "x\\ud83d"})
  void a_text_with_nul_or_a_lone_surrogate_is_422(String text) {
    ROOT.post("/v1/users", "{\"handle\":\"u1\",\"display_name\":\"" + text + "\"}")
        .hasFaults("/display_name invalid_text");
  }

  @Test
  void a_field_name_with_nul_is_422() {
    ROOT.post("/v1/users", "{\"handle\":\"u1\",\"\\u0000\":1}").hasFaults(" invalid_text");
  }

  @Test
  void a_field_name_with_a_lone_surrogate_is_no_json_to_the_parser() {
    ROOT.post("/v1/users", "{\"handle\":\"u1\",\"\\ud800\":1}").isProblem(400, "malformed_json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.0", "1e3", "\"1\"", "true", "[1]", "{}"})
  void a_whole_number_is_written_as_one(String number) {
    ROOT.put("/v1/llm-services/root/x", "{\"dimensions\":" + number + "}")
        .hasFaults("/dimensions wrong_type");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "0", "65537", "2147483648", "99999999999999999999"})
  void a_number_out_of_bounds_is_422(String number) {
    ROOT.put("/v1/llm-services/root/x", "{\"dimensions\":" + number + "}")
        .hasFaults("/dimensions invalid_value");
  }

  @Test
  void a_number_of_many_digits_is_422() {
    ROOT.put("/v1/llm-services/root/x", "{\"context_limit\":" + "9".repeat(500_000) + "}")
        .hasFaults("/context_limit invalid_value");
  }

  @Test
  void nesting_without_end_is_422() {
    ROOT.post("/v1/users", "{\"a\":" + "[".repeat(500_000)).hasFaults(" too_complex");
  }

  @Test
  void a_body_of_more_than_10_000_values_is_refused() {
    ROOT.post("/v1/users", "{\"a\":[" + "1,".repeat(9_997) + "1]}")
        .hasFaults("/handle required", "/a unknown_field");
    ROOT.post("/v1/users", "{\"a\":[" + "1,".repeat(9_998) + "1]}").hasFaults(" too_complex");
  }

  @Test
  void a_list_of_more_than_1_000_items_is_refused_as_a_whole() {
    ROOT.post(
            "/v1/users/root/tokens",
            Map.of("name", "x", "limits", Map.of("models", Collections.nCopies(1_001, ""))))
        .hasFaults("/limits/models invalid_value");
  }

  @Test
  void a_field_name_without_end_is_422() {
    ROOT.post("/v1/users", "{\"" + "n".repeat(100_000) + "\":1}").hasFaults(" too_complex");
  }

  @Test
  void a_body_of_a_thousand_unknown_fields_gets_an_answer_of_bounded_size() {
    StringBuilder body = new StringBuilder("{\"handle\":\"u1\"");
    for (int i = 0; i < 1_000; i++) {
      body.append(",\"f").append(i).append("\":1");
    }
    TestResponse reply = ROOT.post("/v1/users", body.append("}").toString());
    assertThat(reply.isStatus(422).at("/errors").size()).isEqualTo(100);
  }

  @Test
  void a_body_of_exactly_the_bound_is_read() {
    String body = padded(1_048_576);
    ROOT.post("/v1/users", body).hasFaults("/pad unknown_field");
  }

  @Test
  void a_body_one_byte_longer_is_413() {
    ROOT.post("/v1/users", padded(1_048_577)).isProblem(413, "content_too_large");
  }

  @Test
  void a_body_of_ten_megabytes_is_413() {
    ROOT.post("/v1/users", padded(10_000_000)).isProblem(413, "content_too_large");
  }

  @Test
  void a_body_of_ten_megabytes_in_chunks_is_413() {
    byte[] body = padded(10_000_000).getBytes(StandardCharsets.UTF_8);
    ROOT.with("Content-Type", "application/json")
        .send(
            "POST", "/v1/users", BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))
        .isProblem(413, "content_too_large");
  }

  @Test
  void a_body_in_chunks_is_read() {
    byte[] body = "{\"handle\":\"in-chunks\"}".getBytes(StandardCharsets.UTF_8);
    ROOT.with("Content-Type", "application/json")
        .send(
            "POST", "/v1/users", BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))
        .isStatus(201);
  }

  @Test
  void a_large_body_of_an_unknown_caller_is_401() {
    SERVED.nobody().post("/v1/users", padded(10_000_000)).isProblem(401, "unauthorized");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/merge-patch+json",
        "application/json; charset=iso-8859-1",
        "application/json; charset=utf-16",
        "application/problem+json",
        "application/jsonp",
        ";"
      })
  void another_media_type_or_charset_is_415(String type) {
    ROOT.with("Content-Type", type)
        .send("POST", "/v1/users", BodyPublishers.ofString("{\"handle\":\"u1\"}"))
        .isProblem(415, "unsupported_media_type");
  }

  @Test
  void no_media_type_is_415_and_the_header_is_named() {
    TestResponse answer =
        ROOT.send("POST", "/v1/users", BodyPublishers.ofString("{\"handle\":\"u1\"}"))
            .isProblem(415, "unsupported_media_type");
    assertThat(answer.text("/detail")).contains("Content-Type: application/json");
  }

  @Test
  void a_compressed_body_is_415() {
    ROOT.with("Content-Encoding", "gzip")
        .post("/v1/users", Map.of("handle", "u1"))
        .isProblem(415, "unsupported_media_type");
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json; charset=UTF-8", "Application/JSON;charset=\"utf-8\""})
  void utf_8_may_be_said(String type) {
    ROOT.with("Content-Type", type)
        .send("POST", "/v1/users", BodyPublishers.ofString("{}"))
        .hasFaults("/handle required");
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "application/merge-patch+json"})
  void a_patch_comes_as_json_or_as_merge_patch(String type) {
    ROOT.with("Content-Type", type)
        .send("PATCH", "/v1/users/root", BodyPublishers.ofString("{\"email\":null}"))
        .isStatus(200);
  }

  private static String padded(int size) {
    String head = "{\"handle\":\"u1\",\"pad\":\"";
    return head + "x".repeat(size - head.length() - 2) + "\"}";
  }
}
