package io.claviger.web.budgets;

import io.claviger.application.budgetreports.BudgetReport;
import io.claviger.application.budgets.port.HolderNames;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.budgets.BudgetForecast;
import io.claviger.domain.budgets.BudgetHolder;
import io.claviger.domain.budgets.BudgetRaise;
import io.claviger.domain.budgets.BudgetReference;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * A budget, and how much of it is used up, as the API shows them. Amounts are exact decimal
 * numbers, written as text.
 */
public record BudgetReportJson(
    String id,
    HolderJson holder,
    String amount,
    String unit,
    String window,
    String zone,
    String bound,
    String settled,
    String reserved,
    String left,
    Optional<String> mayExceedBy,
    Instant windowStartsAt,
    Optional<Instant> resetsAt,
    Optional<Instant> forecastAt,
    BudgetForecast forecast,
    Optional<Instant> countedFrom,
    List<RaiseJson> raises) {

  /** The object whose use the budget limits. If the object was deleted, its name is absent. */
  record HolderJson(
      String type,
      Optional<String> service,
      Optional<String> group,
      Optional<String> project,
      Optional<String> user,
      Optional<String> token) {
    static HolderJson of(BudgetHolder holder, HolderNames names) {
      return new HolderJson(
          holder.kind().wireName(),
          names.service().map(Instance.Ref::toString),
          names.group().map(Handle::value),
          names.project().map(Project.Ref::toString),
          names.user().map(Handle::value),
          names.token());
    }
  }

  /** An amount by which the budget is raised until a certain time. */
  record RaiseJson(UUID id, String amount, Instant until, Instant createdAt) {
    static RaiseJson of(BudgetRaise raise, BudgetUnit unit) {
      return new RaiseJson(raise.id(), unit.text(raise.amount()), raise.until(), raise.createdAt());
    }
  }

  public static BudgetReportJson of(BudgetReport report) {
    BudgetUnit unit = report.budget().unit();
    return new BudgetReportJson(
        BudgetReference.of(report.account()),
        HolderJson.of(report.holder(), report.names()),
        unit.text(report.budget().amount()),
        unit.wireName(),
        report.budget().window().wireName(),
        report.budget().zone().name(),
        report.budget().bound().wireName(),
        unit.text(report.state().settled()),
        unit.text(report.state().reserved()),
        unit.text(report.state().left(report.budget())),
        mayExceedBy(report),
        report.state().windowStartsAt(),
        report.state().resetsAt(),
        report.forecast().at(),
        report.forecast(),
        report.state().countedFrom(),
        report.state().raises().stream().map(raise -> RaiseJson.of(raise, unit)).toList());
  }

  private static Optional<String> mayExceedBy(BudgetReport report) {
    OptionalLong amount = report.state().mayExceedBy(report.budget());
    return amount.isEmpty()
        ? Optional.empty()
        : Optional.of(report.budget().unit().text(amount.getAsLong()));
  }
}
