package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.formats.ProviderApi.TestCall;
import io.claviger.domain.standards.WireFormat;
import io.claviger.stub.RecordedRequest;
import io.claviger.testkit.http.TestResponse;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that have the gateway's root as their base URL. */
class RootCallsTest {
  private final Rig rig = new Rig();

  @AfterEach
  void close() {
    rig.close();
  }

  private TestResponse post(String path, String body, String... headers) {
    return rig.client().send("POST", path, BodyPublishers.ofString(body), headers);
  }

  private RecordedRequest sent() {
    return rig.stub.awaitRequests(1, Rig.PATIENCE).get(0);
  }

  @ParameterizedTest
  @EnumSource(names = {"OPENAI", "ANTHROPIC", "GEMINI", "COHERE"})
  void a_provider_is_reached_by_its_own_paths(WireFormat format) {
    rig.lend(format);
    rig.routing.lead("fast", "alice/my-openai", WireFormatContract.MODEL);
    TestCall call = WireFormatContract.textCall(format.api());
    String path =
        format.api().baseUrlEnd() + "/" + call.path().replace(WireFormatContract.MODEL, "fast");

    TestResponse answer = post(path, call.body().replace(WireFormatContract.MODEL, "fast"));

    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(sent().uri() + sent().text())
        .contains(WireFormatContract.MODEL)
        .doesNotContain("fast");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x-api-key", "api-key", "x-goog-api-key", "Authorization", "?key="})
  void the_token_is_found_wherever_sdks_put_it(String place) {
    rig.lend(WireFormat.OPENAI);
    rig.routing.lead("m", "alice/my-openai", "parrot-small");
    boolean inQuery = place.startsWith("?");
    String value = place.equals("Authorization") ? "Bearer " + Rig.TOKEN : Rig.TOKEN;

    TestResponse answer =
        rig.anonymous()
            .with("Content-Type", "application/json")
            .send(
                "POST",
                "/v1/embeddings" + (inQuery ? place + Rig.TOKEN : ""),
                BodyPublishers.ofString(Rig.embedding("m")),
                inQuery ? "x-nothing" : place,
                value);

    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(sent().headers("authorization")).doesNotContain("Bearer " + Rig.TOKEN);
    assertThat(sent().uri()).isEqualTo("/v1/embeddings");
  }

  @ParameterizedTest
  @CsvSource({
    "/openai/deployments/m/embeddings?api-version=2024-10-21, 200, m",
    "/openai/deployments/a/b/m/embeddings?api-version=2024-10-21, 200, a/b/m",
    "/openai/deployments/m/embeddings, 200, m",
    "/deployments/m/embeddings, 200, m",
    "/openai/v1/embeddings?api-version=preview, 200, m",
    "/v1/embeddings?api-version=preview, 200, m",
    "/openai/deployments/other/embeddings, 400, m"
  })
  void azures_clients_name_a_deployment(String path, int status, String model) {
    rig.lend(WireFormat.OPENAI);
    rig.routing.lead(model, "alice/my-openai", "parrot-small");

    TestResponse answer = post(path, Rig.embedding(model));

    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(rig.stub.requests()).hasSize(status == 200 ? 1 : 0);
    if (status == 200) {
      assertThat(sent().uri()).isEqualTo("/v1/embeddings");
      assertThat(sent().text()).contains("parrot-small");
    }
  }

  @Test
  void a_deployment_in_the_path_does_not_replace_the_model_in_the_body() {
    rig.lend(WireFormat.OPENAI);
    rig.routing.lead("m", "alice/my-openai", "parrot-small");

    TestResponse answer = post("/openai/deployments/m/embeddings", "{\"input\":\"x\"}");

    assertThat(answer.values("x-claviger-error")).containsExactly("model_required");
    assertThat(rig.stub.requests()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/embeddings, /gateway/openai/v1/embeddings",
    "/v1/nothing, /gateway/openai/v1/nothing",
    "/v1/../models, /gateway/openai/v1/../models",
    "/v1//models, /gateway/openai/v1//models",
    "/v1/files/%2e%2e, /gateway/openai/v1/files/%2e%2e",
    "/v1/messages, /gateway/anthropic/v1/messages",
    "/v2/chat, /gateway/cohere/v2/chat",
    "/v1beta/models/m:generateContent, /gateway/gemini/v1beta/models/m:generateContent"
  })
  void a_stranger_learns_at_the_root_what_they_learn_elsewhere(String root, String elsewhere) {
    for (String method : List.of("GET", "POST", "DELETE")) {
      String there = stranger(method, elsewhere);

      assertThat(there).matches("(?s)HTTP/1.1 4.*");
      assertThat(stranger(method, root)).isEqualTo(there);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/V1/models", "/console", "/nothing", "/v1x"})
  void other_paths_are_unknown_with_or_without_a_token(String path) {
    String before = stranger("GET", "/nothing");

    assertThat(before).contains("404", "not_found");
    assertThat(stranger("GET", path)).isEqualTo(before);
    assertThat(rig.client().get(path).status()).isEqualTo(404);
  }

  /** The answer to a stranger, without what differs between any two answers. */
  private String stranger(String method, String path) {
    try (RawCaller caller = new RawCaller(rig)) {
      return caller
          .send(method + " " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
          .untilClosed()
          .replaceAll("(?im)^(date|x-request-id|request-id): .*$", "")
          .replaceAll("\"request_id\":\"[^\"]*\"", "");
    }
  }

  @Test
  void a_base_url_at_the_root_answers_and_says_nothing() {
    for (String base :
        List.of("/v1", "/v1/", "/openai", "/anthropic", "/v1beta", "/v1alpha", "/v2")) {
      TestResponse answer = rig.anonymous().get(base);

      assertThat(answer.status()).as(base).isEqualTo(200);
      assertThat(answer.body()).isEmpty();
    }
  }

  @Test
  void the_operator_can_close_the_root() {
    try (Rig closed = new Rig(settings -> settings.withRootPaths(false))) {
      assertThat(closed.client().get("/v1/models").status()).isEqualTo(404);
      assertThat(closed.client().get("/gateway/openai/v1/models").status()).isEqualTo(200);
    }
  }
}
