package io.claviger.gateway.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.standards.WireFormat;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
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
  void a_model_that_comes_too_late_is_not_found() {
    String before = "{\"a\":\"" + "x".repeat(PassingModel.MOST) + "\",";
    PassingModel passing = of("embeddings", HttpMethod.POST);
    passing.read(Unpooled.copiedBuffer(before, UTF_8));
    passing.read(Unpooled.copiedBuffer("\"model\":\"m\"}", UTF_8));

    assertThat(passing.model()).isEmpty();
  }

  @Test
  void the_path_names_the_model_of_a_call_and_not_of_a_look_up() {
    assertThat(of("deployments/d/embeddings", HttpMethod.POST).model()).contains("d");
    assertThat(of("models/m", HttpMethod.GET).model()).isEmpty();
  }

  private static PassingModel of(String path, HttpMethod method) {
    HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, method, "/" + path);
    request.headers().set("Content-Type", "application/json");
    return PassingModel.of(WireFormat.OPENAI, path, request);
  }
}
