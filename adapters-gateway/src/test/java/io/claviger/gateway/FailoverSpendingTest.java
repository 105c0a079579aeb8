package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.CallAuthorization.CallRequest;
import io.claviger.application.gateway.CallAuthorization.KnownService;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.CallTarget;
import io.claviger.domain.formats.ObeyedCaps;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.RecordedSpending.End;
import io.claviger.stub.StubProvider;
import io.claviger.testkit.http.TestResponse;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A model with several targets: only the target that answered is charged. */
class FailoverSpendingTest {
  private static final String FIRST = "alice/first";
  private static final String SECOND = "alice/second";

  private final Rig rig = new Rig();
  private final StubProvider second = StubProvider.start();
  private final RecordedSpending spending = new RecordedSpending();
  private String ofFirst = rig.stub.baseUrl();
  private String ofSecond = second.baseUrl();
  private boolean secondRefuses;
  private Runnable whileSecondIsAsked = () -> {};

  @BeforeEach
  void lend() {
    rig.authorizer.answer(Rig.TOKEN, this::authorize);
  }

  @AfterEach
  void close() {
    rig.close();
    second.close();
  }

  private AuthorizationOutcome authorize(CallRequest call) {
    String name = ((CallTarget.Service) call.callTarget()).ref().toString();
    if (name.equals(SECOND)) {
      whileSecondIsAsked.run();
    }
    if (name.equals(SECOND) && secondRefuses) {
      return new AuthorizationOutcome.Refused(
          CallRefusal.BUDGET_EXHAUSTED, Optional.of(new KnownService(name, WireFormat.OPENAI)));
    }
    String url = name.equals(FIRST) ? ofFirst : ofSecond;
    return new AuthorizationOutcome.Authorized(
        TestService.at(url + "/v1", WireFormat.OPENAI)
            .countedBy("token:1", name)
            .authorized(name)
            .with(true, spending.reserve()));
  }

  private TestResponse call(String first, String other) {
    rig.routing.leadToAll(
        "fast", TestRouting.target(FIRST, first), TestRouting.target(SECOND, other));
    return post();
  }

  private TestResponse post() {
    return rig.client()
        .send(
            "POST",
            "/gateway/openai/v1/embeddings",
            BodyPublishers.ofString(Rig.embedding("fast")));
  }

  @Test
  void the_target_that_did_nothing_is_not_charged() {
    assertThat(call("stub-status-429", "parrot-small").status()).isEqualTo(200);

    List<End> ends = spending.awaitEnds(2);
    assertThat(ends.get(0).charged()).isEmpty();
    assertThat(ends.get(1).charged().orElseThrow().usage().input()).isPositive();
  }

  @Test
  void a_call_reserves_for_one_target_at_a_time_however_many_it_tries() {
    assertThat(call("stub-status-429", "parrot-small").status()).isEqualTo(200);

    List<End> unused = spending.awaitEnds(2);
    assertThat(spending.mostAtATime()).isEqualTo(1);
  }

  @Test
  void a_rate_that_has_counted_the_call_does_not_count_it_again_for_the_next_target() {
    assertThat(call("stub-status-429", "parrot-small").status()).isEqualTo(200);

    assertThat(rig.authorizer.counted()).containsExactly(Set.of(), Set.of("token:1", FIRST));
  }

  @Test
  void what_is_asked_for_is_told_with_the_model_of_each_target() {
    call("stub-status-429", "parrot-small");

    assertThat(rig.authorizer.calls())
        .extracting(
            call ->
                call.use().at(ObeyedCaps.LEAST, true).map(RequestedUse::model).orElseThrow().name())
        .containsExactly("stub-status-429", "parrot-small");
  }

