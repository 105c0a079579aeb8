package io.claviger.gateway.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.Continuation;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** In which order large bodies are read. */
class BodyReadersTest {
  private static final UUID MANY = new UUID(0, 1);
  private static final UUID ONE = new UUID(0, 2);
  private static final int BODIES = 50;

  @AutoClose private final BodyReaders readers = BodyReaders.start(1, Thread::new);
  private final EventLoop loop = new DefaultEventLoop();
  private final List<UUID> read = new CopyOnWriteArrayList<>();
  private final CountDownLatch allWait = new CountDownLatch(1);

  /** Occupies the only thread until all bodies of a test wait. */
  @BeforeEach
  void occupy() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    Runnable turn =
        () -> {
          begun.countDown();
          await(allWait);
        };
    readers.read(new Body(1, turn), new UUID(0, 3), loop, new Ended(new CountDownLatch(1)));
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @AfterEach
  void stop() {
    Future<?> unused = loop.shutdownGracefully();
  }

  @Test
  void a_caller_with_many_bodies_delays_another_no_more_than_with_one() {
    CountDownLatch many = readMany();
    CountDownLatch one = new CountDownLatch(1);
    read(ONE, 3, one);
    allWait.countDown();

    await(one);
    await(many);
    assertThat(read.subList(0, 6)).containsExactly(MANY, ONE, MANY, ONE, MANY, ONE);
    assertThat(read).hasSize(2 * BODIES + 3);
  }

  @Test
  void the_bodies_of_a_caller_take_turns() {
    CountDownLatch many = readMany();
    CountDownLatch small = new CountDownLatch(1);
    readers.read(new Body(1, () -> read.add(ONE)), MANY, loop, new Ended(small));
    allWait.countDown();

    await(small);
    await(many);
    assertThat(read.indexOf(ONE)).isEqualTo(BODIES);
  }

  /** Two threads take the turns of three bodies while the third thread can't be started. */
  @Test
  void a_turn_is_taken_although_no_thread_can_be_started_for_it() {
    allWait.countDown();
    CountDownLatch threeWait = new CountDownLatch(1);
    CountDownLatch one = new CountDownLatch(1);
    AtomicInteger started = new AtomicInteger();
    ThreadFactory factory =
        first -> {
          if (started.incrementAndGet() <= 2) {
            return new Thread(
                () -> {
                  await(threeWait);
                  first.run();
                });
          }
          threeWait.countDown();
          await(one);
          throw new OutOfMemoryError("no more threads");
        };
    try (BodyReaders few = BodyReaders.start(3, factory)) {
      CountDownLatch both = new CountDownLatch(2);
      for (int i = 0; i < 2; i++) {
        few.read(new Body(1, () -> {}), MANY, loop, new Ended(both));
      }
      few.read(new Body(1, () -> {}), ONE, loop, new Ended(one));

      await(both);
    }
  }

  private CountDownLatch readMany() {
    CountDownLatch ends = new CountDownLatch(BODIES);
    for (int i = 0; i < BODIES; i++) {
      read(MANY, 2, ends);
    }
    return ends;
  }

  private void read(UUID caller, int turns, CountDownLatch ends) {
    readers.read(new Body(turns, () -> read.add(caller)), caller, loop, new Ended(ends));
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A large body that is read in several turns. */
  private static final class Body implements BodyReaders.Reading {
    private final Runnable turn;
    private int turns;

    Body(int turns, Runnable turn) {
      this.turns = turns;
      this.turn = turn;
    }

    @Override
    public long bytes() {
      return 1 << 20;
    }

    @Override
    public boolean readOn() {
      turn.run();
      return --turns == 0;
    }
  }

  private record Ended(CountDownLatch latch) implements Continuation<BodyReaders.Reading> {
    @Override
    public void done(BodyReaders.Reading body) {
      latch.countDown();
    }

    @Override
    public void refused(CallError why) {
      throw new AssertionError(why.toString());
    }

    @Override
    public void failed(Throwable why) {
      throw new AssertionError(why);
    }
  }
}
