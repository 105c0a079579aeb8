package io.claviger.persistence;

import io.claviger.testkit.Race;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * Runs attempts in 16 threads at once. The outcome of each is {@code done} or the code of a
 * refusal.
 */
final class ConcurrentAttempts {
  static final int MANY = 16;

  /** How often a race is repeated. All its threads begin at the same moment each time. */
  static final int ROUNDS = Race.ROUNDS;

  static final String DONE = "done";

  private ConcurrentAttempts() {}

  /** The outcomes of all threads, including the one. */
  static List<String> oneAgainstMany(Supplier<String> one, IntFunction<String> others) {
    return many(n -> n == 0 ? one.get() : others.apply(n));
  }

  static List<String> many(IntFunction<String> attempt) {
    return Race.of(MANY, attempt, 1);
  }

  static int count(List<String> outcomes, String outcome) {
    return (int) outcomes.stream().filter(outcome::equals).count();
  }
}
