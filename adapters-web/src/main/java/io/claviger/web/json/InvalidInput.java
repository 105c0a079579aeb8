package io.claviger.web.json;

import io.claviger.domain.Fault;
import java.util.List;

/** A request that can be read but not accepted: 422, with all that is wrong with it. */
public final class InvalidInput extends RuntimeException {
  private final transient List<Fault> faults;

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
