package io.claviger.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.capacity.CapacityTurns.TurnRefusal;
import io.claviger.application.capacity.CapacityTurns.TurnRefusal.Reason;
import io.claviger.domain.fairness.LimitStatement;
import io.claviger.domain.fairness.PaceLimit;
import io.claviger.domain.fairness.PaceRefusal;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.standards.WireFormat;
import io.claviger.testkit.http.TestResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Refusals by the provider for the pace of its account, which callers need not see. */
class RefusedForPaceTest {
  private static final Duration WAITED = Duration.ofMillis(5);
  private static final String USED_UP =
      "x-ratelimit-limit-requests: 60\r\nx-ratelimit-remaining-requests: 0\r\n"
          + "x-ratelimit-reset-requests: 2s\r\n";
  private static final String ROOM =
      "x-ratelimit-limit-requests: 60\r\nx-ratelimit-remaining-requests: 7\r\n"
          + "x-ratelimit-reset-requests: 2s\r\n";
  private static final String TOO_FAST = "{\"error\":{\"code\":\"rate_limit_exceeded\"}}";
  private static final String NO_CREDIT = "{\"error\":{\"code\":\"insufficient_quota\"}}";
  private static final String EXHAUSTED =
      "{\"error\":{\"code\":429,\"status\":\"RESOURCE_EXHAUSTED\","
          + "\"message\":\"Quota of projects/12345 is used up.\",\"details\":["
          + "{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"2s\"}]}}";
  private static final String FINE =
      answer("200 OK", ROOM, "{\"usage\":{\"prompt_tokens\":3,\"total_tokens\":3}}");

  private final ScriptedTurns turns = new ScriptedTurns().lettingPass(true);
  private final Queue<String> script = new ConcurrentLinkedQueue<>();
  private final List<String> seen = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  @AutoClose private final LoopbackServer provider = new LoopbackServer(this::serve);
  @AutoClose private final Rig rig = new Rig(settings -> settings.withTurns(turns));

  @BeforeEach
  void lend() {
    rig.lend(service().takingTurns());
  }

  private TestService service() {
    return TestService.at("http://127.0.0.1:" + provider.port() + "/v1", WireFormat.OPENAI);
  }

  private static String answer(String status, String headers, String body) {
    return "HTTP/1.1 %s\r\nContent-Type: application/json\r\n%sContent-Length: %d\r\n\r\n%s"
        .formatted(status, headers, body.length(), body);
  }

  private static String refused(String headers) {
    return answer("429 Too Many Requests", headers, TOO_FAST);
  }

  /** Answers each request with the next answer of the script. */
  private void serve(Socket socket) throws IOException {
    connections.incrementAndGet();
    InputStream in = socket.getInputStream();
    StringBuilder head = new StringBuilder();
    for (int next = in.read(); next >= 0; next = in.read()) {
      head.append((char) next);
      if (head.indexOf("\r\n\r\n") >= 0) {
        String lower = head.toString().toLowerCase(Locale.ROOT);
        int length =
            lower.contains("content-length: ")
                ? Integer.parseInt(lower.split("content-length: ", 2)[1].split("\r", 2)[0])
                : 0;
        seen.add(new String(in.readNBytes(length), ISO_8859_1));
        head.setLength(0);
        socket.getOutputStream().write(script.remove().getBytes(ISO_8859_1));
      }
    }
  }

  private CompletableFuture<TestResponse> call(String... answers) {
    script.addAll(List.of(answers));
    return rig.postAsync("embeddings", Rig.embedding("m"));
  }

  /**
   * @param ofPace how many refusals for the account's pace were counted
   */
  private void assertPassedOn(TestResponse answer, int ofPace) {
    assertThat(answer.status()).isEqualTo(429);
    assertThat(rig.events.rateLimited()).isEqualTo(ofPace);
    assertThat(answer.values("x-claviger-error")).isEmpty();
    assertThat(answer.values("x-claviger-waited")).isEmpty();
    assertThat(seen).hasSize(1);
    assertThat(rig.events.refusedAttempts()).isEmpty();
    assertThat(turns.awaitEnds(1)).hasSize(1).allMatch(Optional::isPresent);
  }

