package io.claviger.gateway.authorize;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.gateway.authorize.Inquiry.InquiryTerms;
import io.claviger.gateway.errors.CallError;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of an answer that the database gives before, during and after a pause. */
class InquiryTest {
  private static final int MOST_MILLIS = 40;
  private static final String REFUSED = CallError.SERVICE_UNAVAILABLE.code();

  private final EventLoop loop = new DefaultEventLoop();
  private final AuthorizationExecutor executor =
      new AuthorizationExecutor(task -> Thread.ofVirtual().start(task), address -> false);
  private final BlockingQueue<String> outcomes = new LinkedBlockingQueue<>();
  private final ConcurrentLinkedQueue<String> discarded = new ConcurrentLinkedQueue<>();
  private final AtomicInteger asked = new AtomicInteger();

  @AfterEach
  void end() {
    Future<?> unused = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  /** The event loop stands still from the request to the database until the time is over. */
  private void pausedAfterAsking(boolean mayAskAgain, IntFunction<String> answers) {
    loop.execute(
        () -> {
          long began = System.nanoTime();
          begin(mayAskAgain, answers);
          while (System.nanoTime() - began < TimeUnit.MILLISECONDS.toNanos(3 * MOST_MILLIS)) {
            LockSupport.parkNanos(1_000_000);
          }
        });
  }

  private void begin(boolean mayAskAgain, IntFunction<String> answers) {
    InquiryTerms terms = new InquiryTerms(loop, "192.0.2.1", "request", MOST_MILLIS);
    new Inquiry<>(executor, terms, new TestAsker(mayAskAgain, answers)).begin();
  }

  private String outcome() throws InterruptedException {
    return String.valueOf(outcomes.poll(10, TimeUnit.SECONDS));
  }

  @Test
  void after_a_pause_the_question_is_asked_once_more() throws InterruptedException {
    pausedAfterAsking(true, n -> "answer " + n);

    assertThat(outcome()).isEqualTo("answer 2");
    assertThat(discarded).containsExactly("answer 1");
  }

  @Test
  void an_answer_that_comes_after_the_pause_is_as_old_as_the_question()
      throws InterruptedException {
    CountDownLatch later = new CountDownLatch(1);
    pausedAfterAsking(
        true,
        n -> {
          if (n == 1) {
            await(later);
          }
          return "answer " + n;
        });
    loop.execute(later::countDown);

    assertThat(outcome()).isEqualTo("answer 2");
    assertThat(discarded).containsExactly("answer 1");
  }

  @Test
  void what_must_not_be_asked_twice_is_refused() throws InterruptedException {
    pausedAfterAsking(false, n -> "answer " + n);

    assertThat(outcome()).isEqualTo(REFUSED);
    assertThat(asked).hasValue(1);
  }

  @Test
  void a_database_that_does_not_answer_is_not_asked_again() throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    loop.execute(
        () ->
            begin(
                true,
                n -> {
                  await(never);
                  return "late";
                }));

    assertThat(outcome()).isEqualTo(REFUSED);
    never.countDown();
    CompletableFuture<Void> discards =
        CompletableFuture.runAsync(
            () -> {
              while (discarded.isEmpty()) {
                LockSupport.parkNanos(1_000_000);
              }
            });
    assertThat(discards).succeedsWithin(Duration.ofSeconds(10));
    assertThat(asked).hasValue(1);
  }

  private static void await(CountDownLatch latch) {
    try {
      boolean unused = latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private final class TestAsker implements Inquiry.Asker<String> {
    private final boolean mayAskAgain;
    private final IntFunction<String> answers;

    TestAsker(boolean mayAskAgain, IntFunction<String> answers) {
      this.mayAskAgain = mayAskAgain;
      this.answers = answers;
    }

    @Override
    public Optional<String> askAtOnce() {
      return Optional.empty();
    }

    @Override
    public String ask() {
      return answers.apply(asked.incrementAndGet());
    }

    @Override
    public void discard(String answer) {
      boolean unused = discarded.add(answer);
    }

    @Override
    public boolean mayAskAgain() {
      return mayAskAgain;
    }

    @Override
    public void done(String answer) {
      boolean unused = outcomes.add(answer);
    }

    @Override
    public void refused(CallError why) {
      boolean unused = outcomes.add(why.code());
    }

    @Override
    public void failed(Throwable why) {
      boolean unused = outcomes.add(why.toString());
    }
  }
}
