package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.CallAuthorization.CallRequest;
import io.claviger.application.gateway.CallAuthorization.KnownService;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.domain.standards.WireFormat;
import io.claviger.stub.RecordedRequest;
import io.claviger.testkit.http.TestResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Calls that are decided from memory, on the event loop. */
class CachedAuthorizationTest {
  private static final String KNOWN = "clv_known";

  @AutoClose private final Rig rig = new Rig();

  @Tag("slow")
  @Test
  void who_is_let_pass_at_once_gets_the_same_answer_as_who_had_to_wait() {
    rig.authorizer.grantAtOnce(KNOWN, rig.at(WireFormat.OPENAI));
    TestResponse waited = rig.post("embeddings", Rig.embedding("m"));
    TestResponse atOnce =
        rig.post("embeddings", Rig.embedding("m"), "Authorization", "Bearer " + KNOWN);

    assertThat(atOnce.status()).isEqualTo(200);
    assertThat(atOnce.body()).isEqualTo(waited.body());
    assertThat(told(atOnce)).isEqualTo(told(waited)).containsKeys("x-claviger-key-source");
    assertThat(rig.authorizer.calls()).hasSize(1);
  }

  @Test
  void who_is_refused_at_once_is_told_the_same_as_who_had_to_wait() {
    AuthorizationOutcome refused =
        new AuthorizationOutcome.Refused(
            CallRefusal.DISABLED, Optional.of(new KnownService("alice/x", WireFormat.ANTHROPIC)));
    rig.authorizer.answer(Rig.TOKEN, call -> refused);
    rig.authorizer.answerAtOnce(KNOWN, call -> Optional.of(refused));
    TestResponse waited = rig.get("models");
    TestResponse atOnce = rig.get("models", "Authorization", "Bearer " + KNOWN);

    assertThat(atOnce.status()).isEqualTo(403);
    assertThat(atOnce.body()).isEqualTo(waited.body()).contains("\"type\":\"error\"");
    assertThat(told(atOnce)).isEqualTo(told(waited)).containsKey("x-claviger-service");
    assertThat(rig.events.awaitFinished(2).format()).contains(WireFormat.ANTHROPIC);
  }

  /** All headers but those that differ from call to call. */
  private static Map<String, List<String>> told(TestResponse answer) {
    Map<String, List<String>> told = new TreeMap<>(answer.headers().map());
    told.remove("request-id");
    told.remove("x-request-id");
    told.remove("x-provider-request-id");
    told.remove("date");
    return told;
  }

  @Test
  void pipelined_requests_are_answered_in_their_order_whoever_decides() {
    rig.authorizer.grantAtOnce(KNOWN, rig.at(WireFormat.OPENAI));
    rig.authorizer.answerAtOnce("clv_not", CachedAuthorizationTest::refusal);
    try (RawCaller caller = new RawCaller(rig)) {
      caller.send(
          post(KNOWN, "one")
              + post(Rig.TOKEN, "two")
              + post("clv_not", "three")
              + post(KNOWN, "four")
              + post("clv_bad", "five")
              + post(KNOWN, "six").replace("Host: x", "Connection: close"));

      assertThat(caller.untilClosed().split("HTTP/1\\.1 "))
          .extracting(answer -> answer.isEmpty() ? "" : answer.substring(0, 3))
          .containsExactly("", "200", "200", "403", "200", "401", "200");
    }
    assertThat(rig.stub.requests())
        .extracting(RecordedRequest::text)
        .containsExactly(
            Rig.embedding("one"),
            Rig.embedding("two"),
            Rig.embedding("four"),
            Rig.embedding("six"));
  }

  @Tag("slow")
  @Test
  void very_many_refusals_at_once_are_answered_one_after_the_other() throws Exception {
    rig.authorizer.answerAtOnce("clv_not", CachedAuthorizationTest::refusal);
    rig.authorizer.grantAtOnce(KNOWN, rig.at(WireFormat.OPENAI));
    int many = 3_000;
    try (RawCaller caller = new RawCaller(rig)) {
      Thread sending =
          Thread.startVirtualThread(
              () -> caller.send(post("clv_not", "m").repeat(many) + post(KNOWN, "m")));

      String answers = caller.until("HTTP/1.1 200 ");
      assertThat(answers.split("HTTP/1\\.1 403 ", -1)).hasSize(many + 1);
      assertThat(sending.join(Rig.PATIENCE)).isTrue();
    }
  }

  @Test
  void a_refusal_at_once_leaves_the_connection_usable_even_before_its_body() {
    rig.authorizer.answerAtOnce("clv_not", CachedAuthorizationTest::refusal);
    rig.authorizer.grantAtOnce(KNOWN, rig.at(WireFormat.OPENAI));
    String refused = post("clv_not", "m");
    int body = refused.indexOf("\r\n\r\n") + 4;
    try (RawCaller caller = new RawCaller(rig)) {
      caller.send(refused.substring(0, body));
      assertThat(caller.untilErrorEnds()).startsWith("HTTP/1.1 403 ");

      caller.send(refused.substring(body) + post(KNOWN, "m"));
      assertThat(caller.until("}")).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void a_failure_at_once_is_a_500_and_the_connection_stays() {
    rig.authorizer.answerAtOnce(
        "clv_odd",
        call -> {
          throw new IllegalStateException("odd");
        });
    rig.authorizer.grantAtOnce(KNOWN, rig.at(WireFormat.OPENAI));
    try (RawCaller caller = new RawCaller(rig)) {
      caller.send(post("clv_odd", "m") + post(KNOWN, "m"));

      assertThat(caller.until("HTTP/1.1 200 "))
          .startsWith("HTTP/1.1 500 ")
          .contains("internal_error");
    }
  }

  @Test
  void secrets_handed_out_at_once_are_wiped_however_the_call_ends() {
    rig.authorizer.grantAtOnce(KNOWN, rig.at(WireFormat.OPENAI).timeout(300));
    String[] authorization = {"Authorization", "Bearer " + KNOWN};
    for (String model : List.of("m", "stub-unauthorized", "stub-slow-first-byte-9000")) {
      rig.post("embeddings", Rig.embedding(model), authorization);
    }
    rig.get("models?unknown=1", authorization);
    rig.events.awaitFinished(4);

    assertThat(rig.authorizer.handedOut())
        .hasSize(4)
        .allSatisfy(
            authorized ->
                assertThatThrownBy(() -> authorized.key().orElseThrow().lend(bytes -> bytes.length))
                    .isInstanceOf(IllegalStateException.class));
  }

  private static Optional<AuthorizationOutcome> refusal(CallRequest call) {
    return Optional.of(
        new AuthorizationOutcome.Refused(
            CallRefusal.DISABLED, Optional.of(new KnownService(call.path(), WireFormat.OPENAI))));
  }

  private static String post(String token, String model) {
    String body = Rig.embedding(model);
    return "POST /gateway/services/alice/my-openai/embeddings HTTP/1.1\r\nHost: x\r\n"
        + "Content-Type: application/json\r\nAuthorization: Bearer "
        + token
        + "\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }
}
