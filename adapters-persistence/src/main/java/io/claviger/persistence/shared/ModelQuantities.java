package io.claviger.persistence.shared;

import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeePiece;
import io.claviger.domain.usage.FeesUsed;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Stores several numbers for each model in two arrays. The column {@code models} contains the
 * models' names. The column {@code quantities} contains all numbers of the first model, then all
 * numbers of the second model, and so on. The same number of values is stored for each model. The
 * column {@code uses} contains a text for each model: the allowed uses of the provider's tools.
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

  /** Returns uses of tools as a text, such as {@code code_interpreter/64g=1 web_search=32}. */
  public static String text(FeesUsed uses) {
    return uses.counts().entrySet().stream()
        .map(each -> piece(each.getKey()) + "=" + each.getValue())
        .collect(Collectors.joining(" "));
  }

  private static String piece(FeePiece piece) {
    return piece.what().wireName() + (piece.quality().isEmpty() ? "" : "/" + piece.quality());
  }

  /**
   * Reads the column {@code uses}. If the column is empty, which it is in rows of earlier versions,
   * no uses are known.
   *
   * @param models the number of models
   */
  public static List<FeesUsed> uses(Row row, int models) throws SQLException {
    List<String> texts = row.texts("uses");
    return texts.isEmpty()
        ? Collections.nCopies(models, FeesUsed.NONE)
        : texts.stream().map(ModelQuantities::uses).toList();
  }

  private static FeesUsed uses(String text) {
    FeesUsed all = FeesUsed.NONE;
    for (String each : text.isEmpty() ? new String[0] : text.split(" ", -1)) {
      int equals = each.indexOf('=');
      String[] piece = each.substring(0, equals).split("/", 2);
      all =
          all.plus(
              FeesUsed.of(
                  new FeePiece(FeeKind.named(piece[0]), piece.length == 1 ? "" : piece[1]),
                  Long.parseLong(each.substring(equals + 1))));
    }
    return all;
  }
}
