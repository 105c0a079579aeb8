package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.usage.EstimatedUsage;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.gateway.events.GatewayEvents.RecordedUse;
import io.claviger.stub.Behaviour;
import io.claviger.stub.RecordedRequest;
import io.claviger.testkit.http.TestResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The models of publishers on Vertex AI, as Google's pages "REST Resource:
 * projects.locations.publishers.models", "Request predictions with Claude models", "Count tokens
 * for Claude models" and "Text embeddings API" and google-genai 3.1 for Node describe them
 * (November 2026).
 */
class VertexTest {
  private static final String GEMINI = "publishers/google/models/gemini-2.5-flash";
  private static final String CLAUDE = "publishers/anthropic/models/claude-sonnet-4-5@20250929";
  private static final String COUNTING = "publishers/anthropic/models/count-tokens:rawPredict";
  private static final String SAYING =
      "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"%s\"}]}]%s}";
  private static final String HELLO = SAYING.formatted("hello", "");
  private static final String MESSAGE =
      "{\"anthropic_version\":\"vertex-2023-10-16\",\"max_tokens\":9,\"messages\":[{\"role\":"
          + "\"user\",\"content\":\"%s\"}]%s}";
  private static final String USING = "stub:usage cached=20";

  @AutoClose private final Rig rig = new Rig();

  private TestService service() {
    return TestService.at(
        rig.stub.baseUrl() + "/v1/projects/own/locations/europe-west4", WireFormat.VERTEX);
  }

  private void lend() {
    rig.lend(service());
  }

  private RecordedUse used(int call) {
    return rig.events.awaitFinished(call).used().orElseThrow();
  }

