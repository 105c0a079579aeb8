package io.claviger.persistence.shared;

import io.claviger.application.shared.SearchText;
import io.claviger.domain.fairness.PaceLimit;
import io.claviger.domain.fairness.PaceLimits;
import io.claviger.domain.fairness.ProviderLimits;
import io.claviger.domain.objects.StorageKinds;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.LimitsInAll;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.policy.StorageLimits;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** Converts domain values into parameters for the JDBC driver. */
public final class Parameters {
  private static final String PROVIDER = "provider_";

  private Parameters() {}

  public static OffsetDateTime at(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  public static @Nullable OffsetDateTime at(Optional<Instant> instant) {
    return instant.map(Parameters::at).orElse(null);
  }

  /** Returns a duration in seconds, exactly to the millisecond. */
  public static double seconds(Duration duration) {
    return duration.toMillis() / 1_000.0;
  }

  /** Returns the content of an optional value; null if it is empty. */
  public static <T> @Nullable Object orNull(
      Optional<T> value, Function<? super T, ? extends Object> content) {
    return value.<Object>map(content).orElse(null);
  }

  /**
   * Returns a {@code LIKE} pattern for texts that contain the given text; null if no text is given.
   * Wildcards in the text match only themselves.
   */
  public static @Nullable Object containing(Optional<SearchText> text) {
    return orNull(
        text,
        sought ->
            "%"
                + sought.value().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
                + "%");
  }

  public static <T> String[] texts(Collection<T> values, Function<? super T, String> text) {
    return values.stream().map(text).toArray(String[]::new);
  }

  /** Returns a text for each value; null for the values without a text. */
  public static <T> @Nullable String[] optionalTexts(
      Collection<T> values, Function<? super T, Optional<String>> text) {
    return values.stream().map(value -> text.apply(value).orElse(null)).toArray(String[]::new);
  }

  public static <T> Long[] longs(Collection<T> values, ToLongFunction<? super T> number) {
    return values.stream().map(number::applyAsLong).toArray(Long[]::new);
  }

  public static <T> Integer[] ints(Collection<T> values, ToIntFunction<? super T> number) {
    return values.stream().map(number::applyAsInt).toArray(Integer[]::new);
  }

  /** Returns an id for each value; null for the values for which the function returns null. */
  public static <T> @Nullable UUID[] uuids(
      Collection<T> values, Function<? super T, @Nullable UUID> id) {
    return values.stream().map(id).toArray(UUID[]::new);
  }

  public static StatementSpec withLimits(StatementSpec statement, Limits limits) {
    return withLimits(statement, "", limits);
  }

  /** Sets the parameters for limits. The names of these parameters begin with the given prefix. */
  public static StatementSpec withLimits(StatementSpec statement, String prefix, Limits limits) {
    return statement
        .param(prefix + "limit_requests_per_minute", limits.requestsPerMinute().orElse(null))
        .param(
            prefix + "limit_models",
            orNull(limits.models(), models -> texts(models, ModelPattern::value)))
        .param(
            prefix + "limit_operations",
            orNull(limits.operations(), operations -> texts(operations, Operation::value)))
        .param(prefix + "limit_max_output_tokens", limits.maxOutputTokens().orElse(null))
        .param(prefix + "limit_budgets", StoredBudgets.orNull(limits.budgets()))
        .param(
            prefix + "limit_storage",
            orNull(limits.storage().kinds(), kinds -> texts(kinds.names(), name -> name)))
        .param(prefix + "limit_max_objects", limits.storage().maxObjects().orElse(null))
        .param(prefix + "limit_max_bytes", limits.storage().maxBytes().orElse(null))
        .param(prefix + "limit_objects", limits.storage().objects().orElse(null))
        .param(prefix + "limit_pace", StoredPaces.orNull(limits.pace()));
  }

  /** Reads limits from a row. */
  public static Limits limits(Row row) throws SQLException {
    OptionalLong bytes = row.optionalBigNumber("limit_max_bytes");
    return useLimits(row)
        .with(
            new StorageLimits(
                row.optionalTexts("limit_storage").map(StorageKinds::of),
                row.optionalNumber("limit_max_objects"),
                bytes.isPresent() ? Optional.of(bytes.getAsLong()) : Optional.empty(),
                row.has("limit_objects")));
  }

  /**
   * Reads the limits for all callers of a service together: on requests and tokens per minute, and
   * on concurrent calls.
   */
  public static LimitsInAll limitsInAll(Row row) throws SQLException {
    return new LimitsInAll(
        row.optionalNumber("requests_in_all"), StoredPaces.read(row.optionalTexts("pace_in_all")));
  }

  /** Reads the limits for all callers of a service together, including budgets. */
  public static Limits inAll(Row row) throws SQLException {
    return limitsInAll(row).and(StoredBudgets.read(row.optionalTexts("budgets_in_all")));
  }

  /** Sets the parameters for the provider's limits. */
  public static StatementSpec withProviderLimits(StatementSpec statement, ProviderLimits limits) {
    StatementSpec filled =
        statement.param(
            PROVIDER + "concurrent_calls",
            limits.concurrentCalls().isPresent() ? limits.concurrentCalls().getAsInt() : null);
    for (PaceLimit limit : PaceLimit.values()) {
      filled = filled.param(PROVIDER + limit.wireName(), limits.perMinute().each().get(limit));
    }
    return filled;
  }

  /** Reads the provider's limits. */
  public static ProviderLimits providerLimits(Row row) throws SQLException {
    Row provider = row.part(PROVIDER);
    Map<PaceLimit, Long> each = new EnumMap<>(PaceLimit.class);
    for (PaceLimit limit : PaceLimit.values()) {
      provider.optionalNumber(limit.wireName()).ifPresent(most -> each.put(limit, (long) most));
    }
    Optional<Integer> calls = provider.optionalNumber("concurrent_calls");
    return each.isEmpty() && calls.isEmpty()
        ? ProviderLimits.NONE
        : new ProviderLimits(
            new PaceLimits(each), calls.map(OptionalInt::of).orElseGet(OptionalInt::empty));
  }

  /** Reads limits from a table without columns for limits on storage. */
  public static Limits useLimits(Row row) throws SQLException {
    return new Limits(
            row.optionalNumber("limit_requests_per_minute"),
            row.optionalTexts("limit_models")
                .map(texts -> texts.stream().map(ModelPattern::new).collect(Collectors.toSet())),
            row.optionalTexts("limit_operations")
                .map(texts -> texts.stream().map(Operation::new).collect(Collectors.toSet())),
            row.optionalNumber("limit_max_output_tokens"),
            StoredBudgets.read(row.optionalTexts("limit_budgets")))
        .with(StoredPaces.read(row.optionalTexts("limit_pace")));
  }
}
