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
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.eventstream.Message;
import software.amazon.eventstream.MessageDecoder;

/**
 * Amazon Bedrock's own API, as the pages "Converse", "ConverseStream", "InvokeModel",
 * "InvokeModelWithResponseStream", "CountTokens" and "TokenUsage" of the Amazon Bedrock API
 * Reference, and the model of boto3 1.43, describe it (November 2026).
 */
class BedrockTest {
  private static final String CLAUDE = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
  private static final String SENT = "us.anthropic.claude-sonnet-4-5-20250929-v1%3A0";
  private static final String SAYING =
      "{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"%s\"}]}]%s}";
  private static final String HELLO = SAYING.formatted("hello", "");
  private static final String MESSAGE =
      "{\"anthropic_version\":\"bedrock-2023-05-31\",\"max_tokens\":9,\"messages\":[{\"role\":"
          + "\"user\",\"content\":\"%s\"}]}";
  private static final String USING = "stub:usage cached=20 written_5m=5";

  @AutoClose private final Rig rig = new Rig();

  private void lend() {
    rig.lend(WireFormat.BEDROCK);
  }

  private RecordedUse used(int call) {
    return rig.events.awaitFinished(call).used().orElseThrow();
  }

  @Test
  void a_conversation_reaches_the_model_and_states_its_usage() {
    lend();

    TestResponse answer = rig.post("model/" + SENT + "/converse", SAYING.formatted(USING, ""));

    assertThat(answer.isStatus(200).at("/output/message/content/0/text").asString())
        .startsWith("You said: stub:usage");
    assertThat(rig.stub.awaitRequests(1, Rig.PATIENCE).getFirst().uri())
        .isEqualTo("/model/" + SENT + "/converse");
    UsageCounts counts = used(1).counts();
    assertThat(counts.inputTokens()).isEqualTo(answer.at("/usage/inputTokens").asInt() + 25);
    assertThat(counts.outputTokens()).isEqualTo(answer.at("/usage/outputTokens").asInt());
    assertThat(counts.parts().cachedInput()).isEqualTo(20);
    assertThat(used(1).model().name()).isEqualTo(CLAUDE);
  }