  private String sentPath() {
    return rig.stub.awaitRequests(1, Rig.PATIENCE).getFirst().uri();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "v1/",
        "v1beta1/",
        "projects/other/locations/us-east5/",
        "v1/projects/other/locations/global/",
        "v1/v1beta1/projects/own/locations/-/"
      })
  void a_call_reaches_the_project_and_location_of_the_service(String place) {
    lend();

    TestResponse answer =
        rig.post(place + GEMINI + ":generateContent", SAYING.formatted(USING, ""));

    assertThat(answer.isStatus(200).at("/candidates/0/content/parts/0/text").asString())
        .startsWith("You said: stub:usage");
    assertThat(sentPath())
        .isEqualTo("/v1/projects/own/locations/europe-west4/" + GEMINI + ":generateContent");
    assertThat(answer.header("X-Claviger-Location")).isEqualTo("europe-west4");
    assertThat(used(1).model().name()).isEqualTo("gemini-2.5-flash");
    assertThat(used(1).counts().parts().cachedInput()).isEqualTo(20);
    assertThat(used(1).counts().outputTokens()).isPositive();
  }

  @Test
  void the_headers_of_a_call_to_a_model_of_google_that_choose_a_tier_are_forwarded() {
    lend();
    String type = "X-Vertex-AI-LLM-Request-Type";
    String shared = "X-Vertex-AI-LLM-Shared-Request-Type";
    String place = "v1/projects/other/locations/global/";

    for (String path : List.of(GEMINI + ":generateContent", GEMINI + ":countTokens")) {
      rig.post(place + path, HELLO, type, "shared", shared, "priority").isStatus(200);
    }

    List<RecordedRequest> sent = rig.stub.awaitRequests(2, Rig.PATIENCE);
    assertThat(sent.getFirst().headers(type)).containsExactly("shared");
    assertThat(sent.getFirst().headers(shared)).containsExactly("priority");
    assertThat(sent.getLast().headers(shared)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1/", "", "v1beta1/projects/other/locations/us-east5/"})
  void a_name_leads_to_a_model_in_the_place_of_its_service(String place) {
    lend();
    rig.routing.lead("fast", "alice/my-openai", "claude-haiku-4-5@20251001");

    TestResponse answer =
        rig.client()
            .send(
                "POST",
                "/gateway/vertex/" + place + "publishers/anthropic/models/fast:rawPredict",
                BodyPublishers.ofString(MESSAGE.formatted("hello", "")));

    answer.isStatus(200);
    assertThat(sentPath())
        .isEqualTo(
            "/v1/projects/own/locations/europe-west4/publishers/anthropic/models/"
                + "claude-haiku-4-5@20251001:rawPredict");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "%2F", "%2f"})
  void a_name_with_slashes_leads_to_a_model_too(String slash) {
    lend();
    rig.routing.lead("alice/my-openai/gemini-2.5-pro", "alice/my-openai", "gemini-2.5-pro");
    String name = "alice/my-openai/gemini-2.5-pro".replace("/", slash);
    String path = "publishers/google/models/" + name + ":generateContent";

    rig.client()
        .send("POST", "/gateway/vertex/v1/" + path, BodyPublishers.ofString(HELLO))
        .isStatus(200);

    assertThat(sentPath()).endsWith("/" + GEMINI.replace("flash", "pro") + ":generateContent");
  }

  /** Google's SDKs would take "alice" for the publisher if the name were written without one. */
  @ParameterizedTest
  @CsvSource({
    "publishers/alice/models/my-openai/gemini-2.5-pro:generateContent, publishers/google/models/",
    "publishers/google/models/gemini-2.5-pro:countTokens, publishers/google/models/",
    "publishers/anthropic/models/claude-opus-4-1:rawPredict, ''"
  })
  void an_unknown_model_is_refused_with_names_that_the_sdk_can_send(String path, String prefix) {
    rig.routing.list("fast", "alice/my-openai/gemini-2.5-pro");

    TestResponse answer =
        rig.client().send("POST", "/gateway/vertex/v1/" + path, BodyPublishers.ofString(HELLO));

    assertThat(answer.isStatus(404).text("/error/message"))
        .endsWith(" for example: fast, " + prefix + "alice/my-openai/gemini-2.5-pro.");
  }

  /** A name can be called by the path in the list, and the path determines the body's format. */
  @ParameterizedTest
  @CsvSource({
    "claude-sonnet-4-5, claude-sonnet-4-5, publishers/anthropic",
    "alice/my-openai/claude-sonnet-4-5, claude-sonnet-4-5, publishers/anthropic",
    "smart, claude-sonnet-4-5, publishers/anthropic",
    "claude-but-cheaper, gemini-2.5-flash, publishers/google"
  })
  void a_list_names_the_publisher_of_the_model_that_a_name_means(
      String name, String model, String publisher) {
    rig.routing.listAs(name, model);

    TestResponse list = rig.client().get("/gateway/vertex/v1beta1/publishers/google/models");

    assertThat(list.isStatus(200).text("/publisherModels/0/name"))
        .isEqualTo(publisher + "/models/" + name);
  }

  @Test
  void a_name_in_a_body_that_is_counted_leads_to_a_model_too() {
    lend();
    rig.routing.lead("fast", "alice/my-openai", "claude-haiku-4-5@20251001");
    String body = MESSAGE.formatted("hello", ",\"model\":\"fast\"");

    TestResponse answer =
        rig.client().send("POST", "/gateway/vertex/v1/" + COUNTING, BodyPublishers.ofString(body));

    assertThat(answer.isStatus(200).at("/input_tokens").asInt()).isPositive();
    assertThat(rig.stub.awaitRequests(1, Rig.PATIENCE).getFirst().text())
        .contains("claude-haiku-4-5@20251001")
        .doesNotContain("fast");
    assertThat(used(1).counts().inputTokens()).isZero();
  }

  @ParameterizedTest
  @CsvSource({":rawPredict, ''", ":streamRawPredict, ',\"stream\":true'"})
  void models_of_anthropic_state_their_usage_as_at_home(String verb, String stream)
      throws IOException {
    lend();

    HttpResponse<InputStream> answer =
        rig.stream(CLAUDE + verb, MESSAGE.formatted(USING + " written_5m=5", stream));

    try (InputStream body = answer.body()) {
      assertThat(new String(body.readAllBytes())).contains("You");
    }
    UsageCounts counts = used(1).counts();
    assertThat(counts.inputTokens()).isGreaterThan(25);
    assertThat(counts.parts().cachedInput()).isEqualTo(20);
    assertThat(counts.parts().cacheWrite5m()).isEqualTo(5);
    assertThat(counts.outputTokens()).isPositive();
    assertThat(counts.estimated()).isEqualTo(EstimatedUsage.NONE);
    assertThat(used(1).model().name()).isEqualTo("claude-sonnet-4-5@20250929");
  }

  @ParameterizedTest
  @ValueSource(strings = {":streamGenerateContent?alt=sse", ":streamGenerateContent"})
  void streams_of_google_state_their_usage(String verb) throws IOException {
    lend();

    HttpResponse<InputStream> answer =
        rig.stream(GEMINI + verb, SAYING.formatted("stub:usage cached=20", ""));

    try (InputStream body = answer.body()) {
      assertThat(new String(body.readAllBytes())).contains("You");
    }
    assertThat(used(1).counts().parts().cachedInput()).isEqualTo(20);
    assertThat(used(1).counts().estimated()).isEqualTo(EstimatedUsage.NONE);
  }

  @Test
  void vectors_count_the_tokens_of_all_their_texts_and_counting_uses_none() {
    lend();
    String texts =
        "{\"instances\":[{\"content\":\"gs://my words\"},{\"content\":\"hello hello\"}]}";

    TestResponse vectors =
        rig.post("v1/publishers/google/models/text-embedding-005:predict", texts);
    rig.post(GEMINI + ":countTokens", HELLO).isStatus(200);
    rig.post(
            "publishers/google/models/gemini-embedding-2:embedContent",
            "{\"content\":{\"parts\":[{\"text\":\"a\"}]}}")
        .isStatus(200);

    int stated = 0;
    for (int i = 0; i < 2; i++) {
      stated +=
          vectors
              .isStatus(200)
              .at("/predictions/" + i + "/embeddings/statistics/token_count")
              .asInt();
    }
    assertThat(stated).isPositive();
    assertThat(used(1).counts().inputTokens()).isEqualTo(stated);
    assertThat(used(1).counts().parts().images()).isZero();
    assertThat(used(2).counts().inputTokens()).isZero();
    assertThat(used(3).counts().inputTokens()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"predict", "rawPredict"})
  void images_of_google_count_whatever_the_operation_is_called(String verb) {
    lend();

    rig.post(
            "v1/publishers/google/models/imagen-4.0-generate-001:" + verb,
            "{\"instances\":[{\"prompt\":\"a cat\"}],\"parameters\":{\"sampleCount\":3}}")
        .isStatus(200);

    assertThat(used(1).counts().parts().images()).isEqualTo(3);
  }

  @Test
  void texts_and_vectors_of_google_count_if_they_are_asked_for_by_raw_predict() {
    lend();

    rig.post("v1/" + GEMINI + ":rawPredict", HELLO).isStatus(200);
    rig.post(
            "v1/publishers/google/models/text-embedding-005:rawPredict",
            "{\"instances\":[{\"content\":\"hello hello\"}]}")
        .isStatus(200);

    assertThat(used(1).counts().outputTokens()).isPositive();
    assertThat(used(1).counts().estimated()).isEqualTo(EstimatedUsage.NONE);
    assertThat(used(2).counts().inputTokens()).isPositive();
    assertThat(used(2).counts().outputTokens()).isZero();
    assertThat(used(2).counts().estimated()).isEqualTo(EstimatedUsage.NONE);
  }

  @Test
  void models_of_other_publishers_state_their_usage() {
    lend();
    String body =
        "{\"model\":\"mistral-medium-3\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    rig.post("v1/publishers/mistralai/models/mistral-medium-3:rawPredict", body).isStatus(200);

    assertThat(used(1).counts().inputTokens()).isPositive();
    assertThat(used(1).counts().outputTokens()).isPositive();
    assertThat(used(1).counts().estimated()).isEqualTo(EstimatedUsage.NONE);
  }

  @Test
  void bodies_of_other_publishers_name_no_other_model_than_the_path() {
    rig.lend(service().allowing("mistral-medium-3"));
    String body = "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    String path = "publishers/mistralai/models/mistral-medium-3";

    for (String verb : List.of(":rawPredict", ":streamRawPredict")) {
      rig.post(path + verb, body.formatted("mistral-medium-3")).isStatus(200);
      for (String other : List.of("codestral-2", "mistral-medium-3\",\"model\":\"codestral-2")) {
        TestResponse answer = rig.post(path + verb, body.formatted(other));
        assertThat(answer.status()).as(answer.body()).isIn(400, 403);
      }
    }
    assertThat(rig.stub.requests()).hasSize(2);
  }

  @Test
  void only_the_models_that_are_lent_are_called() {
    rig.lend(service().allowing("gemini-2.5-flash", "claude-haiku-*"));

    rig.post(GEMINI + ":generateContent", HELLO).isStatus(200);
    rig.post("publishers/google/models/gemini%2D2.5-flash:generateContent", HELLO).isStatus(200);
    rig.post(COUNTING, MESSAGE.formatted("a", ",\"model\":\"claude-haiku-4-5\"")).isStatus(200);
    for (String path :
        List.of(
            CLAUDE + ":rawPredict",
            "publishers/google/models/gemini-2.5-pro:generateContent",
            "publishers/google:x/models/gemini-2.5-pro:generateContent",
            "publishers/google/models/gemini-2.5%2Dpro:generateContent",
            "publishers/anthropic/models/count%2Dtokens:rawPredict",
            COUNTING)) {
      TestResponse answer = rig.post(path, MESSAGE.formatted("a", ",\"model\":\"gemini-2.5-pro\""));
      assertThat(answer.status()).as(path + answer.body()).isIn(400, 403);
    }
    rig.post(
            "publishers/google:x/models/gemini-2.5-pro:generateContent",
            HELLO.replace("{\"contents", "{\"model\":\"gemini-2.5-flash\",\"contents"))
        .isRefused(403, "model_not_allowed");
    rig.post(
            GEMINI + ":generateContent",
            HELLO.replace("{\"contents", "{\"model\":\"x\",\"contents"))
        .isRefused(403, "model_not_readable");
    assertThat(rig.stub.requests()).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "publishers/google/models/a%2F..%2Fb:generateContent",
        "publishers/google/models/a%2F%2Fb:generateContent",
        "publishers/google/models/%2Fendpoints:generateContent",
        "publishers/google/models/a%252Fb:generateContent",
        "publishers/google/models/a%2Fb:generateContent",
        "v1/projects/a%2Flocations/locations/l/publishers/google/models/m:generateContent",
        "publishers/google/models/../../endpoints/1:predict",
        "publishers%2Fgoogle/models/m:predict",
        "publishers/%61nthropic/models/claude-sonnet-4-5:rawPredict",
        "publishers/google%2F..%2F..%2Fendpoints/models/m:generateContent",
        "v1/projects/../locations/l/" + GEMINI + ":generateContent"
      })
  void a_path_that_others_may_read_differently_is_refused(String path) {
    lend();

    assertThat(rig.post(path, HELLO).status()).isEqualTo(400);
    assertThat(rig.stub.requests()).isEmpty();
  }

  @Test
  void a_file_on_the_internet_is_fetched_for_the_caller() {
    lend();
    String more = ",`contents`:[{`parts`:[{`fileData`:{`fileUri`:`https://example.com/o`}}]}]";

    TestResponse answer =
        rig.post(GEMINI + ":countTokens", SAYING.formatted("hello", more.replace('`', '"')));

    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ",`cachedContent`:`projects/own/locations/l/cachedContents/1`",
        ",`cached_content`:`projects/own/locations/l/cachedContents/1`",
        ",`tools`:[{`retrieval`:{`vertexAiSearch`:{`datastore`:`projects/own/x`}}}]",
        ",`tools`:[{`retrieval`:{`vertexRagStore`:{`ragResources`:[{`ragCorpus`:`c`}]}}}]",
        ",`tools`:[{`anything`:{`engine`:`projects/own/locations/l/collections/c/engines/e`}}]",
        ",`modelArmorConfig`:{`promptTemplateName`:`projects/own/locations/l/templates/t`}",
        ",`anything`:`//aiplatform.googleapis.com/projects/own/locations/l/endpoints/e`",
        ",`anything`:`https://eu-aiplatform.googleapis.com/v1/projects/own/locations/l/models/1`",
        ",`contents`:[{`parts`:[{`fileData`:{`fileUri`:`gs://bucket/o`,`mimeType`:`a/b`}}]}]",
        ",`contents`:[{`parts`:[{`fileData`:{`fileUri`:`https://storage.googleapis.com/b/o`}}]}]",
        ",`systemInstruction`:{`parts`:[{`file_data`:{`file_uri`:`gs://bucket/o`}}]}",
        ",`instances`:[{`image`:{`gcsUri`:`gs://bucket/o`}}]",
        ",`parameters`:{`storageUri`:`gs://bucket/`}",
        ",`anything`:`gs://bucket/o`"
      })
  void a_body_that_refers_to_the_project_is_not_sent(String more) {
    lend();
    String body = SAYING.formatted("hello", more.replace('`', '"'));

    for (String verb :
        List.of(
            "generateContent",
            "streamGenerateContent",
            "countTokens",
            "predict",
            "rawPredict",
            "streamRawPredict")) {
      TestResponse answer = rig.post(GEMINI + ":" + verb, body);

      assertThat(answer.status()).as(verb + answer.body()).isIn(400, 404);
    }
    assertThat(rig.stub.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ",`container`:`container_011CZAbcd1234efgh5678`",
        ",`system`:[{`type`:`document`,`source`:{`type`:`file`,`file_id`:`f`}}]",
        ",`anything`:`gs://bucket/o`",
        ",`anything`:`projects/own/locations/l/ragCorpora/1`",
        ",`tools`:[{`x`:{`engine`:`projects/own/locations/l/collections/c/engines/e`}}]",
        ",`anything`:`//aiplatform.googleapis.com/projects/own/locations/l/endpoints/e`"
      })
  void a_body_for_anthropic_that_refers_to_something_stored_is_not_sent(String more) {
    lend();

    for (String path : List.of(CLAUDE + ":rawPredict", CLAUDE + ":streamRawPredict", COUNTING)) {
      TestResponse answer = rig.post(path, MESSAGE.formatted("hello", more.replace('`', '"')));

      assertThat(answer.status()).as(answer.body()).isIn(400, 404);
    }
    assertThat(rig.stub.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ",`anything`:`projects/own/locations/l/ragCorpora/1`",
        ",`tools`:[{`retrieval`:{`vertexAiSearch`:{`datastore`:`projects/own/x`}}}]",
        ",`anything`:`gs://bucket/o`",
        ",`file_id`:`f`",
        ",`anything`:`file-0123456789abcdefABCDEF`"
      })
  void a_body_for_any_publisher_that_refers_to_something_stored_is_not_sent(String more) {
    lend();
    String body =
        "{`model`:`m`,`messages`:[{`role`:`user`,`content`:`projects/own/locations/l/x`}]%s}";

    for (String publisher : List.of("mistralai", "meta", "google:x", "Google", "other")) {
      String path = "publishers/" + publisher + "/models/m:rawPredict";
      TestResponse answer = rig.post(path, body.formatted(more).replace('`', '"'));

      assertThat(answer.status()).as(publisher + answer.body()).isIn(400, 404);
    }
    assertThat(rig.stub.requests()).isEmpty();
    rig.post("publishers/meta/models/m:rawPredict", body.formatted("").replace('`', '"'))
        .isStatus(200);
  }

  @Test
  void texts_and_tools_may_mention_anything() {
    lend();
    String more =
        ",`systemInstruction`:{`parts`:[{`text`:`gs://b/o`}]},`generationConfig`:{`stopSequences`:"
            + "[`projects/own/x`]},`tools`:[{`functionDeclarations`:[{`name`:`t`,`description`:"
            + "`projects/own/locations/l`,`parameters`:{`a`:`gs://b`}}]}],`labels`:{`a`:`gs://b`}";

    rig.post(
            GEMINI + ":generateContent",
            SAYING.formatted("projects/own/cachedContents/1", more.replace('`', '"')))
        .isStatus(200);
    rig.post(CLAUDE + ":rawPredict", MESSAGE.formatted("gs://bucket/o", "")).isStatus(200);
  }

  @Test
  void the_list_of_models_is_that_of_the_publisher_at_the_same_host() {
    lend();

    TestResponse answer = rig.get("v1beta1/publishers/google/models?pageSize=5");

    assertThat(answer.isStatus(200).text("/publisherModels/0/name"))
        .startsWith("publishers/google/models/");
    assertThat(sentPath()).isEqualTo("/v1beta1/publishers/google/models?pageSize=5");
  }

  @Test
  void errors_are_those_that_sdks_raise() {
    lend();
    String place = "v1/projects/p/locations/l/";

    TestResponse own =
        rig.anonymous()
            .send(
                "POST",
                Rig.path(place + GEMINI + ":generateContent"),
                BodyPublishers.ofString(HELLO));
    assertThat(own.isRefused(401, "bad_token").text("/error/status")).isEqualTo("UNAUTHENTICATED");
    assertThat(own.header("X-Claviger-Location")).isEmpty();

    rig.stub.respondNextWith(Behaviour.named("stub-status-429"));
    TestResponse providers = rig.post(CLAUDE + ":rawPredict", MESSAGE.formatted("hello", ""));
    assertThat(providers.status()).isEqualTo(429);
    assertThat(providers.text("/error/status")).isEqualTo("RESOURCE_EXHAUSTED");
  }
}