  @ParameterizedTest
  @ValueSource(strings = {"429 Too Many Requests", "503 Service Unavailable", "529 Overloaded"})
  void a_refused_call_waits_and_is_made_again(String status) {
    turns.lettingPass(false);
    CompletableFuture<TestResponse> answer =
        call(answer(status, "Retry-After: 2\r\n", TOO_FAST), FINE);
    turns.letNextGo(WAITED);
    Rig.await(() -> turns.waiting() == 1);
    assertThat(seen).hasSize(1);
    turns.letNextGo(WAITED);

    assertThat(answer.join().status()).isEqualTo(200);
    assertThat(answer.join().values("x-claviger-waited")).hasSize(1);
    assertThat(seen).containsExactly(Rig.embedding("m"), Rig.embedding("m"));
    assertThat(rig.events.rateLimited()).isEqualTo(status.startsWith("429") ? 1 : 0);
    assertThat(connections).hasValue(1);
    assertThat(turns.turns().get(0).refused().orElseThrow().pause())
        .isEqualTo(Duration.ofSeconds(2));
    assertThat(turns.awaitEnds(2).get(1).orElseThrow().input()).isEqualTo(3);
    assertThat(rig.events.awaitFinished(1).used().orElseThrow().counts().requests()).isEqualTo(1);
    assertThat(rig.events.refusedAttempts())
        .singleElement()
        .satisfies(
            attempt -> {
              assertThat(attempt.counts().requests()).isEqualTo(1);
              assertThat(attempt.counts().errors()).isEqualTo(1);
              assertThat(attempt.charged()).isPresent();
            });
  }

  @Test
  void headers_teach_the_limits_and_name_the_one_that_is_used_up() {
    assertThat(call(refused(USED_UP), FINE).join().status()).isEqualTo(200);

    assertThat(turns.turns().get(0).refused())
        .contains(
            new PaceRefusal(Optional.of(PaceLimit.REQUESTS_PER_MINUTE), Duration.ofSeconds(2)));
    assertThat(turns.turns().get(0).learned())
        .extracting(LimitStatement::left)
        .containsExactly(OptionalLong.of(0));
    assertThat(turns.turns().get(1).learned())
        .extracting(LimitStatement::left)
        .containsExactly(OptionalLong.of(7));
  }

  @Test
  void an_error_of_google_says_in_its_body_when_to_try_again() {
    rig.lend(
        TestService.at("http://127.0.0.1:" + provider.port(), WireFormat.GEMINI).takingTurns());
    script.addAll(List.of(answer("429 Too Many Requests", "", EXHAUSTED), FINE));

    assertThat(rig.postAsync("v1beta/models/m:generateContent", "{}").join().status())
        .isEqualTo(200);
    assertThat(turns.turns().get(0).refused())
        .contains(new PaceRefusal(Optional.empty(), Duration.ofSeconds(2)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"contract_spend_limit_reached", "enforced_spend_limit_reached"})
  void an_account_of_anthropic_that_has_spent_all_is_not_waited_for(String code) {
    rig.lend(
        TestService.at("http://127.0.0.1:" + provider.port(), WireFormat.ANTHROPIC).takingTurns());
    String spent =
        "{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"org_66tr\","
            + "\"details\":{\"error_code\":\"%s\"}}}";
    script.addAll(List.of(answer("429 Too Many Requests", "", spent.formatted(code)), FINE));

    TestResponse answer =
        rig.postAsync("v1/messages", "{\"model\":\"m\",\"max_tokens\":9,\"messages\":[]}").join();

    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.body()).contains("no credit left").doesNotContain("org_66tr");
    assertThat(seen).hasSize(1);
  }

