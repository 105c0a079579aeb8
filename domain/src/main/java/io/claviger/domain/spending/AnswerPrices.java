package io.claviger.domain.spending;

import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.usage.UsageModel;

/**
 * By which prices a call is charged, where another model may have answered than the one that was
 * asked for.
 *
 * @param charging the prices of the model that answered, as far as they are known
 * @param bounding the prices by which the most is found that the call may cost
 * @param isOfAsked whether the model that was asked for has answered, as far as that is known
 * @param isOfOther whether the model that answered has no price, so that the cost is an estimate
 */
public record AnswerPrices(
    CallPrices charging, CallPrices bounding, boolean isOfAsked, boolean isOfOther) {
  private static final String LATEST = "-latest";

  /** Prices of a call that was answered by the model that was asked for. */
  public static AnswerPrices of(CallPrices asked) {
    return new AnswerPrices(asked, asked, true, false);
  }

  /**
   * @param asked the model that was asked for, and its prices
   * @param other the model that answered, and its prices
   * @param isStrict whether a strict budget holds: then the call costs no more than was reserved
   *     for the model that was asked for
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
    return new AnswerPrices(
        pricesOther, isStrict && isAskedKnown ? pricesAsked : pricesOther, false, false);
  }

  /** Whether an answer names another model than the one that was asked for. */
  public static boolean isOther(UsageModel asked, UsageModel answered) {
    return answered.isKnown() && !answered.equals(asked);
  }

  /** Providers name the version that answers, such as {@code gpt-4o-2024-08-06}. */
  private static boolean isVersion(String version, String name) {
    String base = name.endsWith(LATEST) ? name.substring(0, name.length() - LATEST.length()) : name;
    return version.startsWith(base);
  }
}
