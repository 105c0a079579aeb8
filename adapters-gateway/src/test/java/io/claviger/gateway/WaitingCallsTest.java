package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.claviger.application.capacity.CapacityTurns.TurnRefusal;
import io.claviger.application.capacity.CapacityTurns.TurnRefusal.Reason;
import io.claviger.application.capacity.CapacityTurns.WaitingCall;
import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.objects.port.ObjectLedger.Ended;
import io.claviger.domain.accounts.User;
import io.claviger.domain.fairness.PaceLimit;
import io.claviger.domain.fairness.PaceUse;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.objects.ObjectState;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.usage.UsageModel;
import io.claviger.gateway.RecordedSpending.End;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CapacityErrors;
import io.claviger.gateway.events.GatewayEvents.FinishedCall;
import io.claviger.stub.Behaviour;
import io.claviger.testkit.http.TestResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that wait for their turn at what the provider allows. */
class WaitingCallsTest {
  private static final Duration WAITED = Duration.ofMillis(1_234);

  private final ScriptedTurns turns = new ScriptedTurns();
  @AutoClose private final Rig rig = new Rig(settings -> settings.withTurns(turns));
  private final RecordedSpending spending = new RecordedSpending();

  @BeforeEach
  void lend() {
    lend(rig.at(WireFormat.OPENAI).takingTurns());
  }

  private void lend(TestService lent) {
    rig.authorizer.answer(
        Rig.TOKEN,
        call ->
            new AuthorizationOutcome.Authorized(
                lent.authorized("alice/my-openai").with(false, spending.reserve())));
  }

  private CompletableFuture<TestResponse> begin() {
    return rig.postAsync("embeddings", Rig.embedding("m"));
  }

  private static TurnRefusal exhausted(Duration retryAfter) {
    return new TurnRefusal(
        Reason.EXHAUSTED, Optional.of(PaceLimit.REQUESTS_PER_MINUTE), retryAfter);
  }

  private void assertReturned() {
    assertThat(spending.awaitEnds(1)).containsOnly(new End(Optional.empty()));
    assertThat(rig.events.awaitFinished(1).used()).isEmpty();
    assertThat(turns.waiting()).isZero();
    assertThat(rig.stub.requests()).isEmpty();
  }

  @Test
  void a_call_goes_out_when_its_turn_comes_and_says_how_long_it_waited() {
    CompletableFuture<TestResponse> answer = begin();
    Rig.await(() -> turns.waiting() == 1);
    assertThat(rig.stub.requests()).isEmpty();
    turns.letNextGo(WAITED);

    assertThat(answer.join().status()).isEqualTo(200);
    assertThat(answer.join().values("x-claviger-waited"))
        .singleElement()
        .asString()
        .matches("[1-9][0-9]*");
    FinishedCall finished = rig.events.awaitFinished(1);
    assertThat(finished.waitedNanos()).isPositive();
    assertThat(finished.addedNanos()).isNotNegative();
    assertThat(rig.events.waits()).hasSize(1);
    PaceUse used = turns.awaitEnds(1).get(0).orElseThrow();
    assertThat(used.calls()).isEqualTo(1);
    assertThat(used.input())
        .isEqualTo(rig.events.awaitFinished(1).used().orElseThrow().counts().inputTokens())
        .isPositive();
  }

  @Test
  void a_call_that_need_not_wait_does_not_say_so() {
    turns.lettingPass(true);

    assertThat(begin().join().values("x-claviger-waited")).isEmpty();
    assertThat(rig.events.waits()).isEmpty();
    assertThat(turns.awaitEnds(1).get(0)).isPresent();
  }

  @Test
  void a_call_with_the_callers_own_key_takes_no_turn() {
    lend(rig.at(WireFormat.OPENAI).takingTurns().from(KeySource.USER));

    assertThat(begin().join().status()).isEqualTo(200);
    assertThat(turns.asked()).isEmpty();
  }

