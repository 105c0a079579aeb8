package io.claviger.domain.requests;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetMeter;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.CallLimits;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.policy.Operation;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * If limits refuse a user's call, finds the terms with which a share could permit the call. Terms
 * are left out if other limits, such as those of a token, refuse the call too, because a share
 * would then not help.
 *
 * @param caller the caller, who is not the owning user of the service
 */
public record LendableUse(Instance.Id service, User.Id caller, CallLimits limits) {

  /** Returns the terms that the caller lacks for a refused model. */
  public Optional<MissingTerms> missingModel(String name) {
    // A share that lists a name with an asterisk at its end would allow all models that begin with
    // the text before the asterisk.
    if (name.contains("*") || !others().allowModel(name)) {
      return Optional.empty();
    }
    try {
      return missing(RequestedTerms.of(new ModelPattern(name)));
    } catch (InvalidValue e) {
      return Optional.empty();
    }
  }

  /**
   * Returns the terms that the caller lacks for a refused operation.
   *
   * @param lent the operations that the service lends
   * @param path the path relative to the endpoint, without a slash at the beginning and without a
   *     query
   */
  public Optional<MissingTerms> missingOperation(List<Operation> lent, String method, String path) {
    return others().accounts().stream().allMatch(a -> a.limits().allow(method, path))
        ? lent.stream()
            .filter(operation -> operation.matches(method, path))
            .findFirst()
            .flatMap(operation -> missing(RequestedTerms.of(operation)))
        : Optional.empty();
  }

  /**
   * Returns the terms that the caller needs if a budget is used up: a budget that is twice as
   * large. Empty unless the budget is part of the caller's own share, because another share can't
   * raise any other budget.
   */
  public Optional<MissingTerms> missingBudget(BudgetMeter used) {
    if (!used.account().equals(ofService() + caller.value())) {
      return Optional.empty();
    }
    Budget present = used.budget();
    long most = present.unit().most();
    long twice = present.amount() > most / 2 ? most : 2 * present.amount();
    return missing(
        RequestedTerms.of(
            new Budget(
                twice,
                present.unit(),
                present.window(),
                present.zone(),
                present.bound(),
                present.allowsUnpriced())));
  }

  private Optional<MissingTerms> missing(RequestedTerms terms) {
    return Optional.of(new MissingTerms(service, terms));
  }

  /** Returns the limits that would still apply if the caller got another share. */
  private CallLimits others() {
    Stream<CallLimits.Account> rest =
        limits.accounts().stream().filter(account -> !account.subject().startsWith(ofService()));
    return new CallLimits(rest.toList());
  }

  private String ofService() {
    return "service:" + service.value() + ":";
  }
}
