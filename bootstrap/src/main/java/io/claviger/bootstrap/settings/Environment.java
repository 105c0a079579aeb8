package io.claviger.bootstrap.settings;

import io.claviger.operator.StartRefused;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The variables and the faults found in them so far. Reading goes on after a fault, with a stand-in
 * value, so that the operator learns of all of them at once. An empty variable counts as not set,
 * but for secrets: there it would silently weaken what was meant to be protected.
 */
final class Environment {
  private final Map<String, String> variables;
  private final List<String> faults = new ArrayList<>();

  Environment(Map<String, String> variables) {
    this.variables = variables;
  }

  /** {@code what} is a whole clause that follows the name, and never repeats a secret's value. */
  void fault(String name, String what) {
    faults.add(name + " " + what);
  }

  void refuseIfFaulty() {
    if (!faults.isEmpty()) {
      throw new StartRefused(faults);
    }
  }

  Set<String> namesStartingWith(String prefix) {
    Set<String> names = new TreeSet<>(variables.keySet());
    names.removeIf(name -> !name.startsWith(prefix));
    return names;
  }

  boolean isSet(String name) {
    return variables.containsKey(name);
  }

  Optional<String> raw(String name) {
    return Optional.ofNullable(variables.get(name));
  }

  Optional<String> text(String name) {
    return raw(name).map(String::strip).filter(value -> !value.isEmpty());
  }

  /** Comma-separated; white space around the parts and empty parts do not count. */
  List<String> list(String name) {
    return text(name).stream()
        .flatMap(value -> Arrays.stream(value.split(",", -1)))
        .map(String::strip)
        .filter(part -> !part.isEmpty())
        .toList();
  }

  long number(String name, long low, long high, long standard) {
    Optional<String> value = text(name);
    if (value.isEmpty()) {
      return standard;
    }
    try {
      long number = Long.parseLong(value.get());
      if (number >= low && number <= high) {
        return number;
      }
    } catch (NumberFormatException e) {
      // told below, as for a number out of bounds
    }
    fault(name, "must be a whole number from %d to %d".formatted(low, high));
    return standard;
  }

  <E extends Enum<E>> E choice(String name, Class<E> type, E standard) {
    Function<E, String> spelling = constant -> constant.name().toLowerCase(Locale.ROOT);
    Optional<String> value = text(name).map(given -> given.toLowerCase(Locale.ROOT));
    if (value.isEmpty()) {
      return standard;
    }
    for (E constant : type.getEnumConstants()) {
      if (spelling.apply(constant).equals(value.get())) {
        return constant;
      }
    }
    fault(
        name,
        "must be one of "
            + String.join(", ", Arrays.stream(type.getEnumConstants()).map(spelling).toList()));
    return standard;
  }
}
