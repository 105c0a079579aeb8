package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.gateway.CallTarget;
import io.claviger.application.routing.ModelRouting.RoutedTarget;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.usage.UsageModel;
import io.claviger.stub.RecordedRequest;
import io.claviger.testkit.http.TestResponse;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls on the URLs that name no service. */
class RoutedCallsTest {
  @AutoClose private final Rig rig = new Rig();

  @Test
  void a_model_leads_to_its_service() {
    rig.routing.lead("fast", "alice/my-openai", "parrot-small");

    TestResponse answer = post("/gateway/openai/v1/embeddings", Rig.embedding("fast"));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(sent().uri()).isEqualTo("/v1/embeddings");
    assertThat(sent().text()).isEqualTo(Rig.embedding("parrot-small"));
    assertThat(answer.values("x-claviger-service")).containsExactly("alice/my-openai");
    assertThat(answer.values("x-claviger-model")).containsExactly("parrot-small");
    assertThat(answer.values("x-claviger-attempts")).isEmpty();
    assertThat(rig.authorizer.calls().get(0).callTarget())
        .isEqualTo(new CallTarget.Service(Instance.Ref.of("alice/my-openai")));
    assertThat(rig.events.awaitFinished(1).used().orElseThrow().model())
        .isEqualTo(UsageModel.called("parrot-small"));
    assertThat(rig.events.awaitDescribed(1).models()).contains("fast");
    assertThat(rig.events.awaitDescribed(1).service()).contains(Instance.Ref.of("alice/my-openai"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ag:f8b2fc67:20250101:agent:33eacbbc",
        "arn:aws:bedrock:us-east-1:123456789012:custom-model/mine.1/abcdefghijkl",
        "s3://bucket/model",
        "openai/http://evil.example/v1"
      })
  void a_name_that_refers_to_something_stored_leads_nowhere(String model) {
    String name = "alice/my-openai/" + model;
    rig.routing.lead(name, "alice/my-openai", model);
    rig.routing.lead("fast", "alice/my-openai", model);

    TestResponse byReference = post("/gateway/openai/v1/embeddings", Rig.embedding(name));
    TestResponse byOtherName = post("/gateway/openai/v1/embeddings", Rig.embedding("fast"));

    assertThat(byReference.status()).isEqualTo(404);
    assertThat(byReference.values("x-claviger-error")).containsExactly("object_not_found");
    assertThat(byOtherName.status()).isEqualTo(404);
    assertThat(rig.stub.requests()).isEmpty();
  }

  @Test
  void a_model_may_lead_through_a_project() {
    CallTarget project = new CallTarget.OfProject(Project.Ref.of("alice/corpus"));
    rig.routing.leadToAll(
        "fast", new RoutedTarget(project, new Instance.Id(new UUID(0, 2)), "parrot-small"));

    TestResponse answer = post("/gateway/openai/v1/embeddings", Rig.embedding("fast"));

    assertThat(answer.values("x-claviger-service")).containsExactly("alice/corpus");
    assertThat(rig.authorizer.calls().get(0).callTarget()).isEqualTo(project);
  }

  @Test
  void a_routing_that_needs_the_database_leads_to_the_same_service() {
    rig.routing.forget();
    rig.routing.lead("fast", "alice/my-openai", "parrot-small");

    assertThat(post("/gateway/openai/v1/embeddings", Rig.embedding("fast")).status())
        .isEqualTo(200);
    assertThat(sent().text()).isEqualTo(Rig.embedding("parrot-small"));
  }

  @ParameterizedTest
  @CsvSource({
    "OPENAI, /gateway/openai/v1/embeddings, /v1/embeddings",
    "OPENAI, /gateway/openai/embeddings, /v1/embeddings",
    "OPENAI, /gateway/openai/v1/v1/embeddings, /v1/embeddings",
    "ANTHROPIC, /gateway/anthropic/v1/messages, /v1/messages",
    "ANTHROPIC, /gateway/anthropic/messages, /v1/messages",
    "ANTHROPIC, /gateway/anthropic/v1/v1/messages, /v1/messages",
    "COHERE, /gateway/cohere/v2/chat, /v2/chat",
    "COHERE, /gateway/cohere/v1/chat, /v1/chat",
    "COHERE, /gateway/cohere/chat, /v2/chat",
    "COHERE, /gateway/cohere/v2/v2/chat, /v2/chat",
    "COHERE, /gateway/cohere/v2/v1/chat, /v2/chat",
  })
  void a_version_is_taken_where_there_is_one_and_not_asked_for_where_there_is_none(
      WireFormat format, String path, String called) {
    rig.lend(format);
    rig.routing.lead("fast", "alice/my-openai", "parrot-small");
    String body =
        "{\"model\":\"fast\",\"max_tokens\":9,\"input\":\"a\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}";

    TestResponse answer = post(path, body);

    assertThat(sent().uri()).isEqualTo(called);
    assertThat(sent().text()).isEqualTo(body.replace("fast", "parrot-small"));
    assertThat(answer.values("x-claviger-model")).containsExactly("parrot-small");
  }

  @ParameterizedTest
  @CsvSource({
    "/gateway/gemini/v1beta/models/fast:generateContent, v1beta/models/gemini-x:generateContent",
    "/gateway/gemini/v1/models/fast:generateContent, v1/models/gemini-x:generateContent",
    "/gateway/gemini/models/fast:countTokens, v1beta/models/gemini-x:countTokens",
    "/gateway/gemini/v1beta/v1beta/models/fast:countTokens, v1beta/models/gemini-x:countTokens",
    "/gateway/gemini/v1beta/models/alice/my-openai/deep:countTokens,"
        + " v1beta/models/gemini-x:countTokens",
    "/gateway/gemini/v1beta/alice/my-openai/deep:countTokens, v1beta/models/gemini-x:countTokens",
    "/gateway/gemini/v1alpha/models/fast:generateContent, v1alpha/models/gemini-x:generateContent",
    "/gateway/gemini/v1beta2/models/fast:countTokens, v1beta2/models/gemini-x:countTokens",
    "/gateway/gemini/v1alpha/v1beta/models/fast:countTokens, v1alpha/models/gemini-x:countTokens",
    "/gateway/gemini/v1alpha/alice/my-openai/deep:countTokens, v1alpha/models/gemini-x:countTokens",
    "/v1alpha/models/fast:generateContent, v1alpha/models/gemini-x:generateContent",
  })
  void gemini_names_the_model_in_the_path(String path, String called) {
    rig.lend(WireFormat.GEMINI);
    rig.routing.lead("fast", "alice/my-openai", "gemini-x");
    rig.routing.lead("alice/my-openai/deep", "alice/my-openai", "gemini-x");

    post(path, "{\"contents\":[{\"parts\":[{\"text\":\"hello\"}]}]}");

    assertThat(sent().uri()).isEqualTo("/" + called);
    assertThat(rig.authorizer.calls().get(0).path()).isEqualTo(called);
  }

  @ParameterizedTest
  @CsvSource({
    "v1alpha, v1alpha/models/g",
    "v1beta2, v1beta2/models/g",
    "v1internal, v1internal/models/g",
    "x/v1beta, x/v1beta/models/g",
    "v1beta/v1internal, v1internal/models/g"
  })
  void what_stands_before_the_models_is_never_an_owner(String before, String name) {
    rig.lend(WireFormat.GEMINI);
    rig.routing.lead(name, "alice/my-openai", "gemini-x");

    TestResponse answer =
        post("/gateway/gemini/" + before + "/models/g:generateContent", "{\"contents\":[]}");

    assertThat(answer.status()).isIn(403, 404);
    assertThat(rig.stub.requests()).isEmpty();
  }

  @Test
  void gemini_may_repeat_the_model_in_the_body() {
    rig.lend(WireFormat.GEMINI);
    rig.routing.lead("fast", "alice/my-openai", "gemini-embedding-x");
    String body =
        "{\"requests\":[{\"model\":\"models/fast\",\"content\":{\"model\":\"fast\"}},{\"model\":\"fast\"},{\"model\":\"other\"}],\"model\":\"models\\/fast\",\"generateContentRequest\":{\"model\":\"models/fast\"},"
            + " \"x\":{\"model\":\"fast\"}}";

    post("/gateway/gemini/v1beta/models/fast:batchEmbedContents", body);

    assertThat(sent().text())
        .isEqualTo(
            "{\"requests\":[{\"model\":\"models/gemini-embedding-x\",\"content\":{\"model\":\"fast\"}},"
                + "{\"model\":\"gemini-embedding-x\"},{\"model\":\"other\"}],"
                + "\"model\":\"models/gemini-embedding-x\",\"generateContentRequest\":{\"model\":\"models/gemini-embedding-x\"},"
                + " \"x\":{\"model\":\"fast\"}}");
  }

  @Test
  void a_body_that_names_the_providers_model_passes_byte_by_byte() {
    rig.routing.lead("parrot", "alice/my-openai", "parrot");
    String body = " {\t\"model\" : \"parr\\u006ft\",\r\n \"input\": \"\\u00e9 é\", \"x\":1e2 } ";

    assertThat(post("/gateway/openai/v1/embeddings", body).status()).isEqualTo(200);

    assertThat(sent().text()).isEqualTo(body);
  }

  @Test
  void a_body_in_chunks_arrives_with_the_other_name() {
    rig.routing.lead("fast", "alice/my-openai", "parrot-small");
    String text = "x".repeat(300_000);
    String body =
        "{\"input\":\"" + text + "\",\"model\":\"fast\",\"instructions\":\"" + text + "\"}";

    TestResponse answer =
        rig.client()
            .send(
                "POST",
                "/gateway/openai/v1/embeddings",
                BodyPublishers.fromPublisher(BodyPublishers.ofString(body)));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(sent().bodyBytes()).isEqualTo(body.length() + "parrot-small".length() - 4);
    assertThat(sent().text()).isEqualTo(body.replace("fast", "parrot-small"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "/v1", "/v1/"})
  void a_base_url_answers_without_a_token(String rest) {
    TestResponse answer = rig.anonymous().get("/gateway/openai" + rest);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
    assertThat(
            rig.anonymous()
                .send("HEAD", "/gateway/anthropic" + rest, BodyPublishers.noBody())
                .status())
        .isEqualTo(200);
    assertThat(rig.routing.questions()).isEmpty();
  }

  @Test
  void without_a_valid_token_no_body_is_held() {
    TestResponse answer =
        rig.anonymous()
            .withToken("clv_bad")
            .send(
                "POST",
                "/gateway/openai/v1/embeddings",
                BodyPublishers.ofString(Rig.embedding("m")));

    assertThat(answer.status()).isEqualTo(401);
    assertThat(rig.routing.questions()).hasSize(1);
  }

  private TestResponse post(String path, String json, String... headers) {
    return rig.client().send("POST", path, BodyPublishers.ofString(json), headers);
  }

  private RecordedRequest sent() {
    return rig.stub.requests().get(0);
  }
}
