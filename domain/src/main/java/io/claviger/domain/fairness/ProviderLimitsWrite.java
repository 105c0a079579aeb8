package io.claviger.domain.fairness;

import io.claviger.domain.Field;
import io.claviger.domain.InvalidValue;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A write of a provider's limits. Absent limits keep their previous values. Null removes a limit.
 *
 * @param perMinute the new limits per minute, without the absent limits
 */
public record ProviderLimitsWrite(
    Map<PaceLimit, Field<Long>> perMinute, Field<Integer> concurrentCalls) {
  public static final ProviderLimitsWrite ABSENT =
      new ProviderLimitsWrite(Map.of(), Field.absent());

  /** Returns a write that removes all limits. */
  public static final ProviderLimitsWrite NONE = of(ProviderLimits.NONE);

  public ProviderLimitsWrite {
    EnumMap<PaceLimit, Field<Long>> copy = new EnumMap<>(PaceLimit.class);
    copy.putAll(perMinute);
    perMinute = Collections.unmodifiableMap(copy);
  }

  /** Returns a write that replaces all limits by the given limits. */
  public static ProviderLimitsWrite of(ProviderLimits limits) {
    EnumMap<PaceLimit, Field<Long>> each = new EnumMap<>(PaceLimit.class);
    for (PaceLimit limit : PaceLimit.values()) {
      Long amount = limits.perMinute().each().get(limit);
      each.put(limit, amount == null ? Field.ofNull() : Field.of(amount));
    }
    OptionalInt calls = limits.concurrentCalls();
    return new ProviderLimitsWrite(
        each, calls.isPresent() ? Field.of(calls.getAsInt()) : Field.ofNull());
  }

  /**
   * @throws InvalidValue when the value is not a valid amount per minute
   */
  public static long amount(long amount) {
    if (amount < 1 || amount > PaceLimits.MOST) {
      throw new InvalidValue("provider_limits", "1 to 1,000,000,000");
    }
    return amount;
  }

  /**
   * @throws InvalidValue when the value is not a valid number of concurrent calls
   */
  public static int calls(int calls) {
    if (calls < 1 || calls > ProviderLimits.MOST_CALLS) {
      throw new InvalidValue("provider_limits", "1 to 100,000");
    }
    return calls;
  }

  public ProviderLimits over(ProviderLimits base) {
    EnumMap<PaceLimit, Long> each = new EnumMap<>(PaceLimit.class);
    each.putAll(base.perMinute().each());
    perMinute.forEach(
        (limit, write) -> {
          if (!write.isAbsent()) {
            each.remove(limit);
            write.given().ifPresent(amount -> each.put(limit, amount));
          }
        });
    OptionalInt before = base.concurrentCalls();
    Optional<Integer> calls =
        concurrentCalls.or(before.isPresent() ? Optional.of(before.getAsInt()) : Optional.empty());
    return new ProviderLimits(
        new PaceLimits(each), calls.map(OptionalInt::of).orElseGet(OptionalInt::empty));
  }
}
