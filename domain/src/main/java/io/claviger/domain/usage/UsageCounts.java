package io.claviger.domain.usage;

import io.claviger.domain.Amounts;

/**
 * The usage of calls that reached the provider, and the number of calls that were refused. Sums
 * stop at the largest {@code long} value instead of overflowing.
 *
 * @param requests the number of calls
 * @param errors the number of calls whose caller got an error or a truncated response
 * @param bytesIn the number of bytes in request bodies
 * @param bytesOut the number of bytes in response bodies
 * @param inputTokens the input tokens, including cached tokens, stated or estimated
 * @param outputTokens the output tokens, including reasoning, stated or estimated
 * @param refused the number of calls that were refused due to a rate limit, or because the
 *     operation or the model is not allowed. {@code requests} does not include these calls
 * @param parts the numbers of tokens of each kind
 * @param estimated the part of requests and tokens that is estimated
 * @param cost the cost of the calls
 * @param disputed the part of the stated usage that exceeds the use that the calls could make
 * @param stored the number of objects that the calls stored at the provider
 * @param fees the uses that cost a fee; {@code cost} includes the fees
 */
public record UsageCounts(
    long requests,
    long errors,
    long bytesIn,
    long bytesOut,
    long inputTokens,
    long outputTokens,
    long refused,
    TokenParts parts,
    EstimatedUsage estimated,
    UsageCost cost,
    DisputedUsage disputed,
    StoredUsage stored,
    ChargedFees fees) {
  public static final UsageCounts NONE = new UsageCounts(0, 0, 0, 0, 0, 0);

  /** The counts of one call that was refused. */
  public static final UsageCounts REFUSED = new UsageCounts(0, 0, 0, 0, 1, TokenUsage.NONE);

  /** Creates the counts of one call that reached the provider. */
  public static UsageCounts ofCall(boolean error, long bytesIn, long bytesOut, TokenUsage tokens) {
    return new UsageCounts(1, error ? 1 : 0, bytesIn, bytesOut, 0, tokens);
  }

  /** Creates the counts of calls that reached the provider. */
  public UsageCounts(
      long requests,
      long errors,
      long bytesIn,
      long bytesOut,
      long inputTokens,
      long outputTokens) {
    this(
        requests,
        errors,
        bytesIn,
        bytesOut,
        0,
        TokenUsage.stated(inputTokens, outputTokens, TokenParts.NONE));
  }

  /** Creates counts without a known cost. */
  private UsageCounts(
      long requests, long errors, long bytesIn, long bytesOut, long refused, TokenUsage tokens) {
    this(
        requests,
        errors,
        bytesIn,
        bytesOut,
        tokens.input(),
        tokens.output(),
        refused,
        tokens.parts(),
        tokens.estimated(),
        UsageCost.NONE,
        DisputedUsage.NONE,
        StoredUsage.NONE,
        ChargedFees.NONE);
  }

  public UsageCounts {
    if (requests < 0
        || errors < 0
        || bytesIn < 0
        || bytesOut < 0
        || inputTokens < 0
        || outputTokens < 0
        || refused < 0) {
      throw new IllegalArgumentException("counts must not be negative");
    }
  }

  public UsageCounts plus(UsageCounts more) {
    return new UsageCounts(
        Amounts.sum(requests, more.requests),
        Amounts.sum(errors, more.errors),
        Amounts.sum(bytesIn, more.bytesIn),
        Amounts.sum(bytesOut, more.bytesOut),
        Amounts.sum(inputTokens, more.inputTokens),
        Amounts.sum(outputTokens, more.outputTokens),
        Amounts.sum(refused, more.refused),
        parts.plus(more.parts),
        estimated.plus(more.estimated),
        cost.plus(more.cost),
        disputed.plus(more.disputed),
        stored.plus(more.stored),
        fees.plus(more.fees));
  }

  /**
   * Returns these counts minus the given counts, which are a part of these counts. If the given
   * counts were read later than these counts, they can be larger. The result is then 0, not
   * negative.
   */
  public UsageCounts minus(UsageCounts part) {
    return new UsageCounts(
        Amounts.difference(requests, part.requests),
        Amounts.difference(errors, part.errors),
        Amounts.difference(bytesIn, part.bytesIn),
        Amounts.difference(bytesOut, part.bytesOut),
        Amounts.difference(inputTokens, part.inputTokens),
        Amounts.difference(outputTokens, part.outputTokens),
        Amounts.difference(refused, part.refused),
        parts.minus(part.parts),
        estimated.minus(part.estimated),
        cost.minus(part.cost),
        disputed.minus(part.disputed),
        stored.minus(part.stored),
        fees.minus(part.fees));
  }

  /** Returns these counts, with the given uses that have fees. */
  public UsageCounts using(ChargedFees known) {
    return known.isNone() && fees.isNone() ? this : with(cost, stored, known);
  }

  /** Returns these counts with the given cost. */
  public UsageCounts costing(UsageCost known) {
    return with(known, stored, fees);
  }

  /** Returns these counts with the objects that the calls stored at the provider. */
  public UsageCounts storing(StoredUsage known) {
    return with(cost, known, fees);
  }

  private UsageCounts with(UsageCost costing, StoredUsage storing, ChargedFees using) {
    return new UsageCounts(
        requests,
        errors,
        bytesIn,
        bytesOut,
        inputTokens,
        outputTokens,
        refused,
        parts,
        estimated,
        costing,
        disputed,
        storing,
        using);
  }

  /**
   * Returns these counts, with the charged tokens replaced by the given tokens. A request that
   * several models answered counts only once as estimated, even if the use of each model is
   * estimated.
   *
   * @param beyond the part of the usage that is disputed because it exceeds what the call could use
   */
  public UsageCounts charged(TokenUsage tokens, DisputedUsage beyond) {
    if (have(tokens) && disputed.equals(beyond)) {
      return this; // Most calls end here: they are charged what their answers state.
    }
    EstimatedUsage guessed = tokens.estimated();
    return new UsageCounts(
        requests,
        errors,
        bytesIn,
        bytesOut,
        tokens.input(),
        tokens.output(),
        refused,
        tokens.parts(),
        guessed.requests() <= requests
            ? guessed
            : new EstimatedUsage(requests, guessed.inputTokens(), guessed.outputTokens()),
        cost,
        beyond,
        stored,
        fees);
  }

  private boolean have(TokenUsage tokens) {
    return inputTokens == tokens.input()
        && outputTokens == tokens.output()
        && parts.equals(tokens.parts())
        && estimated.equals(tokens.estimated())
        && estimated.requests() <= requests;
  }

  /** The tokens of one call. */
  public TokenUsage tokens() {
    return new TokenUsage(inputTokens, outputTokens, parts, estimated);
  }

  /** Returns the number of requests without a price. */
  public long unpricedRequests() {
    return Math.max(0, requests - cost.priced());
  }

  /** Returns the input tokens that were neither read from a cache nor written to a cache. */
  public long freshInput() {
    return parts.freshInput(inputTokens);
  }
}
