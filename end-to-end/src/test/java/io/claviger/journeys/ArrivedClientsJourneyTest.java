package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.models.messages.MessageCreateParams;
import com.google.genai.Client;
import com.google.genai.types.GenerateContentConfig;
import com.google.genai.types.HttpOptions;
import com.openai.azure.AzureOpenAIServiceVersion;
import com.openai.azure.AzureUrlPathMode;
import com.openai.azure.credential.AzureApiKeyCredential;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.embeddings.EmbeddingCreateParams;
import io.claviger.bootstrap.node.Node;
import io.claviger.testkit.http.TestResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients of another gateway continue to use that gateway's paths and tokens. */
class ArrivedClientsJourneyTest extends SharedNode {
  private static final GenerateContentConfig PLAIN = GenerateContentConfig.builder().build();
  private static final Map<String, String> CALL =
      Map.of("model", "parrot-openai", "input", "Hello");

  private final String old = journey.token("sk-of-the-old-gateway-0123456789");
  private Api alice = root;
  private Api arrived = root;

  @BeforeEach
  void arrive() {
    alice = journey.user(node, "alice");
    add("openai", "/v1");
    add("anthropic", "");
    add("gemini", "");
    add("cohere", "");
    imported("sk-", old);
    arrived = alice.holding(old);
    TestResponse unused = Eventually.answers(200, () -> arrived.callRoot("/v1/embeddings", CALL));
  }

  private String gateway() {
    return node.gateway().toString();
  }

  private void add(String standard, String path) {
    Map<String, String> service = new HashMap<>();
    service.put("api_standard", standard);
    service.put("endpoint", journey.provider().baseUrl() + path);
    service.put("model", "parrot-" + standard);
    service.put("api_key", journey.key(standard));
    alice.put("/v1/llm-services/alice/" + standard, service).isStatus(201);
  }

  /** Stores what an import stores. */
  private void imported(String prefix, String text) {
    journey.tamper(
        """
        insert into access_tokens (id, user_id, token_hash, name, scope, origin, created_at,
          expires_at, imported_from, imported_prefix)
        select gen_random_uuid(), id, sha256(convert_to('%s', 'UTF8')), 'old key', 'use', 'imported',
          now(), now() + interval '1 day', 'litellm', '%s'
        from users where handle = 'alice'
        """
            .formatted(text, prefix));
  }

  @Test
  void sdks_go_on_with_the_old_base_url_and_the_old_token() {
    EmbeddingCreateParams hello =
        EmbeddingCreateParams.builder().model("parrot-openai").input("Hello").build();
    for (String base : new String[] {"/v1", ""}) {
      OpenAIClient openai =
          OpenAIOkHttpClient.builder().baseUrl(gateway() + base).apiKey(old).build();
      assertThat(openai.embeddings().create(hello).data()).hasSize(1);
      openai.close();
    }
    OpenAIClient azure =
        OpenAIOkHttpClient.builder()
            .baseUrl(gateway())
            .azureServiceVersion(AzureOpenAIServiceVersion.latestStableVersion())
            .azureUrlPathMode(AzureUrlPathMode.LEGACY)
            .credential(AzureApiKeyCredential.create(old))
            .build();
    assertThat(azure.embeddings().create(hello).data()).hasSize(1);
    azure.close();
    AnthropicClient anthropic =
        AnthropicOkHttpClient.builder().baseUrl(gateway()).apiKey(old).build();
    assertThat(
            anthropic
                .messages()
                .create(
                    MessageCreateParams.builder()
                        .model("parrot-anthropic")
                        .maxTokens(99)
                        .addUserMessage("Hello")
                        .build())
                .content())
        .isNotEmpty();
    assertThat(anthropic.models().list().data())
        .extracting(model -> model.id())
        .contains("parrot-anthropic");
    anthropic.close();
    try (Client gemini =
        Client.builder()
            .httpOptions(HttpOptions.builder().baseUrl(gateway()).build())
            .apiKey(old)
            .build()) {
      assertThat(gemini.models.generateContent("parrot-gemini", "Hello", PLAIN).text())
          .contains("Hello");
    }
  }

  @Test
  void a_client_of_cohere_goes_on_too() {
    TestResponse answer =
        arrived.callRoot(
            "/v2/embed",
            Map.of(
                "model", "parrot-cohere", "input_type", "search_query", "texts", List.of("Hello")));

    assertThat(answer.isStatus(200).values("x-claviger-service")).containsExactly("alice/cohere");
  }

  @Test
  void nothing_but_the_gateway_accepts_an_imported_token() {
    arrived.get("/v1/me").isStatus(401);
    arrived.get("/v1/users/alice/tokens").isStatus(401);
    arrived.post("/v1/me/tokens/narrow", Map.of("name", "n")).isStatus(401);
    arrived.delete("/v1/me/token").isStatus(401);
    arrived.embed("alice/openai", CALL).isStatus(200);
  }

  @Test
  void its_user_sees_where_it_comes_from_and_ends_it_by_revoking_it() {
    TestResponse listed = alice.get("/v1/users/alice/tokens").isStatus(200);
    assertThat(listed.at("/items").findValuesAsString("imported_from")).contains("litellm");
    String id = listed.at("/items").get(1).path("id").asString();
    assertThat(listed.at("/items").get(1).path("imported_from").asString()).isEqualTo("litellm");

    alice.delete("/v1/users/alice/tokens/" + id).isStatus(204);

    Eventually.answers(401, () -> arrived.embed("alice/openai", CALL)).isRefused(401, "bad_token");
  }

  @Test
  void a_hash_of_a_text_that_begins_as_ours_do_is_worth_nothing() {
    String ours = journey.token("clv_of-the-old-gateway-0123456789");
    imported("sk-", ours);

    alice.holding(ours).embed("alice/openai", CALL).isRefused(401, "bad_token");
  }

  @Test
  void an_operator_refuses_all_of_them_and_closes_the_root() {
    Map<String, String> environment = new HashMap<>(journey.environment());
    environment.put("CLAVIGER_IMPORTED_TOKENS", "off");
    environment.put("CLAVIGER_GATEWAY_ROOT", "off");
    Node strict = journey.startNode(environment);

    arrived.at(strict).embed("alice/openai", CALL).isRefused(401, "bad_token");
    alice.at(strict).embed("alice/openai", CALL).isStatus(200);
    alice.at(strict).callRoot("/v1/embeddings", CALL).isStatus(404);
    journey.stop(strict);
  }
}
