package io.claviger.gateway.authorize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.RawCaller;
import io.claviger.gateway.Rig;
import io.claviger.gateway.TestService;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How many calls may wait for the database. */
class AuthorizationExecutorTest {
  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private final AuthorizationExecutor questions = new AuthorizationExecutor(waiting::add);

  @Test
  void one_address_has_a_quarter_of_the_places() {
    fill("192.0.2.1", AuthorizationExecutor.MOST_FROM_ONE_ADDRESS);

    assertThatThrownBy(() -> questions.execute("192.0.2.1", () -> {}))
        .isInstanceOf(RejectedExecutionException.class);
    fill("192.0.2.2", 1);
  }

  @Test
  void addresses_of_one_network_share_their_places() {
    for (int i = 0; i < AuthorizationExecutor.MOST_FROM_ONE_ADDRESS; i++) {
      fill("2001:db8::" + Integer.toHexString(i), 1);
    }

    assertThatThrownBy(() -> questions.execute("2001:db8::ffff", () -> {}))
        .isInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void all_together_have_a_bound_too() {
    for (int i = 1; i <= 4; i++) {
      fill("192.0.2." + i, AuthorizationExecutor.MOST_FROM_ONE_ADDRESS);
    }

    assertThat(waiting).hasSize(AuthorizationExecutor.MOST);
    assertThatThrownBy(() -> questions.execute("192.0.2.5", () -> {}))
        .isInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void a_place_is_free_again_when_its_question_has_ended_or_failed() {
    questions.execute(
        "192.0.2.1",
        () -> {
          throw new StackOverflowError("odd");
        });
    fill("192.0.2.1", AuthorizationExecutor.MOST_FROM_ONE_ADDRESS - 1);
    assertThatThrownBy(() -> waiting.removeFirst().run()).isInstanceOf(StackOverflowError.class);
    waiting.removeFirst().run();

    fill("192.0.2.1", 2);
  }

  @Test
  void a_question_that_no_thread_takes_leaves_its_place() {
    AuthorizationExecutor closed =
        new AuthorizationExecutor(
            task -> {
              throw new RejectedExecutionException("closed");
            });
    for (int i = 0; i <= AuthorizationExecutor.MOST; i++) {
      assertThatThrownBy(() -> closed.execute("192.0.2.1", () -> {})).hasMessage("closed");
    }
  }

  private void fill(String address, int count) {
    for (int i = 0; i < count; i++) {
      questions.execute(address, () -> {});
    }
  }

  @Tag("slow")
  @Test
  void who_finds_no_place_is_told_to_come_again() throws Exception {
    CountDownLatch database = new CountDownLatch(1);
    List<RawCaller> callers = new ArrayList<>();
    try (Rig rig = new Rig()) {
      TestService lent = rig.at(WireFormat.OPENAI);
      rig.authorizer.answer(
          Rig.TOKEN,
          call -> {
            awaitUninterruptibly(database);
            return new AuthorizationOutcome.Authorized(lent.authorized("alice/my-openai"));
          });
      int places = AuthorizationExecutor.MOST_FROM_ONE_ADDRESS;
      for (int i = 0; i < places; i++) {
        callers.add(new RawCaller(rig).send(REQUEST));
        int expected = i + 1;
        rig.events.await(() -> rig.authorizer.calls().size() == expected);
      }
      try (RawCaller late = new RawCaller(rig).send(REQUEST)) {
        assertThat(late.untilErrorEnds())
            .startsWith("HTTP/1.1 503 ")
            .contains("service_unavailable", "retry-after: 1\r\n");
        database.countDown();
        for (RawCaller caller : callers) {
          assertThat(caller.until("\r\n")).startsWith("HTTP/1.1 ");
        }
      }
      assertThat(rig.authorizer.calls()).hasSize(places);
    } finally {
      database.countDown();
      callers.forEach(RawCaller::close);
    }
  }

  private static final String REQUEST =
      "GET /gateway/services/alice/my-openai/models HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
          + Rig.TOKEN
          + "\r\n\r\n";

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      assertThat(latch.await(Rig.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
