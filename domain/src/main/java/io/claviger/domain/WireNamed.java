package io.claviger.domain;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** An enum constant with a name in JSON, in the database and in settings. */
public interface WireNamed {
  /** Returns the constant's name in Java. */
  String name();

  /**
   * Returns the name in JSON, in the database and in settings: the constant's name in lower case,
   * unless the enum chooses another name.
   */
  default String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the names of the given constants in JSON, in the order of the constants. */
  static List<String> names(WireNamed... constants) {
    return Stream.of(constants).map(WireNamed::wireName).toList();
  }

  /** Finds the constant that has the given name in JSON. */
  static <E extends WireNamed> Optional<E> find(E[] constants, String wireName) {
    for (E each : constants) {
      if (each.wireName().equals(wireName)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  /**
   * Returns the constant that has the given name in JSON.
   *
   * @param constants the constants to search, two or more
   * @param field the field that contains the name, for the message of the exception
   * @throws InvalidValue when no constant has the given name; the exception lists the names
   */
  static <E extends WireNamed> E of(E[] constants, String wireName, String field) {
    return find(constants, wireName)
        .orElseThrow(
            () -> {
              List<String> names = names(constants);
              return new InvalidValue(
                  field,
                  String.join(", ", names.subList(0, names.size() - 1)) + " or " + names.getLast());
            });
  }
}
