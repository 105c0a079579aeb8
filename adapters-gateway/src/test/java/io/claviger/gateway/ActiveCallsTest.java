package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.gateway.CallAuthorization.CallRequest;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.domain.accounts.User;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.events.GatewayEvents.FinishedCall;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Active calls whose permission is withdrawn. */
@Tag("slow")
class ActiveCallsTest {
  private static final String ENDLESS = "stub-chunk-delay-20-count-100000";

  @AutoClose private final Rig rig = new Rig();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "OPENAI|chat/completions|data: {\"error\":{\"message\":\"There is no such service or project that you can see with this access token.\",\"type\":\"not_found_error\",\"param\":null,\"code\":\"not_found\"}}",
        "ANTHROPIC|v1/messages|event: error\\ndata: {\"type\":\"error\",\"error\":{\"type\":\"not_found_error\",\"message\":\"There is no such service or project that you can see with this access token.\"}}",
        "GEMINI|v1beta/models/"
            + ENDLESS
            + ":streamGenerateContent?alt=sse|data: {\"error\":{\"code\":404,\"message\":\"There is no such service or project that you can see with this access token.\",\"status\":\"NOT_FOUND\"}}"
      })
  void a_stream_is_ended_with_an_error_event_once_it_is_revoked(
      WireFormat format, String path, String event) {
    rig.lend(format);
    try (RawCaller caller = new RawCaller(rig)) {
      stream(caller, path, Rig.TOKEN);
      caller.until("data: ");
      rig.authorizer.lookingAgain(call -> Optional.of(CallRefusal.NOT_FOUND));
      long began = System.nanoTime();
      String rest = caller.untilClosed();

      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
      assertThat(rest)
          .contains(event.replace("\\n", "\n") + "\n\n")
          .doesNotEndWith("\r\n0\r\n\r\n");
    }
    rig.stub.awaitCancelled(1, Rig.PATIENCE);
    FinishedCall finished = rig.events.awaitFinished(1);
    assertThat(finished.code()).contains("not_found");
    assertThat(finished.used().orElseThrow().counts().errors()).isEqualTo(1);
  }

  @Test
  void a_stream_without_objects_goes_on_when_less_can_be_shared_and_batched() {
    TestService lent = rig.at(WireFormat.OPENAI);
    rig.authorizer.grant(Rig.TOKEN, lent.sharing().batching("chat/completions", "embeddings"));
    try (RawCaller caller = new RawCaller(rig)) {
      stream(caller, "chat/completions", Rig.TOKEN);
      caller.until("data: ");
      rig.authorizer.restrict("alice/my-openai", lent.batching("chat/completions"));
      rig.authorizer.awaitLooksAgain(2);

      assertThat(caller.until("data: ")).doesNotContain("service_changed");
    }
  }

  @Test
  void a_call_ends_with_the_storage_that_its_unread_body_might_use() {
    rig.authorizer.grant(Rig.TOKEN, rig.at(WireFormat.OPENAI).storing(ObjectKind.FILES));
    try (RawCaller caller = new RawCaller(rig)) {
      caller.send(
          "POST /gateway/services/alice/my-openai/chat/completions HTTP/1.1\r\n"
              + "Content-Type: application/json\r\nAuthorization: Bearer "
              + Rig.TOKEN
              + "\r\nContent-Length: 100\r\n\r\n{");
      rig.authorizer.awaitHandedOut(1);
      rig.authorizer.restrict("alice/my-openai", rig.at(WireFormat.OPENAI));

      assertThat(caller.untilErrorEnds()).contains("service_changed");
    }
  }

  @Test
  void a_call_with_a_file_goes_on_when_an_operation_of_batches_is_withdrawn() {
    User.Id bob = new User.Id(new UUID(1, 1));
    String file = "file-0123456789abcdefX";
    rig.held.hold(new ObjectName(ObjectKind.FILES, file), bob);
    TestService lent =
        rig.at(WireFormat.OPENAI).calledBy(bob).storing(ObjectKind.FILES, ObjectKind.BATCHES);
    rig.authorizer.grant(Rig.TOKEN, lent.batching("chat/completions", "embeddings"));
    try (RawCaller caller = new RawCaller(rig)) {
      String asked =
          Rig.chat(ENDLESS)
              .replace(
                  "\"messages\":[",
                  "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"file\",\"file\":"
                      + "{\"file_id\":\"%s\"}}]},".formatted(file));
      post(caller, "chat/completions", asked, Rig.TOKEN);
      caller.until("data: ");
      rig.authorizer.restrict("alice/my-openai", lent.batching("chat/completions"));
      rig.authorizer.awaitLooksAgain(2);
      assertThat(caller.until("data: ")).doesNotContain("service_changed");

      rig.authorizer.restrict("alice/my-openai", lent.storing(ObjectKind.BATCHES));
      assertThat(caller.untilClosed()).contains("service_changed");
    }
  }

  @Test
  void where_a_format_has_no_such_event_the_stream_breaks() {
    rig.lend(WireFormat.COHERE);
    try (RawCaller caller = new RawCaller(rig)) {
      stream(caller, "v2/chat", Rig.TOKEN);
      caller.until("data: ");
      rig.authorizer.lookingAgain(call -> Optional.of(CallRefusal.DISABLED));

      assertThat(caller.untilClosed()).doesNotContain("error").doesNotEndWith("\r\n0\r\n\r\n");
    }
  }

  @Test
  void an_answer_that_has_not_begun_becomes_the_refusal() {
    rig.authorizer.lookingAgain(call -> Optional.of(CallRefusal.SERVICE_CHANGED));
    try (RawCaller caller = new RawCaller(rig)) {
      post(caller, "embeddings", Rig.embedding("stub-slow-first-byte-60000"), Rig.TOKEN);

      assertThat(caller.untilErrorEnds()).startsWith("HTTP/1.1 403 ").contains("service_changed");
      rig.authorizer.lookingAgain(call -> Optional.empty());
      post(caller, "embeddings", Rig.embedding("m"), Rig.TOKEN);
      assertThat(caller.until("}")).startsWith("HTTP/1.1 200 ");
    }
    rig.stub.awaitCancelled(1, Rig.PATIENCE);
  }

  @Test
  void while_the_database_is_away_streams_go_on() throws Exception {
    CountDownLatch asked = new CountDownLatch(3);
    rig.authorizer.lookingAgain(
        call -> {
          asked.countDown();
          throw new StoreUnavailable(new IOException("gone"));
        });
    try (RawCaller caller = new RawCaller(rig)) {
      stream(caller, "chat/completions", Rig.TOKEN);
      assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
      rig.authorizer.lookingAgain(call -> Optional.empty());

      assertThat(caller.until("data: ")).doesNotContain("error");
    }
  }

  @Test
  void one_call_that_can_not_be_looked_at_does_not_shield_the_others() {
    rig.authorizer.grant("clv_odd", rig.at(WireFormat.OPENAI));
    List<RawCaller> odd = new ArrayList<>();
    List<RawCaller> revoked = new ArrayList<>();
    try {
      // One after the other, so that every event loop has some of both.
      for (int i = 0; i < 8; i++) {
        odd.add(streaming("clv_odd"));
      }
      for (int i = 0; i < 8; i++) {
        revoked.add(streaming(Rig.TOKEN));
      }
      rig.authorizer.lookingAgain(ActiveCallsTest::oddOrRevoked);

      assertThat(revoked).allSatisfy(c -> assertThat(c.untilClosed()).contains("bad_token"));
      assertThat(odd).allSatisfy(c -> assertThat(c.until("data: ")).doesNotContain("error"));
    } finally {
      odd.forEach(RawCaller::close);
      revoked.forEach(RawCaller::close);
    }
  }

  private static Optional<CallRefusal> oddOrRevoked(CallRequest call) {
    if (call.token().reveal().equals("clv_odd")) {
      throw new IllegalStateException("odd");
    }
    return Optional.of(CallRefusal.BAD_TOKEN);
  }

  /** Each check of the many calls takes so long that all of them would take ten seconds. */
  @Test
  void a_caller_with_very_many_calls_does_not_delay_the_end_of_other_calls() {
    rig.authorizer.grant(
        "clv_many", rig.at(WireFormat.OPENAI).calledBy(new User.Id(new UUID(0, 77))));
    // Each event loop looks at its own calls.
    int calls = Math.max(80, 20 * Runtime.getRuntime().availableProcessors());
    List<RawCaller> many = new ArrayList<>();
    List<RawCaller> others = new ArrayList<>();
    Set<CallRequest> looked = ConcurrentHashMap.newKeySet();
    AtomicInteger lookedOfMany = new AtomicInteger();
    AtomicBoolean isRevoked = new AtomicBoolean();
    AtomicBoolean isOver = new AtomicBoolean();
    try {
      for (int i = 0; i < calls; i++) {
        many.add(streaming("clv_many"));
      }
      for (int i = 0; i < 4; i++) {
        others.add(streaming(Rig.TOKEN));
      }
      rig.authorizer.lookingAgain(
          call -> {
            if (call.token().reveal().equals("clv_many")) {
              int unused = lookedOfMany.incrementAndGet();
              LockSupport.parkNanos(isOver.get() ? 0 : Duration.ofMillis(500).toNanos());
              return Optional.empty();
            }
            looked.add(call);
            return isRevoked.get() ? Optional.of(CallRefusal.BAD_TOKEN) : Optional.empty();
          });
      Rig.await(() -> looked.size() == 4);
      int before = lookedOfMany.get();
      isRevoked.set(true);
      assertThat(others).allSatisfy(c -> assertThat(c.untilClosed()).contains("bad_token"));

      assertThat(lookedOfMany.get() - before).isLessThan(calls / 2);
    } finally {
      isOver.set(true);
      many.forEach(RawCaller::close);
      others.forEach(RawCaller::close);
    }
  }

  @Test
  void a_call_that_is_over_meanwhile_is_not_touched_nor_is_the_next_on_its_connection() {
    CountDownLatch told = new CountDownLatch(1);
    rig.authorizer.lookingAgain(
        call -> {
          rig.events.awaitFinished(1);
          told.countDown();
          return Optional.of(CallRefusal.BAD_TOKEN);
        });
    try (RawCaller caller = new RawCaller(rig)) {
      post(caller, "embeddings", Rig.embedding("stub-slow-first-byte-1200"), Rig.TOKEN);
      assertThat(caller.until("}")).startsWith("HTTP/1.1 200 ");
      Rig.await(() -> told.getCount() == 0);
      rig.authorizer.lookingAgain(call -> Optional.empty());
      post(caller, "embeddings", Rig.embedding("stub-slow-first-byte-100"), Rig.TOKEN);

      assertThat(caller.until("HTTP/1.1 200 ")).doesNotContain("bad_token");
    }
  }

  @Test
  void a_call_that_may_go_on_does() {
    try (RawCaller caller = new RawCaller(rig)) {
      post(caller, "chat/completions", Rig.chat("stub-chunk-delay-100-count-12"), Rig.TOKEN);

      assertThat(caller.until("\r\n0\r\n\r\n")).contains("data: [DONE]\n\n");
    }
  }

  private RawCaller streaming(String token) {
    RawCaller caller = new RawCaller(rig);
    stream(caller, "chat/completions", token);
    caller.until("data: ");
    return caller;
  }

  private static void stream(RawCaller caller, String path, String token) {
    post(caller, path, Rig.chat(ENDLESS), token);
  }

  private static void post(RawCaller caller, String path, String body, String token) {
    caller.send(
        "POST /gateway/services/alice/my-openai/"
            + path
            + " HTTP/1.1\r\nContent-Type: application/json\r\nAuthorization: Bearer "
            + token
            + "\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body);
  }
}
