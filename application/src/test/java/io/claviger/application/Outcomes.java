package io.claviger.application;

import io.claviger.application.gateway.ConnectionChecks;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Refusal;
import java.util.List;

/** Reads what an operation answered. */
public final class Outcomes {
  private Outcomes() {}

  /** What an operation that succeeded answered. */
  public static <T> T done(Outcome<T> outcome) {
    if (outcome instanceof Outcome.Done<T> done) {
      return done.value();
    }
    throw new AssertionError("not done: " + outcome);
  }

  /** The code of a refusal. For invalid input it is {@code /pointer code} of each error. */
  public static String because(Object outcome) {
    Refusal why = refusal(outcome);
    return why instanceof Refusal.Invalid ? String.join(", ", codes(outcome)) : why.code();
  }

  /** The errors of invalid input, each as {@code /pointer code}. */
  public static List<String> codes(Object outcome) {
    Refusal why = refusal(outcome);
    if (why instanceof Refusal.Invalid invalid) {
      return invalid.faults().stream().map(f -> f.pointer() + " " + f.code()).toList();
    }
    throw new AssertionError("refused for another reason: " + why);
  }

  /** The explanation of a conflict. */
  public static String detail(Object outcome) {
    if (refusal(outcome) instanceof Refusal.Conflict conflict) {
      return conflict.detail();
    }
    throw new AssertionError("not refused for a conflict: " + outcome);
  }

  private static Refusal refusal(Object outcome) {
    return switch (outcome) {
      case Outcome.Refused<?> r -> r.why();
      case ConnectionChecks.CheckOutcome.Refused r -> r.why();
      case ConnectionChecks.ListOutcome.Refused r -> r.why();
      default -> throw new AssertionError("not refused: " + outcome);
    };
  }
}
