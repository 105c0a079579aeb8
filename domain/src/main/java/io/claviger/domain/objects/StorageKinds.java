package io.claviger.domain.objects;

import io.claviger.domain.InvalidValue;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The kinds of objects that a service lets its borrowers create and keep. */
public record StorageKinds(Set<ObjectKind> kinds) {
  public static final StorageKinds NONE = new StorageKinds(Set.of());

  /** The names of all kinds that can be lent, in the order of the kinds. */
  public static final List<String> NAMES =
      Stream.of(ObjectKind.values())
          .filter(ObjectKind::isLendable)
          .map(ObjectKind::wireName)
          .toList();

  /**
   * @throws InvalidValue when a kind can't be lent
   */
  public StorageKinds {
    if (!kinds.stream().allMatch(ObjectKind::isLendable)) {
      throw unknown();
    }
    kinds = Set.copyOf(kinds);
  }

  /**
   * @throws InvalidValue when a kind can't be lent; the exception names the kinds that can be lent
   */
  public static StorageKinds of(List<String> names) {
    return new StorageKinds(
        names.stream().map(StorageKinds::kind).collect(Collectors.toUnmodifiableSet()));
  }

  /**
   * @throws InvalidValue when a kind can't be lent; the exception names the kinds that can be lent
   */
  public static ObjectKind kind(String name) {
    return Stream.of(ObjectKind.values())
        .filter(kind -> kind.isLendable() && kind.wireName().equals(name))
        .findFirst()
        .orElseThrow(StorageKinds::unknown);
  }

  private static InvalidValue unknown() {
    return new InvalidValue("storage", String.join(", ", NAMES));
  }

  /** The names of the kinds, in the order of {@link ObjectKind}. */
  public List<String> names() {
    return kinds.isEmpty()
        ? List.of()
        : EnumSet.copyOf(kinds).stream().map(ObjectKind::wireName).toList();
  }

  /** Returns the kinds that both sets contain. */
  public StorageKinds and(StorageKinds other) {
    return new StorageKinds(
        kinds.stream().filter(other.kinds::contains).collect(Collectors.toUnmodifiableSet()));
  }

  public StorageKinds without(ObjectKind left) {
    return new StorageKinds(
        kinds.stream().filter(kind -> kind != left).collect(Collectors.toUnmodifiableSet()));
  }

  public boolean isWithin(StorageKinds other) {
    return other.kinds.containsAll(kinds);
  }
}
