package io.claviger.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.standards.WireFormat;
import io.claviger.stub.Behaviour;
import io.claviger.stub.RecordedRequest;
import io.claviger.testkit.http.TestClient;
import io.claviger.testkit.http.TestResponse;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.Charset;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Forms and lists of models, where models are limited. */
class LimitedModelsTest {
  private static final String PATH = "audio/transcriptions";
  private static final String FILE =
      part(
          "Content-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n"
              + "Content-Type: audio/wav",
          "RIFF\r\n--b\r\n--\r--bou");

  private static final String LISTED = "\"(id|name|model)\": \"(models/)?parrot-";

  @AutoClose private final Rig rig = new Rig();

  @ParameterizedTest
  @CsvSource({"good, 200", "evil, 403", "'good ', 403", "'', 403"})
  void the_model_of_a_form_is_read(String model, int status) {
    allow(WireFormat.OPENAI, "good");
    TestResponse answer = send(model(model) + FILE + "--bound--\r\n");

    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    if (status == 200) {
      assertThat(sent().text()).isEqualTo(model(model) + FILE + "--bound--\r\n");
    } else {
      assertThat(rig.stub.requests()).isEmpty();
    }
  }

  /** .NET writes quotes only around names that need them. */
  @ParameterizedTest
  @CsvSource({"good, 200", "evil, 403"})
  void the_names_in_a_form_need_no_quotes(String model, int status) {
    allow(WireFormat.OPENAI, "good");
    String form =
        part(
                "Content-Type: text/plain; charset=utf-8\r\n"
                    + "Content-Disposition: form-data; name=model",
                model)
            + part(
                "Content-Type: audio/wav\r\nContent-Disposition: form-data; name=file;"
                    + " filename=a.wav; filename*=utf-8''a.wav",
                "RIFF")
            + "--bound--\r\n";
    TestResponse answer = send(form);

    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    if (status == 200) {
      assertThat(sent().text()).isEqualTo(form);
    } else {
      assertThat(answer.values("x-claviger-error")).containsExactly("model_not_allowed");
    }
  }

  /** Pekko and Akka write the file's name before the field's name. */
  @ParameterizedTest
  @CsvSource({
    "good, a.wav, 200",
    "evil, a.wav, 403",
    "good, model, 403",
    "good, a.wav\"; filename=\"b.wav, 403"
  })
  void the_name_of_a_file_may_come_first(String model, String file, int status) {
    allow(WireFormat.OPENAI, "good");
    String form =
        part(
                "Content-Type: audio/wav\r\nContent-Disposition: form-data; filename=\""
                    + file
                    + "\"; name=\"file\"",
                "RIFF")
            + part("Content-Disposition: form-data; name=\"model\"", model)
            + "--bound--\r\n";
    TestResponse answer = send(form);

    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    if (status == 200) {
      assertThat(sent().text()).isEqualTo(form);
    }
  }

