package io.claviger.domain.routing;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** The ids of the models that a provider lists, sorted and without duplicates. */
public final class ModelList {
  /**
   * The bytes of memory that a list and the index of names need for each model's name, in addition
   * to the name's characters.
   */
  public static final int NAME_WEIGHT = 152;

  private final String[] ids;

  private ModelList(String[] ids) {
    this.ids = ids;
  }

  public static ModelList of(Collection<String> ids) {
    return new ModelList(ids.stream().sorted().distinct().toArray(String[]::new));
  }

  public boolean contains(String model) {
    return Arrays.binarySearch(ids, model) >= 0;
  }

  public List<String> ids() {
    return List.of(ids);
  }

  public int size() {
    return ids.length;
  }

  /** Returns an upper bound for the bytes that a node needs for the list. */
  public long weight() {
    return Arrays.stream(ids).mapToLong(id -> NAME_WEIGHT + 2L * id.length()).sum();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ModelList list && Arrays.equals(ids, list.ids);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(ids);
  }

  @Override
  public String toString() {
    return Arrays.toString(ids);
  }
}
