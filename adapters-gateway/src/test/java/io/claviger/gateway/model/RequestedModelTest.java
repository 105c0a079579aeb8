package io.claviger.gateway.model;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.errors.CallRefused;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attempts to reach other models where only {@code good} is allowed. */
class RequestedModelTest {
  private static final Set<ModelPattern> GOOD = Set.of(new ModelPattern("good"));
  private static final String GEMINI = "v1beta/models/good:batchEmbedContents";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"model\":\"good\"}",
        " \r\n\t{ \"input\" : [1, {\"a\": null}] , \"model\" : \"good\" } \n",
        "{\"mod\\u0065l\":\"g\\u006fod\"}",
        "{\"input\":{\"model\":\"evil\",\"models\":[\"evil\"],\"MODEL\":1},\"model\":\"good\"}",
        "{\"input\":[{\"model\":\"evil\"}],\"model\":\"good\"}",
        "{\"input\":\"\\\",\\\"model\\\":\\\"evil\\\"\",\"model\":\"good\"}",
        "{\"model \":\"evil\",\"model\":\"good\",\"models_\":\"evil\"}"
      })
  void one_allowed_model_in_the_outermost_object_is_what_is_asked_for(String body) {
    assertThatCode(() -> check(body)).doesNotThrowAnyException();
  }

  @Test
  void with_a_model_in_the_path_further_models_in_the_body_have_to_be_allowed() {
    assertThat(refused(() -> checkGemini(GEMINI, "{\"requests\":[{\"models\":\"x\"}]}")))
        .isEqualTo("model_not_allowed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"model\":\"good\",\"models\":[\"evil\"]}",
        "{\"model\":\"evil\"}",
        "{\"model\":\"GOOD\"}",
        "{\"model\":\"good \"}",
        "{\"model\":\"good\\u0000\"}",
        "{\"model\":\"\"}",
        "{\"model\":\"models/good\"}",
        "{\"mod\\u0065l\":\"evil\"}",
        "{\"model\":\"good\",\"_model\":\"evil\"}",
        "{\"input\":{\"model\":\"good\"},\"model\":\"evil\"}"
      })
  void another_model_is_not_allowed(String body) {
    assertThat(refusal(body)).isEqualTo("model_not_allowed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"model\":\"good\",\"model\":\"evil\"}",
        "{\"model\":\"evil\",\"model\":\"good\"}",
        "{\"model\":\"good\",\"model\":\"good\"}",
        "{\"model\":\"good\",\"mod\\u0065l\":\"evil\"}",
        "{\"model\":\"good\",\"Model\":\"evil\"}",
        "{\"MODEL\":\"evil\",\"model\":\"good\"}",
        "{\"Model\":\"good\"}",
        "{\"model\":\"good\",\"Models\":[\"good\"]}",
        "{\"model\":\"good\",\"model\\u017f\":[\"evil\"]}",
        "{\"models\":[\"good\"]}",
        "{\"model\":[\"good\"]}",
        "{\"model\":{\"model\":\"good\"}}",
        "{\"model\":null}",
        "{\"model\":1}",
        "{\"input\":{\"model\":\"good\"}}",
        "{}",
        "[]",
        "[{\"model\":\"good\"}]",
        "\"model\"",
        "null",
        "",
        " "
      })
  void what_names_no_model_or_more_than_one_is_not_readable(String body) {
    assertThat(refusal(body)).isEqualTo("model_not_readable");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"model\":\"good\"}{\"model\":\"evil\"}",
        "{\"model\":\"good\"}]",
        "{\"model\":\"good\"} x",
        "{\"model\":\"good\"}\u0000",
        "{\"model\":\"good\"",
        "{\"model\":\"good\",}",
        "{\"model\":\"good\",,\"a\":1}",
        "{'model':'good'}",
        "{model:\"good\"}",
        "{\"model\":\"good\" /* \"model\":\"evil\" */}",
        "// \n{\"model\":\"good\"}",
        "{\"model\":\"good\",\"a\":NaN}",
        "{\"model\":\"good\",\"a\":01}",
        "{\"model\":\"good\",\"a\":\"\n\"}",
        "{\"model\":\"good\",\"a\":\"\\x\"}",
        "model=good"
      })
  void what_is_not_one_json_value_is_not_readable(String body) {
    assertThat(refusal(body)).isEqualTo("model_not_readable");
  }

  @Test
  void other_encodings_than_plain_utf_8_are_not_readable() {
    String body = "{\"model\":\"good\"}";

    assertThat(refusal(body.getBytes(UTF_16LE))).isEqualTo("model_not_readable");
    assertThat(refusal(body.getBytes(UTF_16BE))).isEqualTo("model_not_readable");
    assertThat(refusal(("\ufeff" + body).getBytes(UTF_8))).isEqualTo("model_not_readable");
    assertThat(refusal(("\ufeff" + body).getBytes(UTF_16LE))).isEqualTo("model_not_readable");
    assertThat(refusal("{\"model\":\"good\",\"a\":\"\u00e9\"}".getBytes(ISO_8859_1)))
        .isEqualTo("model_not_readable");
    // Two bytes for what one can say, and half of a surrogate pair.
    assertThat(refusal("{\"model\":\"good\",\"a\":\"\u00c0\u00a2\"}".getBytes(ISO_8859_1)))
        .isEqualTo("model_not_readable");
    assertThat(refusal("{\"model\":\"good\",\"a\":\"\u00ed\u00a0\u0080\"}".getBytes(ISO_8859_1)))
        .isEqualTo("model_not_readable");
    assertThatCode(() -> check("{\"model\":\"good\",\"a\":\"é€😀\"}")).doesNotThrowAnyException();
  }

  @Test
  void nesting_without_end_is_not_readable() {
    int deep = 1 << 20;
    assertThat(refusal("{\"a\":".repeat(deep) + "1" + "}".repeat(deep)))
        .isEqualTo("model_not_readable");
    assertThat(refusal("{\"model\":\"good\",\"a\":" + "[".repeat(deep)))
        .isEqualTo("model_not_readable");
  }

  @Test
  void names_and_numbers_without_end_are_not_readable_or_skipped() {
    String endless = "9".repeat(1 << 20);

    assertThat(refusal("{\"" + endless + "\":1,\"model\":\"evil\"}")).startsWith("model_not_");
    assertThat(refusal("{\"a\":" + endless + ",\"model\":\"evil\"}")).startsWith("model_not_");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"model\":\"good\"}",
        "{\"model\":\"models/good\"}",
        "{\"requests\":[{\"model\":\"models/good\"},{\"model\":\"models/good\"}]}",
        "{\"requests\":[{\"model\":\"models/good\"},{\"model\":\"good\"}]}",
        "{\"requests\":[{\"models\":\"good\"}]}"
      })
  void with_a_model_in_the_path_every_one_in_the_body_is_that(String body) {
    assertThatCode(() -> checkGemini(GEMINI, body)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"model\":\"evil\"}",
        "{\"model\":\"models/evil\"}",
        "{\"model\":\"models/models/good\"}",
        "{\"model\":\"tunedModels/good\"}",
        "{\"requests\":[{\"model\":\"models/good\"},{\"model\":\"models/evil\"}]}",
        "{\"requests\":[{\"model\":\"models/good\",\"model\":\"models/evil\"}]}",
        "{\"a\":{\"b\":[{\"Model\":\"good\"}]}}",
        "{\"requests\":[{\"model\":[\"models/good\"]}]}",
        "{\"generateContentRequest\":{\"mod\\u0065l\":\"models/evil\"}}"
      })
  void with_a_model_in_the_path_another_in_the_body_is_refused(String body) {
    assertThat(refused(() -> checkGemini(GEMINI, body))).isEqualTo("model_not_readable");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "v1beta/models/evil:generateContent",
        "v1beta/models/g%6Fod:generateContent",
        "v1beta/models/good%3A:generateContent",
        "v1beta/models/good/models/evil:generateContent",
        "v1beta/models/good:x/models/evil:generateContent",
        "v1beta/models/evil/good:generateContent",
        "v1beta/models/Good:generateContent",
        "v1beta/models/:generateContent",
        "v1beta/models/"
      })
  void another_model_in_the_path_is_not_allowed(String path) {
    assertThat(refused(() -> model(WireFormat.GEMINI, path).checkPath()))
        .isEqualTo("model_not_allowed");
  }

  @Test
  void a_model_in_the_path_of_another_format_has_no_verb() {
    assertThat(refused(() -> model(WireFormat.OPENAI, "models/good:evil").checkPath()))
        .isEqualTo("model_not_allowed");
    assertThatCode(() -> model(WireFormat.OPENAI, "models/good").checkPath())
        .doesNotThrowAnyException();
    assertThatCode(() -> model(WireFormat.OPENAI, "models").checkPath()).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "APPLICATION/JSON",
        "application/json;charset=utf-8",
        "application/json ; charset=UTF-8",
        "application/json; charset=\"utf-8\""
      })
  void json_in_utf_8_is_readable(String type) {
    assertThatCode(() -> BodyType.of(headers("content-type", type)).checkReadable())
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "text/plain",
        "application/jsonp",
        "application/json-seq",
        "application/x-ndjson",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\"a b\"",
        "multipart/form-data; boundary=x; boundary=y",
        "multipart/mixed; boundary=x",
        "application/json; charset=utf-16",
        "application/json; charset=utf-8; charset=utf-16",
        "application/json; boundary=x",
        "application/json, multipart/form-data"
      })
  void other_media_types_and_parameters_are_not_readable(String type) {
    assertThat(refused(() -> BodyType.of(headers("content-type", type)).checkReadable()))
        .isEqualTo("model_not_readable");
  }

  @Test
  void two_media_types_are_not_readable() {
    HttpHeaders two = headers("content-type", "application/json");
    two.add("Content-Type", "multipart/form-data; boundary=x");

    assertThat(refused(() -> BodyType.of(two).checkReadable())).isEqualTo("model_not_readable");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "br", "identity, gzip", "", "x"})
  void an_encoding_is_not_readable(String encoding) {
    HttpHeaders encoded = headers("content-type", "application/json");
    encoded.set("content-encoding", encoding);

    assertThat(refused(() -> BodyType.of(encoded).checkReadable())).isEqualTo("body_encoded");
  }

  @Test
  void a_second_encoding_is_not_readable() {
    HttpHeaders encoded = headers("content-type", "application/json");
    encoded.add("content-encoding", "identity");
    encoded.add("content-encoding", "gzip");

    assertThat(refused(() -> BodyType.of(encoded).checkReadable())).isEqualTo("body_encoded");
  }

  private static HttpHeaders headers(String name, String value) {
    return new DefaultHttpHeaders().set(name, value);
  }

  private static RequestedModel model(WireFormat format, String path) {
    return new RequestedModel(GOOD, format, path);
  }

  private static void check(String body) {
    check(body.getBytes(UTF_8));
  }

  private static void check(byte[] body) {
    read(model(WireFormat.OPENAI, "embeddings"), body);
  }

  private static void checkGemini(String path, String body) {
    RequestedModel model = model(WireFormat.GEMINI, path);
    model.checkPath();
    read(model, body.getBytes(UTF_8));
  }

  private static void read(RequestedModel model, byte[] body) {
    HttpHeaders headers = headers("content-type", "application/json");
    BodyScan scan = model.scan(BodyType.of(headers), headers);
    CallReading reading = CallReading.of(scan);
    reading.read(body, 0, body.length);
    reading.end();
    Set<String> unused = scan.asked().within(GOOD);
  }

  private static String refusal(String body) {
    return refused(() -> check(body));
  }

  private static String refusal(byte[] body) {
    return refused(() -> check(body));
  }

  private static String refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable attempt) {
    CallRefused refused = catchThrowableOfType(CallRefused.class, attempt);
    return refused == null ? "let pass" : refused.error().code();
  }
}