  @Test
  void amazons_request_id_has_a_header_of_its_own() {
    lend();

    TestResponse answer = rig.post("model/" + SENT + "/converse", HELLO);

    assertThat(answer.values("x-provider-request-id"))
        .singleElement()
        .asString()
        .startsWith("stub-call-");
    assertThat(answer.values("x-amzn-requestid")).isEqualTo(answer.values("x-request-id"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"converse-stream", "invoke-with-response-stream"})
  void a_stream_passes_unchanged_and_states_its_usage(String operation) throws IOException {
    lend();
    String body = (operation.equals("converse-stream") ? SAYING : MESSAGE).formatted(USING, "");

    HttpResponse<InputStream> answer = rig.stream("model/" + SENT + "/" + operation, body);

    assertThat(answer.headers().firstValue("Content-Type"))
        .contains("application/vnd.amazon.eventstream");
    List<Message> events = events(answer);
    assertThat(events)
        .extracting(event -> event.getHeaders().get(":event-type").getString())
        .contains(operation.equals("converse-stream") ? "metadata" : "chunk");
    UsageCounts counts = used(1).counts();
    assertThat(counts.parts().cachedInput()).isEqualTo(20);
    assertThat(counts.inputTokens()).isGreaterThan(25);
    assertThat(counts.outputTokens()).isPositive();
    assertThat(counts.estimated()).isEqualTo(EstimatedUsage.NONE);
  }

  /** AWS's own reader checks each frame by its checksums. */
  private static List<Message> events(HttpResponse<InputStream> answer) throws IOException {
    try (InputStream body = answer.body()) {
      MessageDecoder decoder = new MessageDecoder();
      decoder.feed(body.readAllBytes());
      return decoder.getDecodedMessages();
    }
  }

  @Test
  void an_invocation_states_its_usage_in_headers() {
    lend();

    TestResponse vector =
        rig.post("model/amazon.titan-embed-text-v2:0/invoke", "{\"inputText\":\"hello\"}");
    TestResponse message = rig.post("model/" + SENT + "/invoke", MESSAGE.formatted(USING));

    assertThat(vector.isStatus(200).at("/embedding").size()).isEqualTo(8);
    assertThat(vector.header("X-Amzn-Bedrock-Input-Token-Count")).isEqualTo("2");
    assertThat(used(1).counts().inputTokens()).isEqualTo(2);
    assertThat(message.isStatus(200).text("/content/0/text")).contains("You said");
    assertThat(used(2).counts().parts().cachedInput()).isEqualTo(20);
    assertThat(used(2).counts().inputTokens())
        .isEqualTo(25 + message.at("/usage/input_tokens").asInt());
  }

  @Test
  void the_headers_of_an_invocation_that_choose_a_tier_are_forwarded() {
    lend();
    String tier = "X-Amzn-Bedrock-Service-Tier";
    String latency = "X-Amzn-Bedrock-PerformanceConfig-Latency";

    TestResponse invoked =
        rig.post(
            "model/" + SENT + "/invoke",
            MESSAGE.formatted(USING),
            tier,
            "flex",
            latency,
            "optimized");
    TestResponse conversed = rig.post("model/" + SENT + "/converse", HELLO, tier, "flex");

    assertThat(invoked.status()).isEqualTo(200);
    assertThat(conversed.status()).isEqualTo(200);
    List<RecordedRequest> sent = rig.stub.awaitRequests(2, Rig.PATIENCE);
    assertThat(sent.getFirst().headers(tier)).containsExactly("flex");
    assertThat(sent.getFirst().headers(latency)).containsExactly("optimized");
    assertThat(sent.getLast().headers(tier)).isEmpty();
  }

  /**
   * If the header were removed, the call would be reserved in another tier than the tier that the
   * provider bills.
   */
  @Test
  void connection_can_not_take_off_a_header_that_chooses_a_tier() {
    lend();
    String tier = "X-Amzn-Bedrock-Service-Tier";
    try (RawCaller caller = new RawCaller(rig)) {
      caller.send(
          RawCaller.head("POST", "model/" + SENT + "/invoke")
              + "Connection: close, x-amzn-bedrock-service-tier\r\n"
              + (tier + ": flex\r\n")
              + RawCaller.content("application/json", MESSAGE.formatted("hello")));
      assertThat(caller.untilClosed()).startsWith("HTTP/1.1 200 ");
    }

    assertThat(rig.stub.requests().getFirst().headers(tier)).containsExactly("flex");
  }

  @Test
  void counting_tokens_uses_none() {
    lend();

    TestResponse answer =
        rig.post("model/" + SENT + "/count-tokens", "{\"input\":{\"converse\":" + HELLO + "}}");

    assertThat(answer.isStatus(200).at("/inputTokens").asInt()).isPositive();
    assertThat(used(1).counts().inputTokens()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        SENT,
        CLAUDE,
        "arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Ainference-profile%2Fus.amazon.nova-v1%3A0",
        "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile%2Fab12cd34ef56",
        "arn%3Aaws-us-gov%3Abedrock%3Aus-gov-west-1%3A%3Afoundation-model%2Famazon.nova-pro-v1%3A0",
        "arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Aimported-model%2Fab12cd34ef56"
      })
  void ids_of_models_pass_as_they_are_written(String id) {
    lend();

    rig.post("model/" + id + "/converse", HELLO).isStatus(200);

    assertThat(rig.stub.awaitRequests(1, Rig.PATIENCE).getFirst().uri())
        .isEqualTo("/model/" + id + "/converse");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model/a%2F..%2Fb/converse",
        "model/a%2F%2Fb/converse",
        "model/%2Fa/converse",
        "model/a%2F/converse",
        "model/a%252Fb/converse",
        "model/a%2Econverse/converse",
        "model%2Fa/b/converse",
        "model/a/b%2Fconverse",
        "async-invoke%2Fa/converse"
      })
  void encoded_slashes_stand_in_the_id_of_a_model_alone(String path) {
    lend();

    rig.post(path, HELLO).isRefused(400, "bad_request");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Aprompt%2FABCDEFGHIJ",
        "arn:aws:bedrock:us-east-1:123456789012:prompt%2FABCDEFGHIJ",
        "arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Aprompt-router%2Fr1",
        "arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Adefault-prompt-router%2Fanthropic.claude%3A1",
        "arn%3Aaws%3Asagemaker%3Aus-east-1%3A123456789012%3Aendpoint%2Fe",
        "arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Aimported-model%2Fa%2Fb",
        "arn%3Aaws%3As3%3A%3A%3Abucket",
        "somewhere%2Felse",
        "a%20b"
      })
  void what_is_no_model_is_not_lent(String id) {
    lend();

    TestResponse answer = rig.post("model/" + id + "/converse", HELLO);

    assertThat(answer.status()).as(answer.body()).isIn(400, 404);
    assertThat(answer.header("X-Claviger-Error"))
        .isIn("object_not_found", "reference_not_readable");
    assertThat(rig.stub.requests()).isEmpty();
  }

  @Test
  void tools_of_a_models_maker_make_nothing_in_the_account() {
    lend();
    String tools = ",\"tools\":[{\"type\":\"code_execution_20250825\",\"name\":\"c\"}]";
    String servers = ",\"mcp_servers\":[{\"type\":\"url\",\"url\":\"http://10.0.0.1/\"}]";

    for (String more : List.of(tools, servers)) {
      String nested = ",\"additionalModelRequestFields\":{" + more.substring(1) + "}";
      for (TestResponse answer :
          List.of(
              rig.post("model/" + SENT + "/invoke", SAYING.formatted("hello", more)),
              rig.post("model/" + SENT + "/converse", SAYING.formatted("hello", nested)))) {
        assertThat(answer.header("X-Claviger-Error"))
            .isEqualTo(more.equals(tools) ? "storage_not_lent" : "object_not_found");
      }
    }
    assertThat(rig.stub.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ",`guardrailConfig`:{`guardrailIdentifier`:`g1`,`guardrailVersion`:`1`}",
        ",`guardrail_config`:{`guardrail_identifier`:`g1`}",
        ",`system`:[{`text`:`x`},{`image`:{`source`:{`s3Location`:{`uri`:`s3://b/k`}}}}]",
        ",`additionalModelRequestFields`:{`context`:`arn:aws:bedrock:us-east-1:1:knowledge-base/k`}",
        ",`additionalModelRequestFields`:{`knowledgeBaseId`:`K1`}",
        ",`promptVariables`:{`a`:{`text`:`s3://bucket/key`}}",
        ",`anything`:{`s3Location`:{`uri`:`somewhere`}}"
      })
  void a_body_that_refers_to_the_account_is_not_sent(String more) {
    lend();

    for (String operation : List.of("converse", "converse-stream", "invoke")) {
      TestResponse answer =
          rig.post(
              "model/" + SENT + "/" + operation, SAYING.formatted("hello", more.replace('`', '"')));

      assertThat(answer.status()).as(answer.body()).isIn(400, 404);
    }
    assertThat(rig.stub.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"image", "document", "video", "audio"})
  void media_in_the_body_pass_and_media_in_s3_do_not(String kind) {
    lend();
    String saying =
        "{\"messages\":[{\"role\":\"user\",\"content\":[{\"%s\":{\"format\":\"x\",\"source\":{%s}}},"
            + "{\"toolResult\":{\"toolUseId\":\"t\",\"content\":[{\"%s\":{\"source\":{%s}}}]}}]}]}";
    String bytes = "\"bytes\":\"czM6Ly9i\"";
    String stored = "\"s3Location\":{\"uri\":\"s3://b/k\",\"bucketOwner\":\"123456789012\"}";

    rig.post("model/" + SENT + "/converse", saying.formatted(kind, bytes, kind, bytes))
        .isStatus(200);
    rig.post("model/" + SENT + "/converse", saying.formatted(kind, stored, kind, bytes))
        .isRefused(404, "object_not_found");
    rig.post("model/" + SENT + "/converse", saying.formatted(kind, bytes, kind, stored))
        .isRefused(404, "object_not_found");
    rig.post(
            "model/" + SENT + "/count-tokens",
            "{\"input\":{\"converse\":" + saying.formatted(kind, stored, kind, bytes) + "}}")
        .isRefused(404, "object_not_found");
  }

  @Test
  void texts_and_tools_may_mention_anything() {
    lend();
    String more =
        ",`system`:[{`text`:`arn:aws:s3:::b`},{`cachePoint`:{`type`:`default`}}],`inferenceConfig`:"
            + "{`maxTokens`:9,`stopSequences`:[`s3://b`]},`toolConfig`:{`tools`:[{`toolSpec`:{`name`:"
            + "`t`,`description`:`s3://b`,`inputSchema`:{`json`:{`s3Location`:{`uri`:`s3://b`}}}}}],"
            + "`toolChoice`:{`tool`:{`name`:`t`}}},`requestMetadata`:{`a`:`s3://b`}";

    rig.post("model/" + SENT + "/converse", SAYING.formatted("s3://b/k", more.replace('`', '"')))
        .isStatus(200);
  }

  @Test
  void errors_are_those_that_sdks_raise() {
    lend();
    TestResponse own = rig.anonymous().send("POST", Rig.path("model/m/converse"), json(HELLO));

    assertThat(own.status()).isEqualTo(401);
    assertThat(own.header("x-amzn-ErrorType")).isEqualTo("UnrecognizedClientException");
    assertThat(own.text("/message")).contains("clv_");

    rig.stub.respondNextWith(Behaviour.named("stub-status-429"));
    TestResponse providers = rig.post("model/" + SENT + "/converse", HELLO);
    assertThat(providers.status()).isEqualTo(429);
    assertThat(providers.header("x-amzn-errortype")).startsWith("ThrottlingException");
  }

  @Test
  void a_signed_request_learns_how_to_call_without_keys_of_aws() {
    lend();

    TestResponse answer =
        rig.anonymous()
            .send(
                "POST",
                Rig.path("model/" + SENT + "/converse"),
                json(HELLO),
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=AKIA/20261123/us-east-1/bedrock/aws4_request,"
                    + " SignedHeaders=host;x-amz-date, Signature=ab",
                "x-amz-date",
                "20261123T160000Z");

    assertThat(answer.isRefused(401, "bad_token").text("/message"))
        .contains("AWS_BEARER_TOKEN_BEDROCK");
  }

  private static BodyPublisher json(String text) {
    return BodyPublishers.ofString(text);
  }
}
