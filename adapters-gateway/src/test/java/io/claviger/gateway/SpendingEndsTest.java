package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.budgets.CallSpending;
import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.CallAuthorization.CallRequest;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.domain.formats.ObeyedCaps;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.spending.BodyUse;
import io.claviger.domain.spending.CallUse;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.usage.TokenUsage;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.gateway.RecordedSpending.End;
import io.claviger.stub.Behaviour;
import io.claviger.testkit.http.TestResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However a call ends, what was reserved for it is charged once, or returned. */
@Tag("slow")
class SpendingEndsTest {
  private static final String ENDLESS = "stub-chunk-delay-5-count-100000";

  @AutoClose private final Rig rig = new Rig();
  private final RecordedSpending spending = new RecordedSpending();

  @BeforeEach
  void reserve() {
    lend(rig.at(WireFormat.OPENAI));
  }

  private void lend(TestService lent) {
    rig.authorizer.answer(Rig.TOKEN, call -> authorized(lent));
  }

  private AuthorizationOutcome authorized(TestService lent) {
    return new AuthorizationOutcome.Authorized(
        lent.authorized("alice/my-openai").with(false, spending.reserve()));
  }

  /** The reservation's end, which is charged with the same usage as is recorded. */
  private UsageCounts assertChargedAsRecorded(boolean failed) {
    List<End> ends = spending.awaitEnds(1);
    UsageCounts counts = rig.events.awaitFinished(1).used().orElseThrow().counts();
    assertThat(ends).hasSize(1);
    assertThat(ends.get(0).failed()).isEqualTo(failed);
    assertThat(ends.get(0).charged().map(CallUse::usage))
        .contains(
            new TokenUsage(
                counts.inputTokens(), counts.outputTokens(), counts.parts(), counts.estimated()));
    return counts;
  }

  private void assertReturned() {
    assertThat(spending.awaitEnds(1)).containsExactly(new End(Optional.empty()));
    assertThat(rig.events.awaitFinished(1).used()).isEmpty();
  }

  @Test
  void an_answered_call_is_charged_what_the_provider_states() {
    assertThat(rig.post("embeddings", Rig.embedding("m")).status()).isEqualTo(200);

    assertThat(assertChargedAsRecorded(false).inputTokens()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"stub-status-500", "stub-status-429", "stub-unauthorized"})
  void a_call_that_the_provider_refused_is_charged_as_a_request_alone(String model) {
    rig.post("embeddings", Rig.embedding(model));

    assertThat(assertChargedAsRecorded(true).inputTokens()).isZero();
  }

  @Test
  void a_prompt_that_a_content_filter_refused_is_charged_an_estimate_of_its_input() {
    String body = Rig.embedding("stub-content-filter");
    assertThat(rig.post("embeddings", body).status()).isEqualTo(400);

    UsageCounts counts = assertChargedAsRecorded(false);
    assertThat(counts.inputTokens()).isEqualTo(TokenUsage.ofBytes(body.length()));
    assertThat(counts.outputTokens()).isZero();
    assertThat(counts.estimated().requests()).isEqualTo(1);
    assertThat(counts.errors()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"stub-reset", "stub-half-header", "stub-slow-first-byte-60000"})
  void a_call_without_an_answer_is_charged_an_estimate(String model) {
    lend(rig.at(WireFormat.OPENAI).timeout(300));
    rig.post("embeddings", Rig.embedding(model));

    assertThat(assertChargedAsRecorded(false).estimated().requests()).isEqualTo(1);
  }

  @Test
  void a_call_whose_provider_is_not_reached_is_not_charged() {
    lend(TestService.at("http://127.0.0.1:1/v1", WireFormat.OPENAI));
    assertThat(rig.post("embeddings", Rig.embedding("m")).status()).isEqualTo(502);

    assertReturned();
  }

  @Test
  void a_call_to_a_destination_that_is_not_allowed_is_not_charged() {
    lend(rig.at(WireFormat.OPENAI).ofUser());
    assertThat(rig.post("embeddings", Rig.embedding("m")).status()).isEqualTo(403);

    assertReturned();
  }

  @Test
  void a_call_that_is_refused_after_reserving_is_not_charged() {
    assertThat(rig.post("embeddings?odd=1", Rig.embedding("m")).status()).isEqualTo(400);

    assertReturned();
  }

