package io.claviger.persistence.shared;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/**
 * Stores several numbers for each model in two arrays. The column {@code models} contains the
 * models' names. The column {@code quantities} contains all numbers of the first model, then all
 * numbers of the second model, and so on. The same number of values is stored for each model.
 */
public final class ModelQuantities {
  private ModelQuantities() {}

  /** Creates a value from a model's name and numbers. */
  @FunctionalInterface
  public interface Reader<T> {
    T read(String model, long[] numbers);
  }

  public static <T> Long[] of(Collection<T> each, Function<T, long[]> numbers) {
    return each.stream()
        .flatMapToLong(one -> Arrays.stream(numbers.apply(one)))
        .boxed()
        .toArray(Long[]::new);
  }

  /**
   * @param count the number of values that are stored for each model
   */
  public static <T> List<T> read(Row row, int count, Reader<T> reader) throws SQLException {
    List<String> models = row.texts("models");
    List<Long> all = row.bigNumbers("quantities");
    List<T> read = new ArrayList<>(models.size());
    for (int i = 0; i < models.size(); i++) {
      long[] numbers =
          all.subList(i * count, (i + 1) * count).stream().mapToLong(Long::longValue).toArray();
      read.add(reader.read(models.get(i), numbers));
    }
    return read;
  }
}
