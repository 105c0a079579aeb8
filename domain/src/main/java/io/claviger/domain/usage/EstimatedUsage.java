package io.claviger.domain.usage;

import io.claviger.domain.Amounts;

/**
 * The part of the usage that is estimated, because the provider did not state it.
 *
 * @param requests the number of calls with estimated tokens
 * @param inputTokens the estimated input tokens of these calls
 * @param outputTokens the estimated output tokens of these calls
 */
public record EstimatedUsage(long requests, long inputTokens, long outputTokens) {
  public static final EstimatedUsage NONE = new EstimatedUsage(0, 0, 0);

  public EstimatedUsage {
    if (requests < 0 || inputTokens < 0 || outputTokens < 0) {
      throw new IllegalArgumentException("counts must not be negative");
    }
  }

  public EstimatedUsage plus(EstimatedUsage more) {
    return more.equals(NONE)
        ? this
        : new EstimatedUsage(
            Amounts.sum(requests, more.requests),
            Amounts.sum(inputTokens, more.inputTokens),
            Amounts.sum(outputTokens, more.outputTokens));
  }

  EstimatedUsage minus(EstimatedUsage part) {
    return new EstimatedUsage(
        Amounts.difference(requests, part.requests),
        Amounts.difference(inputTokens, part.inputTokens),
        Amounts.difference(outputTokens, part.outputTokens));
  }
}
