package io.claviger.console.budgetreports;

import io.claviger.application.budgetreports.BudgetReport;
import io.claviger.application.budgetreports.BudgetReports;
import io.claviger.application.budgetreports.BudgetReports.BudgetFilter;
import io.claviger.application.instances.InstanceView;
import io.claviger.application.instances.Instances;
import io.claviger.application.instances.port.InstanceFilter;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Links;
import io.claviger.console.page.Paging;
import io.claviger.console.page.Tab;
import io.claviger.console.page.Views;
import io.claviger.console.webhooks.WebhookPages;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.budgets.BudgetAccount;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Role;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Routes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Shows the budgets that limit the viewer's calls, and the budgets of the services and people for
 * which the viewer is responsible.
 */
public final class BudgetPages implements ConsolePage {
  static final String PATH = Area.BUDGETS.path();

  private static final Set<String> FILTERS = Set.of("service", "user", "group");

  /** The query parameter that requests the budgets of everybody who calls the viewer's services. */
  private static final String WHOSE = "whose";

  private static final String CALLERS = "callers";

  /**
   * The number of services on one page, if the page lists the budgets of all callers of these
   * services.
   */
  private static final int SERVICES = 10;

  /**
   * The maximum number of budgets on one page. If there are more budgets, the page shows those that
   * are closest to being used up.
   */
  private static final int MOST = 200;

  private final BudgetReports budgetReports;
  private final Instances instances;
  private final Views views;

  public BudgetPages(BudgetReports budgetReports, Instances instances, Views views) {
    this.budgetReports = budgetReports;
    this.instances = instances;
    this.views = views;
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    routes.pageAt(PATH).openGet(visitors.signedIn(this::list));
  }

  public static String of(Instance.Ref service) {
    return Links.to(PATH).with("service", service.toString()).toString();
  }

  private void list(Visit visit) {
    Actor actor = visit.signedIn().actor();
    FormState filters = FormState.asked(visit, FILTERS);
    boolean callers = visit.query(WHOSE).filter(CALLERS::equals).isPresent();
    try {
      Page<BudgetReport, Instance.Ref> page =
          callers
              ? ofCallers(actor, Paging.asked(visit, CursorFormat.INSTANCE).after())
              : Problems.valueOf(
                  budgetReports.list(
                      actor, filter(visit), Paging.asked(visit, CursorFormat.INSTANCE)));
      show(visit, 200, filters, callers, page);
    } catch (RuntimeException e) {
      Problem problem = Problems.orThrow(e);
      show(visit, problem.status(), filters.with(problem), callers, Page.whole(List.of()));
    }
  }

  /**
   * Reads one page of the services that the actor owns, and returns the budgets of all callers of
   * these services. The page begins after the service {@code after}.
   */
  private Page<BudgetReport, Instance.Ref> ofCallers(Actor actor, Optional<Instance.Ref> after) {
    Page<InstanceView, Instance.Ref> owned =
        Problems.valueOf(
            instances.list(
                actor,
                actor.handle(),
                InstanceFilter.NONE.withRole(Role.OWNER),
                new PageRequest<>(after, SERVICES)));
    Map<BudgetAccount, BudgetReport> found = new LinkedHashMap<>();
    for (InstanceView view : owned.items()) {
      BudgetFilter service =
          new BudgetFilter(Optional.of(view.instance().ref()), Optional.empty(), Optional.empty());
      Problems.valueOf(
              budgetReports.list(
                  actor, service, new PageRequest<>(Optional.empty(), PageRequest.MAX_LIMIT)))
          .items()
          .forEach(report -> found.putIfAbsent(report.account(), report));
    }
    return new Page<>(List.copyOf(found.values()), List.of(), owned.next());
  }

  private static BudgetFilter filter(Visit visit) {
    Fields fields = Fields.ofQuery(visit);
    Optional<Instance.Ref> service = fields.optional("service", Instance.Ref::of);
    Optional<Handle> user = fields.optional("user", Handle::new);
    Optional<Handle> group = fields.optional("group", GranteeName::groupHandle);
    return fields.check(() -> new BudgetFilter(service, user, group));
  }

  private void show(
      Visit visit,
      int status,
      FormState filters,
      boolean callers,
      Page<BudgetReport, Instance.Ref> page) {
    Handle viewer = visit.signedIn().actor().handle();
    Links here = Links.to(PATH).with(WHOSE, callers ? CALLERS : "");
    FILTERS.stream().sorted().forEach(name -> here.with(name, filters.value(name)));
    views.show(
        visit,
        status,
        Area.BUDGETS,
        "Budgets",
        "budgets",
        new BudgetListView(
            filters,
            FILTERS.stream().anyMatch(name -> !filters.value(name).isBlank()),
            page.items().stream()
                .map(report -> BudgetLine.of(report, viewer))
                .sorted(BudgetLine.nearestToItsEnd())
                .limit(MOST)
                .toList(),
            page.items().size() > MOST,
            callers,
            Paging.next(page, CursorFormat.INSTANCE, here),
            WebhookPages.of(viewer)));
  }

  /**
   * A page of budgets.
   *
   * @param filters the filters, as they are in the address of the page
   * @param filtered whether at least one filter is set
   * @param cut whether the page leaves out the budgets that are least used up
   * @param callers whether these are the budgets of all callers of the viewer's services
   * @param next the address of the next page; null on the last page
   * @param webhook the address of the page on which the viewer sets up messages about the
   *     thresholds of budgets
   */
  public record BudgetListView(
      FormState filters,
      boolean filtered,
      List<BudgetLine> lines,
      boolean cut,
      boolean callers,
      @Nullable String next,
      String webhook) {
    public BudgetListView {
      lines = List.copyOf(lines);
    }

    /** The lists of budgets between which the page lets the viewer choose. */
    public List<Tab> tabs() {
      return List.of(
          new Tab("Yours", PATH, !callers && !filtered),
          new Tab("Of your callers", Links.to(PATH).with(WHOSE, CALLERS).toString(), callers));
    }
  }
}
