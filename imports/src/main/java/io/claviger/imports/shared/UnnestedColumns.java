package io.claviger.imports.shared;

import io.claviger.domain.accounts.User;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Converts rows to arrays of texts, one array per column. A statement converts the arrays back to
 * rows with {@code unnest}, and so can insert many rows at once.
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
