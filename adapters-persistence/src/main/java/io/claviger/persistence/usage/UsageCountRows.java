package io.claviger.persistence.usage;

import io.claviger.domain.usage.ChargedFees;
import io.claviger.domain.usage.DisputedUsage;
import io.claviger.domain.usage.EstimatedUsage;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.StoredUsage;
import io.claviger.domain.usage.TokenParts;
import io.claviger.domain.usage.UsageCost;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.persistence.shared.Columns;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

final class UsageCountRows {
  static final Columns COLUMNS =
      Columns.of(
          "requests",
          "errors",
          "bytes_in",
          "bytes_out",
          "input_tokens",
          "output_tokens",
          "refused",
          "cached_input",
          "cache_write_5m",
          "cache_write_1h",
          "reasoning",
          "audio_input",
          "audio_output",
          "image_tokens",
          "image_output",
          "images",
          "estimated_requests",
          "estimated_input_tokens",
          "estimated_output_tokens",
          "priced",
          "cost",
          "callers_cost",
          "estimated_cost",
          "disputed_requests",
          "disputed_tokens",
          "disputed_cost",
          "stored_objects",
          "stored_bytes");

  private static final ChargedFees.Fee NO_FEE = new ChargedFees.Fee(0, 0);

  private UsageCountRows() {}

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
