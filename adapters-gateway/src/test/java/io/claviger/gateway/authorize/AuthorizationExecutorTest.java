package io.claviger.gateway.authorize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.RawCaller;
import io.claviger.gateway.Rig;
import io.claviger.gateway.TestService;
import io.claviger.testkit.http.TestResponse;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** How many calls may wait for the database. */
class AuthorizationExecutorTest {
  private static final Supplier<Runnable> NOTHING = () -> () -> {};

  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private final Set<String> withBadTokens = new HashSet<>();
  private final AuthorizationExecutor questions =
      new AuthorizationExecutor(waiting::add, withBadTokens::contains);

  @Test
  void one_address_has_a_quarter_of_the_places() {
    fill("192.0.2.1", AuthorizationExecutor.MOST_FROM_ONE_ADDRESS);

    assertFull("192.0.2.1");
    fill("192.0.2.2", 1);
  }

  @Test
  void addresses_of_one_network_share_their_places() {
    for (int i = 0; i < AuthorizationExecutor.MOST_FROM_ONE_ADDRESS; i++) {
      fill("2001:db8::" + Integer.toHexString(i), 1);
    }

    assertFull("2001:db8::ffff");
  }

  @Test
  void networks_of_56_and_48_bits_have_bounds_of_their_own() {
    fill("2001:db8:0:1::1", 256);
    fill("2001:db8:0:2::1", 128);
    assertFull("2001:db8:0:3::1");

    fill("2001:db8:0:100::1", 128);
    assertFull("2001:db8:0:200::1");
    fill("2001:db8:1::1", 1);
  }

  @Test
  void the_last_quarter_is_for_addresses_that_take_few_places() {
    for (int i = 1; i <= 3; i++) {
      fill("192.0.2." + i, AuthorizationExecutor.MOST_FROM_ONE_ADDRESS);
    }

    fill("192.0.2.4", AuthorizationExecutor.MOST_WHEN_CROWDED);
    assertFull("192.0.2.4");
    fill("2001:db8:0:1::1", 8);
    fill("2001:db8:0:2::1", 4);
    assertFull("2001:db8:0:3::1");
    fill("192.0.2.5", 1);
  }

  @Test
  void a_token_has_an_eighth_of_the_places_wherever_it_comes_from() {
    TokenText token = TokenText.presented("a token");
    for (int i = 0; i < AuthorizationExecutor.MOST_OF_ONE_TOKEN; i++) {
      questions.execute("192.0.2." + i % 2, token, NOTHING);
    }

    assertThatThrownBy(() -> questions.execute("192.0.2.3", token, NOTHING))
        .isInstanceOf(RejectedExecutionException.class);
    questions.execute("192.0.2.3", TokenText.presented("another"), NOTHING);
    waiting.removeFirst().run();
    questions.execute("192.0.2.3", token, NOTHING);
  }

  @Test
  void an_address_that_presents_bad_tokens_has_few_places_for_unknown_callers() {
    withBadTokens.add("192.0.2.1");
    for (int i = 0; i < AuthorizationExecutor.MOST_AFTER_BAD_TOKENS; i++) {
      questions.execute("192.0.2.1", TokenText.presented("forged " + i), NOTHING);
    }

    TokenText next = TokenText.presented("next");
    assertThatThrownBy(() -> questions.execute("192.0.2.1", next, NOTHING))
        .isInstanceOf(RejectedExecutionException.class);
    questions.execute("192.0.2.2", next, NOTHING);
    fill("192.0.2.1", 1);
    waiting.removeFirst().run();
    waiting.removeFirst().run();
    questions.execute("192.0.2.1", next, NOTHING);
  }

  @Test
  void all_together_have_a_bound_too() {
    for (int i = 0; i < AuthorizationExecutor.MOST / AuthorizationExecutor.MOST_WHEN_CROWDED; i++) {
      fill("192.0.2." + i, AuthorizationExecutor.MOST_WHEN_CROWDED);
    }

    assertThat(waiting).hasSize(AuthorizationExecutor.MOST);
    assertFull("192.0.2.200");
  }

