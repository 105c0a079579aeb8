package io.claviger.web.json;

import io.claviger.domain.InvalidValue;
import java.util.Optional;
import java.util.function.Supplier;

/** Where in a body a value stands, and where to report that something is wrong with it. */
public record Place(Pointer pointer, Faults faults) {
  public Place at(String name) {
    return new Place(pointer.to(name), faults);
  }

  public Place at(int index) {
    return new Place(pointer.to(index), faults);
  }

  public <T> Optional<T> fault(String code, String detail) {
    faults.add(pointer, code, detail);
    return Optional.empty();
  }

  /**
   * @param wanted {@code a string}
   */
  public <T> Optional<T> wrongType(Json found, String wanted) {
    return found instanceof Json.Unusable
        ? Optional.empty()
        : fault("wrong_type", "This must be " + wanted + ".");
  }

  /** Makes a value of the domain; what is wrong with it is reported as standing here. */
  public <T> Optional<T> attempt(Supplier<T> make) {
    try {
      return Optional.of(make.get());
    } catch (InvalidValue e) {
      return fault("invalid_value", e.allowed());
    }
  }
}
