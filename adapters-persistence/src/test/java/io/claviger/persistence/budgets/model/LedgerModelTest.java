package io.claviger.persistence.budgets.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.claviger.persistence.budgets.model.LedgerModel.Mistake;
import io.claviger.persistence.budgets.model.LedgerModel.Setup;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Visits every state of {@link LedgerModel}, and looks for a broken promise in each. */
class LedgerModelTest {
  /**
   * Three nodes, two accounts and three calls, each of which costs at most 2. The first account is
   * strict, the other estimates 1.
   */
  private static final Setup NODES = new Setup(3, new int[] {3, 2}, 1, 3, 2, 1, 1, 0);

  /** An account whose window turns. */
  private static final Setup WINDOWS = new Setup(2, new int[] {3}, 2, 3, 2, 1, 1, 0);

  /** An account that is raised for a time. */
  private static final Setup RAISED = new Setup(2, new int[] {3}, 1, 3, 2, 1, 1, 1);

  /** An account that is lowered for a time. */
  private static final Setup LOWERED = new Setup(2, new int[] {4}, 1, 3, 2, 1, 1, -2);

  /** A measured account alone. */
  private static final Setup MEASURED = new Setup(2, new int[] {2}, 1, 3, 2, 1, 0, 0);

  static Stream<Arguments> setups() {
    return Stream.of(
        arguments("three nodes and two accounts", NODES, 150_000),
        arguments("a window that turns", WINDOWS, 80_000),
        arguments("a raise", RAISED, 20_000),
        arguments("a lowered budget", LOWERED, 30_000),
        arguments("a measured budget", MEASURED, 5_000));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("setups")
  void noOrderOfEventsBreaksAPromise(String name, Setup setup, int atLeast) {
    Exploration exploration = explore(new LedgerModel(setup));

    assertThat(exploration.complaint()).isEmpty();
    assertThat(exploration.states()).isGreaterThan(atLeast);
  }

  @ParameterizedTest
  @EnumSource
  void eachMistakeIsFound(Mistake mistake) {
    Setup setup = mistake == Mistake.CHARGED_TO_LATER_WINDOW ? WINDOWS : RAISED;

    assertThat(explore(new LedgerModel(setup, mistake)).complaint()).isPresent();
  }

  private record Exploration(int states, Optional<String> complaint) {}

  private static Exploration explore(LedgerModel model) {
    Fingerprints seen = new Fingerprints();
    ArrayDeque<byte[]> waiting = new ArrayDeque<>();
    byte[] first = model.canonical(model.first());
    seen.add(first);
    waiting.add(first);
    String[] complaint = new String[1];
    while (!waiting.isEmpty() && complaint[0] == null) {
      byte[] state = waiting.remove();
      model.forEachStep(
          state,
          next -> {
            byte[] canonical = model.canonical(next);
            if (complaint[0] == null && seen.add(canonical)) {
              complaint[0] = model.complaint(state, next);
              waiting.add(canonical);
            }
          });
    }
    return new Exploration(seen.size, Optional.ofNullable(complaint[0]));
  }

  /**
   * The states that were visited, as 64 bits of each: two of ten million states share these with a
   * chance of one in 370,000.
   */
  private static final class Fingerprints {
    private long[] table = new long[1 << 20];
    private int size;

    boolean add(byte[] state) {
      long hash = 1125899906842597L;
      for (byte value : state) {
        hash = (hash ^ value) * 0x9E3779B97F4A7C15L;
        hash ^= hash >>> 32;
      }
      hash = hash == 0 ? 1 : hash;
      if (!insert(table, hash)) {
        return false;
      }
      size++;
      if (size > table.length / 2) {
        long[] larger = new long[table.length * 2];
        for (long one : table) {
          if (one != 0) {
            insert(larger, one);
          }
        }
        table = larger;
      }
      return true;
    }

    private static boolean insert(long[] table, long hash) {
      int place = (int) (hash >>> 20) & (table.length - 1);
      while (table[place] != 0) {
        if (table[place] == hash) {
          return false;
        }
        place = (place + 1) & (table.length - 1);
      }
      table[place] = hash;
      return true;
    }
  }
}