  @Test
  void a_place_is_free_again_when_its_question_has_ended_or_failed() {
    questions.execute(
        "192.0.2.1",
        null,
        () -> {
          throw new StackOverflowError("odd");
        });
    fill("192.0.2.1", AuthorizationExecutor.MOST_FROM_ONE_ADDRESS - 1);
    assertThatThrownBy(() -> waiting.removeFirst().run()).isInstanceOf(StackOverflowError.class);
    waiting.removeFirst().run();

    fill("192.0.2.1", 2);
  }

  @Test
  void what_follows_a_question_finds_the_place_of_the_question_free() {
    fill("192.0.2.1", AuthorizationExecutor.MOST_FROM_ONE_ADDRESS - 1);
    questions.execute("192.0.2.1", null, () -> () -> fill("192.0.2.1", 1));
    waiting.removeLast().run();

    assertFull("192.0.2.1");
  }

  @Test
  void a_question_that_no_thread_takes_leaves_its_place() {
    AuthorizationExecutor closed =
        new AuthorizationExecutor(
            task -> {
              throw new RejectedExecutionException("closed");
            },
            address -> false);
    for (int i = 0; i <= AuthorizationExecutor.MOST; i++) {
      assertThatThrownBy(() -> closed.execute("192.0.2.1", null, NOTHING)).hasMessage("closed");
    }
  }

  private void fill(String address, int count) {
    for (int i = 0; i < count; i++) {
      questions.execute(address, null, NOTHING);
    }
  }

  private void assertFull(String address) {
    assertThatThrownBy(() -> questions.execute(address, null, NOTHING))
        .isInstanceOf(RejectedExecutionException.class);
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
      int places = AuthorizationExecutor.MOST_OF_ONE_TOKEN;
      for (int i = 0; i < places; i++) {
        callers.add(new RawCaller(rig).send(REQUEST));
        int expected = i + 1;
        rig.events.await(() -> rig.authorizer.calls().size() == expected);
      }
      try (RawCaller late = new RawCaller(rig).send(REQUEST)) {
        assertThat(late.untilErrorEnds())
            .startsWith("HTTP/1.1 503 ")
            .contains("service_unavailable", "retry-after: 1\r\n");
        assertThat(rig.authorizer.calls()).hasSize(places);
        database.countDown();
        for (RawCaller caller : callers) {
          assertThat(caller.until("\r\n")).startsWith("HTTP/1.1 ");
        }
      }
    } finally {
      database.countDown();
      callers.forEach(RawCaller::close);
    }
  }

  @Test
  void calls_that_the_database_leaves_unanswered_are_logged_once_a_minute() {
    Logger logger = (Logger) LoggerFactory.getLogger(Inquiry.class);
    ListAppender<ILoggingEvent> heard = new ListAppender<>();
    heard.start();
    logger.addAppender(heard);
    List<String> calls = new ArrayList<>();
    try (Rig rig = new Rig()) {
      rig.authorizer.answer(
          Rig.TOKEN,
          call -> {
            throw new StoreUnavailable(new IOException("gone"));
          });
      for (int call = 0; call < 9; call++) {
        TestResponse refused = rig.post("embeddings", Rig.embedding("m"));
        assertThat(refused.status()).isEqualTo(503);
        calls.addAll(refused.values("x-request-id"));
      }
    } finally {
      logger.detachAppender(heard);
    }

    assertThat(calls).hasSize(9);
    // Other tests of this JVM write to the same log.
    assertThat(List.copyOf(heard.list))
        .extracting(ILoggingEvent::getFormattedMessage)
        .filteredOn(line -> calls.stream().anyMatch(line::contains))
        .singleElement(STRING)
        .contains("the database can't be asked");
  }

  private static final String REQUEST = RawCaller.head("GET", "models") + "\r\n";

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      assertThat(latch.await(Rig.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