  /** Apache's HttpClient states this encoding unless it is told another one. */
  @ParameterizedTest
  @CsvSource({"good, 200, ", "evil, 403, model_not_allowed", "gööd, 403, model_not_readable"})
  void a_text_in_a_form_may_be_in_latin_letters(String model, int status, String code) {
    allow(WireFormat.OPENAI, "good", "gööd");
    String head =
        "Content-Disposition: form-data; name=\"model\"\r\n"
            + "Content-Type: text/plain; charset=ISO-8859-1\r\nContent-Transfer-Encoding: 8bit";
    TestResponse answer = send(part(head, model) + FILE + "--bound--\r\n");

    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.values("x-claviger-error"))
        .isEqualTo(code == null ? List.of() : List.of(code));
  }

  @Test
  void the_model_may_stand_last_and_the_body_end_without_a_line_end() {
    allow(WireFormat.OPENAI, "good");

    assertThat(send(FILE + model("good") + "--bound--").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "@--bound--",
        "M@M@--bound--",
        "M@model(models)--bound--",
        "M@model(Model)--bound--",
        "M@model(model[])--bound--",
        "M@model(fallback_models)--bound--",
        "M@model(_charset_)--bound--",
        "M@",
        "M@--bound-",
        "M@--bound--\r\nM@",
        "M@--bound--x",
        "xM@--bound--",
        "\r\nM@--bound--",
        "M@--bound \r\n@--bound--",
        "M@--boundx\r\n@--bound--",
        "M--bound--",
        "--bound\r\nContent-Disposition: form-data; name='model'\r\n\r\ngood\r\n--bound--",
        "--bound\r\nContent-Disposition: form-data; name=\"model\"; filename=\"x\"\r\n\r\ngood\r\n--bound--",
        "--bound\r\nContent-Disposition: form-data; name=\"model\"\r\nContent-Type: text/plain; charset=utf-16\r\n\r\ngood\r\n--bound--",
        "--bound\r\nContent-Disposition: form-data; name=\"model\"\r\nContent-Transfer-Encoding: base64\r\n\r\ngood\r\n--bound--",
        "--bound\r\nContent-Disposition: form-data; name=\"x\"; name=\"model\"\r\n\r\nevil\r\nM@--bound--",
        "--bound\r\nContent-Disposition: form-data; name=\"x\"\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nevil\r\nM@--bound--",
        "--bound\r\nContent-Disposition: form-data;\r\n name=\"model\"\r\n\r\ngood\r\n--bound--",
        "--bound\nContent-Disposition: form-data; name=\"model\"\n\ngood\n--bound--",
        "--bound\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\na\n--bound\nb\r\nM@--bound--",
        "--bound\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n--bound\r\nb\r\nM@--bound--"
      })
  void a_form_that_can_be_read_in_two_ways_is_refused(String form) {
    allow(WireFormat.OPENAI, "good");
    String written =
        form.replaceAll(
                "model\\(([^)]*)\\)",
                "--bound\r\nContent-Disposition: form-data; name=\"$1\"\r\n\r\ngood\r\n")
            .replace("M@", model("good"))
            .replace("M--", model("good").strip() + "--")
            .replace("@", "");
    TestResponse answer = send(written);

    assertThat(answer.status()).as(written).isEqualTo(403);
    assertThat(answer.values("x-claviger-error")).containsExactly("model_not_readable");
    assertThat(rig.stub.requests()).isEmpty();
  }

  /** OpenAI's edits of images: another model writes the picture. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "svg[model] | fine | 200",
        "svg[model] | evil | model_not_allowed",
        "svg.model | evil | model_not_allowed",
        "svg[Model] | evil | model_not_allowed",
        "svg[model][] | evil | model_not_allowed",
        "a[answering_model] | evil | model_not_allowed",
        "svg[reasoning][effort] | evil | 200"
      })
  void a_further_model_of_a_form_has_to_be_allowed(String name, String model, String outcome) {
    allow(WireFormat.OPENAI, "good", "fine");
    String further = part("Content-Disposition: form-data; name=\"" + name + "\"", model);
    TestResponse answer = send(model("good") + further + FILE + "--bound--\r\n");

    String seen = answer.status() == 200 ? "200" : answer.header("x-claviger-error");
    assertThat(seen).as(answer.body()).isEqualTo(outcome);
  }

  private static final String MESSAGE =
      "{\"model\":\"good\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]%s}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ANTHROPIC | v1/messages | \"fallbacks\":[{\"model\":\"fine\"},{\"max_tokens\":7,\"model\":\"good\"}]"
            + " | 200",
        "ANTHROPIC | v1/messages | \"fallbacks\":[] | 200",
        "ANTHROPIC | v1/messages | \"fallbacks\":[{\"model\":\"evil\"}] | model_not_allowed",
        "ANTHROPIC | v1/messages | \"fallbacks\":[{\"model\":\"fine\",\"Model\":\"evil\"}] |"
            + " model_not_allowed",
        "ANTHROPIC | v1/messages | \"fallbacks\":\"default\" | model_not_readable",
        "ANTHROPIC | v1/messages | \"fallbacks\":\"good\" | model_not_readable",
        "ANTHROPIC | v1/messages | \"fallbacks\":null | model_not_readable",
        "ANTHROPIC | v1/messages | \"fallbacks\":{\"model\":\"good\"} | model_not_readable",
        "ANTHROPIC | v1/messages | \"fallbacks\":[{\"speed\":\"fast\"}] | model_not_readable",
        "ANTHROPIC | v1/messages | \"fallbacks\":[{\"model\":7}] | model_not_readable",
        "ANTHROPIC | v1/messages | \"fallbacks\":[{\"good\":[\"evil\"],\"model\":\"good\"}] |"
            + " model_not_readable",
        "ANTHROPIC | v1/messages | \"fallbacks\":[\"good\"] | model_not_readable",
        "ANTHROPIC | v1/messages | \"fallbacks\":[[{\"model\":\"good\"}]] | model_not_readable",
        "ANTHROPIC | v1/messages | \"Fallbacks\":[{\"model\":\"good\"}] | model_not_readable",
        "ANTHROPIC | v1/messages | \"models\":[\"good\"] | model_not_readable",
        "OPENAI | chat/completions | \"models\":[\"good\",\"fine\"] | 200",
        "OPENAI | chat/completions | \"models\":[\"good\",\"evil\"] | model_not_allowed",
        "OPENAI | chat/completions | \"models\":\"good\" | model_not_readable",
        "OPENAI | chat/completions | \"models\":[7] | model_not_readable",
        "OPENAI | chat/completions | \"models\":[{\"model\":\"good\"}] | model_not_readable",
        "OPENAI | chat/completions | \"fallbacks\":[{\"model\":\"good\"}] | model_not_readable"
      })
  void models_that_may_answer_in_place_of_another_have_to_be_allowed(
      WireFormat format, String path, String member, String outcome) {
    allow(format, "good", "fine");
    TestResponse answer =
        rig.post(path, MESSAGE.formatted("," + member), "anthropic-version", "2023-06-01");

    String seen = answer.status() == 200 ? "200" : answer.header("x-claviger-error");
    assertThat(seen).as(answer.body()).isEqualTo(outcome);
    assertThat(rig.stub.requests()).hasSize(outcome.equals("200") ? 1 : 0);
  }

  @Test
  void a_body_without_a_type_is_json_where_the_path_names_the_model() {
    allow(WireFormat.BEDROCK, "anthropic.claude-*");
    TestClient untyped = rig.anonymous().withToken(Rig.TOKEN);
    BodyPublisher body =
        BodyPublishers.ofString(MESSAGE.formatted("").replace("\"model\":\"good\",", ""));

    assertThat(untyped.send("POST", Rig.path("model/anthropic.claude-x/invoke"), body).status())
        .isEqualTo(200);
    TestResponse other = untyped.send("POST", Rig.path("model/amazon.nova/invoke"), body);
    assertThat(other.header("x-claviger-error")).isEqualTo("model_not_allowed");
    allow(WireFormat.OPENAI, "good");
    TestResponse unclear =
        untyped.send(
            "POST", Rig.path("chat/completions"), BodyPublishers.ofString(MESSAGE.formatted("")));
    assertThat(unclear.header("x-claviger-error")).isEqualTo("model_not_readable");
  }

  @ParameterizedTest
  @CsvSource({
    "OPENAI, models, parrot-large",
    "ANTHROPIC, v1/models, parrot-large",
    "COHERE, v1/models, parrot-large",
    "GEMINI, v1beta/models, parrot-large",
    "OLLAMA, api/tags, parrot-large"
  })
  void a_list_of_models_shows_what_the_limit_leaves(WireFormat format, String path, String model) {
    rig.lend(format);
    TestResponse whole = list(format, path);
    allow(format, model);
    TestResponse left = list(format, path);
    allow(format, "none-of-them");
    TestResponse none = list(format, path);

    assertThat(whole.body()).contains("parrot-large", "parrot-small");
    assertThat(left.status()).isEqualTo(200);
    assertThat(left.body())
        .containsPattern(LISTED + "large")
        .doesNotContainPattern(LISTED + "small");
    assertThat(left.headers().firstValue("content-type"))
        .isEqualTo(whole.headers().firstValue("content-type"));
    assertThat(none.body()).doesNotContainPattern(LISTED);
    int end = whole.body().lastIndexOf(']');
    assertThat(none.body()).endsWith(whole.body().substring(end));
    assertThat(rig.events.awaitFinished(3).status()).isEqualTo(200);
    for (int call = 1; call <= 3; call++) {
      String got = List.of(whole, left, none).get(call - 1).body();
      assertThat(rig.events.awaitDescribed(call).bytesOut()).isEqualTo(got.getBytes(UTF_8).length);
    }
  }

  @Test
  void an_error_in_place_of_the_list_passes_as_it_is() {
    allow(WireFormat.OPENAI, "good");
    rig.stub.respondNextWith(Behaviour.named("stub-status-429"));

    assertThat(rig.get("models").status()).isEqualTo(429);
  }

  @Test
  void a_list_that_can_not_be_read_is_not_passed_on() {
    allow(WireFormat.OPENAI, "good");
    rig.stub.respondNextWith(Behaviour.named("stub-big-100"));

    TestResponse unusable = rig.get("models");
    assertThat(unusable.status()).isEqualTo(502);
    assertThat(rig.events.awaitDescribed(1).bytesOut())
        .isEqualTo(unusable.body().getBytes(UTF_8).length);
    rig.stub.respondNextWith(Behaviour.named("stub-big-10000000"));
    assertThat(rig.get("models").status()).isEqualTo(502);
  }

  /** JSON between systems is UTF-8 (RFC 8259, 8.1). */
  @ParameterizedTest
  @ValueSource(strings = {"UTF-16BE", "UTF-16LE", "UTF-32BE"})
  void a_list_that_is_not_utf_8_is_not_passed_on(String encoding) {
    String list = "{\"data\":[{\"id\":\"good\"},{\"id\":\"evil\"}]}";
    byte[] bytes = list.getBytes(Charset.forName(encoding));
    String head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ";
    String answer = head + bytes.length + "\r\n\r\n" + new String(bytes, ISO_8859_1);
    try (RawProvider provider = new RawProvider(answer, false)) {
      TestService lent = TestService.at("http://127.0.0.1:" + provider.port(), WireFormat.OPENAI);
      rig.authorizer.grant(Rig.TOKEN, lent, "good");
      TestResponse got = rig.get("models");

      assertThat(got.status()).isEqualTo(502);
      assertThat(got.body()).contains("provider_answer_unusable").doesNotContain("evil");
    }
  }

  private TestResponse list(WireFormat format, String path) {
    return switch (format) {
      case ANTHROPIC -> rig.get(path, "anthropic-version", "2023-06-01");
      case COHERE -> rig.get(path, "x-client-name", "cohere");
      default -> rig.get(path);
    };
  }

  private void allow(WireFormat format, String... models) {
    rig.authorizer.grant(Rig.TOKEN, rig.at(format), models);
  }

  private static String model(String value) {
    return part("Content-Disposition: form-data; name=\"model\"", value);
  }

  private static String part(String head, String content) {
    return "--bound\r\n" + head + "\r\n\r\n" + content + "\r\n";
  }

  private TestResponse send(String form) {
    return rig.post(PATH, form, "Content-Type", "multipart/form-data; boundary=bound");
  }

  private RecordedRequest sent() {
    return rig.stub.requests().get(0);
  }
}