  @Test
  void a_turn_whose_end_fails_ends_and_so_does_all_that_the_call_holds() {
    turns.failing().lettingPass(true);

    assertThat(begin().join().status()).isEqualTo(200);
    assertThat(turns.awaitEnds(1)).hasSize(1);
    Rig.await(() -> rig.authorizer.handedOut().stream().allMatch(Rig::isWiped));
    rig.events.awaitFinished(1);
  }

  @Test
  void a_connection_that_died_needs_no_second_turn() {
    turns.lettingPass(true);
    rig.post("embeddings", Rig.embedding("stub-close"));
    rig.awaitClosedByProvider();

    assertThat(begin().join().status()).isEqualTo(200);
    assertThat(turns.awaitEnds(2)).hasSize(2).allMatch(Optional::isPresent);
  }

  @Test
  void a_call_whose_provider_is_not_reached_gives_its_turn_back() {
    turns.lettingPass(true);
    lend(TestService.at("http://127.0.0.1:1/v1", WireFormat.OPENAI).takingTurns());

    assertThat(begin().join().status()).isEqualTo(502);
    assertThat(turns.awaitEnds(1)).containsExactly(Optional.empty());
  }

  @ParameterizedTest
  @EnumSource(Reason.class)
  void a_call_that_is_refused_returns_what_it_reserved(Reason reason) {
    TurnRefusal why =
        new TurnRefusal(reason, Optional.of(PaceLimit.TOKENS_PER_MINUTE), Duration.ofSeconds(7));
    CompletableFuture<TestResponse> answer = begin();
    turns.refuseNext(why);

    TestResponse refused = answer.join();
    switch (reason) {
      case EXHAUSTED -> {
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.values("x-claviger-error")).containsExactly("capacity_exhausted");
        assertThat(refused.values("retry-after")).containsExactly("7");
      }
      case TOO_LARGE -> {
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.values("x-claviger-error")).containsExactly("request_exceeds_capacity");
        assertThat(refused.values("x-should-retry")).containsExactly("false");
      }
      case UNAVAILABLE -> {
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.values("x-claviger-error")).containsExactly("service_unavailable");
      }
    }
    assertThat(refused.values("x-claviger-waited")).hasSize(1);
    assertReturned();
  }

  @ParameterizedTest
  @CsvSource({
    "OPENAI, chat/completions",
    "ANTHROPIC, v1/messages",
    "GEMINI, v1beta/models/m:generateContent",
    "COHERE, v2/chat",
    "OLLAMA, api/chat"
  })
  void each_format_refuses_in_its_own_clothes(WireFormat format, String path) {
    lend(rig.at(format).takingTurns());
    turns.refuse(exhausted(Duration.ofSeconds(7)));

    TestResponse refused = rig.post(path, Rig.chat("m"));
    CallError error = CapacityErrors.of(exhausted(Duration.ofSeconds(7)));
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.values("retry-after")).containsExactly("7");
    assertThat(refused.values("x-should-retry")).isEmpty();
    assertThat(refused.body())
        .isEqualTo(format.api().errorBodyWithWait(429, error.code(), error.message(), 7));
  }

  @Test
  void a_call_that_may_not_even_wait_is_refused_at_once() {
    turns.refuse(exhausted(Duration.ofMillis(2_001)));

    TestResponse refused = begin().join();
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.values("retry-after")).containsExactly("3");
    assertThat(refused.values("x-claviger-waited")).isEmpty();
    assertReturned();
  }

  /** Some SDKs wait as long as they are told, up to days, and say nothing meanwhile. */
  @ParameterizedTest
  @CsvSource({"120, ", "121, false", "3600, false"})
  void no_sdk_waits_for_many_minutes_by_itself(int seconds, @Nullable String again) {
    turns.refuse(exhausted(Duration.ofSeconds(seconds)));

    TestResponse refused = begin().join();
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.values("retry-after")).containsExactly(Integer.toString(seconds));
    assertThat(refused.values("x-should-retry"))
        .isEqualTo(again == null ? List.of() : List.of(again));
  }

  @Test
  void who_hangs_up_leaves_the_queue() {
    try (RawCaller caller = new RawCaller(rig)) {
      caller.chat(Rig.chat("m"));
      Rig.await(() -> turns.waiting() == 1);
    }

    assertReturned();
    assertThat(turns.left()).isEqualTo(1);
    assertThat(rig.events.waits()).hasSize(1);
  }

  @Test
  void who_hangs_up_after_a_pipelined_request_leaves_the_queue() {
    try (RawCaller caller = new RawCaller(rig)) {
      caller.chat(Rig.chat("m")).chat(Rig.chat("m"));
      Rig.await(() -> turns.waiting() == 1);
    }

    assertReturned();
  }

  @Test
  void who_hangs_up_during_a_body_that_streams_leaves_the_queue() {
    try (RawCaller caller = new RawCaller(rig)) {
      caller.send(
          RawCaller.head("POST", "audio/transcriptions")
              + "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 5000000\r\n\r\n"
              + "x".repeat(100_000));
      Rig.await(() -> turns.waiting() == 1);
    }

    assertReturned();
  }

  @Test
  void a_hundred_waiting_calls_whose_callers_leave_are_all_gone() {
    List<RawCaller> callers = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      callers.add(new RawCaller(rig).chat(Rig.chat("m")));
    }
    Rig.await(() -> turns.waiting() == 100);
    callers.forEach(RawCaller::close);

    Rig.await(() -> turns.waiting() == 0);
    assertThat(spending.awaitEnds(100)).containsOnly(new End(Optional.empty()));
    assertThat(rig.stub.requests()).isEmpty();
  }

  @Test
  void a_turn_that_comes_when_the_caller_has_left_is_given_back() {
    try (RawCaller caller = new RawCaller(rig)) {
      caller.chat(Rig.chat("m"));
      Rig.await(() -> turns.waiting() == 1);
    }
    rig.events.awaitFinished(1);
    turns.asked().get(0).passed(turns.new OneTurn(turns.asked().get(0)), WAITED);

    assertReturned();
  }

  @Test
  void a_waiting_call_that_is_revoked_ends() {
    CompletableFuture<TestResponse> answer = begin();
    Rig.await(() -> turns.waiting() == 1);
    rig.authorizer.lookingAgain(call -> Optional.of(CallRefusal.DISABLED));

    assertThat(answer.join().values("x-claviger-error")).containsExactly("disabled");
    assertReturned();
  }

  @Test
  void a_call_whose_budget_was_changed_meanwhile_is_authorized_once_more() {
    TestService lent = rig.at(WireFormat.OPENAI).takingTurns().countedBy("user:1");
    lend(lent);
    CompletableFuture<TestResponse> answer = begin();
    Rig.await(() -> turns.waiting() == 1);
    lend(lent.budgeted(5));
    rig.authorizer.change("alice/my-openai", lent.budgeted(5));
    turns.letNextGo(WAITED);

    assertThat(answer.join().status()).isEqualTo(200);
    assertRenewed();
    assertThat(rig.authorizer.counted()).containsExactly(Set.of(), Set.of("user:1"));
  }

  /** What the call had reserved does not count against it. */
  private void assertRenewed() {
    assertThat(rig.authorizer.calls()).hasSize(2);
    assertThat(spending.awaitEnds(2).get(0)).isEqualTo(new End(Optional.empty()));
    assertThat(spending.awaitEnds(2).get(1).charged()).isPresent();
    assertThat(spending.mostAtATime()).isEqualTo(1);
  }

  @Test
  void a_call_of_whose_budgets_nothing_is_known_is_authorized_once_more() {
    lend(rig.at(WireFormat.OPENAI).takingTurns().budgeted(5));
    CompletableFuture<TestResponse> answer = begin();
    Rig.await(() -> turns.waiting() == 1);
    rig.authorizer.forget();
    turns.letNextGo(WAITED);

    assertThat(answer.join().status()).isEqualTo(200);
    assertRenewed();
  }

  @Test
  void a_call_without_budgets_goes_on_though_the_database_does_not_answer() {
    CompletableFuture<TestResponse> answer = begin();
    Rig.await(() -> turns.waiting() == 1);
    rig.authorizer.forget();
    turns.letNextGo(WAITED);

    assertThat(answer.join().status()).isEqualTo(200);
    assertThat(rig.authorizer.calls()).hasSize(1);
  }

  @Test
  void a_call_whose_budget_ended_meanwhile_is_refused() {
    CompletableFuture<TestResponse> answer = begin();
    Rig.await(() -> turns.waiting() == 1);
    rig.authorizer.change("alice/my-openai", rig.at(WireFormat.OPENAI).takingTurns().budgeted(5));
    rig.authorizer.answer(
        Rig.TOKEN,
        call -> new AuthorizationOutcome.Refused(CallRefusal.BUDGET_EXHAUSTED, Optional.empty()));
    turns.letNextGo(WAITED);

    assertThat(answer.join().status()).isEqualTo(402);
    assertThat(turns.awaitEnds(1)).containsExactly(Optional.empty());
    assertReturned();
  }

  @Test
  void a_call_whose_budgets_are_the_same_is_not_authorized_again() {
    CompletableFuture<TestResponse> answer = begin();
    turns.letNextGo(WAITED);

    assertThat(answer.join().status()).isEqualTo(200);
    assertThat(rig.authorizer.calls()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_call_goes_out_only_if_its_object_is_still_there(boolean deleted) {
    User.Id bob = new User.Id(new UUID(1, 1));
    ObjectName file = new ObjectName(ObjectKind.FILES, "file-0123456789abcdefX");
    lend(rig.at(WireFormat.OPENAI).takingTurns().storing(ObjectKind.FILES).calledBy(bob));
    rig.held.hold(file, bob);
    CompletableFuture<TestResponse> answer =
        rig.postAsync(
            "chat/completions",
            "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"file\","
                + "\"file\":{\"file_id\":\"file-0123456789abcdefX\"}}]}]}");
    Rig.await(() -> turns.waiting() == 1);
    if (deleted) {
      rig.held.ended(
          new Ended(new Instance.Id(new UUID(0, 2)), file, ObjectState.DELETED, Optional.empty()));
    }
    turns.letNextGo(WAITED);

    assertThat(answer.join().values("x-claviger-error").contains("object_not_found"))
        .isEqualTo(deleted);
    if (deleted) {
      assertThat(turns.awaitEnds(1)).containsExactly(Optional.empty());
      assertReturned();
    } else {
      assertThat(rig.stub.requests()).hasSize(1);
    }
  }

  private static List<Arguments> callsAndWhetherTheyStoreNothing() {
    return List.of(
        arguments("responses", "{\"model\":\"m\",\"input\":\"hi\",\"store\":true}", false),
        arguments("responses", "{\"model\":\"m\",\"input\":\"hi\",\"store\":false}", true),
        arguments("embeddings", "{\"model\":\"m\",\"input\":\"hi\"}", true));
  }

  @ParameterizedTest
  @MethodSource("callsAndWhetherTheyStoreNothing")
  void a_call_stores_something_only_if_storage_is_still_lent(
      String path, String body, boolean sent) {
    TestService lent = rig.at(WireFormat.OPENAI).takingTurns();
    lend(lent.storing(ObjectKind.FILES, ObjectKind.RESPONSES));
    CompletableFuture<TestResponse> answer = rig.postAsync(path, body);
    Rig.await(() -> turns.waiting() == 1);
    rig.authorizer.restrict("alice/my-openai", lent.storing(ObjectKind.FILES));
    turns.letNextGo(WAITED);

    assertThat(answer.join().values("x-claviger-error"))
        .isEqualTo(sent ? List.of() : List.of("service_changed"));
    assertThat(rig.stub.requests()).hasSize(sent ? 1 : 0);
  }

  @ParameterizedTest
  @MethodSource("callsAndWhetherTheyStoreNothing")
  void a_call_whose_budget_changed_needs_only_the_storage_that_it_uses(
      String path, String body, boolean sent) {
    TestService lent = rig.at(WireFormat.OPENAI).takingTurns();
    lend(lent.storing(ObjectKind.FILES, ObjectKind.RESPONSES));
    CompletableFuture<TestResponse> answer = rig.postAsync(path, body);
    Rig.await(() -> turns.waiting() == 1);
    TestService other = lent.budgeted(5);
    lend(other);
    rig.authorizer.change("alice/my-openai", other);
    turns.letNextGo(WAITED);

    assertThat(answer.join().values("x-claviger-error"))
        .isEqualTo(sent ? List.of() : List.of("service_changed"));
    assertThat(rig.stub.requests()).hasSize(sent ? 1 : 0);
  }

  @Test
  void a_service_that_was_changed_with_its_budget_ends_the_call() {
    CompletableFuture<TestResponse> answer = begin();
    Rig.await(() -> turns.waiting() == 1);
    TestService other =
        TestService.at("http://127.0.0.1:1/v1", WireFormat.OPENAI).takingTurns().budgeted(5);
    lend(other);
    rig.authorizer.change("alice/my-openai", other);
    turns.letNextGo(WAITED);

    assertThat(answer.join().values("x-claviger-error")).containsExactly("service_changed");
    assertThat(spending.awaitEnds(2)).containsOnly(new End(Optional.empty()));
  }

  @Test
  void a_node_that_stops_refuses_calls_that_wait() {
    CompletableFuture<TestResponse> answer = begin();
    Rig.await(() -> turns.waiting() == 1);
    rig.gateway.drain(Duration.ofSeconds(10));

    assertThat(answer.join().status()).isEqualTo(503);
    assertThat(answer.join().values("retry-after")).containsExactly("1");
    assertReturned();
  }

  @Test
  void requests_of_one_connection_wait_one_after_the_other() {
    try (RawCaller caller = new RawCaller(rig)) {
      caller.chat(Rig.chat("m")).chat(Rig.chat("m"));
      turns.letNextGo(WAITED);
      // The provider may cut its last line into two pieces, so the end is that of the chunks.
      caller.until("\r\n0\r\n\r\n");
      turns.letNextGo(WAITED);
      caller.until("\r\n0\r\n\r\n");
    }

    assertThat(turns.awaitEnds(2)).hasSize(2).allMatch(Optional::isPresent);
  }

  @Test
  void a_turn_that_depends_on_tokens_is_taken_with_what_the_body_asks_for() {
    turns.readingBodies().lettingPass(true);
    String asking = "{\"model\":\"m\",\"messages\":[],\"max_tokens\":7,\"n\":3}";
    assertThat(rig.post("chat/completions", asking).status()).isEqualTo(200);
    assertThat(rig.get("models").status()).isEqualTo(200);
    assertThat(rig.post("moderations", Rig.embedding("m")).status()).isEqualTo(200);

    List<WaitingCall> asked = turns.asked();
    assertThat(asked.get(0).use()).isPresent();
    assertThat(asked.get(0).use().get().output()).isEqualTo(21);
    assertThat(asked.get(0).use().get().input()).isPositive();
    assertThat(asked.get(0).model()).isEqualTo(UsageModel.called("m"));
    assertThat(asked.get(0).heldBytes()).isEqualTo(asking.length());
    assertThat(asked.get(1).use()).contains(PaceUse.ofCall(0, 0));
    assertThat(asked.get(2).use()).contains(PaceUse.ofCall(0, 0));
    assertThat(turns.awaitEnds(3).get(0).orElseThrow().output()).isPositive();
  }

  @Test
  void what_calls_of_a_model_have_used_is_expected_of_the_next_one() {
    turns.readingBodies().lettingPass(true);
    for (int i = 0; i < 9; i++) {
      assertThat(rig.post("embeddings", Rig.embedding("m")).status()).isEqualTo(200);
      turns.awaitEnds(i + 1);
    }

    long stated = turns.awaitEnds(9).get(0).orElseThrow().input();
    assertThat(turns.asked().get(8).use().orElseThrow().input())
        .isEqualTo((long) Math.ceil(stated * 1.25))
        .isNotEqualTo(turns.asked().get(0).use().orElseThrow().input());
  }

  /** Nothing else has read what the call asks for: no budget, no limit of tokens, no model. */
  @Test
  void who_hangs_up_is_not_counted_by_what_small_calls_have_used_before() {
    turns.readingBodies().lettingPass(true);
    String asking = "{\"model\":\"m\",\"messages\":[],\"max_tokens\":30000}";
    for (int i = 0; i < 9; i++) {
      assertThat(rig.post("chat/completions", asking).status()).isEqualTo(200);
      turns.awaitEnds(i + 1);
    }
    long expected = turns.asked().get(8).use().orElseThrow().output();
    rig.stub.respondNextWith(Behaviour.named("stub-chunk-delay-60000-count-2"));
    try (RawCaller caller = new RawCaller(rig)) {
      caller.chat(asking.replace("30000", "30000,\"stream\":true")).until("piece");
      long began = System.nanoTime();
      Rig.await(() -> System.nanoTime() - began > 2_300_000_000L);
      caller.reset();
    }

    assertThat(expected).isLessThan(100);
    assertThat(turns.awaitEnds(10).get(9).orElseThrow().output()).isBetween(200L, 6_000L);
    assertThat(rig.post("chat/completions", asking).status()).isEqualTo(200);
    assertThat(turns.asked().get(10).use().orElseThrow().output()).isGreaterThan(expected);
  }

  @Test
  void a_form_with_a_file_passes_unread_and_counts_as_usual() {
    turns.readingBodies().lettingPass(true);
    String form =
        "--x\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nm\r\n--x\r\n"
            + "Content-Disposition: form-data; name=\"file\"; filename=\"a.mp3\"\r\n\r\n"
            + "y".repeat(2_000)
            + "\r\n--x--\r\n";
    try (RawCaller caller = new RawCaller(rig)) {
      caller.postForm("audio/transcriptions", form).until("200 OK");
    }

    WaitingCall asked = turns.asked().get(0);
    assertThat(asked.heldBytes()).isZero();
    assertThat(asked.use().orElseThrow().input()).isGreaterThan(form.length() / 4);
    assertThat(asked.use().orElseThrow().output()).isPositive();
  }

  @ParameterizedTest
  @CsvSource({"stub-reset, true", "stub-status-500, false"})
  void a_call_that_broke_off_counts_as_expected(String behaviour, boolean unknown) {
    turns.readingBodies().lettingPass(true);
    rig.post("embeddings", Rig.embedding(behaviour));

    PaceUse expected = turns.asked().get(0).use().orElseThrow();
    assertThat(turns.awaitEnds(1).get(0)).contains(unknown ? expected : PaceUse.ofCall(0, 0));
  }

  @Test
  void the_provider_has_its_whole_time_after_the_wait() {
    lend(rig.at(WireFormat.OPENAI).takingTurns().timeout(1_000));
    long began = System.nanoTime();
    CompletableFuture<TestResponse> answer = begin();
    Rig.await(() -> System.nanoTime() - began > 1_200_000_000L);
    turns.letNextGo(WAITED);

    assertThat(answer.join().status()).isEqualTo(200);
  }
}
