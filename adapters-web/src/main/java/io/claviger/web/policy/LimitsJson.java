package io.claviger.web.policy;

import io.claviger.domain.ModelName;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.Operation;
import java.util.List;
import java.util.Optional;

/** Limits as the API shows them, with models and operations in alphabetical order. */
public record LimitsJson(
    Optional<Integer> requestsPerMinute,
    Optional<List<String>> models,
    Optional<List<String>> operations) {

  public static LimitsJson of(Limits limits) {
    return new LimitsJson(
        limits.requestsPerMinute(),
        limits.models().map(m -> m.stream().map(ModelName::value).sorted().toList()),
        limits.operations().map(o -> o.stream().map(Operation::value).sorted().toList()));
  }
}
