package io.claviger.gateway.authorize;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.claviger.gateway.authorize.Inquiry.InquiryTerms;
import io.claviger.gateway.errors.CallError;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What becomes of an answer that the database gives before, during and after a pause. */
class InquiryTest {
  private static final int MOST_MILLIS = 3_000;
  private static final int PAUSE_MILLIS = 9_000;
  private static final String REFUSED = CallError.SERVICE_UNAVAILABLE.code();

  private final MockTicker clock = Ticker.newMockTicker();
  private final EmbeddedChannel channel = EmbeddedChannel.builder().ticker(clock).build();
  private final Deque<Runnable> questions = new ArrayDeque<>();
  private final AuthorizationExecutor executor =
      new AuthorizationExecutor(questions::addLast, address -> false);
  private final List<String> outcomes = new ArrayList<>();
  private final List<String> discarded = new ArrayList<>();
  private int asked;

  @AfterEach
  void end() {
    boolean unused = channel.finishAndReleaseAll();
  }

  private void ask(boolean mayAskAgain) {
    ask(mayAskAgain, "request");
  }

  private void ask(boolean mayAskAgain, String requestId) {
    InquiryTerms terms = new InquiryTerms(channel.eventLoop(), "192.0.2.1", requestId, MOST_MILLIS);
    new Inquiry<>(executor, terms, new TestAsker(mayAskAgain), clock::nanoTime).begin();
  }

  /** Lets time pass, in which the event loop runs nothing. */
  private void pause(int millis) {
    clock.advance(millis, TimeUnit.MILLISECONDS);
  }

  private void answer() {
    questions.removeFirst().run();
  }

  private void runLoop() {
    channel.runPendingTasks();
  }

  @Test
  void an_answer_in_time_is_handed_over() {
    ask(true);
    pause(MOST_MILLIS);
    answer();
    runLoop();

    assertThat(outcomes).containsExactly("answer 1");
    assertThat(discarded).isEmpty();
  }

  @Test
  void after_a_pause_the_question_is_asked_once_more() {
    ask(true);
    pause(PAUSE_MILLIS);
    answer();
    runLoop();
    answer();
    runLoop();

    assertThat(outcomes).containsExactly("answer 2");
    assertThat(discarded).containsExactly("answer 1");
  }

  @Test
  void an_answer_that_comes_after_the_pause_is_as_old_as_the_question() {
    ask(true);
    pause(PAUSE_MILLIS);
    runLoop();
    answer();
    runLoop();
    answer();
    runLoop();

    assertThat(outcomes).containsExactly("answer 2");
    assertThat(discarded).containsExactly("answer 1");
  }

  @Test
  void after_two_pauses_the_call_is_refused() {
    ask(true);
    for (int i = 0; i < 2; i++) {
      pause(PAUSE_MILLIS);
      answer();
      runLoop();
    }

    assertThat(outcomes).containsExactly(REFUSED);
    assertThat(discarded).containsExactly("answer 1", "answer 2");
  }

  @Test
  void what_must_not_be_asked_twice_is_refused() {
    ask(false);
    pause(PAUSE_MILLIS);
    answer();
    runLoop();

    assertThat(outcomes).containsExactly(REFUSED);
    assertThat(asked).isEqualTo(1);
    assertThat(questions).isEmpty();
  }

  @Test
  void a_database_that_does_not_answer_is_not_asked_again() {
    ask(true);
    pause(MOST_MILLIS);
    runLoop();
    assertThat(outcomes).containsExactly(REFUSED);

    answer();
    runLoop();
    assertThat(outcomes).containsExactly(REFUSED);
    assertThat(discarded).containsExactly("answer 1");
    assertThat(questions).isEmpty();
  }

  @Test
  void the_log_does_not_blame_the_database_for_an_answer_that_a_busy_node_gets_too_late() {
    Logger logger = (Logger) LoggerFactory.getLogger(Inquiry.class);
    ListAppender<ILoggingEvent> heard = new ListAppender<>();
    heard.start();
    logger.addAppender(heard);
    try {
      ask(false, "late-request");
      pause(MOST_MILLIS + 900);
      answer();
      runLoop();
    } finally {
      logger.detachAppender(heard);
    }

    assertThat(outcomes).containsExactly(REFUSED);
    assertThat(discarded).containsExactly("answer 1");
    assertThat(List.copyOf(heard.list))
        .extracting(ILoggingEvent::getFormattedMessage)
        .filteredOn(line -> line.startsWith("late-request: "))
        .containsExactly(
            "late-request: refused, because there was no answer within 3000 ms: the database does"
                + " not answer, or this node is too busy; logged once a minute");
  }

  @Test
  void a_busy_event_loop_is_not_taken_for_a_pause() {
    ask(true);
    pause(MOST_MILLIS + 900);
    runLoop();

    assertThat(outcomes).containsExactly(REFUSED);
  }

  @Test
  void after_a_pause_the_database_has_as_long_as_before() {
    ask(true);
    pause(PAUSE_MILLIS);
    runLoop();
    assertThat(outcomes).isEmpty();

    pause(MOST_MILLIS);
    runLoop();
    assertThat(outcomes).containsExactly(REFUSED);
  }

  private final class TestAsker implements Inquiry.Asker<String> {
    private final boolean mayAskAgain;

    TestAsker(boolean mayAskAgain) {
      this.mayAskAgain = mayAskAgain;
    }

    @Override
    public Optional<String> askAtOnce() {
      return Optional.empty();
    }

    @Override
    public String ask() {
      asked++;
      return "answer " + asked;
    }

    @Override
    public void discard(String answer) {
      discarded.add(answer);
    }

    @Override
    public boolean mayAskAgain() {
      return mayAskAgain;
    }

    @Override
    public void done(String answer) {
      outcomes.add(answer);
    }

    @Override
    public void refused(CallError why) {
      outcomes.add(why.code());
    }

    @Override
    public void failed(Throwable why) {
      outcomes.add(why.toString());
    }
  }
}
