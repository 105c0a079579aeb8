package io.claviger.persistence.usage;

import io.claviger.domain.usage.ChargedFees;
import io.claviger.domain.usage.DisputedUsage;
import io.claviger.domain.usage.EstimatedUsage;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.StoredUsage;
import io.claviger.domain.usage.TokenParts;
import io.claviger.domain.usage.UsageCost;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.domain.usage.UsageRow;
import io.claviger.persistence.shared.Columns;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

final class UsageCountRows {
  private static final List<Count> COUNTS =
      List.of(
          new Count("requests", UsageCounts::requests),
          new Count("errors", UsageCounts::errors),
          new Count("bytes_in", UsageCounts::bytesIn),
          new Count("bytes_out", UsageCounts::bytesOut),
          new Count("input_tokens", UsageCounts::inputTokens),
          new Count("output_tokens", UsageCounts::outputTokens),
          new Count("refused", UsageCounts::refused),
          new Count("cached_input", c -> c.parts().cachedInput()),
          new Count("cache_write_5m", c -> c.parts().cacheWrite5m()),
          new Count("cache_write_1h", c -> c.parts().cacheWrite1h()),
          new Count("reasoning", c -> c.parts().reasoning()),
          new Count("audio_input", c -> c.parts().audioInput()),
          new Count("audio_output", c -> c.parts().audioOutput()),
          new Count("image_tokens", c -> c.parts().imageTokens()),
          new Count("image_output", c -> c.parts().imageOutput()),
          new Count("images", c -> c.parts().images()),
          new Count("estimated_requests", c -> c.estimated().requests()),
          new Count("estimated_input_tokens", c -> c.estimated().inputTokens()),
          new Count("estimated_output_tokens", c -> c.estimated().outputTokens()),
          new Count("priced", c -> c.cost().priced()),
          new Count("cost", c -> c.cost().cost()),
          new Count("callers_cost", c -> c.cost().callersCost()),
          new Count("estimated_cost", c -> c.cost().estimated()),
          new Count("disputed_requests", c -> c.disputed().requests()),
          new Count("disputed_tokens", c -> c.disputed().tokens()),
          new Count("disputed_cost", c -> c.disputed().cost()),
          new Count("stored_objects", c -> c.stored().objects()),
          new Count("stored_bytes", c -> c.stored().bytes()));

  static final Columns COLUMNS = new Columns(COUNTS.stream().map(Count::column).toList());

  private static final ChargedFees.Fee NO_FEE = new ChargedFees.Fee(0, 0);

  private UsageCountRows() {}

  private record Count(String column, ToLongFunction<UsageCounts> in) {}

  /** Returns a parameter for each of the columns: an array with the counts of all rows. */
  static Map<String, Long[]> parameters(List<UsageRow> rows) {
    return COUNTS.stream()
        .collect(
            Collectors.toMap(
                Count::column,
                count -> Parameters.longs(rows, row -> count.in().applyAsLong(row.counts()))));
  }

  static UsageCounts counts(Row row) throws SQLException {
    return new UsageCounts(
        row.bigNumber("requests"),
        row.bigNumber("errors"),
        row.bigNumber("bytes_in"),
        row.bigNumber("bytes_out"),
        row.bigNumber("input_tokens"),
        row.bigNumber("output_tokens"),
        row.bigNumber("refused"),
        parts(row),
        new EstimatedUsage(
            row.bigNumber("estimated_requests"),
            row.bigNumber("estimated_input_tokens"),
            row.bigNumber("estimated_output_tokens")),
        new UsageCost(
            row.bigNumber("priced"),
            row.bigNumber("cost"),
            row.bigNumber("callers_cost"),
            row.bigNumber("estimated_cost")),
        new DisputedUsage(
            row.bigNumber("disputed_requests"),
            row.bigNumber("disputed_tokens"),
            row.bigNumber("disputed_cost")),
        new StoredUsage(row.bigNumber("stored_objects"), row.bigNumber("stored_bytes")),
        fees(row));
  }

  /**
   * Returns the fees as an array with two numbers per kind of fee, in the order of the kinds: how
   * often the fee was charged, and its total cost. Null if there were no fees.
   */
  static @Nullable String fees(ChargedFees fees) {
    if (fees.isNone()) {
      return null;
    }
    return Arrays.stream(FeeKind.values())
        .map(kind -> fees.of().getOrDefault(kind, NO_FEE))
        .map(fee -> fee.uses() + "," + fee.cost())
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static ChargedFees fees(Row row) throws SQLException {
    if (!row.has("fees")) {
      return ChargedFees.NONE;
    }
    // In rows that were written before a kind of fee was known, the array is shorter.
    Iterator<Long> stored = row.bigNumbers("fees").iterator();
    Map<FeeKind, ChargedFees.Fee> fees = new EnumMap<>(FeeKind.class);
    for (FeeKind kind : FeeKind.values()) {
      if (stored.hasNext()) {
        fees.put(kind, new ChargedFees.Fee(stored.next(), stored.next()));
      }
    }
    return new ChargedFees(fees);
  }

  private static TokenParts parts(Row row) throws SQLException {
    return new TokenParts(
        row.bigNumber("cached_input"),
        row.bigNumber("cache_write_5m"),
        row.bigNumber("cache_write_1h"),
        row.bigNumber("reasoning"),
        row.bigNumber("audio_input"),
        row.bigNumber("audio_output"),
        row.bigNumber("image_tokens") - row.bigNumber("image_output"),
        row.bigNumber("image_output"),
        row.bigNumber("images"),
        0);
  }
}
