package io.claviger.imports.shared;

import io.claviger.domain.accounts.User;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Turns rows into arrays of texts, one array for each column. A statement turns these arrays into
 * rows again with {@code unnest}, and can thus insert many rows in one step.
 */
public final class UnnestedColumns {
  private UnnestedColumns() {}

  public static <T> @Nullable String[] of(
      List<T> rows, Function<T, ? extends @Nullable Object> column) {
    return rows.stream().map(column).map(UnnestedColumns::text).toArray(String[]::new);
  }

  private static @Nullable String text(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case Optional<?> optional -> optional.map(UnnestedColumns::text).orElse(null);
      case User.Id id -> id.value().toString();
      case byte[] bytes -> HexFormat.of().formatHex(bytes);
      case Instant at -> at.toString();
      default -> value.toString();
    };
  }
}
