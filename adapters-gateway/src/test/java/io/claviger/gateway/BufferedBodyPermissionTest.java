package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.CallAuthorization.CallRequest;
import io.claviger.application.gateway.CallAuthorization.CallRequest.Stage;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.domain.standards.WireFormat;
import io.claviger.testkit.http.TestResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A call whose body is held is permitted and counted as of when the body is whole. */
@Isolated("It counts open buffers and threads of the whole JVM.")
class BufferedBodyPermissionTest {
  private static final String PATH = "/gateway/services/alice/my-openai/embeddings";

  private static final String HEAD =
      "POST "
          + PATH
          + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
          + "Authorization: Bearer "
          + Rig.TOKEN
          + "\r\n";
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

  @Test
  void what_is_allowed_is_what_is_allowed_when_the_body_is_whole() {
    rig.authorizer.answer(
        Rig.TOKEN,
        call ->
            new AuthorizationOutcome.Authorized(
                rig.at(WireFormat.OPENAI)
                    .allowing(call.stage() == Stage.HEAD ? "good" : "other")
                    .authorized("alice/my-openai")));
    TestResponse answer = rig.post("embeddings", GOOD);

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.values("x-claviger-error")).containsExactly("model_not_allowed");
    assertThat(rig.stub.openConnections()).isZero();
    rig.events.awaitFinished(1);
    assertAllWiped();
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
