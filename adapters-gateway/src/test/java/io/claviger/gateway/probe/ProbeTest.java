package io.claviger.gateway.probe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.gateway.port.ConnectionStatus;
import io.claviger.application.gateway.port.ProviderProbe.Probed;
import io.claviger.domain.standards.KeyMethod;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.RawProvider;
import io.claviger.gateway.Rig;
import io.claviger.gateway.TestService;
import io.claviger.gateway.out.OutboundSettings;
import io.claviger.stub.Behaviour;
import io.claviger.stub.RecordedRequest;
import io.claviger.stub.StubProvider;
import io.claviger.testkit.Race;
import io.claviger.testkit.Undisturbed;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a connection check sends, and how it understands the answer. */
class ProbeTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Duration SHORT = Duration.ofSeconds(2);
  private static final String KEY = "sk-probe-0123456789";

  @AutoClose private final StubProvider stub = StubProvider.start();
  @AutoClose private final OutboundProbe probe = OutboundProbe.start(OutboundSettings.strict());

  @ParameterizedTest
  @CsvSource({
    "OPENAI, /v1, /v1/models, Authorization, Bearer sk-probe-0123456789",
    "COHERE, '', /v1/models?page_size=1, Authorization, Bearer sk-probe-0123456789",
    "GEMINI, '', /v1beta/models?pageSize=1, x-goog-api-key, sk-probe-0123456789",
    "ANTHROPIC, '', /v1/models?limit=1, x-api-key, sk-probe-0123456789"
  })
  void each_format_is_asked_for_its_models_with_the_key_where_it_belongs(
      WireFormat format, String path, String uri, String header, String value) {
    assertThat(probed(TestService.at(stub.baseUrl() + path, format).key(KEY)).status())
        .isEqualTo(ConnectionStatus.OK);

    RecordedRequest sent = sent();
    assertThat(sent.method()).isEqualTo("GET");
    assertThat(sent.uri()).isEqualTo(uri);
    assertThat(sent.headers(header)).containsExactly(value);
    assertThat(sent.headers("host")).containsExactly("127.0.0.1:" + stub.port());
    assertThat(sent.headers("accept-encoding")).containsExactly("identity");
    assertThat(sent.bodyBytes()).isZero();
    assertThat(sent.headers("anthropic-version"))
        .hasSize(format == WireFormat.ANTHROPIC ? 1 : 0)
        .allMatch("2023-06-01"::equals);
  }

  @Test
  void organization_and_custom_headers_go_along_as_they_do_with_a_call() {
    TestService lent = openai().organization("org-of-the-lab").header("X-Team", "one");

    assertThat(probed(lent).status()).isEqualTo(ConnectionStatus.OK);
    assertThat(sent().headers("OpenAI-Organization")).containsExactly("org-of-the-lab");
    assertThat(sent().headers("X-Team")).containsExactly("one");
  }

  @Test
  void a_key_that_travels_in_the_query_stands_there_encoded() {
    assertThat(
            probed(
                    TestService.at(stub.baseUrl(), WireFormat.GEMINI)
                        .placed(KeyMethod.QUERY_PARAM, "key")
                        .key("sk-probe+/0123456789"))
                .status())
        .isEqualTo(ConnectionStatus.OK);

    assertThat(sent().uri()).isEqualTo("/v1beta/models?pageSize=1&key=sk-probe%2B%2F0123456789");
  }

  @Test
  void a_key_that_travels_in_a_form_is_all_that_the_form_holds() {
    probed(openai().placed(KeyMethod.BODY_FORM, "api_key"));

    assertThat(sent().method()).isEqualTo("POST");
    assertThat(sent().uri()).isEqualTo("/v1/models");
    assertThat(sent().header("content-type")).isEqualTo("application/x-www-form-urlencoded");
    assertThat(sent().text()).isEqualTo("api_key=" + KEY);
    assertThat(sent().complete()).isTrue();
  }

  @Test
  void who_needs_no_key_is_sent_none() {
    assertThat(probed(openai().keyless()).status()).isEqualTo(ConnectionStatus.OK);
    assertThat(sent().headers("Authorization")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "stub-status-204, OK, 204",
    "stub-unauthorized, UNAUTHORIZED, 401",
    "stub-status-403, UNAUTHORIZED, 403",
    "stub-redirect, ERROR, 302",
    "stub-status-404, ERROR, 404",
    "stub-status-429, ERROR, 429",
    "stub-status-500, ERROR, 500",
    "stub-big-1000000000, OK, 200",
    "stub-stall-after-headers, OK, 200"
  })
  void the_head_of_the_answer_tells_whatever_the_body_is(
      String behaviour, ConnectionStatus status, int httpStatus) {
    stub.respondNextWith(Behaviour.named(behaviour));
    Probed probed = probed(openai());

    assertThat(probed.status()).isEqualTo(status);
    assertThat(probed.httpStatus()).hasValue(httpStatus);
    assertThat(stub.requests().stream().filter(r -> r.uri().equals("/redirected"))).isEmpty();
    awaitNoConnections();
  }

  @ParameterizedTest
  @CsvSource({"stub-reset", "stub-half-header"})
  void who_breaks_off_before_the_head_has_answered_nothing(String behaviour) {
    stub.respondNextWith(Behaviour.named(behaviour));
    Probed probed = probed(openai());

    assertThat(probed.status()).isEqualTo(ConnectionStatus.ERROR);
    assertThat(probed.httpStatus()).isEqualTo(OptionalInt.empty());
  }

  @Test
  void what_is_no_http_is_an_error() {
    try (RawProvider odd = new RawProvider("220 mail.example ESMTP\r\n\r\n", false)) {
      Probed probed =
          probed(TestService.at("http://127.0.0.1:" + odd.port(), WireFormat.OPENAI).key(KEY));

      assertThat(probed.status()).isEqualTo(ConnectionStatus.ERROR);
      assertThat(probed.httpStatus()).isEqualTo(OptionalInt.empty());
    }
  }

  @Test
  void geminis_400_is_about_the_key_where_its_body_says_so() {
    stub.respondNextWith(Behaviour.named("stub-gemini-key-invalid"));
    Probed invalid = probed(gemini(stub.baseUrl()));
    stub.respondNextWith(Behaviour.named("stub-status-400"));
    Probed other = probed(gemini(stub.baseUrl()));

    assertThat(invalid.status()).isEqualTo(ConnectionStatus.UNAUTHORIZED);
    assertThat(other.status()).isEqualTo(ConnectionStatus.ERROR);
    assertThat(invalid.httpStatus()).hasValue(400);
    assertThat(other.httpStatus()).hasValue(400);
    awaitNoConnections();
  }

  @Test
  void of_a_400_that_does_not_end_what_arrived_decides_at_the_limit() throws Exception {
    List<String> bodies =
        List.of(
            "{\"error\":{\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\",\"reason\":\"API_KEY_INVALID\"}]}}",
            "{\"error\":{\"message\":\"API_KEY_INVALID\"}}",
            "{\"error\":{\"details\":[{\"reason\":\"API_KEY_INVALID\"",
            "API_KEY_INVALID");

    Undisturbed.run(
        () -> {
          List<Probed> probed = Race.of(bodies.size(), n -> withoutEnd(bodies.get(n)), 1);

          assertThat(probed)
              .extracting(Probed::status)
              .containsExactly(
                  ConnectionStatus.UNAUTHORIZED,
                  ConnectionStatus.ERROR,
                  ConnectionStatus.ERROR,
                  ConnectionStatus.ERROR);
          assertThat(probed).extracting(Probed::httpStatus).containsOnly(OptionalInt.of(400));
          assertThat(probed)
              .extracting(Probed::latency)
              .allMatch(each -> each.compareTo(SHORT) < 0);
        });
  }

  private Probed withoutEnd(String body) {
    String answer = "HTTP/1.1 400 Bad Request\r\nContent-Length: 1000000\r\n\r\n" + body;
    try (RawProvider slow = new RawProvider(answer, false);
        AuthorizedCall authorized = gemini("http://127.0.0.1:" + slow.port()).authorized("a/b")) {
      return probe.probe(authorized, SHORT).join();
    }
  }

  @Test
  void of_a_huge_400_no_more_is_read_than_its_beginning() {
    String answer =
        "HTTP/1.1 400 Bad Request\r\nContent-Length: 1000000\r\n\r\n" + "x".repeat(200_000);
    try (RawProvider huge = new RawProvider(answer, false)) {
      assertThat(probed(gemini("http://127.0.0.1:" + huge.port())).status())
          .isEqualTo(ConnectionStatus.ERROR);
    }
  }

  @Test
  void an_announcement_is_no_answer() {
    String answer = "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 401 Unauthorized\r\n\r\n";
    try (RawProvider announcing = new RawProvider(answer, false)) {
      assertThat(probed(TestService.at("http://127.0.0.1:" + announcing.port(), WireFormat.OPENAI)))
          .returns(ConnectionStatus.UNAUTHORIZED, Probed::status);
    }
  }

  @ParameterizedTest
  @CsvSource({"'Date: Mon, 23 Nov 2026 19:50:07 GMT', 2026-11-23T19:50:07Z", "'Date: today',"})
  void what_time_it_is_for_the_provider_is_read_from_its_answer(String header, Instant date) {
    String answer = "HTTP/1.1 403 Forbidden\r\n" + header + "\r\nContent-Length: 0\r\n\r\n";
    try (RawProvider dated = new RawProvider(answer, false)) {
      assertThat(probed(TestService.at("http://127.0.0.1:" + dated.port(), WireFormat.OPENAI)))
          .returns(Optional.ofNullable(date), Probed::date);
    }
  }

  @Test
  void the_authorized_call_stays_open_for_its_lender() {
    try (AuthorizedCall authorized = openai().authorized("alice/my-openai")) {
      probe.probe(authorized, LIMIT).join();
      String key = authorized.key().orElseThrow().lend(bytes -> new String(bytes, ISO_8859_1));

      assertThat(key).isEqualTo(KEY);
    }
  }

  private TestService openai() {
    return TestService.at(stub.baseUrl() + "/v1", WireFormat.OPENAI).key(KEY);
  }

  private static TestService gemini(String endpoint) {
    return TestService.at(endpoint, WireFormat.GEMINI).key(KEY);
  }

  private Probed probed(TestService lent) {
    try (AuthorizedCall authorized = lent.authorized("alice/my-openai")) {
      return probe.probe(authorized, LIMIT).join();
    }
  }

  private RecordedRequest sent() {
    return stub.awaitRequests(1, LIMIT).get(0);
  }

  private void awaitNoConnections() {
    Rig.await(() -> stub.openConnections() == 0); // until the stub has heard of it
  }
}
