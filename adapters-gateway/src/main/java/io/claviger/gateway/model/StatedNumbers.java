package io.claviger.gateway.model;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A number that several members of a body can state, each of them perhaps more than once. The
 * largest counts. A member that is there twice, once without a number, states none: a reader may
 * follow that one.
 */
final class StatedNumbers {
  private final Map<String, Integer> seen = new HashMap<>(4);
  private boolean anyWithout;
  private boolean anyTwice;
  private long largest = -1;
  private long alike = -1;

  /** A member begins. */
  void seen(String name) {
    anyTwice |= seen.merge(name, 1, Integer::sum) > 1;
  }

  void state(OptionalLong number) {
    if (number.isPresent()) {
      largest = Math.max(largest, number.getAsLong());
    } else {
      anyWithout = true;
    }
  }

  /** A member of nearly the same name states a number, which some readers take for the same. */
  void stateAlike(OptionalLong number) {
    if (number.isPresent()) {
      alike = Math.max(alike, number.getAsLong());
    } else {
      anyWithout = true;
      anyTwice = true;
    }
  }

  /** The number; empty where none is stated for every reader. */
  OptionalLong stated() {
    return largest < 0 || (anyTwice && anyWithout)
        ? OptionalLong.empty()
        : OptionalLong.of(Math.max(largest, alike));
  }

  /** The largest number that any reader may find; empty where there is none. */
  OptionalLong largest() {
    long most = Math.max(largest, alike);
    return most < 0 ? OptionalLong.empty() : OptionalLong.of(most);
  }

  /** Whether a member has a value that is no count, and not {@code null} either. */
  static OptionalLong parsed(ScannedText text) {
    String digits = text.isLonger() ? "" : text.toString().strip();
    return digits.matches("\\d{1,17}")
        ? OptionalLong.of(Long.parseLong(digits))
        : OptionalLong.empty();
  }
}
