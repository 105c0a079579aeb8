package io.claviger.application.budgets;

import io.claviger.application.prices.PricedModel;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.Budget;
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
   * The spending rules for calls of one kind. The same rules apply to many calls, so results that
   * depend only on the budgets are computed once.
   */
  public static final class Rules {
    private final User.Id caller;
    private final Instance.Id service;
    private final Provider provider;
    private final List<BudgetMeter> meters;
    private final OptionalInt maxOutput;
    private final boolean estimatesTokens;
    private final boolean areStrict;
    private final boolean dependOnBody;

    /**
     * @param caller the user who makes the calls
     * @param meters the budgets that the calls are charged to
     * @param maxOutput the maximum number of output tokens that a call may request; empty if
     *     unlimited
     * @param estimatesTokens whether other limits depend on the expected number of tokens
     */
    public Rules(
        User.Id caller,
        Instance.Id service,
        Provider provider,
        List<BudgetMeter> meters,
        OptionalInt maxOutput,
        boolean estimatesTokens) {
      this.caller = caller;
      this.service = service;
      this.provider = provider;
      this.meters = List.copyOf(meters);
      this.maxOutput = maxOutput;
      this.estimatesTokens = estimatesTokens;
      List<Budget> ofUsage =
          meters.stream()
              .map(BudgetMeter::budget)
              .filter(budget -> budget.unit() != BudgetUnit.REQUESTS)
              .toList();
      this.areStrict = ofUsage.stream().anyMatch(budget -> budget.bound() == BudgetBound.STRICT);
      this.dependOnBody = maxOutput.isPresent() || estimatesTokens || !ofUsage.isEmpty();
    }

    public User.Id caller() {
      return caller;
    }

    public Instance.Id service() {
      return service;
    }

    public Provider provider() {
      return provider;
    }

    public List<BudgetMeter> meters() {
      return meters;
    }

    public OptionalInt maxOutput() {
      return maxOutput;
    }

    public boolean areNone() {
      return meters.isEmpty() && maxOutput.isEmpty() && !estimatesTokens;
    }

    /** Whether a strict budget is charged with the usage of calls. */
    public boolean areStrict() {
      return areStrict;
    }

    /** Whether these rules depend on how many tokens and tools a call's body requests. */
    public boolean dependOnBody() {
      return dependOnBody;
    }

    PricedModel priced(UsageModel model) {
      return new PricedModel(service, provider, model);
    }
  }

  PricedModel pricedModel() {
    return rules.priced(use.map(RequestedUse::model).orElse(UsageModel.UNKNOWN));
  }

  PricedModel priced(UsageModel model) {
    return rules.priced(model);
  }
}
