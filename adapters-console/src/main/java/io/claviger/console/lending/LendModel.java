package io.claviger.console.lending;

import io.claviger.console.budgets.BudgetTrialPages;
import io.claviger.console.limits.LimitFields;
import io.claviger.console.page.Difference;
import io.claviger.console.page.FormState;
import java.util.List;

/**
 * The page on which a service is lent.
 *
 * @param path where the form is sent to
 * @param back the page of the service
 * @param roles the roles that the viewer may give
 * @param preview what is lent, in words
 * @param differing what somebody else changed while the form was open
 */
public record LendModel(
    String service,
    String path,
    String back,
    List<String> roles,
    FormState form,
    LoanPreview preview,
    List<Difference> differing) {
  public LendModel {
    differing = List.copyOf(differing);
    roles = List.copyOf(roles);
  }

  /** The page on which budgets are tried on the service. */
  public String trialPath() {
    return BudgetTrialPages.of(service);
  }

  /** Whether all members of a group together have limits, or are about to have some. */
  public boolean limitsPool() {
    return form.error("pooled_limits") != null
        || LimitFields.names(Loan.POOLED).stream()
            .anyMatch(name -> form.error(name) != null || !form.value(name).isEmpty());
  }
}
