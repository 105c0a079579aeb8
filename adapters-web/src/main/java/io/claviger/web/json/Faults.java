package io.claviger.web.json;

import io.claviger.domain.Fault;
import java.util.ArrayList;
import java.util.List;

/** Collects all faults in one request, so that they can be reported together. */
public final class Faults {
  /**
   * The maximum number of reported faults. More faults would not help the caller, and would let a
   * small request cause a large answer.
   */
  private static final int MOST = 100;

  private final List<Fault> found = new ArrayList<>();

  public void add(Fault fault) {
    if (found.size() < MOST) {
      found.add(fault);
    }
  }

  public void add(Pointer pointer, String code, String detail) {
    add(new Fault(pointer.text(), code, detail));
  }

  /** Whether the maximum number of faults was recorded. Further faults will not be reported. */
  boolean areFull() {
    return found.size() >= MOST;
  }

  /**
   * Ends the request if at least one fault was recorded.
   *
   * @throws InvalidInput if there is at least one fault
   */
  public void throwIfAny() {
    if (!found.isEmpty()) {
      throw new InvalidInput(found);
    }
  }
}
