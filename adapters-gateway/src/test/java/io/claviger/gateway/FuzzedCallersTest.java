package io.claviger.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.standards.WireFormat;
import io.claviger.testkit.http.Conversation;
import io.claviger.testkit.http.FuzzRun;
import io.claviger.testkit.http.Message;
import io.claviger.testkit.http.RequestGenerator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * No matter what callers send, they get their own answers, and the provider gets complete requests.
 */
@Isolated("It counts the open buffers of the whole JVM.")
class FuzzedCallersTest {
  private static final String SERVICE = "/gateway/services/alice/my-openai/";
  private static final String EMBEDDING = "{\"model\":\"m\",\"input\":\"hello\"}";
  private static final String[][] REQUESTS = {
    {"POST", SERVICE + "embeddings", EMBEDDING},
    {"POST", SERVICE + "embeddings", EMBEDDING},
    {"POST", SERVICE + "chat/completions", "{\"model\":\"m\",\"stream\":true}"},
    {"GET", SERVICE + "models", ""},
    {"GET", SERVICE + "models/m", ""},
    {"POST", SERVICE + "files", EMBEDDING},
    {"GET", "/elsewhere", ""}
  };
  private static final RequestGenerator.Vocabulary AT_ONCE = vocabulary(FuzzedGateway.AT_ONCE);
  private static final RequestGenerator.Vocabulary LATER = vocabulary(FuzzedGateway.LATER);

  private static RequestGenerator.Vocabulary vocabulary(String token) {
    return new RequestGenerator.Vocabulary(
        REQUESTS,
        new String[][] {
          {"Authorization", "Bearer " + token}, {"Content-Type", "application/json"}
        });
  }

  @Tag("slow")
  @Test
  void each_request_up_to_the_first_malformed_one_gets_its_own_answer() {
    try (EchoProvider provider = new EchoProvider();
        FuzzedGateway gateway =
            new FuzzedGateway(
                TestService.at("http://127.0.0.1:" + provider.port() + "/v1", WireFormat.OPENAI))) {
      FuzzRun.of(60_000, 8)
          .runEach(
              (random, number) -> {
                RequestGenerator.Pipeline pipeline =
                    RequestGenerator.pipeline(random, random.nextBoolean() ? AT_ONCE : LATER);
                call(gateway, pipeline.bytes(), random);
                assertThat(provider.complaints()).isEmpty();
                assertThat(gateway.errors()).isEmpty();
                return pipeline.requests();
              });
    }
  }

  private static void call(FuzzedGateway gateway, byte[] bytes, SplittableRandom random)
      throws Exception {
    List<Conversation.Answered> answers =
        Conversation.hold(gateway.address(), bytes, random, Conversation.Tolerance.NONE);
    for (Conversation.Answered answered : answers) {
      Message answer = answered.answer();
      String body = new String(answer.body(), ISO_8859_1);
      assertThat(answer.status()).as(() -> FuzzRun.shown(bytes)).isLessThan(500);
      assertThat(answer.fields().toString() + body).doesNotContain(TestService.KEY);
      if (answer.status() == 200 && answered.request().isPresent()) {
        Message request = answered.request().get();
        assertThat(body)
            .as(() -> FuzzRun.shown(bytes))
            .isEqualTo(request.method().equals("HEAD") ? "" : echo(request));
      }
    }
  }

  private static String echo(Message request) {
    String target = request.target();
    int query = target.indexOf('?');
    String path = query < 0 ? target : target.substring(0, query);
    String below = path.replaceFirst("^(http://[^/]*)?/gateway/services/[^/]+/[^/]+/?", "");
    return EchoProvider.echo(request.method(), below, request.body());
  }
}
