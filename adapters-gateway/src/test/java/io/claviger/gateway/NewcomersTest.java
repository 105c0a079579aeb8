package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.head.BodySizes;
import io.claviger.gateway.in.CallerConnection;
import io.claviger.testkit.http.TestResponse;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Tests requests of unknown clients, and mistakes that people make when they type. */
class NewcomersTest {
  private static final int HELD = 10_000;
  private static final String SERVICE = "/gateway/services/alice/my-openai";

  @AutoClose
  private final Rig rig =
      new Rig(settings -> settings.withBodySizes(BodySizes.USUAL.withMostHeld(HELD)));

  @Test
  void tls_on_the_plain_port_is_closed_at_once_with_a_sentence_in_the_log() {
    Logger logger = (Logger) LoggerFactory.getLogger(CallerConnection.class);
    ListAppender<ILoggingEvent> heard = new ListAppender<>();
    heard.start();
    logger.addAppender(heard);
    long before = System.nanoTime();
    try (RawCaller caller = new RawCaller(rig)) {
      assertThat(caller.send("\u0016\u0003\u0001\u0002\0\u0001").untilClosed()).isIn("", "<reset>");
    } finally {
      logger.detachAppender(heard);
    }

    assertThat(System.nanoTime() - before).isLessThan(5_000_000_000L);
    assertThat(List.copyOf(heard.list))
        .extracting(ILoggingEvent::getFormattedMessage)
        .anyMatch(line -> line.contains("TLS") && line.contains("http://"));
  }

  @Test
  void the_byte_of_tls_within_a_body_is_a_byte() {
    assertThat(rig.post("embeddings", Rig.embedding("m")).status()).isEqualTo(200);
    try (RawCaller caller = new RawCaller(rig)) {
      assertThat(caller.send("GET / HTTP/1.1\r\nx: \u0016\r\n\r\n").until("\r\n"))
          .startsWith("HTTP/1.1 4");
    }
  }

