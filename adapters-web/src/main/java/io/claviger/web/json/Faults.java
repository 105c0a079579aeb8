package io.claviger.web.json;

import io.claviger.domain.Fault;
import java.util.ArrayList;
import java.util.List;

/** Everything that is wrong with one request, collected before any of it is reported. */
public final class Faults {
  /** More than these help nobody and would let a small request make a large answer. */
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

  /**
   * @throws InvalidInput when there is any
   */
  public void throwIfAny() {
    if (!found.isEmpty()) {
      throw new InvalidInput(found);
    }
  }
}
