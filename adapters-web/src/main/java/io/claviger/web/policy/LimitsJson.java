package io.claviger.web.policy;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.claviger.domain.objects.StorageKinds;
import io.claviger.domain.policy.EffectiveLimits;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.LimitsInAll;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.policy.PaceKind;
import io.claviger.domain.policy.PaceTerms;
import io.claviger.domain.policy.StorageLimits;
import java.util.List;
import java.util.Optional;

/**
 * Limits as the API shows them, with models and operations in alphabetical order. Limits on storage
 * are shown only for objects with such limits.
 */
public record LimitsJson(
    Optional<Integer> requestsPerMinute,
    Optional<List<String>> models,
    Optional<List<String>> operations,
    Optional<Integer> maxOutputTokens,
    Optional<List<BudgetJson>> budgets,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<List<String>> storage,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Integer> maxObjects,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Long> maxBytes,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> objects,
    @JsonUnwrapped Pace pace) {

  /**
   * The limits on tokens per minute and on concurrent calls. In JSON, they are members of an object
   * that also contains other limits.
   */
  public record Pace(
      Optional<Integer> tokensPerMinute,
      Optional<Integer> inputTokensPerMinute,
      Optional<Integer> outputTokensPerMinute,
      Optional<Integer> concurrentCalls) {
    public static Pace of(PaceTerms pace) {
      return new Pace(
          pace.of(PaceKind.TOKENS),
          pace.of(PaceKind.INPUT_TOKENS),
          pace.of(PaceKind.OUTPUT_TOKENS),
          pace.of(PaceKind.CONCURRENT));
    }
  }

  /** The limits for all callers of a service together. */
  public record InAll(Optional<Integer> requestsPerMinute, @JsonUnwrapped Pace pace) {
    public static InAll of(LimitsInAll limits) {
      return new InAll(limits.requestsPerMinute(), Pace.of(limits.pace()));
    }
  }

  public static LimitsJson of(Limits limits) {
    return of(limits.alone());
  }

  /**
   * Returns the result of combining several limits. An empty list means that no model, or no
   * operation, is allowed.
   */
  public static LimitsJson of(EffectiveLimits limits) {
    StorageLimits storage = limits.storage();
    return new LimitsJson(
        limits.requestsPerMinute(),
        limits.models().map(m -> m.stream().map(ModelPattern::value).sorted().toList()),
        limits.operations().map(o -> o.stream().map(Operation::value).sorted().toList()),
        limits.maxOutputTokens(),
        BudgetJson.of(limits.budgets()),
        storage.kinds().map(StorageKinds::names),
        storage.maxObjects(),
        storage.maxBytes(),
        storage.objects(),
        Pace.of(limits.pace()));
  }
}
