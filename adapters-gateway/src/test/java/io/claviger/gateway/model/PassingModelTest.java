package io.claviger.gateway.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.standards.WireFormat;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PassingModelTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"model\":\"gpt\",\"input\":\"a\"} | gpt",
        "{\"input\":[{\"model\":\"x\"}], \"model\" : \"a\\/b\"} | a/b",
        "{\"model\":\"first\",\"model\":\"second\"} | first",
        "{\"model\":\"gpt\",broken | gpt",
        "{\"model\":{\"a\":\"x\"},\"b\":\"y\"} | ''",
        "{\"a\":{\"model\":\"x\"}} | ''",
        "[\"model\",\"x\"] | ''",
        "broken | ''"
      })
  void the_model_of_a_body_is_found_however_it_is_split(String body, String model) {
    byte[] bytes = body.getBytes(UTF_8);
    for (int split = 0; split <= bytes.length; split++) {
      PassingModel passing = of("chat/completions", HttpMethod.POST);
      passing.read(Unpooled.wrappedBuffer(bytes, 0, split));
      passing.read(Unpooled.wrappedBuffer(bytes, split, bytes.length - split));

      assertThat(passing.model().orElse("")).isEqualTo(model);
    }
  }

  @Test
  void the_model_is_found_behind_anything() {
    for (String before :
        List.of("\"" + "x".repeat(1 << 20) + "\"", "[" + "{\"model\":1},".repeat(30_000) + "7]")) {
      PassingModel passing = of("embeddings", HttpMethod.POST);
      passing.read(Unpooled.copiedBuffer("{\"a\":" + before, UTF_8));
      passing.read(Unpooled.copiedBuffer(",\"model\":\"m\"}", UTF_8));

      assertThat(passing.model()).contains("m");
    }
  }

  @Test
  void the_model_of_a_form_is_found_behind_its_file() {
    String form =
        part("file\"; filename=\"a.wav", "model".repeat(50_000))
            + part("models", "x")
            + part("model", "whisper-1")
            + part("model", "another")
            + "--b--\r\n";
    for (int split : new int[] {0, 1, 60, 250_100, form.length()}) {
      PassingModel passing = of("audio/transcriptions", "multipart/form-data; boundary=b");
      passing.read(Unpooled.copiedBuffer(form.substring(0, split), UTF_8));
      passing.read(Unpooled.copiedBuffer(form.substring(split), UTF_8));

      assertThat(passing.model()).contains("whisper-1");
    }
  }

  private static String part(String name, String content) {
    return "--b\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
        .formatted(name, content);
  }

  @Test
  void the_path_names_the_model_of_a_call_and_not_of_a_look_up() {
    assertThat(of("deployments/d/embeddings", HttpMethod.POST).model()).contains("d");
    assertThat(of("models/m", HttpMethod.GET).model()).isEmpty();
  }

  private static PassingModel of(String path, HttpMethod method) {
    return of(path, method, "application/json");
  }

  private static PassingModel of(String path, String type) {
    return of(path, HttpMethod.POST, type);
  }

  private static PassingModel of(String path, HttpMethod method, String type) {
    HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, method, "/" + path);
    request.headers().set("Content-Type", type);
    return PassingModel.of(WireFormat.OPENAI, path, request);
  }
}
