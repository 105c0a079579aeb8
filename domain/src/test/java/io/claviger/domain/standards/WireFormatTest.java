package io.claviger.domain.standards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.policy.Operation;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the lent operations of each format with the list in the design of the gateway. */
class WireFormatTest {
  @ParameterizedTest
  @ValueSource(strings = {"advisor_20260301", "mcp_toolset"})
  void some_tools_cost_only_the_tokens_that_they_use(String tool) {
    assertThat(WireFormat.ANTHROPIC.api().feesOfTool(tool)).contains(Set.of());
  }

  @Test
  void only_some_providers_charge_for_pages_that_a_tool_fetches() {
    ProviderApi api = WireFormat.ANTHROPIC.api();

    assertThat(api.feesOfTool("web_fetch_20260209")).contains(Set.of("web_search fetch"));
    assertThat(api.fetchesFreely(Provider.ANTHROPIC.caps())).isTrue();
    assertThat(api.fetchesFreely(Provider.DEEPSEEK.caps())).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"mcp", "tool_search", "view_image", "view_x_video"})
  void some_tools_of_openai_and_xai_cost_only_the_tokens_that_they_use(String tool) {
    assertThat(WireFormat.OPENAI.api().feesOfTool(tool)).contains(Set.of());
  }

  private static boolean lends(WireFormat format, String method, String path) {
    return format.operations().stream().anyMatch(o -> o.matches(method, path));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          OPENAI    | POST | embeddings
          OPENAI    | POST | chat/completions
          OPENAI    | POST | completions
          OPENAI    | POST | responses
          OPENAI    | POST | moderations
          OPENAI    | POST | images/generations
          OPENAI    | POST | audio/speech
          OPENAI    | POST | audio/transcriptions
          OPENAI    | POST | audio/translations
          OPENAI    | POST | rerank
          OPENAI    | GET  | models
          OPENAI    | GET  | models/gpt-4o
          OPENAI    | GET  | models/openai%2Fgpt-4o
          OPENAI    | POST | images/edits
          OPENAI    | POST | images/variations
          OPENAI    | POST | responses/compact
          OPENAI    | POST | responses/input_tokens
          OPENAI    | POST | fim/completions
          OPENAI    | POST | ocr
          COHERE    | GET  | v1/models/m
          COHERE    | POST | v1/classify
          COHERE    | POST | v2/audio/transcriptions
          GEMINI    | POST | v1beta/tunedModels/m:generateContent
          GEMINI    | POST | v1beta/tunedModels/m:streamGenerateContent
          OLLAMA    | POST | api/chat
          OLLAMA    | GET  | api/tags
          COHERE    | POST | v1/embed
          COHERE    | POST | v2/embed
          COHERE    | POST | v1/chat
          COHERE    | POST | v2/chat
          COHERE    | POST | v1/rerank
          COHERE    | POST | v2/rerank
          COHERE    | POST | v1/tokenize
          COHERE    | POST | v1/detokenize
          COHERE    | GET  | v1/models
          GEMINI    | POST | v1beta/models/m:embedContent
          GEMINI    | POST | v1beta/models/m:batchEmbedContents
          GEMINI    | POST | v1beta/models/m:generateContent
          GEMINI    | POST | v1beta/models/m:streamGenerateContent
          GEMINI    | POST | v1/models/m:countTokens
          GEMINI    | POST | v1beta/models/imagen-4:predict
          GEMINI    | POST | models/m:embedContent
          GEMINI    | GET  | v1beta/models
          GEMINI    | GET  | v1beta/models/m
          GEMINI    | GET  | v1alpha/models
          GEMINI    | GET  | v1beta2/models/m
          ANTHROPIC | POST | v1/messages
          ANTHROPIC | POST | v1/messages/count_tokens
          ANTHROPIC | GET  | v1/models
          ANTHROPIC | GET  | v1/models/m
          """)
  void operations_of_inference_are_lent(WireFormat format, String method, String path) {
    assertThat(lends(format, method, path)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          OPENAI    | GET    | responses/r
          OPENAI    | GET    | chat/completions
          OPENAI    | GET    | files
          OPENAI    | POST   | files
          OPENAI    | POST   | fine_tuning/jobs
          OPENAI    | POST   | batches
          OPENAI    | POST   | vector_stores
          OPENAI    | GET    | organization/admin_api_keys
          OPENAI    | DELETE | models/m
          OPENAI    | POST   | models
          OPENAI    | POST   | v1/embeddings
          COHERE    | POST   | v2/tokenize
          COHERE    | GET    | v2/models
          COHERE    | POST   | v3/embed
          COHERE    | POST   | v1/datasets
          COHERE    | POST   | v1/embed-jobs
          GEMINI    | POST   | v1beta/models/m:predictLongRunning
          GEMINI    | GET    | files/x/models
          GEMINI    | GET    | cachedContents/models/c
          GEMINI    | GET    | v1beta/cachedContents/models/c
          GEMINI    | GET    | v1beta/files/models
          GEMINI    | GET    | v1internal/models
          GEMINI    | POST   | v1beta/tunedModels/t/models/m:generateContent
          GEMINI    | POST   | batches/models/m:generateContent
          GEMINI    | POST   | v1beta/tunedModels/m:transferOwnership
          GEMINI    | GET    | v1beta/tunedModels
          GEMINI    | POST   | v1beta/files
          GEMINI    | POST   | v1beta/cachedContents
          GEMINI    | GET    | v1beta/models/m:embedContent
          OLLAMA    | POST   | api/pull
          OLLAMA    | POST   | api/create
          OLLAMA    | DELETE | api/delete
          ANTHROPIC | POST   | v1/messages/batches
          ANTHROPIC | GET    | v1/organizations/api_keys
          ANTHROPIC | POST   | v1/files
          ANTHROPIC | POST   | v1/complete
          BEDROCK   | POST   | model/m/invoke-with-bidirectional-stream
          BEDROCK   | POST   | async-invoke
          BEDROCK   | GET    | async-invoke
          BEDROCK   | POST   | guardrail/g/version/1/apply
          BEDROCK   | GET    | model/m/converse
          BEDROCK   | POST   | model/m/n/converse
          BEDROCK   | GET    | prompts
          BEDROCK   | POST   | agents/a/agentAliases/b/sessions/c/text
          BEDROCK   | GET    | v1/models
          OPENAI    | POST   | realtime/calls
          OPENAI    | POST   | realtime/client_secrets
          VERTEX    | POST   | endpoints/e:predict
          VERTEX    | POST   | endpoints/e:generateContent
          VERTEX    | POST   | endpoints/openapi/chat/completions
          VERTEX    | POST   | models/m:generateContent
          VERTEX    | POST   | tunedModels/m:generateContent
          VERTEX    | POST   | cachedContents
          VERTEX    | GET    | cachedContents
          VERTEX    | POST   | batchPredictionJobs
          VERTEX    | POST   | publishers/google/models/m:predictLongRunning
          VERTEX    | POST   | publishers/google/models/m:fetchPredictOperation
          VERTEX    | POST   | publishers/google/models/m/n:generateContent
          VERTEX    | POST   | publishers/google/models/m:n:generateContent
          VERTEX    | POST   | projects/p/locations/l/publishers/google/models/m:generateContent
          VERTEX    | GET    | models
          VERTEX    | GET    | publishers/anthropic/models
          """)
  void the_rest_of_a_providers_api_is_not(WireFormat format, String method, String path) {
    assertThat(lends(format, method, path)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "OPENAI, 19",
    "COHERE, 12",
    "GEMINI, 14",
    "ANTHROPIC, 4",
    "OLLAMA, 8",
    "BEDROCK, 6",
    "VERTEX, 8"
  })
  void nothing_else_is_lent(WireFormat format, int operations) {
    assertThat(format.operations()).hasSize(operations).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource
  void only_get_and_post_are_lent(WireFormat format) {
    assertThat(format.operations()).extracting(Operation::method).containsOnly("GET", "POST");
  }

  @ParameterizedTest
  @EnumSource
  void the_headers_that_sdks_send_pass(WireFormat format) {
    List<String> ofFormat = format.api().requestHeaders();
    assertThat(format.requestHeaders())
        .extracting(RequestHeader::value)
        .containsAll(ofFormat)
        .filteredOn(header -> !ofFormat.contains(header))
        .containsExactlyInAnyOrder(
            "accept",
            "accept-language",
            "content-type",
            "content-length",
            "user-agent",
            "idempotency-key",
            "anthropic-*",
            "openai-beta",
            "x-stainless-*",
            "x-goog-api-client",
            "x-goog-request-params",
            "x-client-name",
            "traceparent",
            "tracestate",
            "x-claude-code-*",
            "x-codex-*",
            "x-app",
            "session-id",
            "session_id",
            "thread-id",
            "conversation_id",
            "originator",
            "x-client-request-id",
            "x-session-*",
            "x-fern-*",
            "x-initiator",
            "x-interaction-type",
            "x-opencode-session-id");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "content-type",
        "Content-Language",
        "date",
        "retry-after",
        "x-ratelimit-remaining-requests",
        "anthropic-ratelimit-tokens-reset",
        "openai-processing-ms",
        "x-endpoint-monthly-call-limit",
        "x-trial-endpoint-call-limit",
        "x-ms-region",
        "apim-request-id",
        "server-timing"
      })
  void the_headers_that_sdks_read_come_back(String name) {
    for (WireFormat format : WireFormat.values()) {
      assertThat(format.responseHeaders())
          .extracting(ResponseHeader::value)
          .contains(name.toLowerCase(Locale.ROOT));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "set-cookie",
        "location",
        "x-accel-redirect",
        "content-security-policy-report-only",
        "content-encoding",
        "x-goog-api-key",
        "x-goog-authenticated-user-email",
        "x-goog-project",
        "x-ms-client-principal-name",
        "x-codex-account-id",
        "x-codex-credits-balance",
        "x-ratelimit-anything",
        "cache-control",
        "vary",
        "content-disposition",
        "server",
        "x-anything"
      })
  void no_other_header_comes_back(String name) {
    for (WireFormat format : WireFormat.values()) {
      assertThat(format.responseHeaders()).extracting(ResponseHeader::value).doesNotContain(name);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x-portkey-custom-host",
        "helicone-openai-api-base",
        "authorization",
        "x-api-key",
        "api-key",
        "x-goog-api-key",
        "cookie",
        "openai-organization",
        "openai-project",
        "anthropic-workspace-id",
        "anthropic-user-profile-id",
        "Anthropic-Organization-Id",
        "accept-encoding"
      })
  void no_header_that_steers_or_authorizes_passes(String name) {
    for (WireFormat format : WireFormat.values()) {
      assertThat(format.requestHeaders()).noneMatch(header -> header.matches(name));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "OPENAI, 'beta'",
    "COHERE, 'page_size page_token endpoint default_only'",
    "GEMINI, 'alt pageSize pageToken'",
    "ANTHROPIC, 'beta limit after_id before_id'",
    "OLLAMA, ''",
    "BEDROCK, ''",
    "VERTEX, 'alt pageSize pageToken'"
  })
  void the_listed_query_parameters_pass(WireFormat format, String names) {
    List<String> expected = names.isEmpty() ? List.of() : List.of(names.split(" "));
    assertThat(format.queryParameters()).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void formats_are_named_as_in_json() {
    assertThat(Arrays.stream(WireFormat.values()).map(WireFormat::wireName))
        .contains("openai", "cohere", "gemini", "anthropic", "ollama", "bedrock", "vertex")
        .allMatch(name -> name.matches("[a-z]+"));
  }

  @ParameterizedTest
  @EnumSource
  void a_format_is_found_by_its_name(WireFormat format) {
    assertThat(WireFormat.of(format.wireName())).isEqualTo(format);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "OpenAI", "OPENAI", "google", "azure", "openai "})
  void no_format_has_another_name(String name) {
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> WireFormat.of(name))
        .extracting(InvalidValue::field)
        .isEqualTo("format");
  }

  @ParameterizedTest
  @CsvSource({
    "OPENAI, responses, true",
    "OPENAI, openai/v1/responses, true",
    "OPENAI, openai/deployments/gpt/chat/completions, true",
    "OPENAI, vector_stores/vs_1/files, true",
    "OPENAI, batches, true",
    "OPENAI, files, false",
    "OPENAI, openai/v1/files, false",
    "OPENAI, uploads/upload_1/parts, false",
    "OPENAI, containers/cntr_1/files, false",
    "OPENAI, openai/deployments/gpt/audio/transcriptions, false",
    "OPENAI, images/edits, false",
    "OPENAI, v1/translate, false",
    "ANTHROPIC, v1/messages, true",
    "ANTHROPIC, v1/files, false",
    "COHERE, v2/chat, true",
    "COHERE, v2/audio/transcriptions, false",
    "GEMINI, v1beta/models/m:generateContent, true",
    "OLLAMA, api/chat, true"
  })
  void an_operation_takes_json_alone_unless_the_format_says_otherwise(
      WireFormat format, String path, boolean json) {
    assertThat(format.api().takesJsonAlone(path)).isEqualTo(json);
  }
}
