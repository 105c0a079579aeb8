package io.claviger.races;

import io.claviger.testkit.Race;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Runs sixteen threads that start together at a barrier. */
final class SimultaneousThreads {
  static final int SIXTEEN = 16;

  private SimultaneousThreads() {}

  /**
   * The results of all threads, in order of their numbers from 0. If a thread throws, the test
   * fails.
   */
  static <T> List<T> sixteen(IntFunction<T> step) {
    CyclicBarrier barrier = new CyclicBarrier(SIXTEEN);
    return Race.of(
        SIXTEEN,
        number -> {
          meet(barrier);
          return step.apply(number);
        },
        1);
  }

  /** The results of every other thread, beginning with the given number. */
  static <T> List<T> everyOther(int first, List<T> outcomes) {
    return IntStream.iterate(first, n -> n < outcomes.size(), n -> n + 2)
        .mapToObj(outcomes::get)
        .toList();
  }

  private static void meet(CyclicBarrier barrier) {
    try {
      int unused = barrier.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (BrokenBarrierException e) {
      throw new IllegalStateException("one of the threads did not come", e);
    }
  }
}
