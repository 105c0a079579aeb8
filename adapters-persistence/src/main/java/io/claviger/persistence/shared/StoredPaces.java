package io.claviger.persistence.shared;

import io.claviger.domain.policy.PaceKind;
import io.claviger.domain.policy.PaceTerms;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The form in which columns store limits per minute. Each limit is a text that the database
 * function {@code is_pace} checks, such as {@code tokens_per_minute 1000}.
 */
public final class StoredPaces {
  private static final Map<String, PaceKind> KINDS =
      Stream.of(PaceKind.values())
          .collect(Collectors.toUnmodifiableMap(PaceKind::wireName, Function.identity()));

  private StoredPaces() {}

  /** Returns the column's value; null if there are no limits. */
  public static String @Nullable [] orNull(PaceTerms pace) {
    return pace.isNone()
        ? null
        : Parameters.texts(pace.each().entrySet(), each -> text(each.getKey(), each.getValue()));
  }

  /** Reads the column, which is null if there are no limits. */
  public static PaceTerms read(Optional<List<String>> column) {
    if (column.isEmpty()) {
      return PaceTerms.NONE;
    }
    Map<PaceKind, Integer> each = new EnumMap<>(PaceKind.class);
    column.get().forEach(text -> each.put(kind(text), limit(text)));
    return new PaceTerms(each);
  }

  public static String text(PaceKind kind, int limit) {
    return kind.wireName() + " " + limit;
  }

  /** Returns the kind of a limit from the stored text. */
  public static PaceKind kind(String text) {
    return Optional.ofNullable(KINDS.get(text.substring(0, text.indexOf(' ')))).orElseThrow();
  }

  /** Returns the number of a limit from the stored text. */
  public static int limit(String text) {
    return Integer.parseInt(text.substring(text.indexOf(' ') + 1));
  }
}
