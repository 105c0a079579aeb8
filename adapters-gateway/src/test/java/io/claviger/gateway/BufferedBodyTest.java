package io.claviger.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.application.budgets.CallSpending;
import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.CallAuthorization.CallRequest;
import io.claviger.application.gateway.CallAuthorization.CallRequest.Stage;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.gateway.events.GatewayEvents.FinishedCall;
import io.claviger.gateway.head.BodySizes;
import io.claviger.gateway.wire.BodyTimeouts;
import io.claviger.stub.RecordedRequest;
import io.claviger.testkit.http.TestResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * If models are limited, the gateway reads the whole body before it sends a part of it. The call is
 * permitted and counted when the body is complete.
 */
@Isolated("It counts open buffers and threads of the whole JVM.")
class BufferedBodyTest {
  private static final int LARGEST = 16 << 20;
  private static final String HEAD =
      RawCaller.head("POST", "embeddings") + "Content-Type: application/json\r\n";
  private static final String GOOD = Rig.embedding("good");
  private long buffers;
  private Rig rig = new Rig();

  @BeforeEach
  void limit() {
    rig.close();
    buffers = OpenBuffers.count();
    rig = new Rig();
    allow(rig);
  }

  @AfterEach
  void nothing_is_kept() {
    rig.close();
    OpenBuffers.awaitAtMost(buffers);
  }

  private static void allow(Rig limited) {
    limited.authorizer.grant(Rig.TOKEN, limited.at(WireFormat.OPENAI), "good", "stub-close");
  }

