package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.gateway.CallRefusal;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.standards.WireFormat;
import io.claviger.stub.RecordedRequest;
import io.claviger.testkit.http.TestResponse;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What other clients than the providers' SDKs send. */
class OtherClientsTest {
  private static final String CHAT =
      "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";

  private static final String RESPONSE =
      "{\"model\":\"m\",\"input\":\"x\",\"tools\":[{\"type\":\"image_generation\"}]}";
  private static final String IMAGES = "x-ms-oai-image-generation-deployment";

  @AutoClose private final Rig rig = new Rig();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x-claude-code-session-id",
        "x-codex-turn-metadata",
        "x-app",
        "session-id",
        "session_id",
        "thread-id",
        "conversation_id",
        "originator",
        "x-client-request-id",
        "x-session-affinity",
        "x-initiator",
        "x-interaction-type",
        "x-opencode-session-id",
        "x-fern-language",
        "anthropic-version",
        "anthropic-beta",
        "anthropic-dangerous-direct-browser-access"
      })
  void the_headers_of_agents_pass(String name) {
    rig.lend(rig.at(WireFormat.OPENAI).from(KeySource.USER));
    rig.post("embeddings", Rig.embedding("m"), name, "value-1");

    assertThat(sent().headers(name)).containsExactly("value-1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "anthropic-workspace-id",
        "anthropic-user-profile-id",
        "Anthropic-Organization-Id",
        "openai-organization",
        "openai-project",
        "x-goog-user-project",
        "x-portkey-custom-host"
      })
  void headers_that_choose_the_account_or_steer_do_not(String name) {
    rig.lend(rig.at(WireFormat.OPENAI).passing("openai-*", "anthropic-*", "x-goog-*"));
    rig.post("embeddings", Rig.embedding("m"), name, "value-1");

    assertThat(sent().headers(name)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "OPENAI, embeddings, OpenAI-Organization",
    "OPENAI, embeddings, OpenAI-Project",
    "ANTHROPIC, v1/messages, anthropic-workspace-id",
    "GEMINI, v1beta/models/m:generateContent, X-Goog-User-Project"
  })
  void with_the_callers_own_key_they_choose_in_the_callers_account(
      WireFormat format, String path, String name) {
    rig.lend(rig.at(format).from(KeySource.USER));
    rig.post(path, CHAT, name, "value-1");
    assertThat(sent().headers(name)).containsExactly("value-1");

    rig.lend(rig.at(format));
    rig.post(path, CHAT, name, "value-1");
    assertThat(rig.stub.requests().stream().skip(1))
        .allSatisfy(lent -> assertThat(lent.headers(name)).isEmpty());
  }

  /** Where clients that were tried by hand add to the base URL, and where they put the token. */
  @ParameterizedTest
  @CsvSource({
    "groq-sdk, /gateway/openai, openai/v1/chat/completions, Authorization",
    "groq-sdk, /gateway/services/alice/my-openai, openai/v1/chat/completions, Authorization",
    "cerebras, /gateway/openai, v1/chat/completions, Authorization",
    "mistralai, /gateway/services/alice/my-openai, v1/chat/completions, Authorization",
    "portkey-ai, /gateway/openai/v1, chat/completions, Authorization",
    "ai-sdk for Azure, /gateway/services/alice/my-openai/openai/v1, chat/completions, api-key",
    "HTTPie, /gateway/openai/v1, chat/completions, Basic"
  })
  void a_client_of_another_vendor_gets_its_answer(
      String client, String base, String added, String credential) {
    rig.routing.lead("m", "alice/my-openai", "parrot-small");
    String name = credential.equals("Basic") ? "Authorization" : credential;
    String value =
        switch (credential) {
          case "Basic" ->
              "Basic "
                  + Base64.getEncoder()
                      .encodeToString(("any:" + Rig.TOKEN).getBytes(StandardCharsets.US_ASCII));
          case "Authorization" -> "Bearer " + Rig.TOKEN;
          default -> Rig.TOKEN;
        };

    TestResponse answer =
        rig.anonymous()
            .with(name, value)
            .with("Content-Type", "application/json")
            .with("User-Agent", client)
            .send("POST", base + "/" + added, HttpRequest.BodyPublishers.ofString(CHAT));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(sent().uri()).isEqualTo("/v1/chat/completions");
    assertThat(sent().headers("Authorization")).containsExactly("Bearer " + TestService.KEY);
  }

  /**
   * Codex requests its own kind of list at the URL of a service too, and shows an error if the
   * request is refused. With Azure, its settings add a version of the API to each request.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "models?client_version=0.171.0",
        "v1/models?client_version=0.171.0",
        "models?client_version=0.171.0&api-version=preview",
        "models?api-version=preview&client_version=0.171.0"
      })
  void codex_gets_an_empty_catalogue_from_the_gateway(String request) {
    rig.lend(rig.at(WireFormat.OPENAI).forwarding("api-version"));

    assertThat(rig.get(request).isStatus(200).body()).isEqualTo("{\"models\":[]}");
    assertThat(rig.stub.requests()).isEmpty();
    assertThat(rig.events.awaitFinished(1).used()).isEmpty();
  }

  @Test
  void who_may_not_list_models_gets_no_catalogue_for_codex() {
    String list = "models?client_version=0.171.0";
    assertThat(rig.anonymous().withToken("clv_unknown").get(Rig.path(list)).status())
        .isEqualTo(401);
    rig.refuse(CallRefusal.OPERATION_NOT_ALLOWED, WireFormat.OPENAI);
    assertThat(rig.get(list).status()).isEqualTo(403);
  }

  @Test
  void a_list_of_models_with_a_query_that_cant_be_decoded_is_refused() {
    for (String list : List.of("models?%zz", "models?client_version=1&%")) {
      try (RawCaller caller = new RawCaller(rig)) {
        caller.send(RawCaller.head("GET", list) + "\r\n");
        assertThat(caller.untilErrorEnds()).as(list).startsWith("HTTP/1.1 400 ");
      }
    }
    assertThat(rig.stub.requests()).isEmpty();
  }

  @Test
  void a_provider_that_makes_catalogues_for_codex_is_asked_for_them() {
    rig.lend(rig.at(WireFormat.OPENAI).forwarding("client_version"));
    assertThat(rig.get("models?client_version=0.171.0").status()).isEqualTo(200);
    assertThat(sent().uri()).isEqualTo("/v1/models?client_version=0.171.0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "models?client_version=1&limit=2",
        "models?client_version=",
        "models/m?client_version=1"
      })
  void other_requests_with_the_parameter_of_codex_are_refused(String request) {
    assertThat(rig.get(request).values("x-claviger-error"))
        .containsExactly("query_parameter_not_allowed");
    assertThat(rig.stub.requests()).isEmpty();
  }

  @Test
  void the_id_of_a_model_may_contain_an_encoded_slash() {
    TestResponse answer = rig.get("models/openai%2Fgpt-4o");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(sent().uri()).isEqualTo("/v1/models/openai%2Fgpt-4o");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "models/..%2Ffiles",
        "models/a%2F..",
        "models/a%2f.%2fb",
        "models/%2Fa",
        "models/a%2F",
        "models/a%2F%2fb",
        "models/a%252Fb",
        "models/a%5Cb",
        "models%2Fa",
        "files/models%2Fa",
        "x%2Fmodels/a",
        "models/a/b%2Fc"
      })
  void no_other_encoded_slash_passes(String path) {
    assertThat(rig.get(path).status()).isEqualTo(400);
    assertThat(rig.stub.requests()).isEmpty();
  }

  @Test
  void an_encoded_slash_passes_in_no_other_method() {
    assertThat(rig.post("models/openai%2Fgpt-4o", "{}").status()).isEqualTo(400);
  }

  @Test
  void a_limit_to_models_reads_the_encoded_slash() {
    rig.authorizer.grant(Rig.TOKEN, rig.at(WireFormat.OPENAI), "openai/gpt-4o");

    assertThat(rig.get("models/openai%2Fgpt-4o").status()).isEqualTo(200);
    assertThat(rig.get("models/openai%2Fother").status()).isEqualTo(403);
  }

  /** The endpoint is the address of the resource, as the page about Azure says. */
  @ParameterizedTest
  @CsvSource({
    "/gateway/openai/v1, chat/completions, /openai/v1/chat/completions",
    "/gateway/openai, openai/deployments/m/chat/completions?api-version=2024-10-21,"
        + " /openai/v1/chat/completions",
    "/gateway/services/alice/my-openai, chat/completions, /openai/v1/chat/completions",
    "/gateway/services/alice/my-openai, v1/chat/completions, /openai/v1/chat/completions",
    "/gateway/services/alice/my-openai, openai/v1/chat/completions, /openai/v1/chat/completions",
    "/gateway/services/alice/my-openai,"
        + " openai/deployments/m/chat/completions?api-version=2024-10-21,"
        + " /openai/deployments/m/chat/completions?api-version=2024-10-21",
    "/gateway/services/alice/my-openai,"
        + " models/chat/completions?api-version=2024-05-01-preview,"
        + " /models/chat/completions?api-version=2024-05-01-preview"
  })
  void a_call_reaches_the_resource_of_azure(String base, String added, String sent) {
    rig.lend(azure(""));
    rig.routing.lead("m", "alice/my-openai", "m");

    rig.anonymous()
        .with("api-key", Rig.TOKEN)
        .with("Content-Type", "application/json")
        .send("POST", base + "/" + added, HttpRequest.BodyPublishers.ofString(CHAT));

    assertThat(sent().uri()).isEqualTo(sent);
  }

  @Test
  void an_endpoint_that_has_a_path_is_no_root_of_azure() {
    rig.lend(azure("/openai/v1"));
    rig.post("chat/completions", CHAT);

    assertThat(sent().uri()).isEqualTo("/openai/v1/chat/completions");
  }

  /** Whether the client or the endpoint names Azure's API for models of all vendors, or both. */
  @ParameterizedTest
  @CsvSource({
    "/models, models/chat/completions, /models/chat/completions",
    "/models, chat/completions, /models/chat/completions",
    "/a/models, models/chat/completions, /a/models/chat/completions",
    "/a, models/chat/completions, /a/models/chat/completions",
    "/mymodels, models/chat/completions, /mymodels/models/chat/completions",
  })
  void azures_models_are_named_once(String endpoint, String path, String sent) {
    String version = "?api-version=2024-05-01-preview";
    rig.lend(azure(endpoint));
    rig.post(path + version, CHAT).isStatus(200);

    assertThat(sent().uri()).isEqualTo(sent + version);
  }

  @Test
  void a_root_of_another_provider_gets_no_path_of_azure() {
    rig.lend(TestService.at(rig.stub.baseUrl(), WireFormat.OPENAI));
    rig.post("chat/completions", CHAT);

    assertThat(sent().uri()).isEqualTo("/chat/completions");
  }

  private TestService azure(String path) {
    return TestService.at(rig.stub.baseUrl() + path, WireFormat.OPENAI)
        .lending(
            new Operation("POST chat/completions"),
            new Operation("POST openai/v1/chat/completions"),
            new Operation("POST models/chat/completions"),
            new Operation("POST openai/deployments/{deployment}/chat/completions"))
        .forwarding("api-version");
  }

  @Test
  void the_path_of_azures_inference_of_models_names_no_model() {
    rig.authorizer.grant(Rig.TOKEN, azure(""), "m");
    String path = "models/chat/completions?api-version=2024-05-01-preview";

    assertThat(rig.post(path, CHAT.replace("\"m\"", "\"evil\"")).status()).isEqualTo(403);
    assertThat(rig.stub.requests()).isEmpty();
    assertThat(rig.post(path, CHAT).status()).isEqualTo(200);
  }

  @Test
  void azures_deployment_for_images_is_forwarded_with_responses_only() {
    rig.post("responses", RESPONSE, IMAGES, "painter").isStatus(200);
    rig.post("chat/completions", CHAT, IMAGES, "painter").isStatus(200);

    List<RecordedRequest> sent = rig.stub.awaitRequests(2, Rig.PATIENCE);
    assertThat(sent.getFirst().headers(IMAGES)).containsExactly("painter");
    assertThat(sent.getLast().headers(IMAGES)).isEmpty();
  }

  /** Whether or not the standard lists it. */
  @ParameterizedTest
  @ValueSource(strings = {"x-other", "x-ms-*", "x-ms-oai-image-generation-deployment"})
  void azures_deployment_for_images_has_to_be_within_the_limits(String listed) {
    rig.authorizer.grant(
        Rig.TOKEN, rig.at(WireFormat.OPENAI).passing(listed), "m", "painter", "a*");

    assertThat(rig.post("responses", RESPONSE, IMAGES, "evil").status()).isEqualTo(403);
    assertThat(rig.stub.requests()).isEmpty();
    assertThat(rig.post("responses", RESPONSE, IMAGES, "painter").status()).isEqualTo(200);
    assertThat(sent().headers(IMAGES)).containsExactly("painter");
  }

  @Test
  void azures_deployment_for_images_has_to_be_within_the_limits_of_a_routed_call() {
    rig.authorizer.grant(Rig.TOKEN, rig.at(WireFormat.OPENAI), "m");
    rig.routing.lead("m", "alice/my-openai", "m");

    TestResponse answer =
        rig.anonymous()
            .withToken(Rig.TOKEN)
            .with("Content-Type", "application/json")
            .with(IMAGES, "evil")
            .send(
                "POST",
                "/gateway/openai/v1/responses",
                HttpRequest.BodyPublishers.ofString(RESPONSE));

    assertThat(answer.status()).isEqualTo(403);
    assertThat(rig.stub.requests()).isEmpty();
  }

  @Test
  void azures_deployment_for_images_is_refused_if_it_is_sent_twice() {
    assertThat(rig.post("responses", RESPONSE, IMAGES, "one", IMAGES, "two").status())
        .isEqualTo(400);
    assertThat(rig.stub.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"openai/deployments/good", "deployments/good"})
  void a_deployment_of_azure_is_the_model_for_limits(String deployment) {
    rig.authorizer.grant(Rig.TOKEN, rig.at(WireFormat.OPENAI), "good");
    String path = deployment + "/embeddings";

    assertThat(rig.post(path, "{\"input\":\"x\"}").status()).isEqualTo(200);
    assertThat(rig.post(path, Rig.embedding("good")).status()).isEqualTo(200);
    assertThat(rig.post(path, Rig.embedding("evil")).status()).isEqualTo(403);
    assertThat(rig.post(path.replace("good", "evil"), "{}").status()).isEqualTo(403);
    assertThat(rig.post(path.replace("good", "evil"), Rig.embedding("good")).status())
        .isEqualTo(403);
  }

  @Test
  void a_tuned_model_of_gemini_is_named_whole_in_limits() {
    rig.authorizer.grant(Rig.TOKEN, rig.at(WireFormat.GEMINI), "tunedModels/mine");
    String verb = ":generateContent";
    String body = "{\"contents\":[{\"parts\":[{\"text\":\"x\"}]}]}";

    assertThat(post("v1beta/tunedModels/other" + verb, body)).isEqualTo(403);
    assertThat(post("v1beta/models/mine" + verb, body)).isEqualTo(403);
    assertThat(rig.stub.requests()).isEmpty();
    assertThat(post("v1beta/tunedModels/mine" + verb, body)).isNotEqualTo(403);
    assertThat(sent().uri()).isEqualTo("/v1beta/tunedModels/mine" + verb);
  }

  private int post(String path, String body) {
    return rig.anonymous()
        .with("x-goog-api-key", Rig.TOKEN)
        .with("Content-Type", "application/json")
        .send("POST", Rig.path(path), HttpRequest.BodyPublishers.ofString(body))
        .status();
  }

  private RecordedRequest sent() {
    return rig.stub.requests().get(0);
  }
}
