package io.claviger.console.budgetreports;

import io.claviger.application.budgetreports.BudgetReport;
import io.claviger.application.budgetreports.BudgetReports;
import io.claviger.application.budgetreports.BudgetReports.NewRaise;
import io.claviger.console.limits.BudgetFields;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Days;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Numbers;
import io.claviger.console.page.Submission;
import io.claviger.console.page.Views;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Form;
import io.claviger.web.server.Routes;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

public final class RaisePages implements ConsolePage {
  private static final String PATH = BudgetPages.PATH + "/{budget}";
  private static final Set<String> FIELDS = Set.of("amount", "until");

  private static final Problem ENDED =
      new Problem(404, "not_found", "This raise has ended already.");

  private final BudgetReports budgets;
  private final Views views;

  public RaisePages(BudgetReports budgets, Views views) {
    this.budgets = budgets;
    this.views = views;
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    Submission.addPage(routes, PATH, visitors, this::show, this::raise);
    routes.pageAt(PATH + "/end").openPost(visitors.signedIn(this::end));
  }

  private void raise(Visit visit) {
    Submission.of(
        visit,
        FIELDS,
        form -> {
          BudgetReport report = found(visit);
          Problems.throwIfRefused(
              budgets.raise(
                  visit.signedIn().actor(),
                  visit.pathParam("budget"),
                  wanted(form, report.budget().unit())));
          return here(visit);
        },
        this::show);
  }

  /** If the browser sends the form twice, the budget must be raised only once. */
  private static NewRaise wanted(Form form, BudgetUnit unit) {
    Fields fields = new Fields(form);
    Optional<BigDecimal> amount =
        fields.required("amount", "Say how much is to be added.", text -> amount(unit, text));
    Optional<Instant> until =
        fields.required("until", "Say when the raise is to end.", day -> Days.end("until", day));
    return fields.check(() -> new NewRaise(amount.orElseThrow(), until.orElseThrow(), true));
  }

  private static BigDecimal amount(BudgetUnit unit, String text) {
    long unused = BudgetFields.amount(unit, text);
    return Numbers.decimal(text);
  }

  private void end(Visit visit) {
    Submission.of(
        visit,
        form -> {
          Fields fields = new Fields(form);
          Optional<UUID> raise = fields.required("raise", "Open the page again.", RaisePages::id);
          Problems.throwIfRefused(
              budgets.endRaise(
                  visit.signedIn().actor(),
                  visit.pathParam("budget"),
                  fields.check(raise::orElseThrow)));
          return here(visit);
        },
        (problem, sent) ->
            show(visit, problem.status(), sent.with(problem.status() == 404 ? ENDED : problem)));
  }

  private static UUID id(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw new InvalidValue("raise", "as the page had it; open the page again");
    }
  }

  private BudgetReport found(Visit visit) {
    return Problems.valueOf(budgets.find(visit.signedIn().actor(), visit.pathParam("budget")));
  }

  private static String here(Visit visit) {
    return BudgetPages.PATH + "/" + visit.pathParam("budget");
  }

  private void show(Visit visit, int status, FormState form) {
    Handle viewer = visit.signedIn().actor().handle();
    BudgetLine budget = BudgetLine.of(found(visit), viewer);
    views.show(
        visit,
        status,
        Area.BUDGETS,
        "Budget: " + budget.holder() + ", " + budget.amount(),
        "budget",
        new BudgetView(budget, form));
  }

  /**
   * The page of one budget.
   *
   * @param form the form with which the budget is raised
   */
  public record BudgetView(BudgetLine budget, FormState form) {}
}
