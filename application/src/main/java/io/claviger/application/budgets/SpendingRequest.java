package io.claviger.application.budgets;

import io.claviger.application.prices.PricedModel;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetMeter;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.usage.UsageModel;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A call that will be charged to budgets.
 *
 * @param rules the rules that apply to the request
 * @param use what the body requests, such as tokens and tools; empty if the body was not read or
 *     can't be parsed
 */
public record SpendingRequest(Rules rules, Optional<RequestedUse> use) {

  /**
   * The spending rules for calls of a kind.
   *
   * @param caller the user who makes the calls
   * @param meters the budgets that the calls are charged to
   * @param maxOutput the maximum number of output tokens that a call may request; empty if
   *     unlimited
   * @param estimatesTokens whether other limits depend on the expected number of tokens
   */
  public record Rules(
      User.Id caller,
      Instance.Id service,
      Provider provider,
      List<BudgetMeter> meters,
      OptionalInt maxOutput,
      boolean estimatesTokens) {
    public Rules {
      meters = List.copyOf(meters);
    }

    public boolean areNone() {
      return meters.isEmpty() && maxOutput.isEmpty() && !estimatesTokens;
    }

    /** Whether a strict budget is charged with the usage of calls. */
    public boolean areStrict() {
      for (BudgetMeter meter : meters) {
        if (meter.budget().unit() != BudgetUnit.REQUESTS
            && meter.budget().bound() == BudgetBound.STRICT) {
          return true;
        }
      }
      return false;
    }

    PricedModel priced(UsageModel model) {
      return new PricedModel(service, provider, model);
    }

    /** Whether these rules depend on how many tokens and tools a call's body requests. */
    public boolean dependOnBody() {
      if (maxOutput.isPresent() || estimatesTokens) {
        return true;
      }
      for (BudgetMeter meter : meters) {
        if (meter.budget().unit() != BudgetUnit.REQUESTS) {
          return true;
        }
      }
      return false;
    }
  }

  PricedModel pricedModel() {
    return rules.priced(use.map(RequestedUse::model).orElse(UsageModel.UNKNOWN));
  }

  PricedModel priced(UsageModel model) {
    return rules.priced(model);
  }
}
