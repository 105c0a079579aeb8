package io.claviger.web.instances;

import io.claviger.domain.Field;
import io.claviger.domain.fairness.PaceLimit;
import io.claviger.domain.fairness.ProviderLimits;
import io.claviger.domain.fairness.ProviderLimitsWrite;
import io.claviger.domain.instances.InstanceField;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The provider's limits, as the owner of a service states them. */
record ProviderLimitsJson(
    Optional<Long> requestsPerMinute,
    Optional<Long> tokensPerMinute,
    Optional<Long> inputTokensPerMinute,
    Optional<Long> outputTokensPerMinute,
    Optional<Integer> concurrentCalls) {
  private static final JsonConverter<Long> AMOUNT =
      JsonConverter.bigNumber(ProviderLimitsWrite::amount);
  private static final JsonConverter<Integer> CALLS =
      JsonConverter.wholeNumber(ProviderLimitsWrite::calls);
  private static final JsonConverter<ProviderLimitsWrite> LIMITS =
      JsonConverter.objectOrNull(fields -> Optional.of(limits(fields)));

  static ProviderLimitsJson of(ProviderLimits limits) {
    Map<PaceLimit, Long> each = limits.perMinute().each();
    OptionalInt calls = limits.concurrentCalls();
    return new ProviderLimitsJson(
        Optional.ofNullable(each.get(PaceLimit.REQUESTS_PER_MINUTE)),
        Optional.ofNullable(each.get(PaceLimit.TOKENS_PER_MINUTE)),
        Optional.ofNullable(each.get(PaceLimit.INPUT_TOKENS_PER_MINUTE)),
        Optional.ofNullable(each.get(PaceLimit.OUTPUT_TOKENS_PER_MINUTE)),
        calls.isPresent() ? Optional.of(calls.getAsInt()) : Optional.empty());
  }

  /**
   * Reads the limits of a service's provider. If the field is null, all these limits are removed.
   *
   * @param fields the fields of the body, which describes a service
   */
  static ProviderLimitsWrite read(JsonObject fields) {
    Field<ProviderLimitsWrite> write =
        fields.nullable(InstanceField.PROVIDER_LIMITS.wireName(), LIMITS);
    return write.or(Optional.of(ProviderLimitsWrite.ABSENT)).orElse(ProviderLimitsWrite.NONE);
  }

  private static ProviderLimitsWrite limits(JsonObject fields) {
    Map<PaceLimit, Field<Long>> perMinute = new EnumMap<>(PaceLimit.class);
    for (PaceLimit limit : PaceLimit.values()) {
      perMinute.put(limit, fields.nullable(limit.wireName(), AMOUNT));
    }
    ProviderLimitsWrite write =
        new ProviderLimitsWrite(perMinute, fields.nullable("concurrent_calls", CALLS));
    fields.recordUnknownFields();
    return write;
  }
}