  @Test
  void who_leaves_before_the_answer_is_charged_an_estimate() {
    try (RawCaller caller = new RawCaller(rig)) {
      send(caller, "embeddings", Rig.embedding("stub-slow-first-byte-60000"));
      rig.stub.awaitRequests(1, Rig.PATIENCE);
    }

    assertThat(assertChargedAsRecorded(false).estimated().requests()).isEqualTo(1);
  }

  @Test
  void who_leaves_during_the_authorization_is_not_charged() {
    CountDownLatch gone = new CountDownLatch(1);
    rig.authorizer.answer(
        Rig.TOKEN,
        call -> {
          awaited(gone);
          return authorized(rig.at(WireFormat.OPENAI));
        });
    try (RawCaller caller = new RawCaller(rig)) {
      send(caller, "embeddings", Rig.embedding("m"));
      rig.events.await(() -> !rig.authorizer.calls().isEmpty());
    }
    rig.events.awaitFinished(1);
    gone.countDown();

    assertReturned();
    assertThat(rig.stub.requests()).isEmpty();
  }

  private static void awaited(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void who_leaves_a_stream_is_charged_what_passed() {
    try (RawCaller caller = new RawCaller(rig)) {
      send(caller, "chat/completions", Rig.chat(ENDLESS));
      caller.until("piece");
    }

    assertThat(assertChargedAsRecorded(false).outputTokens()).isPositive();
  }

  @Test
  void a_stream_that_is_revoked_is_charged_what_passed() {
    try (RawCaller caller = new RawCaller(rig)) {
      send(caller, "chat/completions", Rig.chat(ENDLESS));
      caller.until("piece");
      rig.authorizer.lookingAgain(call -> Optional.of(CallRefusal.NOT_FOUND));
      caller.untilClosed();
    }

    assertThat(assertChargedAsRecorded(false).outputTokens()).isPositive();
  }

  @Test
  void a_stream_that_the_provider_breaks_is_charged_what_passed() {
    try (RawCaller caller = new RawCaller(rig)) {
      send(caller, "chat/completions", Rig.chat("stub-close-mid-stream"));
      caller.untilClosed();
    }

    assertChargedAsRecorded(false);
  }

  @Test
  void a_stream_that_ends_with_the_gateway_is_charged_what_passed() {
    try (RawCaller caller = new RawCaller(rig)) {
      send(caller, "chat/completions", Rig.chat(ENDLESS));
      caller.until("piece");
      rig.gateway.close();
    }

    assertThat(assertChargedAsRecorded(false).outputTokens()).isPositive();
  }

  @Test
  void a_call_is_charged_though_its_report_fails() {
    rig.events.failWhenFinished();
    rig.postAsync("embeddings", Rig.embedding("m"));

    assertChargedAsRecorded(false);
  }

  @Test
  void a_call_with_a_connection_that_died_in_the_pool_is_charged_once() {
    rig.post("embeddings", Rig.embedding("stub-close"));
    rig.awaitClosedByProvider();
    TestResponse second = rig.post("embeddings", Rig.embedding("m"));

    assertThat(second.status()).isEqualTo(200);
    assertThat(spending.awaitEnds(2)).hasSize(2).allMatch(end -> end.charged().isPresent());
  }

  @Test
  void what_depends_on_the_body_is_reserved_once_it_was_read() {
    rig.authorizer.answer(
        Rig.TOKEN,
        call ->
            call.stage() == CallRequest.Stage.HEAD
                ? new AuthorizationOutcome.Authorized(
                    rig.at(WireFormat.OPENAI)
                        .authorized("alice/my-openai")
                        .with(true, CallSpending.NONE))
                : authorized(rig.at(WireFormat.OPENAI)));
    String body = "{\"model\":\"m\",\"messages\":[],\"max_tokens\":7,\"n\":3}";
    assertThat(rig.post("chat/completions", body).status()).isEqualTo(200);

    BodyUse read = rig.authorizer.calls().get(1).use();
    RequestedUse asked = read.at(ObeyedCaps.LEAST, true).orElseThrow();
    assertThat(asked.statedOutputInAll()).hasValue(21);
    assertThat(asked.model().name()).isEqualTo("m");
    assertThat(asked.bodyBytes()).isEqualTo(body.length());
    assertThat(rig.stub.requests().get(0).text()).isEqualTo(body);
    assertChargedAsRecorded(false);
  }

  private static final String BATCH =
      "{\"requests\":[{\"custom_id\":\"a\",\"params\":{\"model\":\"m\",\"max_tokens\":5,"
          + "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}}]}";

  private static final String CONTENTS =
      "{\"batch\":{\"input_config\":{\"requests\":{\"requests\":[{\"request\":{\"contents\":"
          + "[{\"parts\":[{\"text\":\"x\"}]}]}}]}}}}";

  private void lendBatches(TestService lent) {
    rig.lendReserving(spending::reserveForBatch, lent);
  }

  private void lendBatchesOfMessages() {
    lendBatches(
        rig.at(WireFormat.ANTHROPIC)
            .storing(ObjectKind.BATCHES)
            .batching("v1/messages")
            .timeout(60_000));
  }

  @ParameterizedTest
  @ValueSource(strings = {"stub-unauthorized", "stub-redirect", "stub-status-404"})
  void a_batch_that_the_provider_does_not_make_is_not_charged(String behaviour) {
    lendBatchesOfMessages();
    rig.stub.respondNextWith(Behaviour.named(behaviour));

    assertThat(rig.post("v1/messages/batches", BATCH).status()).isGreaterThanOrEqualTo(400);

    assertThat(rig.stub.requests()).hasSize(1);
    assertThat(spending.awaitEnds(1)).containsExactly(new End(Optional.empty()));
  }

  @Test
  void a_batch_whose_key_gemini_rejects_is_not_charged() {
    lendBatches(
        rig.at(WireFormat.GEMINI)
            .storing(ObjectKind.BATCHES)
            .batching("v1beta/models/{model}:generateContent"));
    rig.stub.respondNextWith(Behaviour.named("stub-gemini-key-invalid"));

    TestResponse answer = rig.post("v1beta/models/m:batchGenerateContent", CONTENTS);

    assertThat(answer.values("x-claviger-error")).containsExactly("provider_rejected_key");
    assertThat(spending.awaitEnds(1)).containsExactly(new End(Optional.empty()));
  }

  @Test
  void a_batch_whose_provider_is_not_reached_is_not_charged() {
    lendBatches(
        TestService.at("http://127.0.0.1:1", WireFormat.ANTHROPIC)
            .storing(ObjectKind.BATCHES)
            .batching("v1/messages"));

    assertThat(rig.post("v1/messages/batches", BATCH).status()).isEqualTo(502);

    assertReturned();
  }

  @ParameterizedTest
  @ValueSource(strings = {"stub-status-500", "stub-reset", "stub-half-header"})
  void what_may_have_been_made_stays_reserved(String behaviour) {
    lendBatchesOfMessages();
    rig.stub.respondNextWith(Behaviour.named(behaviour));

    assertThat(rig.post("v1/messages/batches", BATCH).status()).isGreaterThanOrEqualTo(500);

    assertThat(spending.awaitEnds(1)).allMatch(end -> end.charged().isPresent());
  }

  @Tag("thorough")
  @Test
  void a_batch_whose_maker_has_left_is_noted_though_the_provider_takes_long() {
    lendBatchesOfMessages();
    rig.stub.respondNextWith(Behaviour.named("stub-slow-first-byte-10500"));
    try (RawCaller caller = new RawCaller(rig)) {
      send(caller, "v1/messages/batches", BATCH);
      rig.stub.awaitRequests(1, Rig.PATIENCE);
    }

    Rig.await(() -> !spending.made().isEmpty());
    assertThat(rig.held.names())
        .extracting(ObjectName::id)
        .containsExactlyElementsOf(spending.made());
  }

  /** Behind a proxy, all callers have the same address, whose connections are not limited. */
  @Tag("thorough")
  @Test
  void a_caller_who_leaves_hundreds_of_batches_occupies_no_more_than_their_part() {
    int most = 512;
    lendBatchesOfMessages();
    List<RawCaller> callers = new ArrayList<>();
    for (int n = 0; n <= most; n++) {
      rig.stub.respondNextWith(Behaviour.named("stub-slow-first-byte-60000"));
      callers.add(new RawCaller(rig));
      send(callers.getLast(), "v1/messages/batches", BATCH);
      rig.stub.awaitRequests(n + 1, Rig.PATIENCE);
    }
    callers.forEach(RawCaller::close);

    Rig.await(() -> spending.open() == most);
    Rig.await(() -> rig.gateway.providerConnections().open() == most);
  }

  private static void send(RawCaller caller, String path, String body) {
    caller.send(
        "POST "
            + Rig.path(path)
            + " HTTP/1.1\r\nContent-Type: application/json\r\nanthropic-version: 2023-06-01\r\n"
            + "Content-Length: "
            + body.length()
            + "\r\nAuthorization: Bearer "
            + Rig.TOKEN
            + "\r\n\r\n"
            + body);
  }
}
