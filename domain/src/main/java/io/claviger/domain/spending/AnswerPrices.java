package io.claviger.domain.spending;

import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.usage.UsageModel;

/**
 * The prices of a call. The model that answers can differ from the requested model.
 *
 * @param charging the prices that are known for the model that answered. If only the service's
 *     owner has a price for that model, the deployment's price for the requested model is added
 * @param bounding the prices that determine the upper bound of the call's cost
 * @param isOfAsked whether the requested model itself has answered, as far as is known
 * @param isOfOther whether another model without a price has answered, so that the cost is an
 *     estimate
 */
public record AnswerPrices(
    CallPrices charging, CallPrices bounding, boolean isOfAsked, boolean isOfOther) {
  private static final String LATEST = "-latest";

  /** Returns the prices of a call that was answered by the requested model. */
  public static AnswerPrices of(CallPrices asked) {
    return new AnswerPrices(asked, asked, true, false);
  }

  /**
   * @param asked the model that the caller requested
   * @param other the model that answered
   * @param isStrict whether the call has reserved an amount at the requested model's price in a
   *     strict budget. A strict budget is charged at most what the call costs at that price
   */
  public static AnswerPrices of(
      UsageModel asked,
      CallPrices pricesAsked,
      UsageModel other,
      CallPrices pricesOther,
      boolean isStrict) {
    if (!isOther(asked, other)) {
      return of(pricesAsked);
    }
    boolean isAskedKnown = pricesAsked.forService().isPresent();
    if (pricesOther.forService().isEmpty()) {
      return new AnswerPrices(
          pricesAsked, pricesAsked, false, isAskedKnown && !isVersion(other.name(), asked.name()));
    }
    CallPrices charging = pricesOther.inPlaceOf(pricesAsked.deployment());
    return new AnswerPrices(
        charging, isStrict && isAskedKnown ? pricesAsked : charging, false, false);
  }

  /** Whether an answer names a model that differs from the requested model. */
  public static boolean isOther(UsageModel asked, UsageModel answered) {
    return answered.isKnown() && !answered.equals(asked);
  }

  /**
   * Whether a name is that of the requested model's version. Providers state the version of the
   * model that answers, such as {@code gpt-4o-2024-08-06}.
   */
  public static boolean isVersion(String version, String name) {
    String base = name.endsWith(LATEST) ? name.substring(0, name.length() - LATEST.length()) : name;
    return version.startsWith(base);
  }
}
