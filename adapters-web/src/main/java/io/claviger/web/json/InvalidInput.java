package io.claviger.web.json;

import io.claviger.domain.Fault;
import java.util.List;

/**
 * Reports a request that can be parsed but not accepted, with all its faults. The request is
 * answered with status 422.
 */
public final class InvalidInput extends RuntimeException {
  private final List<Fault> faults;

  public InvalidInput(List<Fault> faults) {
    super("invalid input", null, false, false);
    this.faults = List.copyOf(faults);
  }

  public InvalidInput(Fault fault) {
    this(List.of(fault));
  }

  public List<Fault> faults() {
    return faults;
  }
}
