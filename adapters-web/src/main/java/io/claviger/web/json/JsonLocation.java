package io.claviger.web.json;

import io.claviger.domain.InvalidValue;
import java.util.Optional;
import java.util.function.Supplier;

/** The position of a value in a body, and the list to which the value's faults are added. */
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
   * Records that a value does not have the expected JSON type.
   *
   * @param wanted the expected type with an indefinite article, such as {@code a string}
   * @return always empty
   */
  public <T> Optional<T> wrongType(Json found, String wanted) {
    return found instanceof Json.Unusable
        ? Optional.empty()
        : fault("wrong_type", "This must be " + wanted + ".");
  }

  /**
   * Creates a value of the domain. If the value is not allowed, a fault is recorded at this
   * position, and the result is empty.
   */
  public <T> Optional<T> attempt(Supplier<T> make) {
    try {
      return Optional.of(make.get());
    } catch (InvalidValue e) {
      return fault("invalid_value", e.allowed());
    }
  }
}
