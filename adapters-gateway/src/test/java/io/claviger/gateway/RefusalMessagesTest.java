package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.CallAuthorization.KnownService;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.standards.WireFormat;
import io.claviger.testkit.http.TestResponse;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the messages of refusals say to people. */
class RefusalMessagesTest {
  @AutoClose private final Rig rig = new Rig();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "OPENAI|POST|files|POST files is not lent|keep them apart",
        "OPENAI|POST|batches|POST batches is not lent|keep them apart",
        "OPENAI|GET|responses/resp_68a1f|GET responses/{id} is not lent|keep them apart",
        "OPENAI|GET|chat/completions|GET chat/completions is not lent|keep them apart",
        "OPENAI|POST|v2/embeddings|POST v2/embeddings is not lent|contains v2 once too often",
        "OPENAI|GET|embeddings|GET embeddings is not lent|lent with POST",
        "OPENAI|POST|chat|POST chat is not lent|Check the base URL",
        "OPENAI|POST|a/b/c/d/e/f/g/h/i|POST a/b/c/d/e/f/g/h/… is not lent|Check the base URL",
        "OPENAI|POST|x/sk-1a2B3c4D5e|POST x/{id} is not lent|Check the base URL",
        "ANTHROPIC|POST|messages|POST messages is not lent|lacks v1",
        "ANTHROPIC|POST|v1/messages/batches|POST v1/messages/batches is not lent|keep them apart",
        "COHERE|POST|chat|POST chat is not lent|lacks v1",
        "GEMINI|POST|v1beta/models/m-1:batchGenerateContent|POST"
            + " v1beta/models/{id}:batchGenerateContent is not|keep them apart",
        "OPENAI|POST|fine_tuning/jobs|POST fine_tuning/jobs is not lent|never lent",
        "OPENAI|GET|organization/users|GET organization/users is not lent|never lent",
        "OPENAI|POST|realtime/calls|POST realtime/calls is not lent|bypass all limits",
        "OPENAI|POST|realtime/client_secrets|POST realtime/client_secrets is not|outlive",
        "OPENAI|POST|realtime/sessions|POST realtime/sessions is not|POST realtime/client_secrets",
        "OPENAI|POST|v1/realtime/transcription_sessions|POST v1/realtime/transcription_sessions is|outlive",
        "ANTHROPIC|GET|v1/sessions|GET v1/sessions is not lent|Check the base URL",
        "OPENAI|POST|assistants|POST assistants is not lent|withdrawing this operation"
      })
  void an_operation_that_is_not_lent_is_named_with_what_to_do(
      WireFormat format, String method, String path, String named, String remedy) {
    rig.refuse(CallRefusal.OPERATION_NOT_ALLOWED, format);
    TestResponse answer = method.equals("GET") ? rig.get(path) : rig.post(path, "{}");

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.values("x-claviger-error")).containsExactly("operation_not_allowed");
    assertThat(answer.body()).contains(named).contains(remedy);
  }

  @ParameterizedTest
  @CsvSource({
    "files, POST files needs storage of the kind files",
    "v1/vector_stores/vs_1/search, POST v1/vector_stores/{id}/search needs storage of the kind vector_stores",
    "responses/resp_1/cancel, POST responses/{id}/cancel needs storage of the kind responses"
  })
  void storage_that_is_not_lent_is_named_with_who_can_lend_it(String path, String named) {
    rig.refuse(CallRefusal.STORAGE_NOT_LENT, WireFormat.OPENAI);

    TestResponse answer = rig.post(path, "{}");

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.values("x-claviger-error")).containsExactly("storage_not_lent");
    assertThat(answer.body()).contains(named).contains("owner can lend it");
  }

  @Test
  void a_reason_why_nobody_lends_it_is_said_instead() {
    rig.authorizer.answer(
        Rig.TOKEN,
        call ->
            new AuthorizationOutcome.Refused(
                    CallRefusal.STORAGE_NOT_LENT,
                    Optional.of(new KnownService("alice/my-openai", WireFormat.OPENAI)))
                .saying("Never lent."));

    TestResponse answer = rig.post("conversations", "{}");

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.body()).contains("Never lent.").doesNotContain("owner can lend it");
  }

  @ParameterizedTest
  @CsvSource({
    "OPENAI, v1/embeddings, /v1/embeddings",
    "OPENAI, embeddings, /v1/embeddings",
    "ANTHROPIC, v1/v1/messages, /v1/messages",
    "ANTHROPIC, v1/messages, /v1/messages"
  })
  void a_version_too_many_is_left_out(WireFormat format, String path, String sent) {
    rig.lend(format);
    String body =
        "{\"model\":\"m\",\"input\":\"x\",\"max_tokens\":9,"
            + "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";

    assertThat(rig.post(path, body).status()).isEqualTo(200);
    assertThat(rig.stub.requests().get(0).uri()).isEqualTo(sent);
  }

  @ParameterizedTest
  @CsvSource({
    "USER, which is your own",
    "CENTRAL, The service's owner has to replace it",
    "DEPLOYMENT, Its operator has to replace it",
    "KEYLESS, called without a key"
  })
  void a_rejected_key_is_told_with_whose_it_is(KeySource source, String told) {
    TestService usual = rig.at(WireFormat.OPENAI);
    TestService lent = source == KeySource.KEYLESS ? usual.keyless() : usual.from(source);
    rig.lend(lent);
    TestResponse answer = rig.post("embeddings", Rig.embedding("stub-unauthorized"));

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.values("x-claviger-error")).containsExactly("provider_rejected_key");
    assertThat(answer.body()).contains(told);
  }

  @Test
  void an_invisible_service_is_403_for_anthropics_clients_with_the_same_text() {
    rig.authorizer.answer(
        Rig.TOKEN,
        call -> new AuthorizationOutcome.Refused(CallRefusal.NOT_FOUND, Optional.empty()));
    TestResponse unseen = rig.post("v1/messages", "{}");
    TestResponse impossible =
        rig.anonymous()
            .with("x-api-key", Rig.TOKEN)
            .send(
                "POST",
                "/gateway/services/alice/_none/v1/messages",
                HttpRequest.BodyPublishers.ofString("{}"));

    assertThat(unseen.status()).isEqualTo(403);
    assertThat(impossible.status()).isEqualTo(403);
    assertThat(unseen.body())
        .contains("permission_error")
        .contains(CallRefusal.NOT_FOUND.message())
        .isEqualTo(impossible.body());
    assertThat(unseen.values("x-claviger-error")).containsExactly("not_found");
    assertThat(rig.post("embeddings", "{}").status()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "OPENAI|chat/completions|{\"error\":{\"message\":\"Spent.\",\"type\":\"insufficient_quota\",\"param\":null,\"code\":\"budget_exhausted\"},\"object\":\"error\",\"message\":\"Spent.\",\"type\":\"insufficient_quota\",\"param\":null,\"code\":\"budget_exhausted\"}",
        "ANTHROPIC|v1/messages|{\"type\":\"error\",\"error\":{\"type\":\"billing_error\",\"message\":\"Spent.\"}}",
        "GEMINI|v1beta/models/m:generateContent|{\"error\":{\"code\":402,\"message\":\"Spent.\",\"status\":\"FAILED_PRECONDITION\"}}",
        "COHERE|v2/chat|{\"message\":\"Spent.\"}",
        "OLLAMA|api/chat|{\"error\":\"Spent.\"}"
      })
  void a_budget_that_is_used_up_is_told_in_the_words_of_each_api(
      WireFormat format, String path, String body) {
    spent(format);
    TestResponse answer = rig.post(path, "{}");

    assertThat(answer.status()).isEqualTo(402);
    assertThat(answer.body()).isEqualTo(body);
    assertThat(answer.values("x-claviger-error")).containsExactly("budget_exhausted");
    assertThat(answer.values("x-should-retry")).containsExactly("false");
    assertThat(answer.values("retry-after")).isEmpty();
  }

  @Test
  void codex_is_told_in_such_a_way_that_it_does_not_try_again() {
    spent(WireFormat.OPENAI);
    TestResponse answer = rig.post("responses", "{}", "originator", "codex_exec");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("Spent.", "budget_exhausted");
    assertThat(rig.post("responses", "{}", "originator", "other").status()).isEqualTo(402);
  }

  /** The app names itself with a capital letter, and editors that run Codex name themselves. */
  @ParameterizedTest
  @CsvSource({
    "originator, Codex Desktop",
    "originator, codex_vscode",
    "x-codex-window-id, 0199f0c1-8a7b-7000-8000-000000000000:0"
  })
  void each_program_that_runs_codex_is_recognized(String header, String value) {
    spent(WireFormat.OPENAI);

    assertThat(rig.post("responses", "{}", header, value).status()).isEqualTo(400);
  }

  @Test
  void codex_repeats_no_call_that_would_be_refused_again_whatever_its_status() {
    rig.refuse(CallRefusal.NOT_FOUND, WireFormat.OPENAI);
    TestResponse unseen = rig.post("responses", "{}", "originator", "codex_exec");
    assertThat(unseen.status()).isEqualTo(400);
    assertThat(unseen.values("x-claviger-error")).containsExactly("not_found");

    rig.lend(WireFormat.OPENAI);
    TestResponse encoded =
        rig.post("responses", "{}", "originator", "codex_exec", "Content-Encoding", "zstd");
    assertThat(encoded.status()).isEqualTo(400);
    assertThat(encoded.values("x-claviger-error")).containsExactly("body_encoded");
  }

  @Test
  void codex_may_get_another_token_or_wait() {
    rig.refuse(CallRefusal.USER_SUSPENDED, WireFormat.OPENAI);
    assertThat(rig.post("responses", "{}", "originator", "codex_exec").status()).isEqualTo(401);

    rig.authorizer.answer(
        Rig.TOKEN,
        call ->
            new AuthorizationOutcome.Refused(
                CallRefusal.RATE_LIMITED, Optional.empty(), Optional.of(Duration.ofSeconds(9))));
    assertThat(rig.post("responses", "{}", "originator", "codex_exec").status()).isEqualTo(429);
  }

  @Test
  void a_wrong_base_url_is_403_for_anthropics_clients_who_would_look_for_another_model() {
    TestResponse wrong =
        rig.anonymous()
            .with("x-api-key", Rig.TOKEN)
            .with("anthropic-version", "2023-06-01")
            .send("POST", "/claviger/v1/messages", HttpRequest.BodyPublishers.ofString("{}"));

    assertThat(wrong.status()).isEqualTo(403);
    assertThat(wrong.values("x-claviger-error")).containsExactly("not_found");
    assertThat(wrong.body()).contains("permission_error", "The gateway serves");
  }

  private void spent(WireFormat format) {
    rig.authorizer.answer(
        Rig.TOKEN,
        call ->
            new AuthorizationOutcome.Refused(
                    CallRefusal.BUDGET_EXHAUSTED,
                    Optional.of(new KnownService("alice/my-openai", format)))
                .saying("Spent."));
  }
}
