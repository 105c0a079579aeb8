package io.claviger.domain.usage;

/**
 * How much was used, in calls that went out to the provider. Sums stop at the largest number rather
 * than turn negative.
 *
 * @param requests calls
 * @param errors those of them that the caller got an error or a broken answer of
 * @param bytesIn of request bodies
 * @param bytesOut of answers' bodies
 * @param inputTokens as far as the provider's answers state them
 * @param outputTokens likewise
 */
public record UsageCounts(
    long requests, long errors, long bytesIn, long bytesOut, long inputTokens, long outputTokens) {
  public static final UsageCounts NONE = new UsageCounts(0, 0, 0, 0, 0, 0);

  public UsageCounts {
    if (requests < 0
        || errors < 0
        || bytesIn < 0
        || bytesOut < 0
        || inputTokens < 0
        || outputTokens < 0) {
      throw new IllegalArgumentException("counts are not negative");
    }
  }

  public UsageCounts plus(UsageCounts more) {
    return new UsageCounts(
        sum(requests, more.requests),
        sum(errors, more.errors),
        sum(bytesIn, more.bytesIn),
        sum(bytesOut, more.bytesOut),
        sum(inputTokens, more.inputTokens),
        sum(outputTokens, more.outputTokens));
  }

  private static long sum(long one, long other) {
    long sum = one + other;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }
}
