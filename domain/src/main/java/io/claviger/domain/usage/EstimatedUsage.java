package io.claviger.domain.usage;

/**
 * The part of the usage that no provider stated and that is therefore estimated.
 *
 * @param requests the number of calls with estimated tokens
 */
public record EstimatedUsage(long requests, long inputTokens, long outputTokens) {
  public static final EstimatedUsage NONE = new EstimatedUsage(0, 0, 0);

  public EstimatedUsage {
    if (requests < 0 || inputTokens < 0 || outputTokens < 0) {
      throw new IllegalArgumentException("counts are not negative");
    }
  }

  public EstimatedUsage plus(EstimatedUsage more) {
    return more.equals(NONE)
        ? this
        : new EstimatedUsage(
            SaturatingMath.sum(requests, more.requests),
            SaturatingMath.sum(inputTokens, more.inputTokens),
            SaturatingMath.sum(outputTokens, more.outputTokens));
  }

  EstimatedUsage minus(EstimatedUsage part) {
    return new EstimatedUsage(
        SaturatingMath.difference(requests, part.requests),
        SaturatingMath.difference(inputTokens, part.inputTokens),
        SaturatingMath.difference(outputTokens, part.outputTokens));
  }
}