  @Test
  void a_model_that_writes_without_a_limit_does_so_under_each_name() {
    rig.routing.leadToAll(
        "fast",
        TestRouting.target(FIRST, "stub-status-429"),
        TestRouting.target(SECOND, "sonar-deep-research"));

    TestResponse unused =
        rig.client()
            .send(
                "POST",
                "/gateway/openai/v1/chat/completions",
                BodyPublishers.ofString("{\"model\":\"fast\",\"max_tokens\":9,\"messages\":[]}"));

    assertThat(rig.authorizer.calls())
        .extracting(
            call ->
                call.use().at(ObeyedCaps.LEAST, true).map(RequestedUse::statedOutput).orElseThrow())
        .containsExactly(OptionalLong.of(9), OptionalLong.empty());
  }

  @Test
  void where_no_other_target_takes_the_call_the_failed_one_is_charged() {
    secondRefuses = true;
    assertThat(call("stub-status-429", "parrot-small").status()).isEqualTo(429);

    End end = spending.awaitEnds(1).get(0);
    assertThat(end.charged().orElseThrow().usage().isNothing()).isTrue();
    assertThat(end.failed()).isTrue();
  }

  @Test
  void who_leaves_between_two_targets_is_charged_for_a_refused_call() {
    AtomicBoolean asked = new AtomicBoolean();
    AtomicBoolean answered = new AtomicBoolean();
    whileSecondIsAsked =
        () -> {
          asked.set(true);
          Rig.await(answered::get);
        };
    rig.routing.leadToAll(
        "fast",
        TestRouting.target(FIRST, "stub-status-429"),
        TestRouting.target(SECOND, "parrot-small"));
    try (RawCaller caller = new RawCaller(rig)) {
      callFast(caller);
      Rig.await(asked::get);
    }
    End end = spending.awaitEnds(1).get(0);
    answered.set(true);

    assertThat(end.failed()).isTrue();
    assertThat(end.charged().orElseThrow().usage().isNothing()).isTrue();
  }

  private static void callFast(RawCaller caller) {
    caller.send(
        "POST /gateway/openai/v1/embeddings HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
            + Rig.TOKEN
            + "\r\n"
            + RawCaller.content("application/json", Rig.embedding("fast")));
  }

  @Test
  void who_leaves_before_the_body_of_a_refusal_has_arrived_is_charged_for_a_refused_call() {
    AtomicBoolean answered = new AtomicBoolean();
    try (LoopbackServer refusing =
            new LoopbackServer(
                socket -> {
                  InputStream in = socket.getInputStream();
                  in.read();
                  socket
                      .getOutputStream()
                      .write(
                          "HTTP/1.1 400 Bad Request\r\nContent-Length: 9\r\n\r\n"
                              .getBytes(StandardCharsets.US_ASCII));
                  answered.set(true);
                  in.transferTo(OutputStream.nullOutputStream());
                });
        RawCaller caller = new RawCaller(rig)) {
      ofFirst = "http://127.0.0.1:" + refusing.port();
      rig.routing.leadToAll(
          "fast",
          TestRouting.target(FIRST, "parrot-small"),
          TestRouting.target(SECOND, "parrot-small"));
      callFast(caller);
      Rig.await(answered::get);
      awaitOtherCalls();
    }
    End end = spending.awaitEnds(1).get(0);

    assertThat(end.failed()).isTrue();
    assertThat(end.charged().orElseThrow().usage().isNothing()).isTrue();
  }

  /**
   * Makes calls on new connections, which go to one event loop after the other. When they have been
   * answered, each event loop has read what had arrived before.
   */
  private void awaitOtherCalls() {
    for (int n = 0; n < 2 * Runtime.getRuntime().availableProcessors(); n++) {
      try (RawCaller other = new RawCaller(rig)) {
        String unused = other.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n").until("\r\n\r\n");
      }
    }
  }

  @Test
  void where_the_last_target_is_not_reached_none_is_charged() {
    rig.routing.leadToAll(
        "fast",
        TestRouting.target(FIRST, "stub-status-429"),
        TestRouting.target(SECOND, "parrot-small"));
    ofSecond = "http://127.0.0.1:1";
    post();

    assertThat(spending.awaitEnds(2)).allMatch(end -> end.charged().isEmpty());
    assertThat(rig.events.awaitFinished(1).used()).isEmpty();
  }
}