  @Test
  void an_answer_to_the_callers_own_key_teaches_nothing() {
    rig.lend(service().takingTurns().from(KeySource.USER));

    assertThat(call(refused(USED_UP)).join().status()).isEqualTo(429);
    assertThat(turns.turns()).isEmpty();
  }

  @Test
  void a_refusal_that_leaves_room_is_passed_on() {
    assertPassedOn(call(refused(ROOM + "Retry-After: 1\r\n")).join(), 0);
  }

  @Test
  void a_refusal_of_a_call_that_is_larger_than_a_limit_is_passed_on() {
    turns.exceedLimit();

    assertPassedOn(call(refused("Retry-After: 1\r\n")).join(), 0);
  }

  @Test
  void what_an_answer_says_of_a_model_that_nobody_read_teaches_nothing() {
    script.add(answer("200 OK", ROOM, "{}"));
    try (RawCaller caller = new RawCaller(rig)) {
      transcribe(caller);
      assertThat(caller.until("\r\n\r\n")).startsWith("HTTP/1.1 200");
    }
    assertThat(turns.turns().get(0).learned()).isEmpty();
  }

  @Test
  void a_refusal_for_want_of_credit_is_passed_on() {
    assertPassedOn(call(answer("429 Too Many", USED_UP, NO_CREDIT)).join(), 0);
  }

  @Test
  void a_refusal_is_passed_on_where_the_owner_wants_that() {
    rig.lend(service().takingTurns(false));

    assertPassedOn(call(refused(USED_UP)).join(), 1);
  }

  @Test
  void a_refusal_for_longer_than_a_call_may_wait_is_passed_on() {
    assertPassedOn(call(refused("Retry-After: 11\r\n")).join(), 1);
  }

  @Test
  void a_refusal_after_the_last_turn_is_passed_on() {
    turns.returnNone();

    TestResponse answer = call(refused(USED_UP)).join();
    assertPassedOn(answer, 1);
    assertThat(answer.body()).contains("\"code\":\"rate_limit_exceeded\"");
  }

