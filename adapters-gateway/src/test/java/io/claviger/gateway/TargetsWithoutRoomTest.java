package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.capacity.CapacityTurns.TurnRefusal;
import io.claviger.application.capacity.CapacityTurns.TurnRefusal.Reason;
import io.claviger.application.capacity.CapacityTurns.WaitingCall;
import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.CallAuthorization.CallRequest;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.CallTarget;
import io.claviger.application.routing.ModelRouting.RoutedTarget;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.standards.KeyMethod;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.RecordedSpending.End;
import io.claviger.stub.RecordedRequest;
import io.claviger.stub.StubProvider;
import io.claviger.testkit.http.TestResponse;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A model with several targets, of which some have no room for a call at once. */
class TargetsWithoutRoomTest {
  private static final Duration WAITED = Duration.ofMillis(5);

  private final ScriptedTurns turns = new ScriptedTurns();
  private final Rig rig = new Rig(settings -> settings.withTurns(turns));
  private final List<StubProvider> stubs =
      List.of(rig.stub, StubProvider.start(), StubProvider.start());
  private final RecordedSpending spending = new RecordedSpending();
  private final Map<String, TestService> services = new ConcurrentHashMap<>();

  @BeforeEach
  void lend() {
    for (int i = 0; i < 3; i++) {
      services.put(
          "alice/s" + i,
          TestService.at(stubs.get(i).baseUrl() + "/v1", WireFormat.OPENAI)
              .identified(new Instance.Id(new UUID(9, i)))
              .takingTurns());
    }
    rig.authorizer.answer(
        Rig.TOKEN,
        call -> {
          String ref = refOf(call);
          return services.containsKey(ref)
              ? new AuthorizationOutcome.Authorized(
                  services.get(ref).authorized(ref).with(false, spending.reserve()))
              : new AuthorizationOutcome.Refused(CallRefusal.NOT_PERMITTED, Optional.empty());
        });
  }

  @AfterEach
  void close() {
    rig.close();
    stubs.stream().skip(1).forEach(StubProvider::close);
  }

  private CompletableFuture<TestResponse> call(String... models) {
    lead(
        IntStream.range(0, models.length)
            .mapToObj(i -> TestRouting.target("alice/s" + i, models[i]))
            .toArray(RoutedTarget[]::new));
    return post();
  }

  private void lead(RoutedTarget... targets) {
    rig.routing.leadToAll("fast", targets);
  }

  private CompletableFuture<TestResponse> post() {
    return rig.client()
        .sendAsync(
            "POST",
            "/gateway/openai/v1/embeddings",
            BodyPublishers.ofString(Rig.embedding("fast")));
  }

  private static String refOf(CallRequest call) {
    return ((CallTarget.Service) call.callTarget()).ref().toString();
  }

  private static boolean isAt(WaitingCall call, int target) {
    return call.terms().service().equals(new UUID(9, target));
  }

