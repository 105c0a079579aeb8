package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.head.BodySizes;
import io.claviger.stub.RecordedRequest;
import io.claviger.testkit.http.TestResponse;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that name their model well, badly or not at all, on the URLs that name no service. */
class NamedModelsTest {
  private static final int HELD = 200_000;
  private static final String EMBEDDINGS = "/gateway/openai/v1/embeddings";
  private static final String FORM = "multipart/form-data; boundary=bound";
  private static final String FILE =
      "--bound\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n"
          + "Content-Type: audio/wav\r\n\r\nmodel\u0000\u0001\r\n";

  @AutoClose
  private final Rig rig =
      new Rig(settings -> settings.withBodySizes(BodySizes.USUAL.withMostHeld(HELD)));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | model_required",
        "{\"input\":\"a\"} | model_required",
        "{\"model\":\"\"} | model_required",
        "{\"x\":{\"model\":\"m\"}} | model_required",
        "[{\"model\":\"m\"}] | model_required",
        "7 | model_required",
        "{\"model\":null} | model_invalid",
        "{\"model\":7} | model_invalid",
        "{\"model\":{\"model\":\"m\"}} | model_invalid",
        "{\"model\":[\"m\"]} | model_invalid",
        "{\"model\":\"m\",\"model\":\"m\"} | model_invalid",
        "{\"model\":\"m\",\"mod\\u0065l\":\"n\"} | model_invalid",
        "{\"model\":\"m\" | body_not_readable",
        "{\"model\":\"m\"}} | body_not_readable",
        "{'model':'m'} | body_not_readable",
        "model=m | body_not_readable"
      })
  void a_body_without_one_clear_model_is_a_400(String body, String code) {
    rig.routing.lead("m", "alice/my-openai", "parrot-small");

    TestResponse answer = post(EMBEDDINGS, BodyPublishers.ofString(body));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.values("x-claviger-error")).containsExactly(code);
    assertThat(answer.body()).startsWith("{\"error\":{\"message\":\"");
    assertThat(rig.stub.requests()).isEmpty();
  }

  @Test
  void a_request_without_a_body_is_asked_for_a_model() {
    TestResponse answer = post(EMBEDDINGS, BodyPublishers.noBody());

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.values("x-claviger-error")).containsExactly("model_required");
  }

  @Test
  void a_name_of_a_hundred_kilobytes_is_a_400_and_is_not_looked_up() {
    TestResponse answer =
        post(EMBEDDINGS, BodyPublishers.ofString(Rig.embedding("m".repeat(100_000))));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.values("x-claviger-error")).containsExactly("model_invalid");
    assertThat(answer.body()).doesNotContain("mmmm");
    assertThat(rig.routing.questions()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"UTF_16BE, identity, 400", "UTF_8, gzip, 415", "ISO_8859_1, identity, 400"})
  void a_body_in_another_encoding_is_refused(String charset, String coding, int status) {
    byte[] body = Rig.embedding("é").getBytes(charset(charset));

    TestResponse answer =
        post(EMBEDDINGS, BodyPublishers.ofByteArray(body), "Content-Encoding", coding);

    assertThat(answer.status()).isEqualTo(status);
    assertThat(rig.stub.requests()).isEmpty();
  }

  private static Charset charset(String name) {
    return switch (name) {
      case "UTF_16BE" -> StandardCharsets.UTF_16BE;
      case "ISO_8859_1" -> StandardCharsets.ISO_8859_1;
      default -> StandardCharsets.UTF_8;
    };
  }

  @ParameterizedTest
  @CsvSource({
    "text/plain, 200",
    "text/plain;charset=UTF-8, 200",
    "application/vnd.api+json, 200",
    "application/json; charset=utf-16, 400",
    "application/x-www-form-urlencoded, 400",
    "multipart/mixed, 400"
  })
  void json_may_be_announced_as_text_but_not_as_a_form(String type, int status) {
    rig.routing.lead("m", "alice/my-openai", "parrot-small");

    TestResponse answer =
        post(EMBEDDINGS, BodyPublishers.ofString(Rig.embedding("m")), "Content-Type", type);

    assertThat(answer.status()).isEqualTo(status);
    assertThat(rig.stub.requests()).hasSize(status == 200 ? 1 : 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'model':'m','Model':'dear','input':'x'}",
        "{'MODEL':'dear','input':'x','model':'m'}",
        "{'model':'m','mo\\u0044el':'dear'}",
        "{'model':'m','model\\u0000':'dear'}"
      })
  void a_body_in_which_some_readers_find_another_model_is_refused(String body) {
    rig.routing.lead("m", "alice/my-openai", "parrot-small");

    TestResponse answer = post(EMBEDDINGS, BodyPublishers.ofString(body.replace('\'', '"')));

    assertThat(answer.values("x-claviger-error")).containsExactly("body_not_readable");
    assertThat(rig.stub.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"model[]", "Model", "model[0]", "model.x", "MODEL"})
  void a_form_in_which_some_readers_find_another_model_is_refused(String name) {
    rig.routing.lead("m", "alice/my-openai", "whisper-1");
    String part = "--b\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n";
    String form = part.formatted("model", "m") + part.formatted(name, "dear") + "--b--\r\n";

    TestResponse answer =
        post(
            "/gateway/openai/v1/audio/transcriptions",
            BodyPublishers.ofString(form),
            "Content-Type",
            "multipart/form-data; boundary=b");

    assertThat(answer.values("x-claviger-error")).containsExactly("body_not_readable");
    assertThat(rig.stub.requests()).isEmpty();
  }

  @Test
  void an_unknown_model_and_the_name_of_an_invisible_service_get_the_same_bytes() {
    rig.routing.list("a", "b");

    TestResponse unknown = post(EMBEDDINGS, BodyPublishers.ofString(Rig.embedding("nobody")));
    TestResponse hidden = post(EMBEDDINGS, BodyPublishers.ofString(Rig.embedding("bob/secret/m")));

    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.values("x-claviger-error")).containsExactly("model_not_found");
    assertThat(unknown.values("x-should-retry")).containsExactly("false");
    assertThat(unknown.values("x-claviger-service")).isEmpty();
    assertThat(hidden.body()).isEqualTo(unknown.body()).contains("a, b").doesNotContain("secret");
    assertThat(hidden.headers().map().keySet()).isEqualTo(unknown.headers().map().keySet());
    assertThat(rig.authorizer.calls()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_form_may_name_its_model_before_or_after_the_file(boolean before) {
    rig.routing.lead("m", "alice/my-openai", "whisper-long-name");
    String form =
        before
            ? part("model", "m") + FILE + "--bound--\r\n"
            : FILE + part("model", "m") + "--bound--\r\n";

    post(
        "/gateway/openai/v1/audio/transcriptions",
        BodyPublishers.ofString(form, StandardCharsets.ISO_8859_1),
        "Content-Type",
        FORM);

    assertThat(sent().text())
        .isEqualTo(form.replace("\r\n\r\nm\r\n", "\r\n\r\nwhisper-long-name\r\n"));
    assertThat(sent().headers("content-type")).containsExactly(FORM);
  }

  @ParameterizedTest
  @CsvSource({"0, model_required", "2, model_invalid"})
  void a_form_names_one_model(int times, String code) {
    TestResponse answer =
        post(
            "/gateway/openai/v1/audio/transcriptions",
            BodyPublishers.ofString(
                part("model", "m").repeat(times) + part("x", "y") + "--bound--"),
            "Content-Type",
            FORM);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.values("x-claviger-error")).containsExactly(code);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "multipart/form-data",
        "multipart/mixed; boundary=bound",
        "multipart/form-data; boundary="
      })
  void a_form_without_a_clear_boundary_is_a_400(String type) {
    TestResponse answer =
        post(
            "/gateway/openai/v1/audio/transcriptions",
            BodyPublishers.ofString(part("model", "m") + "--bound--"),
            "Content-Type",
            type);

    assertThat(answer.values("x-claviger-error")).containsExactly("body_not_readable");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_body_that_is_larger_than_what_is_held_is_a_413(boolean announced) {
    rig.routing.lead("m", "alice/my-openai", "parrot-small");
    byte[] body = Rig.embedding("m" + " ".repeat(HELD)).getBytes(StandardCharsets.UTF_8);
    BodyPublisher publisher =
        announced
            ? BodyPublishers.ofByteArray(body)
            : BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));

    TestResponse answer = post(EMBEDDINGS, publisher);

    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.values("x-claviger-error")).containsExactly("body_too_large");
    assertThat(rig.stub.requests()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "openai/v1/files, storage_not_lent, 403",
    "openai/v1/fine_tuning/jobs, operation_not_allowed, 403",
    "gemini/v1beta/files, operation_not_allowed, 403",
    "gemini/v1beta/models, operation_not_allowed, 403",
    "gemini/v1beta/fileSearchStores/x:uploadToFileSearchStore, operation_not_allowed, 403",
    "gemini/v1beta/x:generateContent, operation_not_allowed, 403",
    "anthropic/v1/messages/batches, storage_not_lent, 403"
  })
  void an_operation_that_is_not_lent_is_refused_as_one(String path, String code, int status) {
    TestResponse answer = post("/gateway/" + path, BodyPublishers.ofString("{\"x\":1}"));

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.values("x-claviger-error")).containsExactly(code);
  }

  @Test
  void other_methods_are_refused() {
    assertThat(
            rig.client()
                .send("DELETE", "/gateway/openai/v1/models/m", BodyPublishers.noBody())
                .status())
        .isEqualTo(403);
    assertThat(rig.client().get("/gateway/openai/v1/files").status()).isEqualTo(403);
  }

  @Test
  void an_encoded_slash_in_the_path_of_a_call_stays_a_400() {
    assertThat(
            post(
                    "/gateway/gemini/v1beta/models/alice%2Fx%2Fm:generateContent",
                    BodyPublishers.ofString("{}"))
                .status())
        .isEqualTo(400);
  }

  @Test
  void a_model_that_is_not_allowed_deeper_in_the_body_is_refused() {
    rig.authorizer.grant(Rig.TOKEN, rig.at(WireFormat.OPENAI), "parrot-small");
    rig.routing.lead("m", "alice/my-openai", "parrot-small");

    TestResponse allowed = post(EMBEDDINGS, BodyPublishers.ofString(Rig.embedding("m")));
    TestResponse other =
        post(
            "/gateway/openai/v1/responses",
            BodyPublishers.ofString(
                "{\"model\":\"m\",\"tools\":[{\"type\":\"image_generation\",\"model\":\"big\"}],\"input\":\"a\"}"));

    assertThat(allowed.status()).isEqualTo(200);
    assertThat(other.status()).isEqualTo(403);
    assertThat(other.values("x-claviger-error")).containsExactly("model_not_allowed");
    assertThat(rig.stub.requests()).hasSize(1);
  }

  @Test
  void a_name_that_no_path_could_hold_is_encoded_there() {
    rig.lend(WireFormat.GEMINI);
    rig.routing.lead("m", "alice/my-openai", "a b?c#d%e");

    post("/gateway/gemini/v1beta/models/m:generateContent", BodyPublishers.ofString("{}"));

    assertThat(sent().uri()).isEqualTo("/v1beta/models/a%20b%3Fc%23d%25e:generateContent");
  }

  @Test
  void googles_generated_clients_name_models_too() {
    String form = "?%24alt=json%3Benum-encoding%3Dint";
    rig.lend(WireFormat.GEMINI);
    rig.routing.lead("m", "alice/my-openai", "parrot");

    post("/gateway/gemini/v1beta/models/m:generateContent" + form, BodyPublishers.ofString("{}"));

    assertThat(sent().uri()).isEqualTo("/v1beta/models/parrot:generateContent");
    assertThat(rig.client().get("/gateway/gemini/v1beta/models" + form).status()).isEqualTo(200);
  }

  private static String part(String name, String value) {
    return "--bound\r\nContent-Disposition: form-data; name=\""
        + name
        + "\"\r\n\r\n"
        + value
        + "\r\n";
  }

  private TestResponse post(String path, BodyPublisher body, String... headers) {
    return rig.client().send("POST", path, body, headers);
  }

  private RecordedRequest sent() {
    return rig.stub.requests().get(0);
  }
}
