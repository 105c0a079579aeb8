package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.routing.ModelRouting.RoutingDecision;
import io.claviger.domain.standards.WireFormat;
import io.claviger.testkit.http.TestResponse;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists of models on the URLs that name no service. */
class ModelListsTest {
  @AutoClose private final Rig rig = new Rig();

  private TestResponse get(String path, String... headers) {
    return rig.client().get(path, headers);
  }

  @Test
  void openai_lists_all_at_once() {
    rig.routing.list("fast", "alice/my-openai/a\"b");

    TestResponse answer = get("/gateway/openai/v1/models");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.values("content-type")).containsExactly("application/json");
    assertThat(answer.body())
        .isEqualTo(
            "{\"object\":\"list\",\"data\":["
                + "{\"id\":\"fast\",\"object\":\"model\",\"created\":1767323045,\"owned_by\":\"alice/my-openai\"},"
                + "{\"id\":\"alice/my-openai/a\\\"b\",\"object\":\"model\",\"created\":1767323045,\"owned_by\":\"alice/my-openai\"}]}");
    assertThat(rig.stub.requests()).isEmpty();
    assertThat(rig.events.awaitFinished(1).format()).contains(WireFormat.OPENAI);
  }

  /** Codex shows an error at its start if the answer is refused, or has OpenAI's form. */
  @Test
  void codex_gets_an_empty_catalogue() {
    rig.routing.list("fast");

    TestResponse answer = get("/gateway/openai/v1/models?client_version=0.171.0");

    assertThat(answer.isStatus(200).body()).isEqualTo("{\"models\":[]}");
    assertThat(get("/gateway/openai/v1/models?client_version=1&limit=2").status()).isEqualTo(400);
    assertThat(get("/gateway/anthropic/v1/models?client_version=1").status()).isEqualTo(400);
    assertThat(get("/gateway/openai/v1/models/fast?client_version=1").status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/gateway/openai/models", "/gateway/openai/v1/v1/models"})
  void a_version_is_not_asked_for(String path) {
    rig.routing.list("fast");

    assertThat(get(path).body()).contains("\"fast\"");
  }

  @Test
  void anthropic_lists_page_by_page_in_both_directions() {
    rig.routing.list("a", "b", "c", "d", "e");
    String path = "/gateway/anthropic/v1/models";

    assertThat(get(path + "?limit=2").body())
        .startsWith(
            "{\"data\":[{\"type\":\"model\",\"id\":\"a\",\"display_name\":\"a\",\"created_at\":\"2026-01-02T03:04:05Z\"},")
        .endsWith("\"has_more\":true,\"first_id\":\"a\",\"last_id\":\"b\"}");
    assertThat(get(path + "?limit=2&after_id=d").body())
        .endsWith("\"has_more\":false,\"first_id\":\"e\",\"last_id\":\"e\"}");
    assertThat(get(path + "?limit=2&before_id=d").body())
        .endsWith("\"has_more\":true,\"first_id\":\"b\",\"last_id\":\"c\"}");
    assertThat(get(path + "?after_id=e").body())
        .isEqualTo("{\"data\":[],\"has_more\":false,\"first_id\":null,\"last_id\":null}");
  }

  @ParameterizedTest
  @CsvSource({
    "/gateway/gemini/v1beta/models, pageSize, pageToken, nextPageToken, models/",
    "/gateway/cohere/v1/models, page_size, page_token, next_page_token, ''"
  })
  void a_token_leads_from_page_to_page(
      String path, String size, String token, String next, String prefix) {
    rig.routing.list("a", "b/é", "c");
    TestResponse first = get(path + "?" + size + "=2");
    MatchResult cursor = match(first.body(), "\"" + next + "\":\"([^\"]+)\"");

    TestResponse last = get(path + "?" + size + "=2&" + token + "=" + cursor.group(1));

    assertThat(first.body()).contains("{\"name\":\"" + prefix + "a\"", prefix + "b/é");
    assertThat(last.body()).contains("{\"name\":\"" + prefix + "c\"").doesNotContain(next, "b/é");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "anthropic/v1/models?limit=0",
        "anthropic/v1/models?limit=x",
        "anthropic/v1/models?after_id=nobody",
        "gemini/v1beta/models?pageToken=%21",
        "gemini/v1beta/models?pageSize=-1",
        "cohere/v1/models?page_token=YQ",
        "openai/v1/models?limit=2"
      })
  void a_page_that_is_none_is_a_400(String path) {
    assertThat(get("/gateway/" + path).status()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({
    "/gateway/openai/v1/models/alice/my-openai/deep, '{\"id\":\"alice/my-openai/deep\"'",
    "/gateway/openai/v1/models/alice%2Fmy-openai%2Fdeep, '{\"id\":\"alice/my-openai/deep\"'",
    "/gateway/anthropic/v1/models/alice/my-openai/deep,"
        + " '{\"type\":\"model\",\"id\":\"alice/my-openai/deep\"'",
    "/gateway/gemini/v1alpha/models/alice/my-openai/deep,"
        + " '{\"name\":\"models/alice/my-openai/deep\"'",
    "/gateway/gemini/v1beta/models/alice/my-openai/deep,"
        + " '{\"name\":\"models/alice/my-openai/deep\"'",
    "/gateway/cohere/v1/models/alice/my-openai/deep, '{\"name\":\"alice/my-openai/deep\"'"
  })
  void one_model_is_shown_by_its_name(String path, String begin) {
    rig.routing.list("fast", "alice/my-openai/deep");

    assertThat(get(path).body()).startsWith(begin);
  }

  @Test
  void another_spelling_shows_the_same_model() {
    rig.routing.list("fast");
    rig.routing.lead("alice/my-openai/fast", "alice/my-openai", "fast");

    assertThat(get("/gateway/openai/v1/models/alice/my-openai/fast").body())
        .isEqualTo(
            "{\"id\":\"alice/my-openai/fast\",\"object\":\"model\",\"created\":1767323045,\"owned_by\":\"alice/my-openai\"}");
  }

  @ParameterizedTest
  @CsvSource({
    "openai/v1/models/nobody, '{\"error\":{\"message\":', '\"code\":\"model_not_found\"'",
    "anthropic/v1/models/nobody, '{\"type\":\"error\",', 'not_found_error'",
    "gemini/v1beta/models/nobody, '{\"error\":{\"code\":404,', 'NOT_FOUND'",
    "cohere/v1/models/nobody, '{\"message\":', ''"
  })
  void an_unknown_model_is_told_in_the_words_of_the_format(String path, String begin, String word) {
    rig.routing.list("a", "b");

    TestResponse answer = get("/gateway/" + path);

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.values("x-claviger-error")).containsExactly("model_not_found");
    assertThat(answer.body()).startsWith(begin).contains(word, "a, b").doesNotContain("nobody");
  }

  @Test
  void a_model_of_another_api_is_told_with_its_base_url() {
    rig.routing.answer(
        "claude",
        new RoutingDecision.Unknown(
            List.of(), Optional.of(WireFormat.ANTHROPIC), Optional.of("It is of another format.")));

    assertThat(get("/gateway/openai/v1/models/claude").body())
        .contains("/gateway/anthropic.")
        .doesNotContain("of another format");
  }

  @Test
  void the_reason_why_a_service_is_not_called_is_told() {
    rig.routing.answer(
        "alice/s/m",
        new RoutingDecision.Unknown(
            List.of("fast"), Optional.empty(), Optional.of("The service is disabled.")));

    assertThat(get("/gateway/openai/v1/models/alice/s/m").isStatus(404).text("/error/message"))
        .isEqualTo(
            "There is no such model that you may use here. The service is disabled."
                + " You may use, for example: fast.");
  }

  @Test
  void without_a_valid_token_there_is_no_list() {
    TestResponse answer = rig.anonymous().withToken("clv_bad").get("/gateway/anthropic/v1/models");

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.body()).startsWith("{\"type\":\"error\"");
  }

  private static MatchResult match(String text, String pattern) {
    return Pattern.compile(pattern).matcher(text).results().findFirst().orElseThrow();
  }
}
