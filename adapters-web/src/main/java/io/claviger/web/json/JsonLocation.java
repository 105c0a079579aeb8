package io.claviger.web.json;

import io.claviger.domain.InvalidValue;
import java.util.Optional;
import java.util.function.Supplier;

/** Where in a body a value stands, and where to report that something is wrong with it. */
public record JsonLocation(Pointer pointer, Faults faults) {
  public JsonLocation at(String name) {
    return new JsonLocation(pointer.to(name), faults);
  }

  public JsonLocation at(int index) {
    return new JsonLocation(pointer.to(index), faults);
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