  private void assertServedBy(TestResponse answer, int target, int reservations) {
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.values("x-claviger-service")).containsExactly("alice/s" + target);
    for (int i = 0; i < 3; i++) {
      assertThat(stubs.get(i).requests()).as("requests to %d", i).hasSize(i == target ? 1 : 0);
    }
    List<End> ends = spending.awaitEnds(reservations);
    assertThat(ends).hasSize(reservations);
    assertThat(spending.mostAtATime()).isEqualTo(1);
    assertThat(ends.stream().filter(end -> end.charged().isPresent())).hasSize(1);
    assertThat(turns.waiting()).isZero();
    assertThat(turns.awaitEnds(1)).hasSize(1).allMatch(Optional::isPresent);
  }

  @Test
  void a_target_with_room_comes_before_one_without() {
    turns.lettingPass(call -> isAt(call, 2));
    TestResponse answer = call("m", "m", "m").join();

    assertServedBy(answer, 2, 3);
    assertThat(answer.values("x-claviger-attempts")).isEmpty();
    assertThat(answer.values("x-claviger-waited")).isEmpty();
  }

  @Test
  void a_call_that_no_target_has_room_for_waits_at_the_first() {
    CompletableFuture<TestResponse> answer = call("m", "m", "m");
    Rig.await(() -> turns.asked().size() == 4 && turns.waiting() == 1);
    turns.letNextGo(WAITED);

    assertServedBy(answer.join(), 0, 4);
    assertThat(answer.join().values("x-claviger-waited")).hasSize(1);
    assertThat(turns.asked())
        .as("only a call that stays may displace others")
        .extracting(WaitingCall::mayDisplace)
        .containsExactly(false, false, false, true);
  }

  @Test
  void a_call_waits_a_moment_for_the_first_grant_of_a_target_before_it_goes_to_the_next() {
    turns.awaitingFirstGrant().lettingPass(call -> isAt(call, 1));
    CompletableFuture<TestResponse> answer = call("m", "m");
    turns.letNextGo(WAITED);

    assertServedBy(answer.join(), 0, 1);
    assertThat(turns.asked()).hasSize(1);
    assertThat(turns.leftForOtherTarget()).isZero();
  }

  @Test
  void a_call_whose_first_grant_does_not_come_goes_to_the_next_target() {
    turns.awaitingFirstGrant().lettingPass(call -> isAt(call, 1));
    TestResponse answer = call("m", "m").join();

    assertServedBy(answer, 1, 2);
    assertThat(turns.leftForOtherTarget()).isEqualTo(1);
    assertThat(answer.values("x-claviger-waited")).hasSize(1);
  }

  @Test
  void a_call_that_is_refused_while_it_awaits_its_first_grant_goes_to_the_next_target() {
    turns.awaitingFirstGrant().lettingPass(call -> isAt(call, 1));
    CompletableFuture<TestResponse> answer = call("m", "m");
    turns.refuseNext(new TurnRefusal(Reason.EXHAUSTED, Optional.empty(), Duration.ofSeconds(1)));

    assertServedBy(answer.join(), 1, 2);
  }

  @Test
  void a_call_that_fails_after_its_wait_goes_to_a_target_that_has_room_by_then() {
    CompletableFuture<TestResponse> answer = call("stub-status-503", "m");
    Rig.await(() -> turns.asked().size() == 3 && turns.waiting() == 1);
    turns.lettingPass(call -> isAt(call, 1));
    turns.letNextGo(WAITED);

    assertThat(answer.join().status()).isEqualTo(200);
    assertThat(answer.join().values("x-claviger-service")).containsExactly("alice/s1");
    assertThat(answer.join().values("x-claviger-attempts")).containsExactly("2");
    assertThat(stubs.get(0).requests()).hasSize(1);
  }

  @Test
  void a_call_waits_for_a_full_target_after_the_target_that_had_room_has_failed() {
    turns.lettingPass(call -> isAt(call, 1));
    CompletableFuture<TestResponse> answer = call("m", "stub-status-503");
    Rig.await(() -> turns.asked().size() == 3 && turns.waiting() == 1);
    turns.letNextGo(WAITED);

    assertThat(answer.join().status()).isEqualTo(200);
    assertThat(answer.join().values("x-claviger-service")).containsExactly("alice/s0");
    assertThat(answer.join().values("x-claviger-attempts")).containsExactly("2");
    assertThat(stubs.get(0).requests()).hasSize(1);
    assertThat(stubs.get(1).requests()).hasSize(1);
    assertThat(spending.awaitEnds(3).stream().filter(end -> end.charged().isPresent())).hasSize(1);
    assertThat(spending.mostAtATime()).isEqualTo(1);
  }

  private void exceedLimitOf(int target) {
    TurnRefusal why = new TurnRefusal(Reason.TOO_LARGE, Optional.empty(), Duration.ZERO);
    turns.refuse(call -> Optional.of(why).filter(no -> isAt(call, target)));
  }

  @Test
  void a_call_that_is_too_large_for_the_first_target_waits_for_the_next() {
    exceedLimitOf(0);
    CompletableFuture<TestResponse> answer = call("m", "m");
    Rig.await(() -> turns.asked().size() == 2 && turns.waiting() == 1);
    turns.letNextGo(WAITED);

    assertServedBy(answer.join(), 1, 2);
  }

  @Test
  void a_call_that_is_too_large_for_the_first_target_gets_the_failure_of_the_next() {
    exceedLimitOf(0);
    turns.lettingPass(true);
    TestResponse answer = call("m", "stub-status-503").join();

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.values("x-claviger-error")).isEmpty();
    assertThat(turns.asked()).hasSize(2);
  }

  @Test
  void a_call_that_fails_after_its_wait_does_not_go_to_a_target_that_it_is_too_large_for() {
    exceedLimitOf(1);
    CompletableFuture<TestResponse> answer = call("stub-status-503", "m");
    Rig.await(() -> turns.asked().size() == 3 && turns.waiting() == 1);
    turns.letNextGo(WAITED);

    assertThat(answer.join().status()).isEqualTo(503);
    assertThat(answer.join().values("x-claviger-error")).isEmpty();
    assertThat(turns.asked()).hasSize(3);
  }

  @Test
  void a_call_that_is_too_large_for_the_first_target_goes_to_the_next_although_that_rests() {
    turns.lettingPass(true);
    turns.returnNone();
    String failing = "stub-status-429-retry-after-60";
    lead(TestRouting.target("alice/s1", failing), TestRouting.target("alice/s2", "m"));
    assertThat(post().join().values("x-claviger-attempts")).containsExactly("2");
    exceedLimitOf(0);
    TestResponse answer = call("m", failing).join();

    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.values("x-claviger-error")).isEmpty();
    assertThat(stubs.get(1).requests()).hasSize(2);
  }

  @Test
  void a_call_that_is_too_large_for_the_last_target_may_be_repeated_if_an_earlier_one_failed() {
    exceedLimitOf(1);
    turns.lettingPass(true);
    TestResponse answer = call("stub-status-503", "m").join();

    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.values("x-claviger-error")).containsExactly("capacity_exhausted");
    assertThat(answer.values("retry-after")).containsExactly("1");
    assertThat(stubs.get(0).requests()).hasSize(1);
  }

  @Test
  void a_call_that_is_too_large_for_the_only_permitted_target_is_told_so() {
    exceedLimitOf(0);
    services.remove("alice/s1");
    TestResponse answer = call("m", "m").join();

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.values("x-claviger-error")).containsExactly("request_exceeds_capacity");
  }

  @Test
  void a_failed_target_is_forwarded_if_the_full_target_is_not_permitted_any_more() {
    turns.lettingPass(
        call -> {
          if (isAt(call, 1)) {
            services.remove("alice/s0");
          }
          return isAt(call, 1);
        });
    TestResponse answer = call("m", "stub-status-503").join();

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.values("x-claviger-error")).isEmpty();
    assertThat(turns.waiting()).isZero();
  }

  @Test
  void a_call_with_a_lent_key_waits_rather_than_go_to_the_callers_own_key() {
    services.computeIfPresent("alice/s1", (name, service) -> service.from(KeySource.USER));
    CompletableFuture<TestResponse> answer = call("m", "m", "m");
    Rig.await(() -> turns.asked().size() == 3 && turns.waiting() == 1);
    turns.letNextGo(WAITED);

    assertServedBy(answer.join(), 0, 4);
  }

  @Test
  void a_call_waits_for_the_first_target_although_another_is_not_permitted() {
    services.remove("alice/s1");
    CompletableFuture<TestResponse> answer = call("m", "m", "m");
    Rig.await(() -> turns.asked().size() == 3 && turns.waiting() == 1);
    turns.letNextGo(WAITED);

    assertServedBy(answer.join(), 0, 3);
  }

  @Test
  void a_target_that_is_not_permitted_keeps_no_call_from_a_target_with_room() {
    services.remove("alice/s1");
    turns.lettingPass(call -> isAt(call, 2));

    assertServedBy(call("m", "m", "m").join(), 2, 2);
  }

  @Test
  void a_call_waits_for_the_first_target_although_another_can_not_be_sent_the_request() {
    services.computeIfPresent(
        "alice/s1", (name, service) -> service.placed(KeyMethod.BODY_FORM, "key"));
    CompletableFuture<TestResponse> answer = call("m", "m");
    Rig.await(() -> turns.asked().size() == 2 && turns.waiting() == 1);
    turns.letNextGo(WAITED);

    assertServedBy(answer.join(), 0, 3);
    assertThat(answer.join().values("x-claviger-attempts")).isEmpty();
  }

  @Test
  void a_call_waits_rather_than_go_to_a_target_that_turns_out_to_rest() {
    turns.lettingPass(true);
    lead(
        TestRouting.target("alice/s1", "stub-status-429-retry-after-60"),
        TestRouting.target("alice/s2", "m"));
    assertThat(post().join().values("x-claviger-attempts")).containsExactly("2");
    rig.authorizer.forget();
    turns.lettingPass(call -> isAt(call, 1));

    CompletableFuture<TestResponse> answer = call("m", "stub-status-429-retry-after-60");
    Rig.await(() -> turns.asked().size() == 4 && turns.waiting() == 1);
    turns.letNextGo(WAITED);

    assertThat(answer.join().status()).isEqualTo(200);
    assertThat(answer.join().values("x-claviger-service")).containsExactly("alice/s0");
    assertThat(stubs.get(1).requests()).hasSize(1);
  }

  @Test
  void a_call_that_is_at_another_target_by_then_does_not_end_because_of_the_first() {
    AtomicBoolean looking = new AtomicBoolean();
    rig.authorizer.lookingAgain(
        call -> {
          if (!refOf(call).equals("alice/s0")) {
            return Optional.empty();
          }
          looking.set(true);
          Rig.await(() -> !stubs.get(1).requests().isEmpty());
          return Optional.of(CallRefusal.NOT_PERMITTED);
        });
    CompletableFuture<TestResponse> answer = call("stub-status-503", "stub-slow-first-byte-1200");
    Rig.await(() -> turns.asked().size() == 3 && turns.waiting() == 1 && looking.get());
    turns.lettingPass(call -> isAt(call, 1));
    turns.letNextGo(WAITED);

    assertThat(answer.join().status()).isEqualTo(200);
    assertThat(answer.join().values("x-claviger-service")).containsExactly("alice/s1");
  }

  @Test
  void a_call_that_is_not_permitted_any_more_after_no_target_had_room_is_refused() {
    AtomicInteger asked = new AtomicInteger();
    turns.lettingPass(
        call -> {
          services.clear();
          return asked.incrementAndGet() > 1;
        });
    TestResponse answer = call("m", "m").join();

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.values("x-claviger-error")).containsExactly("not_permitted");
    assertThat(asked).hasValue(1);
    assertThat(turns.waiting()).isZero();
  }

  @Test
  void a_call_with_the_callers_own_key_takes_no_turn() {
    services.computeIfPresent("alice/s0", (name, service) -> service.from(KeySource.USER));
    TestResponse answer = call("m", "m", "m").join();

    assertThat(answer.values("x-claviger-service")).containsExactly("alice/s0");
    assertThat(turns.asked()).isEmpty();
  }

  @Test
  void a_call_that_is_refused_everywhere_gets_the_refusal_of_the_first() {
    turns.refuse(new TurnRefusal(Reason.EXHAUSTED, Optional.empty(), Duration.ofSeconds(9)));
    TestResponse answer = call("m", "m", "m").join();

    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.values("x-claviger-error")).containsExactly("capacity_exhausted");
    assertThat(answer.values("retry-after")).containsExactly("9");
    assertThat(answer.values("x-claviger-service")).containsExactly("alice/s0");
    assertThat(spending.awaitEnds(4)).containsOnly(new End(Optional.empty()));
  }

  @Test
  void after_a_refusal_by_a_provider_the_call_goes_where_there_is_room() {
    turns.lettingPass(call -> !isAt(call, 1));
    TestResponse answer = call("stub-status-429-retry-after-2", "m", "m").join();

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.values("x-claviger-service")).containsExactly("alice/s2");
    assertThat(answer.values("x-claviger-attempts")).containsExactly("2");
    assertThat(stubs.get(0).requests()).hasSize(1);
    assertThat(stubs.get(1).requests()).isEmpty();
    assertThat(turns.awaitEnds(2)).hasSize(2).allMatch(Optional::isPresent);
  }

  @Test
  void a_call_that_every_provider_refused_waits_at_the_last() {
    turns.lettingPass(true);
    CompletableFuture<TestResponse> answer =
        call("stub-status-429-retry-after-1", "stub-status-429-retry-after-1");
    Rig.await(() -> stubs.get(1).requests().size() >= 2);
    turns.returnNone();

    assertThat(answer.join().status()).isEqualTo(429);
    assertThat(answer.join().values("x-claviger-error")).isEmpty();
    assertThat(stubs.get(0).requests()).hasSize(1);
  }

  @Test
  void a_call_that_is_made_again_after_another_target_was_asked_reserves_again() {
    turns.lettingPass(true);
    services.remove("alice/s1");
    CompletableFuture<TestResponse> answer = call("stub-status-429-retry-after-1", "m");
    Rig.await(() -> stubs.get(0).requests().size() >= 2);
    turns.returnNone();

    assertThat(answer.join().status()).isEqualTo(429);
    List<End> ends = spending.awaitEnds(2);
    assertThat(ends.get(0).charged()).isEmpty();
    assertThat(ends.get(1).failed()).isTrue();
    assertThat(spending.mostAtATime()).isEqualTo(1);
  }

  /** The second target is known to be unfit only after the body was edited for it. */
  @Test
  void a_call_that_is_made_again_after_an_unfit_target_is_the_same_to_the_byte() {
    turns.lettingPass(true);
    services.computeIfPresent("alice/s1", (name, service) -> service.allowing("other"));
    CompletableFuture<TestResponse> answer = call("stub-status-429-retry-after-1", "m");
    Rig.await(() -> stubs.get(0).requests().size() >= 2);
    turns.returnNone();

    assertThat(answer.join().status()).isEqualTo(429);
    assertThat(stubs.get(0).requests())
        .extracting(RecordedRequest::text)
        .containsOnly(Rig.embedding("stub-status-429-retry-after-1"));
    assertThat(stubs.get(1).requests()).isEmpty();
  }

  @Test
  void a_call_that_a_provider_refused_waits_for_a_full_target_although_the_last_is_not_permitted() {
    services.remove("alice/s2");
    assertWaitsForSecondAfterFirstFailed();
  }

  @Test
  void a_call_that_a_provider_refused_waits_for_a_full_target_although_the_last_is_unfit() {
    services.computeIfPresent(
        "alice/s2", (name, service) -> service.placed(KeyMethod.BODY_FORM, "key"));
    assertWaitsForSecondAfterFirstFailed();
  }

  private void assertWaitsForSecondAfterFirstFailed() {
    turns.lettingPass(call -> isAt(call, 0));
    CompletableFuture<TestResponse> answer = call("stub-status-429-retry-after-2", "m", "m");
    Rig.await(() -> turns.asked().size() == 3 && turns.waiting() == 1);
    turns.letNextGo(WAITED);

    assertThat(answer.join().status()).isEqualTo(200);
    assertThat(answer.join().values("x-claviger-service")).containsExactly("alice/s1");
    assertThat(answer.join().values("x-claviger-attempts")).containsExactly("2");
    assertThat(stubs.get(2).requests()).isEmpty();
  }
}
