package io.claviger.domain.usage;

/**
 * How much was used in calls that reached the provider, and how many were refused. Sums stop at the
 * largest number instead of overflowing.
 *
 * @param requests the number of calls
 * @param errors the number of calls that ended for the caller with an error or a broken response
 * @param bytesIn the bytes of request bodies
 * @param bytesOut the bytes of response bodies
 * @param inputTokens the input tokens, as far as the provider's responses state them
 * @param outputTokens the output tokens, as far as the provider's responses state them
 * @param refused the number of calls that were refused for their rate, operation or model; they are
 *     not among the requests
 */
public record UsageCounts(
    long requests,
    long errors,
    long bytesIn,
    long bytesOut,
    long inputTokens,
    long outputTokens,
    long refused) {
  public static final UsageCounts NONE = new UsageCounts(0, 0, 0, 0, 0, 0);

  /** One call that was refused. */
  public static final UsageCounts REFUSED = new UsageCounts(0, 0, 0, 0, 0, 0, 1);

  /** What calls used that reached the provider. */
  public UsageCounts(
      long requests,
      long errors,
      long bytesIn,
      long bytesOut,
      long inputTokens,
      long outputTokens) {
    this(requests, errors, bytesIn, bytesOut, inputTokens, outputTokens, 0);
  }

  public UsageCounts {
    if (requests < 0
        || errors < 0
        || bytesIn < 0
        || bytesOut < 0
        || inputTokens < 0
        || outputTokens < 0
        || refused < 0) {
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
        sum(outputTokens, more.outputTokens),
        sum(refused, more.refused));
  }

  private static long sum(long one, long other) {
    long sum = one + other;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }
}
