package io.claviger.console.page;

import io.claviger.domain.Fault;
import io.claviger.domain.InvalidValue;
import io.claviger.web.json.InvalidInput;
import io.claviger.web.server.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads the fields of a form, and collects all that is wrong with them. */
public final class Fields {
  private final Form form;
  private final List<Fault> faults = new ArrayList<>();

  public Fields(Form form) {
    this.form = form;
  }

  /**
   * Reads a field.
   *
   * @param read makes a value of its text, which begins and ends with no space
   * @return empty if the field is empty, or has a fault
   */
  public <T> Optional<T> optional(String name, Function<String, T> read) {
    Optional<String> text = form.value(name).map(String::strip).filter(value -> !value.isEmpty());
    try {
      return text.map(read);
    } catch (InvalidValue e) {
      faults.add(new Fault("/" + name, "invalid_value", e.allowed()));
    } catch (NumberFormatException e) {
      faults.add(new Fault("/" + name, "invalid_value", "a number"));
    }
    return Optional.empty();
  }

  /** Reads a field that has to be there. An empty one is a fault. */
  public <T> Optional<T> required(String name, String missing, Function<String, T> read) {
    if (form.value(name).map(String::strip).filter(value -> !value.isEmpty()).isEmpty()) {
      faults.add(Fault.required(name, missing));
      return Optional.empty();
    }
    return optional(name, read);
  }

  /**
   * Returns what is made of the fields.
   *
   * @throws InvalidInput when any field, or what is made of them, has a fault
   */
  public <T> T check(java.util.function.Supplier<T> made) {
    if (!faults.isEmpty()) {
      throw new InvalidInput(faults);
    }
    return made.get();
  }
}