  @Test
  void callers_who_do_not_see_the_rates_get_the_refusal_in_other_words() {
    String told =
        "{\"error\":{\"message\":\"Rate limit reached in organization org-66tr: Limit 30000, Used"
            + " 18928\",\"type\":\"tokens\",\"code\":\"%s\"}}";
    rig.lend(service().takingTurns(false));
    for (String code : List.of("rate_limit_exceeded", "insufficient_quota")) {
      TestResponse answer =
          call(answer("429 No", "Retry-After: 3\r\n", told.formatted(code))).join();
      assertThat(answer.status()).isEqualTo(429);
      assertThat(answer.values("retry-after")).containsExactly("3");
      assertThat(answer.values("x-claviger-error")).isEmpty();
      assertThat(answer.body())
          .contains("\"code\":\"" + code + "\"")
          .doesNotContain("org-66tr", "18928");
    }
    rig.lend(service().from(KeySource.USER));
    String own = told.formatted("rate_limit_exceeded");
    assertThat(call(answer("429 No", "", own)).join().body()).isEqualTo(own);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "402 Payment Required | {`error`:{`message`:`You can only afford 27342`,`code`:402},`user_id`:`user_3D0`} | insufficient_quota",
        "402 Payment Required | only 27342 left | insufficient_quota",
        "413 Payload Too Large | {`error`:{`message`:`Limit 27342 in organization org_3D0`,`type`:`tokens`,`code`:`rate_limit_exceeded`}} | rate_limit_exceeded",
        "403 Forbidden | {`error`:{`message`:`Used 27342`,`code`:`insufficient_quota`}} | insufficient_quota",
        "400 Bad Request | {`error`:{`message`:`Current cost: 27342`,`type`:`budget_exceeded`,`param`:null,`code`:`400`}} | rate_limit_exceeded"
      })
  void other_statuses_tell_no_borrower_how_much_credit_or_room_is_left(
      String status, String body, String code) {
    rig.lend(service().takingTurns(false));
    String told = answer(status, "", body.replace('`', '"'));

    TestResponse answer = call(told).join();

    assertThat(answer.status()).isEqualTo(Integer.parseInt(status.substring(0, 3)));
    assertThat(answer.body()).contains("\"code\":\"" + code + "\"").doesNotContain("27342", "_3D0");
    for (TestService seeing :
        List.of(service().from(KeySource.USER), service().calledBy(TestService.OWNER))) {
      rig.lend(seeing);
      assertThat(call(told).join().body()).contains("27342");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"400 Bad Request", "403 Forbidden", "413 Payload Too Large"})
  void a_refusal_for_another_reason_reaches_borrowers_unchanged(String status) {
    String other = "{\"error\":{\"message\":\"no rate_limit_exceeded\",\"code\":\"too_long\"}}";

    TestResponse answer = call(answer(status, "", other)).join();

    assertThat(answer.status()).isEqualTo(Integer.parseInt(status.substring(0, 3)));
    assertThat(answer.body()).isEqualTo(other);
  }

  @Test
  void a_refusal_whose_end_is_late_is_begun_soon() {
    rig.lend(service().takingTurns(false).timeout(120_000));
    script.add("HTTP/1.1 413 Large\r\nContent-Length: 1000\r\n\r\n{");
    try (RawCaller caller = new RawCaller(rig)) {
      caller.chat(Rig.chat("m"));
      assertThat(caller.until("\r\n\r\n{")).startsWith("HTTP/1.1 413");
    }
  }

  @Test
  void a_refusal_that_breaks_off_reaches_the_caller() throws IOException {
    String begun = "HTTP/1.1 413 No\r\nContent-Length: 1000\r\n\r\n{";
    try (RawProvider breaking = new RawProvider(begun, true);
        RawCaller caller = new RawCaller(rig)) {
      rig.lend(TestService.at("http://127.0.0.1:" + breaking.port() + "/v1", WireFormat.OPENAI));
      caller.chat(Rig.chat("m"));
      assertThat(caller.until("\r\n\r\n{")).startsWith("HTTP/1.1 413");
    }
  }

  @Test
  void an_error_within_a_stream_tells_only_the_owner_of_the_rates() {
    String failed =
        "data: {\"type\":\"response.failed\",\"response\":{\"error\":{\"code\":"
            + "\"rate_limit_exceeded\",\"message\":\"Limit 30000, Used 18928\"}}}\n\n";
    String answer =
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(failed.length(), failed);
    String request = "{\"model\":\"m\",\"input\":\"x\",\"stream\":true}";
    script.addAll(List.of(answer, answer));

    assertThat(rig.postAsync("responses", request).join().body())
        .contains("\"type\":\"response.failed\"", "\"code\":\"rate_limit_exceeded\"", "has used up")
        .doesNotContain("18928");
    rig.lend(service().calledBy(TestService.OWNER));
    assertThat(rig.postAsync("responses", request).join().body()).isEqualTo(failed);
  }

  @Test
  void a_borrower_of_an_anthropic_service_does_not_learn_what_a_router_has_spent() {
    rig.lend(TestService.at("http://127.0.0.1:" + provider.port(), WireFormat.ANTHROPIC));
    script.add(
        answer(
            "400 Bad Request",
            "",
            "{\"error\":{\"message\":\"Current cost: 27342\",\"type\":\"budget_exceeded\"}}"));

    TestResponse answer = rig.postAsync("v1/messages", Rig.chat("m")).join();

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("has used up").doesNotContain("27342");
  }

  @Test
  void callers_of_google_who_do_not_see_the_rates_still_learn_when_to_try_again() {
    rig.lend(
        TestService.at("http://127.0.0.1:" + provider.port(), WireFormat.GEMINI)
            .takingTurns(false));
    script.add(answer("429 Too Many Requests", "", EXHAUSTED));

    TestResponse answer = rig.postAsync("v1beta/models/m:generateContent", "{}").join();

    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.values("retry-after")).containsExactly("2");
    assertThat(answer.body())
        .contains("\"retryDelay\":\"2s\"", "has used up what the provider allows")
        .doesNotContain("projects/12345");
  }

  @Test
  void a_refusal_whose_body_is_long_is_passed_on() throws IOException {
    String endless =
        "HTTP/1.1 429 Odd\r\nContent-Length: 100000000\r\n%s\r\n%s"
            .formatted(USED_UP, " ".repeat(70_000));
    script.add(endless);
    try (RawCaller caller = new RawCaller(rig)) {
      caller.chat(Rig.chat("m"));
      assertThat(caller.until("Try again later.")).startsWith("HTTP/1.1 429");
    }
    assertThat(turns.awaitEnds(1)).hasSize(1).allMatch(Optional::isPresent);
  }

  @Test
  void a_refusal_whose_body_does_not_end_is_passed_on_soon() throws IOException {
    rig.lend(service().takingTurns().timeout(120_000));
    script.add("HTTP/1.1 429 Odd\r\nContent-Length: 1000\r\n" + USED_UP + "\r\n{");
    try (RawCaller caller = new RawCaller(rig)) {
      caller.chat(Rig.chat("m"));
      assertThat(caller.until("\r\n\r\n{")).startsWith("HTTP/1.1 429");
    }
  }

  @Test
  void a_refusal_in_other_words_ends_the_call_even_if_the_providers_body_does_not_end() {
    rig.lend(service().takingTurns(false).timeout(120_000));
    script.addAll(List.of("HTTP/1.1 429 Odd\r\nContent-Length: 1000\r\n\r\n{", FINE));
    try (RawCaller caller = new RawCaller(rig)) {
      caller.chat(Rig.chat("m"));
      assertThat(caller.untilErrorEnds()).startsWith("HTTP/1.1 429").contains("Try again later.");
      assertThat(turns.awaitEnds(1)).hasSize(1);

      caller.post("embeddings", Rig.embedding("m"));
      assertThat(caller.until("\r\n\r\n")).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void a_call_whose_body_was_not_held_is_not_made_again() {
    script.add(refused(USED_UP));
    try (RawCaller caller = new RawCaller(rig)) {
      transcribe(caller);
      assertThat(caller.until("\r\n\r\n")).startsWith("HTTP/1.1 429");
    }
    assertThat(turns.awaitEnds(1)).hasSize(1).allMatch(Optional::isPresent);
  }

  /** A body that passes and is not read. */
  private static void transcribe(RawCaller caller) {
    String form =
        "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.mp3\"\r\n\r\n"
            + "y".repeat(2_000)
            + "\r\n--x--\r\n";
    caller.postForm("audio/transcriptions", form);
  }

  @Test
  void who_hangs_up_while_the_refused_call_waits_leaves_the_queue() {
    turns.lettingPass(false);
    try (RawCaller caller = new RawCaller(rig)) {
      script.add(refused(USED_UP));
      caller.chat(Rig.chat("m"));
      turns.letNextGo(WAITED);
      Rig.await(() -> turns.waiting() == 1);
    }

    Rig.await(() -> turns.waiting() == 0);
    assertThat(rig.events.awaitFinished(1).used()).isEmpty();
    assertThat(rig.events.refusedAttempts()).hasSize(1);
  }

  @Test
  void a_refused_call_that_gets_no_other_turn_is_refused() {
    turns.lettingPass(false);
    CompletableFuture<TestResponse> answer = call(refused(USED_UP));
    turns.letNextGo(WAITED);
    turns.refuseNext(new TurnRefusal(Reason.EXHAUSTED, Optional.empty(), Duration.ofSeconds(3)));

    assertThat(answer.join().status()).isEqualTo(429);
    assertThat(answer.join().values("x-claviger-error")).containsExactly("capacity_exhausted");
    assertThat(answer.join().values("retry-after")).containsExactly("3");
    assertThat(rig.events.refusedTurns()).isEqualTo(1);
  }
}
