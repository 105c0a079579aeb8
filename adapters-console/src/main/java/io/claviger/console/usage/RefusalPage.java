package io.claviger.console.usage;

import io.claviger.application.shared.Page;
import io.claviger.application.usage.UsageReports;
import io.claviger.application.usage.port.RefusedCalls;
import io.claviger.application.usage.port.UsageFilter;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Days;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Links;
import io.claviger.console.page.Paging;
import io.claviger.console.page.Views;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Routes;
import io.claviger.web.usage.RefusalRoutes;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Shows which calls were refused, and with which code. */
public final class RefusalPage implements ConsolePage {
  private static final String PATH = Area.AUDIT.path() + "/refusals";
  private static final Set<String> FILTERS = Set.of("service", "user", "code", "from", "to");

  private final UsageReports reports;
  private final Views views;

  public RefusalPage(UsageReports reports, Views views) {
    this.reports = reports;
    this.views = views;
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    routes.pageAt(PATH).openGet(visitors.signedIn(this::show));
  }

  private void show(Visit visit) {
    FormState asked = FormState.asked(visit, FILTERS);
    try {
      Fields fields = Fields.ofQuery(visit);
      Optional<Instance.Ref> service = fields.optional("service", Instance.Ref::of);
      Optional<Handle> user = fields.optional("user", Handle::new);
      Optional<String> code = fields.optional("code", RefusalRoutes::code);
      Optional<LocalDate> from = fields.optional("from", text -> Days.of("from", text));
      Optional<LocalDate> to = fields.optional("to", text -> Days.of("to", text));
      UsageFilter filter =
          fields.check(() -> new UsageFilter(service, user, Optional.empty(), from, to));
      Page<RefusedCalls, List<String>> page =
          Problems.valueOf(
              reports.refusals(
                  visit.signedIn().actor(),
                  filter,
                  code,
                  Paging.asked(visit, RefusalRoutes.POSITION)));
      Links here = Links.to(PATH);
      FILTERS.stream().sorted().forEach(name -> here.with(name, asked.value(name)));
      show(
          visit,
          200,
          new RefusalView(asked, page.items(), Paging.next(page, RefusalRoutes.POSITION, here)));
    } catch (RuntimeException e) {
      Problem problem = Problems.of(e).orElseThrow(() -> e);
      show(visit, problem.status(), new RefusalView(asked.with(problem), List.of(), null));
    }
  }

  private void show(Visit visit, int status, RefusalView view) {
    views.show(visit, status, Area.AUDIT, "Refused calls", "refusals", view);
  }

  /**
   * Refused calls.
   *
   * @param next the address of the next page; null on the last one
   */
  public record RefusalView(FormState asked, List<RefusedCalls> lines, @Nullable String next) {
    public RefusalView {
      lines = List.copyOf(lines);
    }
  }
}
