package io.claviger.domain.batches;

import io.claviger.domain.Amounts;
import io.claviger.domain.prices.Cost;
import io.claviger.domain.prices.Price;
import io.claviger.domain.spending.UseBounds;
import io.claviger.domain.usage.EstimatedUsage;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeesUsed;
import io.claviger.domain.usage.TokenParts;
import io.claviger.domain.usage.TokenUsage;

/**
 * The use that Claviger expected of one model when a batch was accepted.
 *
 * @param requests the number of requests that call the model
 * @param mostInput the greatest number of input tokens that the requests can have
 * @param mostOutput the greatest number of output tokens that the answers can have
 * @param usualInput the expected number of input tokens
 * @param usualOutput the expected number of output tokens
 * @param ownPrice the version of the service's own price at the time of acceptance; 0 if there was
 *     none
 * @param deploymentPrice the version of the deployment's price at the time of acceptance; 0 if
 *     there was none
 * @param tools for each of the provider's tools and its requested qualities, the number of uses
 *     that the requests allow
 */
public record ReservedModel(
    String model,
    int requests,
    long mostInput,
    long mostOutput,
    long usualInput,
    long usualOutput,
    long ownPrice,
    long deploymentPrice,
    FeesUsed tools) {

  /** Returns the expected use of all requests together. */
  TokenUsage expected() {
    return estimated(usualInput, usualOutput);
  }

  /** Returns the greatest use that all requests together can have. */
  TokenUsage most() {
    return estimated(mostInput, mostOutput);
  }

  private TokenUsage estimated(long input, long output) {
    return new TokenUsage(
        input, output, TokenParts.NONE, new EstimatedUsage(requests, input, output));
  }

  /** Returns the estimated use of a single request. */
  TokenUsage expectedOfOne() {
    int count = Math.max(1, requests);
    long input = Math.ceilDiv(usualInput, count);
    long output = Math.ceilDiv(usualOutput, count);
    return new TokenUsage(input, output, TokenParts.NONE, new EstimatedUsage(1, input, output));
  }

  /**
   * For each of the provider's tools, returns the maximum number of uses that is assumed for the
   * given number of requests.
   */
  static FeesUsed mostFees(long requests) {
    FeesUsed most = FeesUsed.NONE;
    for (FeeKind each : FeeKind.OF_TOOLS) {
      most = most.plus(FeesUsed.of(each, Amounts.product(requests, UseBounds.ASSUMED_ROUNDS)));
    }
    return most;
  }

  /**
   * Returns the highest possible cost of the given uses, at the highest fees.
   *
   * @param price the price of requests in batches
   */
  static long atMost(Price price, FeesUsed fees) {
    return fees.isNone() ? 0 : Cost.atMost(price, 0, 0, 0, fees) - Cost.atMost(price, 0, 0, 0) + 1;
  }

  /**
   * Returns the highest possible cost of the requests together, at the highest rates.
   *
   * @param price the price of requests in batches
   */
  static long atMost(Price price, long requests, long input, long output) {
    long fees = Amounts.product(Cost.atMost(price, 0, 0, 0), requests);
    long tokens = Cost.atMost(price, input, output, 0) - Cost.atMost(price, 0, 0, 0);
    // The cost of each request is rounded up.
    return Amounts.sum(Amounts.sum(fees, tokens), requests);
  }
}
