package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.budgets.CallSpending;
import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.CallAuthorization.CallRequest;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.objects.port.ObjectLedger.Recorded;
import io.claviger.domain.accounts.User;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.spending.CallCharge;
import io.claviger.domain.spending.CallUse;
import io.claviger.domain.standards.WireFormat;
import io.claviger.testkit.http.TestResponse;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** An unexpected failure ends in an answer, and leaves no secret in memory. */
class UnexpectedFailuresTest {
  private static final String KNOWN = "clv_known";

  @AutoClose private final Rig rig = new Rig();

  @Test
  void an_error_of_the_authorization_is_a_500() {
    rig.authorizer.answer(Rig.TOKEN, UnexpectedFailuresTest::fail);

    assertFailed(rig.get("models"));
  }

  @Test
  void an_error_of_the_authorization_at_once_is_a_500() {
    rig.authorizer.answerAtOnce(
        KNOWN,
        call -> {
          throw new StackOverflowError("odd");
        });

    assertFailed(rig.get("models", "Authorization", "Bearer " + KNOWN));
  }

  @Test
  void an_error_once_a_body_is_read_is_a_500() {
    Function<CallRequest, AuthorizationOutcome> failing = UnexpectedFailuresTest::fail;
    rig.authorizer.answer(
        Rig.TOKEN,
        call ->
            call.stage() == CallRequest.Stage.HEAD
                ? new AuthorizationOutcome.Authorized(
                    rig.at(WireFormat.OPENAI).allowing("m").authorized("alice/my-openai"))
                : failing.apply(call));

    assertFailed(rig.post("embeddings", Rig.embedding("m")));
    rig.events.awaitFinished(1);
    assertAllWiped();
  }

  @Test
  void a_call_that_can_not_be_charged_is_wiped_all_the_same() {
    rig.lendReserving(Unchargeable::new, rig.at(WireFormat.OPENAI));

    var unused = rig.postAsync("embeddings", Rig.embedding("m"));
    rig.events.awaitFinished(1);

    assertAllWiped();
  }

  /** More of them than a caller may have WebSockets. */
  @Test
  void a_web_socket_whose_responses_can_not_be_charged_takes_no_place_once_it_is_closed() {
    rig.lendReserving(Unchargeable::new, rig.at(WireFormat.OPENAI));
    for (int n = 0; n <= 64; n++) {
      try (SocketCaller caller = new SocketCaller(rig, Rig.path("responses"))) {
        caller.send("{\"type\":\"response.create\",\"model\":\"ws-silent\",\"input\":\"Hi\"}");
        assertThat(caller.message(1)).contains("response.created");
      }
      rig.events.await(() -> rig.events.openConnections() == 0);
    }
    assertAllWiped();
    assertThat(handshake()).startsWith("HTTP/1.1 101 ");
  }

  /** What was used can't be charged, because of a fault. */
  private static final class Unchargeable implements CallSpending {
    @Override
    public boolean isStrict() {
      return false;
    }

    @Override
    public Optional<CallCharge> settle(CallUse use) {
      throw new IllegalStateException("not charged");
    }

    @Override
    public void close() {}
  }

  @Test
  void an_error_of_the_ledger_of_objects_is_a_500() {
    rig.lend(storingResponses());
    rig.held.breakDown();

    assertFailed(rig.post("responses", "{\"model\":\"m\",\"input\":\"one\"}"));
    rig.events.awaitFinished(1);
    assertAllWiped();
  }

  /** The ledger has no room, and fails when the object that could not be recorded ends. */
  @Test
  void an_error_after_the_ledger_has_answered_is_a_500() {
    rig.lend(storingResponses());
    rig.held.answer(Recorded.FULL);
    CompletableFuture<Void> reached = rig.held.delay();

    var answer = rig.postAsync("responses", "{\"model\":\"m\",\"input\":\"one\"}");
    Rig.await(() -> reached.getNumberOfDependents() > 0);
    rig.held.breakDown();
    boolean unused = reached.complete(null);

    assertFailed(answer.join());
    rig.events.awaitFinished(1);
    assertAllWiped();
  }

  private TestService storingResponses() {
    return rig.at(WireFormat.OPENAI)
        .storing(ObjectKind.RESPONSES)
        .calledBy(new User.Id(new UUID(1, 1)));
  }

  /** An authorized call that the gateway can't handle, because it has no API standard. */
  @Test
  void an_authorized_call_that_fails_on_its_way_is_wiped_and_ends() {
    rig.authorizer.answer(Rig.TOKEN, call -> new AuthorizationOutcome.Authorized(unusable()));
    assertFailed(rig.get("models"));
    rig.authorizer.answerAtOnce(
        KNOWN, call -> Optional.of(new AuthorizationOutcome.Authorized(unusable())));
    assertFailed(rig.get("models", "Authorization", "Bearer " + KNOWN));

    rig.events.awaitFinished(2);
    assertThat(rig.authorizer.handedOut()).hasSize(2);
    assertAllWiped();
  }

  /** More of them than a caller may have WebSockets. */
  @Test
  @SuppressWarnings("NullAway") // that is the fault
  void web_sockets_that_fail_before_they_open_take_no_places() {
    rig.lend(rig.at(WireFormat.OPENAI).connections(null));
    for (int n = 0; n <= 64; n++) {
      assertThat(handshake()).startsWith("HTTP/1.1 500 ");
    }
    rig.events.awaitFinished(65);
    assertAllWiped();
    rig.lend(WireFormat.OPENAI);
    assertThat(handshake()).startsWith("HTTP/1.1 101 ");
  }

  private String handshake() {
    try (RawCaller caller = new RawCaller(rig)) {
      return caller
          .send(
              RawCaller.head("GET", "responses")
                  + "Connection: Upgrade\r\nUpgrade: websocket\r\n"
                  + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                  + "Sec-WebSocket-Version: 13\r\n\r\n")
          .until("\r\n\r\n");
    }
  }

  @Test
  void an_error_of_who_counts_calls_hinders_no_call() {
    rig.events.failWhenFinished();
    for (int i = 0; i < 3; i++) {
      assertThat(rig.get("models").status()).isEqualTo(200);
      assertThat(rig.get("models?unknown=1").status()).isEqualTo(400);
    }
    rig.events.awaitFinished(6);
    assertAllWiped();
  }

  @SuppressWarnings({"NullAway", "NullOptional"}) // that is the fault
  private AuthorizedCall unusable() {
    AuthorizedCall whole = rig.at(WireFormat.OPENAI).authorized("alice/my-openai");
    return AuthorizedCall.ofNobody(
        new AuthorizedCall.Terms(whole.service(), null, whole.timeout(), true),
        whole.basis(),
        whole.secrets());
  }

  private static AuthorizationOutcome fail(CallRequest call) {
    throw new StackOverflowError("odd at " + call.requestId());
  }

  private static void assertFailed(TestResponse answer) {
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.values("x-claviger-error")).containsExactly("internal_error");
  }

  private void assertAllWiped() {
    assertThat(rig.authorizer.handedOut())
        .isNotEmpty()
        .allSatisfy(authorized -> assertThat(Rig.isWiped(authorized)).isTrue());
  }
}
