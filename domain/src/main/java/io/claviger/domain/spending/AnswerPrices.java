package io.claviger.domain.spending;

import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.usage.UsageModel;

/**
 * The prices by which a call is charged if another model may have answered than the one that was
 * asked for.
 *
 * @param charging the known prices of the model that answered
 * @param bounding the prices by which the most that the call may cost is computed
 * @param isOfAsked whether the model that was asked for has answered, as far as is known
 * @param isOfOther whether the model that answered has no price, so that the cost is an estimate
 */
public record AnswerPrices(
    CallPrices charging, CallPrices bounding, boolean isOfAsked, boolean isOfOther) {
  private static final String LATEST = "-latest";

  /** The prices of a call that the requested model answered. */
  public static AnswerPrices of(CallPrices asked) {
    return new AnswerPrices(asked, asked, true, false);
  }

  /**
   * @param asked the model that was asked for, and its prices
   * @param other the model that answered, and its prices
   * @param isStrict whether a strict budget applies, so that the call costs no more than was
   *     reserved for the model that was asked for
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

  /**
   * Whether a name is that of a version. Providers name the version that answers, such as {@code
   * gpt-4o-2024-08-06}.
   */
  public static boolean isVersion(String version, String name) {
    String base = name.endsWith(LATEST) ? name.substring(0, name.length() - LATEST.length()) : name;
    return version.startsWith(base);
  }
}
