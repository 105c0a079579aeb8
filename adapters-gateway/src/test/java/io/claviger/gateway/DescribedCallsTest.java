package io.claviger.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.CallAuthorization.KnownService;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.events.CallDescription;
import io.claviger.testkit.http.TestResponse;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Tests what an operator can read about a call that has ended. */
class DescribedCallsTest {
  @AutoClose private final Rig rig = new Rig();

  @Test
  void a_call_is_described_with_who_made_it_what_it_was_and_how_it_went() {
    String body = Rig.embedding("stub-slow-first-byte-50");
    String requestId = rig.post("embeddings", body).header("X-Request-Id");

    CallDescription call = rig.events.awaitDescribed(1);
    assertThat(call.requestId()).isEqualTo(requestId);
    assertThat(call.address()).isEqualTo("127.0.0.1");
    assertThat(call.caller()).isPresent();
    assertThat(call.service()).isPresent();
    assertThat(call.models()).isEmpty();
    assertThat(call.method()).isEqualTo("POST");
    assertThat(call.path()).isEqualTo("embeddings");
    assertThat(call.status()).isEqualTo(200);
    assertThat(call.refusal()).isEmpty();
    assertThat(call.bytesIn()).isEqualTo(body.length());
    assertThat(call.bytesOut()).isPositive();
    assertThat(call.providerNanos()).isGreaterThanOrEqualTo(50_000_000);
    assertThat(call.addedNanos()).isPositive();
  }

  @Test
  void the_model_is_told_where_the_body_is_read_for_it() {
    rig.authorizer.grant(Rig.TOKEN, rig.at(WireFormat.OPENAI), "good");
    rig.post("embeddings", Rig.embedding("good"));

    assertThat(rig.events.awaitDescribed(1).models()).contains("good");
  }

  @Test
  void a_refused_call_is_described_as_far_as_it_is_known() {
    KnownService known = new KnownService("alice/x", WireFormat.OPENAI);
    Handle bob = new Handle("bob");
    rig.authorizer.answer(
        "clv_limited",
        call ->
            new AuthorizationOutcome.Refused(CallRefusal.RATE_LIMITED, Optional.of(known)).to(bob));
    TestResponse answer =
        rig.post("embeddings?api-version=secret", "{}", "Authorization", "Bearer clv_bad");
    rig.post("embeddings", "{}", "Authorization", "Bearer clv_limited");

    CallDescription unknown = rig.events.awaitDescribed(1);
    assertThat(unknown.status()).isEqualTo(401);
    assertThat(unknown.refusal()).contains(CallRefusal.BAD_TOKEN.code());
    assertThat(unknown.caller()).isEmpty();
    assertThat(unknown.service()).contains(asked());
    assertThat(unknown.path()).isEqualTo("embeddings");
    assertThat(unknown.bytesOut()).isPositive().isEqualTo(answer.body().getBytes(UTF_8).length);
    assertThat(unknown.providerNanos()).isZero();
    CallDescription limited = rig.events.awaitDescribed(2);
    assertThat(limited.status()).isEqualTo(429);
    assertThat(limited.caller()).contains(bob);
  }

  @Test
  void the_caller_of_an_unknown_service_is_told_to_the_operator_alone() {
    rig.authorizer.answer(
        "clv_known",
        call ->
            new AuthorizationOutcome.Refused(CallRefusal.NOT_FOUND, Optional.empty())
                .to(new Handle("somebody")));
    TestResponse refused = rig.post("embeddings", "{}", "Authorization", "Bearer clv_known");

    assertThat(refused.status()).isEqualTo(404);
    assertThat(refused.body() + refused.headers().map()).doesNotContain("somebody");
    CallDescription described = rig.events.awaitDescribed(1);
    assertThat(described.caller()).contains(new Handle("somebody"));
    assertThat(described.status()).isEqualTo(404);
  }

  @Test
  void what_is_no_call_is_described_without_harm() {
    try (RawCaller caller = new RawCaller(rig)) {
      caller.send(
          "GET /gateway/services/A%20B/c/"
              + "x".repeat(500)
              + "?q=1 HTTP/1.1\r\nConnection: close\r\n\r\n");
      caller.untilClosed();
    }

    CallDescription call = rig.events.awaitDescribed(1);
    assertThat(call.status()).isGreaterThanOrEqualTo(400);
    assertThat(call.service()).isEmpty();
    assertThat(call.path()).hasSize(CallDescription.LONGEST + 1).endsWith("x…");
  }

  /** The service in the path of the rig's calls. */
  private Instance.Ref asked() {
    String[] path = rig.url("").replaceFirst("^.*/gateway/services/", "").split("/", -1);
    return Instance.Ref.of(path[0] + "/" + path[1]);
  }
}
