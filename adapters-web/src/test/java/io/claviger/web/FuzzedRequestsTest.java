package io.claviger.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.claviger.testkit.http.Conversation;
import io.claviger.testkit.http.FuzzRun;
import io.claviger.testkit.http.Message;
import io.claviger.testkit.http.RequestGenerator;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * The API answers each request exactly once, no matter what is sent, and no answer is a fault of
 * the server.
 */
class FuzzedRequestsTest {
  private static final String KEY = "sk-fuzzed-canary-0123456789";

  /** The statuses for a transfer coding or a version of HTTP that the server does not support. */
  private static final Set<Integer> NOT_SPOKEN = Set.of(501, 505);

  /**
   * Jetty splits a start line at white space of any kind and length, as section 3 of RFC 9112
   * allows.
   */
  private static final Conversation.Tolerance JETTY =
      new Conversation.Tolerance(
          true, Set.of("an empty line", "the request line", "the method", "the version"));

  private final Served served = Served.start();
  private final Queue<String> errors = new ConcurrentLinkedQueue<>();
  private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          if (event.getLevel().isGreaterOrEqual(Level.ERROR) && errors.size() < 10) {
            errors.add(event.getFormattedMessage());
          }
        }
      };

  @BeforeEach
  void hear() {
    appender.start();
    root.addAppender(appender);
  }

  @AfterEach
  void close() {
    root.detachAppender(appender);
    served.close();
  }

  @Test
  void each_request_up_to_the_first_malformed_one_is_answered_and_none_with_a_fault() {
    Client alice = served.user("alice");
    String token = served.root().post("/v1/users", Map.of("handle", "bob")).text("/access_token");
    alice.put("/v1/llm-services/alice/fuzzed", service("alice")).text("/handle");
    RequestGenerator.Vocabulary words = vocabulary(token);
    InetSocketAddress to = new InetSocketAddress(InetAddress.getLoopbackAddress(), served.port());

    FuzzRun.of(20_000, 8)
        .runEach(
            (random, number) -> {
              RequestGenerator.Pipeline pipeline = RequestGenerator.pipeline(random, words);
              for (Conversation.Answered answered :
                  Conversation.hold(to, pipeline.bytes(), random, JETTY)) {
                check(answered, pipeline.bytes());
              }
              assertThat(errors).isEmpty();
              return pipeline.requests();
            });

    assertThat(alice.get("/v1/llm-services/alice/fuzzed").text("/handle")).isEqualTo("fuzzed");
  }

  private static void check(Conversation.Answered answered, byte[] bytes) {
    Message answer = answered.answer();
    assertThat(answer.status() < 500 || NOT_SPOKEN.contains(answer.status()))
        .as(() -> answer.startLine() + "\n" + FuzzRun.shown(bytes))
        .isTrue();
    assertThat(answer.fields() + new String(answer.body(), ISO_8859_1)).doesNotContain(KEY);
  }

  private static Map<String, Object> service(String owner) {
    return Map.of(
        "api_standard",
        "openai",
        "provider",
        "openai",
        "model",
        "m",
        "endpoint",
        "https://api.openai.com/v1",
        "display_name",
        owner,
        "api_key",
        KEY);
  }

  private static RequestGenerator.Vocabulary vocabulary(String token) {
    String service =
        "{\"provider\":\"openai\",\"model\":\"m\",\"endpoint\":\"https://api.openai.com/v1\",\"api_key\":\""
            + KEY
            + "\"}";
    return new RequestGenerator.Vocabulary(
        new String[][] {
          {"GET", "/v1", ""},
          {"GET", "/v1/me", ""},
          {"GET", "/v1/llm-services?limit=2", ""},
          {"GET", "/v1/llm-services/bob/fuzzed", ""},
          {"GET", "/v1/llm-services/alice/fuzzed", ""},
          {"PUT", "/v1/llm-services/bob/fuzzed", service},
          {"PATCH", "/v1/llm-services/bob/fuzzed", "{\"model\":\"n\",\"description\":\"d\"}"},
          {"DELETE", "/v1/llm-services/bob/fuzzed", ""},
          {"PUT", "/v1/projects/bob/fuzzed", "{\"description\":\"d\"}"},
          {"GET", "/v1/audit-events", ""},
          {"GET", "/health/ready", ""},
          {"POST", "/v1/users", "{\"handle\":\"me\"}"}
        },
        new String[][] {
          {"Authorization", "Bearer " + token}, {"Content-Type", "application/json"}
        });
  }
}