  @Test
  void a_body_that_is_too_large_to_hold_is_led_to_the_services_own_url() {
    rig.routing.lead("m", "alice/my-openai", "parrot-small");
    String large = Rig.embedding("m" + " ".repeat(HELD));

    TestResponse announced = post("/gateway/openai/v1/embeddings", large);

    assertThat(announced.status()).isEqualTo(413);
    assertThat(announced.body()).contains("10000 bytes", "/gateway/services/{owner}/{handle}/");
    assertThat(rig.post("embeddings", large).body()).contains("10000 bytes", "user-key");
    rig.lend(rig.at(WireFormat.OPENAI).from(KeySource.USER));
    assertThat(rig.post("embeddings", large).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "api-version=2024-10-21|the query parameter api-version.",
        "$alt=json|the query parameter $alt.",
        "sk-1234567890abcdef=1|one of the request's query parameters.",
        "%3Cb%3E=1|one of the request's query parameters."
      })
  void a_query_parameter_that_does_not_pass_is_named_unless_it_may_be_a_secret(
      String query, String named) {
    TestResponse answer = rig.post("embeddings?" + query, Rig.embedding("m"));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.values("x-claviger-error")).containsExactly("query_parameter_not_allowed");
    assertThat(answer.body()).contains(named);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "OPENAI|chat|You may mean the operation chat/completions.",
        "OPENAI|foo/chat/completions|the client adds the path.",
        "OPENAI|nonsense|the client adds the path.",
        "GEMINI|v1beta/nonsense|the client adds the path.",
        "COHERE|v3/nonsense|the client adds the path."
      })
  void a_hint_has_no_pattern_and_names_no_operation_that_is_not_meant(
      WireFormat format, String path, String hint) {
    rig.refuse(CallRefusal.OPERATION_NOT_ALLOWED, format);

    assertThat(rig.post(path, "{}").body()).contains(hint).doesNotContain("**", "{model}", "embed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "/v1", "/v1/", "/openai/v1"})
  void a_look_at_the_base_url_of_a_service_is_answered_and_reveals_nothing(String end) {
    for (String method : List.of("GET", "HEAD")) {
      for (String handle : List.of("my-openai", "none")) {
        TestResponse answer =
            rig.anonymous()
                .send(method, "/gateway/services/alice/" + handle + end, BodyPublishers.noBody());
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
      }
    }
    assertThat(rig.stub.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Bearer ", "Basic bm90aGluZw==", Rig.TOKEN})
  void a_request_without_an_access_token_is_told_how_to_send_one(String authorization) {
    TestResponse answer =
        rig.anonymous().with("Authorization", authorization).get(Rig.path("models"));

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.values("x-claviger-error")).containsExactly("bad_token");
    assertThat(answer.text("/error/message"))
        .startsWith("The request has no access token.")
        .contains("Authorization: Bearer");
  }

  @Test
  void a_call_of_the_base_url_itself_is_refused_by_a_name() {
    rig.refuse(CallRefusal.OPERATION_NOT_ALLOWED, WireFormat.OPENAI);

    assertThat(rig.post("", "{}").text("/error/message")).startsWith("POST / is not lent");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/console", "/docs", "/gateway/alice/my-openai"})
  void who_looks_for_the_console_here_learns_that_it_is_elsewhere(String path) {
    TestResponse answer = rig.client().get(path);

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.body()).contains("The API and the console have another address.");
  }

  @Test
  void groqs_path_is_left_out_where_the_service_has_it_in_its_endpoint() {
    assertThat(rig.post("openai/v1/embeddings", Rig.embedding("m")).status()).isEqualTo(200);
    rig.routing.lead("m", "alice/my-openai", "parrot-small");
    for (String base : List.of("/gateway/openai", "/gateway/openai/v1")) {
      assertThat(post(base + "/openai/v1/embeddings", Rig.embedding("m")).status()).isEqualTo(200);
    }
    assertThat(rig.stub.requests()).extracting(r -> r.uri()).containsOnly("/v1/embeddings");
  }

  @Test
  void a_moderation_without_a_model_leads_where_the_usual_one_does_and_its_body_stays() {
    TestResponse refused = post("/gateway/openai/v1/moderations", "{\"input\":\"x\"}");
    assertThat(refused.values("x-claviger-error")).containsExactly("model_not_found");
    assertThat(refused.text("/error/message")).contains("omni-moderation-latest");
    assertThat(
            post("/gateway/openai/v1/moderations", "{\"input\":\"x\",\"model\":\"other\"}")
                .text("/error/message"))
        .startsWith("There is no such model that you may use here.");
    rig.routing.lead("omni-moderation-latest", "alice/my-openai", "omni-moderation-latest");

    TestResponse answer = post("/gateway/openai/v1/moderations", "{\"input\":\"x\"}");

    assertThat(answer.values("x-claviger-service")).containsExactly("alice/my-openai");
    assertThat(rig.stub.requests()).extracting(r -> r.uri()).containsExactly("/v1/moderations");
    assertThat(post("/gateway/openai/v1/embeddings", "{\"input\":\"x\"}").status()).isEqualTo(400);
  }

  @Test
  void an_error_has_its_message_where_clients_of_mistral_look() {
    TestResponse answer = rig.post("embeddings?x=y", "{}");

    assertThat(answer.text("/object")).isEqualTo("error");
    assertThat(answer.text("/message")).isEqualTo(answer.text("/error/message"));
    assertThat(answer.text("/code")).isEqualTo("query_parameter_not_allowed");
  }

  @Test
  void basic_authentication_carries_a_token_and_reaches_no_provider() {
    for (String pair : List.of("ollama:" + Rig.TOKEN, ":" + Rig.TOKEN, Rig.TOKEN + ":")) {
      assertThat(basic(pair).status()).isEqualTo(200);
    }
    for (String pair : List.of("ollama:other", "ollama", ":", "")) {
      assertThat(basic(pair).status()).isEqualTo(401);
    }
    assertThat(rig.stub.requests()).hasSize(3);
    assertThat(rig.stub.requests())
        .allSatisfy(
            sent ->
                assertThat(sent.headers("Authorization")).noneMatch(v -> v.startsWith("Basic")));
  }

  @Test
  void basic_authentication_for_a_proxy_does_not_stand_in_the_way_of_a_token() {
    TestResponse answer =
        rig.anonymous()
            .with("api-key", Rig.TOKEN)
            .with("Authorization", "Basic " + encoded("proxy:secret"))
            .with("Content-Type", "application/json")
            .send("POST", SERVICE + "/embeddings", BodyPublishers.ofString(Rig.embedding("m")));

    assertThat(answer.status()).isEqualTo(200);
  }

  private TestResponse basic(String pair) {
    return rig.anonymous()
        .with("Authorization", "Basic " + encoded(pair))
        .with("Content-Type", "application/json")
        .send("POST", SERVICE + "/embeddings", BodyPublishers.ofString(Rig.embedding("m")));
  }

  private static String encoded(String pair) {
    return Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  private TestResponse post(String path, String body) {
    return rig.client().send("POST", path, BodyPublishers.ofString(body));
  }
}