  @Test
  void a_body_that_names_an_allowed_model_goes_on_as_it_came() {
    TestResponse answer = rig.post("embeddings", GOOD);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).contains("\"embedding\"");
    RecordedRequest seen = rig.stub.requests().get(0);
    assertThat(seen.text()).isEqualTo(GOOD);
    assertThat(seen.header("content-length")).isEqualTo(Integer.toString(GOOD.length()));
    assertThat(rig.events.awaitFinished(1).used().orElseThrow().counts().bytesIn())
        .isEqualTo(GOOD.length());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{\"model\":\"evil\"}", "{\"model\":\"good\",\"model\":\"evil\"}", "{", ""})
  void nothing_leaves_of_a_body_that_does_not(String body) {
    TestResponse answer = rig.post("embeddings", body);

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.headers().firstValue("x-claviger-error").orElse("")).startsWith("model_not_");
    assertThat(answer.values("x-should-retry")).containsExactly("false");
    assertThat(answer.values("x-claviger-service")).containsExactly("alice/my-openai");
    assertThat(rig.events.awaitFinished(1).used().orElseThrow().counts())
        .isEqualTo(UsageCounts.REFUSED);
    assertThat(rig.stub.openConnections()).isZero();
  }

  @Test
  void a_request_without_a_body_asks_for_no_model() {
    assertThat(rig.get("models").status()).isEqualTo(200);
    assertThat(rig.get("models/good").status()).isEqualTo(200);
    assertThat(rig.get("models/evil").values("x-claviger-error"))
        .containsExactly("model_not_allowed");
  }

  @Test
  void another_media_type_is_refused_before_its_body() {
    try (RawCaller caller = new RawCaller(rig)) {
      caller.send(
          HEAD.replace("application/json", "multipart/mixed; boundary=x")
              + "Expect: 100-continue\r\nContent-Length: 100\r\n\r\n");

      assertThat(caller.untilClosed()).startsWith("HTTP/1.1 400 ").contains("body_not_readable");
    }
  }

  @Test
  void a_chunked_body_is_held_and_stays_one() {
    TestResponse answer = rig.postChunked("embeddings", GOOD.getBytes(UTF_8));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(rig.stub.requests().get(0).header("transfer-encoding")).isEqualTo("chunked");
    assertThat(rig.stub.requests().get(0).text()).isEqualTo(GOOD);
  }

  @Test
  void a_caller_who_waits_to_be_asked_is_asked_once() {
    try (RawCaller caller = new RawCaller(rig)) {
      caller.send(HEAD + "Expect: 100-continue\r\nContent-Length: " + GOOD.length() + "\r\n\r\n");

      assertThat(caller.until("\r\n\r\n")).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
      assertThat(caller.send(GOOD).until("}")).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void a_body_that_comes_byte_by_byte_is_waited_for_and_nothing_leaves_meanwhile() {
    try (RawCaller caller = new RawCaller(rig)) {
      caller.send(HEAD + "Transfer-Encoding: chunked\r\n\r\n");
      for (int i = 0; i < GOOD.length(); i++) {
        caller.send("1\r\n" + GOOD.charAt(i) + "\r\n");
      }
      assertThat(rig.stub.openConnections()).isZero();

      assertThat(caller.send("0\r\n\r\n").until("}")).startsWith("HTTP/1.1 200 ");
      assertThat(rig.stub.requests().get(0).text()).isEqualTo(GOOD);
    }
  }

  @Test
  void a_body_of_very_many_parts_is_held() throws Exception {
    ByteArrayOutputStream parts = new ByteArrayOutputStream();
    for (int i = 0; i < 1 << 17; i++) {
      parts.writeBytes("1\r\n \r\n".getBytes(US_ASCII));
    }
    try (RawCaller caller = new RawCaller(rig)) {
      caller.send(HEAD + "Transfer-Encoding: chunked\r\n\r\n");
      caller.socket().getOutputStream().write(parts.toByteArray());
      caller.send(Integer.toHexString(GOOD.length()) + "\r\n" + GOOD + "\r\n0\r\n\r\n");

      assertThat(caller.until("\r\n\r\n")).startsWith("HTTP/1.1 ");
    }
    assertThat(rig.events.awaitFinished(1).used().orElseThrow().counts().bytesIn())
        .isEqualTo(GOOD.length() + (1 << 17));
  }

  @Test
  void requests_on_one_connection_are_answered_in_their_order() {
    String good = HEAD + "Content-Length: " + GOOD.length() + "\r\n\r\n" + GOOD;
    String evil = good.replace("\"good\"", "\"evil\"");
    try (RawCaller caller = new RawCaller(rig)) {
      caller.send(good + evil + good.replace("Host: x", "Connection: close"));

      assertThat(caller.untilClosed().split("HTTP/1\\.1 "))
          .satisfiesExactly(
              nothing -> assertThat(nothing).isEmpty(),
              first -> assertThat(first).startsWith("200"),
              second -> assertThat(second).startsWith("403"),
              third -> assertThat(third).startsWith("200"));
    }
  }

  @Test
  void a_large_body_is_held_and_a_larger_one_refused() {
    String large = GOOD + " ".repeat(LARGEST - GOOD.length());

    try (Rig small =
        new Rig(settings -> settings.withBodySizes(BodySizes.USUAL.withMostHeld(LARGEST)))) {
      allow(small);
      assertThat(small.post("embeddings", large).status()).isEqualTo(200);
      TestResponse larger = small.post("embeddings", large + " ");
      assertThat(larger.status()).isEqualTo(413);
      assertThat(larger.values("x-claviger-error")).containsExactly("body_too_large");
      assertThat(small.stub.requests()).hasSize(1);
    }
  }

  @Test
  void the_bound_of_all_bodies_holds_for_chunked_ones_that_are_held() {
    try (Rig small = new Rig(settings -> settings.withBodySizes(BodySizes.USUAL.withMost(1_000)))) {
      allow(small);
      String body = GOOD + " ".repeat(1_001 - GOOD.length());
      TestResponse answer = small.postChunked("embeddings", body.getBytes(UTF_8));

      assertThat(answer.status()).isEqualTo(413);
      assertThat(small.stub.requests()).isEmpty();
    }
  }

  @Test
  void a_connection_that_died_in_the_pool_costs_a_held_body_nothing() {
    for (int i = 0; i < 20; i++) {
      assertThat(rig.post("embeddings", Rig.embedding("stub-close")).status()).isEqualTo(200);
      rig.awaitClosedByProvider();
    }

    assertThat(rig.stub.requests())
        .hasSize(20)
        .allSatisfy(r -> assertThat(r.text()).isEqualTo(Rig.embedding("stub-close")));
  }

  @Test
  void a_caller_who_leaves_amid_a_held_body_leaves_nothing_behind() {
    try (RawCaller caller = new RawCaller(rig)) {
      caller.send(HEAD + "Content-Length: 1000\r\n\r\n{\"model\":");
      rig.authorizer.awaitHandedOut(1);
      caller.reset();
    }
    FinishedCall finished = rig.events.awaitFinished(1);

    assertThat(finished.code()).contains("caller_gone");
    assertThat(finished.used()).isEmpty();
    assertThat(rig.stub.openConnections()).isZero();
  }

  @Test
  void a_caller_who_does_not_go_on_with_a_held_body_is_not_waited_for_without_end() {
    try (Rig impatient = new Rig(s -> s.withCallerPatience(Duration.ofSeconds(1)))) {
      allow(impatient);
      try (RawCaller caller = new RawCaller(impatient)) {
        caller.send(HEAD + "Content-Length: 1000\r\n\r\n{\"model\":");

        assertThat(caller.untilClosed()).startsWith("HTTP/1.1 400 ").contains("request_incomplete");
      }
    }
  }

  @Test
  void a_provider_that_can_not_be_reached_costs_the_held_body_only() {
    rig.authorizer.grant(
        Rig.TOKEN, TestService.at("http://127.0.0.1:1/v1", WireFormat.OPENAI), "good");
    TestResponse answer = rig.post("embeddings", GOOD);

    assertThat(answer.status()).isEqualTo(502);
    assertThat(rig.events.awaitFinished(1).used()).isEmpty();
  }

  @Test
  void a_held_body_that_trickles_is_waited_for_until_its_deadline_and_no_longer() {
    BodyTimeouts hasty = new BodyTimeouts(Duration.ofMillis(300), Duration.ofMinutes(1), 1);
    try (Rig impatient = new Rig(s -> s.withBodyPatience(hasty))) {
      allow(impatient);
      try (RawCaller caller = new RawCaller(impatient)) {
        caller.send(HEAD + "Content-Length: 10000000\r\n\r\n");

        assertThat(caller.trickle(" ")).startsWith("HTTP/1.1 400 ").contains("request_incomplete");
      }
    }
  }

  /**
   * If the gateway waited longer, a borrower could collect calls that are counted already, and send
   * all of them at once.
   */
  @Test
  void a_body_that_is_held_only_for_isolation_is_waited_for_no_longer() {
    BodyTimeouts hasty = new BodyTimeouts(Duration.ofMillis(300), Duration.ofMinutes(1), 1);
    try (Rig impatient = new Rig(s -> s.withBodyPatience(hasty))) {
      impatient.lend(WireFormat.OPENAI);
      try (RawCaller caller = new RawCaller(impatient)) {
        caller.send(
            RawCaller.head("POST", "chat/completions")
                + "Content-Type: application/json\r\nContent-Length: 10000000\r\n\r\n");

        assertThat(caller.trickle(" ")).startsWith("HTTP/1.1 400 ").contains("request_incomplete");
      }
    }
  }

  @Test
  void a_large_body_is_read_away_from_the_event_loops() {
    long before = threads("gateway-body");
    String large = GOOD + " ".repeat(LARGEST - GOOD.length());
    assertThat(rig.post("embeddings", GOOD).status()).isEqualTo(200);
    assertThat(threads("gateway-body")).isEqualTo(before);

    assertThat(rig.post("embeddings", large).status()).isEqualTo(200);
    assertThat(threads("gateway-body")).isGreaterThan(before);
  }

  /**
   * If such bodies were kept, a provider that answers immediately and reads nothing could make a
   * node keep many bodies.
   */
  @Test
  void a_body_that_the_provider_does_not_take_does_not_outlive_its_call() throws Exception {
    try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      String endpoint = "http://127.0.0.1:" + listener.getLocalPort() + "/v1";
      rig.authorizer.grant(Rig.TOKEN, TestService.at(endpoint, WireFormat.OPENAI), "good");
      CompletableFuture<TestResponse> answer =
          CompletableFuture.supplyAsync(
              () -> rig.post("embeddings", GOOD + " ".repeat(LARGEST - GOOD.length())),
              Thread::startVirtualThread);
      try (Socket socket = listener.accept()) {
        socket.getInputStream().read();
        socket
            .getOutputStream()
            .write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".getBytes(US_ASCII));
        assertThat(answer.get(Rig.PATIENCE.toSeconds(), TimeUnit.SECONDS).body()).isEqualTo("{}");

        socket.setSoTimeout((int) Rig.PATIENCE.toMillis());
        assertThat(untilEnd(socket)).isLessThan(LARGEST);
      }
    }
  }

  private static long untilEnd(Socket socket) throws IOException {
    byte[] buffer = new byte[1 << 16];
    long bytes = 0;
    try {
      int read = socket.getInputStream().read(buffer);
      while (read >= 0) {
        bytes += read;
        read = socket.getInputStream().read(buffer);
      }
    } catch (SocketTimeoutException e) {
      throw new AssertionError("open after " + bytes + " bytes", e);
    } catch (SocketException reset) {
      return bytes;
    }
    return bytes;
  }

  private static long threads(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> t.getName().startsWith(name))
        .count();
  }

  @Test
  void what_a_held_call_rests_on_can_be_revoked_before_the_body_is_there() {
    rig.authorizer.lookingAgain(call -> Optional.of(CallRefusal.NOT_FOUND));
    try (RawCaller caller = new RawCaller(rig)) {
      caller.send(HEAD + "Content-Length: 1000000\r\n\r\n{\"model\":");

      assertThat(caller.untilClosed()).startsWith("HTTP/1.1 404 ").contains("not_found");
    }
    assertThat(rig.stub.openConnections()).isZero();
  }

  @Test
  void a_call_counts_when_its_body_is_whole_and_not_before() {
    AtomicInteger permits = new AtomicInteger(1);
    rig.authorizer.answer(Rig.TOKEN, call -> permitted(call, permits));
    String first = GOOD.substring(0, 5);
    try (RawCaller early = new RawCaller(rig);
        RawCaller late = new RawCaller(rig)) {
      early.send(HEAD + "Content-Length: " + GOOD.length() + "\r\n\r\n" + first);
      rig.authorizer.awaitHandedOut(1);

      late.send(HEAD + "Content-Length: " + GOOD.length() + "\r\n\r\n" + GOOD);
      assertThat(late.until("}")).startsWith("HTTP/1.1 200 ");
      assertThat(rig.events.awaitFinished(1).status()).isEqualTo(200);
      early.send(GOOD.substring(5));
      assertThat(early.until("}")).startsWith("HTTP/1.1 429 ");
    }
    assertThat(rig.stub.requests()).hasSize(1);
    assertThat(stages())
        .containsExactly(Stage.HEAD, Stage.HEAD, Stage.MODEL_KNOWN, Stage.MODEL_KNOWN);
    assertThat(rig.events.awaitFinished(2).status()).isEqualTo(429);
    assertAllWiped();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"model\":\"evil\"}", "{"})
  void a_call_for_a_model_that_is_not_allowed_does_not_count(String body) {
    assertThat(rig.post("embeddings", body).status()).isEqualTo(403);
    assertThat(stages()).containsExactly(Stage.HEAD);
  }

  @Test
  void a_call_without_a_body_counts_too() {
    assertThat(rig.get("models").status()).isEqualTo(200);
    assertThat(stages()).containsExactly(Stage.HEAD, Stage.MODEL_KNOWN);
  }

  /** Permits calls that do not count before they can be sent. */
  private void countLater(TestService lent, AtomicInteger permits) {
    rig.authorizer.answer(
        Rig.TOKEN,
        call -> {
          if (call.stage() == Stage.HEAD) {
            return new AuthorizationOutcome.Authorized(
                lent.authorized("alice/my-openai").uncounted());
          }
          return permits.getAndDecrement() > 0
              ? new AuthorizationOutcome.Authorized(lent.authorized("alice/my-openai"))
              : new AuthorizationOutcome.Refused(CallRefusal.RATE_LIMITED, Optional.empty());
        });
  }

  /**
   * If the call counted earlier, a borrower could collect counted calls, and send all their bodies
   * at once.
   */
  @Test
  void a_call_whose_body_is_held_only_for_isolation_counts_when_its_body_is_whole() {
    countLater(rig.at(WireFormat.OPENAI), new AtomicInteger(1));
    String chat = Rig.chat("m");
    try (RawCaller first = new RawCaller(rig);
        RawCaller second = new RawCaller(rig)) {
      for (RawCaller caller : List.of(first, second)) {
        caller.send(
            RawCaller.head("POST", "chat/completions")
                + "Content-Type: application/json\r\nContent-Length: "
                + chat.length()
                + "\r\n\r\n"
                + chat.substring(0, 9));
      }
      Rig.await(() -> stages().size() == 2);
      first.pause();
      assertThat(stages()).containsOnly(Stage.HEAD);

      assertThat(first.send(chat.substring(9)).until("\r\n\r\n")).startsWith("HTTP/1.1 200 ");
      assertThat(second.send(chat.substring(9)).until("\r\n\r\n")).startsWith("HTTP/1.1 429 ");
    }
    assertThat(stages())
        .containsExactly(Stage.HEAD, Stage.HEAD, Stage.MODEL_KNOWN, Stage.MODEL_KNOWN);
    assertThat(rig.stub.requests()).hasSize(1);
  }

  @Test
  void a_call_whose_body_is_not_held_counts_before_it_is_sent() {
    AtomicInteger permits = new AtomicInteger(3);
    TestService own = rig.at(WireFormat.OPENAI).streamingUsage().from(KeySource.USER);
    byte[] large =
        ("{\"model\":\"m\",\"stream\":true,\"a\":\"" + "x".repeat(LARGEST) + "\"}").getBytes(UTF_8);
    countLater(own, permits);
    for (int status : List.of(200, 429)) {
      assertThat(rig.get("models").status()).isEqualTo(status);
      assertThat(rig.post("embeddings", GOOD).status()).isEqualTo(status);
      if (status == 200) { // a refused caller does not read the answer while sending
        assertThat(rig.postChunked("chat/completions", large).status()).isEqualTo(status);
      }
    }
    assertThat(permits).hasValue(-2);
    assertThat(rig.stub.requests()).hasSize(3);
  }

  /** Allows the model {@code good} at the head of a call, and another model after its body. */
  private void allowOnlyUntilTheBodyIsRead(WireFormat format) {
    rig.authorizer.answer(
        Rig.TOKEN,
        call ->
            new AuthorizationOutcome.Authorized(
                rig.at(format)
                    .allowing(call.stage() == Stage.HEAD ? "good" : "other")
                    .authorized("alice/my-openai")));
  }

  @Test
  void what_is_allowed_is_what_is_allowed_when_the_body_is_whole() {
    allowOnlyUntilTheBodyIsRead(WireFormat.OPENAI);
    TestResponse answer = rig.post("embeddings", GOOD);

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.values("x-claviger-error")).containsExactly("model_not_allowed");
    assertThat(rig.stub.openConnections()).isZero();
    rig.events.awaitFinished(1);
    assertAllWiped();
  }

  @Test
  void the_model_of_a_path_is_one_that_is_allowed_when_the_body_is_whole() {
    allowOnlyUntilTheBodyIsRead(WireFormat.GEMINI);
    TestResponse answer =
        rig.post(
            "v1beta/models/good:generateContent",
            "{\"contents\":[{\"parts\":[{\"text\":\"hello\"}]}]}");

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.values("x-claviger-error")).containsExactly("model_not_allowed");
    assertThat(rig.stub.openConnections()).isZero();
  }

  @Test
  void a_body_that_was_not_read_for_its_models_is_refused_if_only_some_are_allowed_by_then() {
    AtomicInteger limited = new AtomicInteger();
    rig.authorizer.answer(
        Rig.TOKEN,
        call -> {
          TestService service = rig.at(WireFormat.OPENAI);
          boolean isLimited = call.stage() != Stage.HEAD && limited.get() > 0;
          return new AuthorizationOutcome.Authorized(
              (isLimited ? service.allowing("good", "other") : service)
                  .authorized("alice/my-openai")
                  .with(true, CallSpending.NONE));
        });
    assertThat(rig.post("embeddings", GOOD).status()).isEqualTo(200);
    limited.set(1);
    TestResponse answer = rig.post("embeddings", GOOD);

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.values("x-claviger-error")).containsExactly("service_changed");
    assertThat(rig.stub.requests()).hasSize(1);
  }

  @Test
  void the_call_is_made_as_the_service_is_when_the_body_is_whole() {
    TestService now = rig.at(WireFormat.OPENAI).key("sk-another-key-of-this-service");
    rig.authorizer.answer(
        Rig.TOKEN,
        call ->
            new AuthorizationOutcome.Authorized(
                call.stage() == Stage.HEAD
                    ? rig.at(WireFormat.OPENAI).allowing("good").authorized("alice/my-openai")
                    : now.authorized("alice/my-openai")));

    assertThat(rig.post("embeddings", GOOD).status()).isEqualTo(200);
    assertThat(rig.stub.requests().get(0).header("authorization"))
        .isEqualTo("Bearer sk-another-key-of-this-service");
  }

  private AuthorizationOutcome permitted(CallRequest call, AtomicInteger permits) {
    if (call.stage() == Stage.MODEL_KNOWN && permits.getAndDecrement() <= 0) {
      return new AuthorizationOutcome.Refused(
          CallRefusal.RATE_LIMITED, Optional.empty(), Optional.of(Duration.ofSeconds(1)));
    }
    return new AuthorizationOutcome.Authorized(
        rig.at(WireFormat.OPENAI).allowing("good").authorized("alice/my-openai"));
  }

  private List<Stage> stages() {
    return rig.authorizer.calls().stream().map(CallRequest::stage).toList();
  }

  private void assertAllWiped() {
    assertThat(rig.authorizer.handedOut())
        .isNotEmpty()
        .allSatisfy(
            authorized ->
                assertThatThrownBy(() -> authorized.key().orElseThrow().lend(bytes -> bytes.length))
                    .isInstanceOf(IllegalStateException.class));
  }
}
