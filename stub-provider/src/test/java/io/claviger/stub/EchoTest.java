package io.claviger.stub;

import static io.claviger.stub.Caller.data;
import static io.claviger.stub.Caller.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class EchoTest {
  private static final String KEY = "sk-0123456789abcdef";

  @AutoClose private final StubProvider stub = StubProvider.start();
  @AutoClose private final Caller caller = new Caller(stub);

  private static String asking(String model) {
    return "{\"model\": \"" + model + "\", \"input\": \"hi\"}";
  }

  private TestResponse ask(String model) throws Exception {
    return caller.post("/v1/embeddings", asking(model), "authorization", "Bearer " + KEY);
  }

  @Test
  void the_key_comes_back_in_a_header() throws Exception {
    assertThat(ask("stub-echo-key-header").headers().firstValue("x-your-key")).hasValue(KEY);
  }

  @Test
  void the_key_comes_back_in_the_body() throws Exception {
    assertThat(json(ask("stub-echo-key-body")).at("/choices/0/message/content").asString())
        .isEqualTo("Your key is " + KEY);
  }

  @Test
  void the_key_comes_back_in_an_error_whole_and_in_parts() throws Exception {
    TestResponse response = ask("stub-echo-key-error");

    assertThat(response.status()).isEqualTo(400);
    assertThat(json(response).at("/error/message").asString())
        .contains(KEY)
        .contains("in short sk-012***abcdef.");
  }

  @Test
  void the_key_comes_back_in_a_stream_once_for_every_place_it_is_split_at() throws Exception {
    assertThat(data(ask("stub-echo-key-stream")).stream().filter(data -> data.contains(KEY)))
        .hasSize(KEY.length());
  }

  @Test
  void the_key_is_split_between_chunks_at_every_place() throws Exception {
    try (RawClient raw = new RawClient(stub.port())) {
      String body = asking("stub-echo-key-stream");
      raw.write(
          "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
              + "Authorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s"
                  .formatted(KEY, body.length(), body));

      String chunks = raw.readToEnd();
      for (int split = 1; split < KEY.length(); split++) {
        assertThat(chunks)
            .containsPattern(KEY.substring(0, split) + "\r\n[0-9a-f]+\r\n" + KEY.substring(split));
      }
      assertThat(chunks).contains(String.join("\r\n1\r\n", KEY.split("")));
    }
  }

  @Test
  void a_header_comes_back() throws Exception {
    TestResponse response =
        caller.post("/v1/embeddings", asking("stub-echo-header-x-team"), "X-Team", "blue");

    assertThat(response.headers().firstValue("x-your-header")).hasValue("blue");
    assertThat(response.body()).contains("blue");
  }
}
