package io.claviger.bootstrap.settings;

import io.claviger.host.StartRefused;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The environment variables, and the faults found in them so far. After a fault, reading continues
 * with a placeholder value, so that the operator sees all faults in one run. Empty variables count
 * as not set, except for secrets: an empty secret would silently remove a protection.
 */
final class Environment {
  private final Map<String, String> variables;
  private final List<String> faults = new ArrayList<>();
  private final Map<String, Path> secretFiles = new TreeMap<>();

  Environment(Map<String, String> variables) {
    this(GivenVariables.of(variables));
  }

  /** Treats the file of variables, if there is one, like a file with a secret. */
  Environment(GivenVariables given) {
    this.variables = given.values();
    given.file().ifPresent(file -> readFrom(GivenVariables.OPTION, file));
  }

  /**
   * Adds a fault. The message consists of the variable's name and the clause {@code what}, which
   * must not repeat a secret.
   */
  void fault(String name, String what) {
    faults.add(name + " " + what);
  }

  /**
   * Refuses the environment if faults were found. The message also names unknown variables, because
   * they might be the cause of the faults.
   */
  void refuseIfFaulty() {
    if (!faults.isEmpty()) {
      faults.addAll(UnknownVariables.in(variables));
      throw new StartRefused(faults);
    }
  }

  /** Records that a secret came from a file, and not from a variable. */
  void readFrom(String name, Path file) {
    secretFiles.put(name, file);
  }

  Map<String, Path> secretFiles() {
    return Map.copyOf(secretFiles);
  }

  Set<String> namesStartingWith(String prefix) {
    Set<String> names = new TreeSet<>(variables.keySet());
    names.removeIf(name -> !name.startsWith(prefix));
    return names;
  }

  /**
   * Returns those of the given variables that are set. The given variables belong to other
   * programs.
   */
  Map<String, String> ofOthers(Set<String> names) {
    Map<String, String> found = new TreeMap<>(variables);
    found.keySet().retainAll(names);
    return found;
  }

  boolean isSet(String name) {
    return raw(name).isPresent();
  }

  /**
   * @throws IllegalArgumentException if the name is not in {@link Variable#ALL}
   */
  Optional<String> raw(String name) {
    if (!Variable.isKnown(name)) {
      throw new IllegalArgumentException("not among the known variables: " + name);
    }
    return Optional.ofNullable(variables.get(name));
  }

  Optional<String> text(String name) {
    return raw(name).map(String::strip).filter(value -> !value.isEmpty());
  }

  /**
   * Reads a comma-separated list from a variable. Ignores empty items, and white space around
   * items.
   */
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
      // The code below adds the same fault as for a number that is out of bounds.
    }
    fault(name, "must be a whole number from %d to %d".formatted(low, high));
    return standard;
  }

  private enum Switch {
    ON,
    OFF
  }

  /**
   * Whether a switch (a variable with the value {@code on} or {@code off}) is on. A switch that is
   * not set counts as on.
   */
  boolean isOn(String name) {
    return isOn(name, true);
  }

  /**
   * Whether a switch (a variable with the value {@code on} or {@code off}) is on.
   *
   * @param standard the result if the switch is not set
   */
  boolean isOn(String name, boolean standard) {
    return choice(name, Switch.class, standard ? Switch.ON : Switch.OFF) == Switch.ON;
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
