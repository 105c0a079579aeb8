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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Shows which calls were refused, and with which code they were refused. */
public final class RefusalPage implements ConsolePage {
  private static final String PATH = Area.AUDIT.path() + "/refusals";
  private static final Set<String> FILTERS = Set.of("service", "user", "code", "from", "to");

  private static final Map<String, String> WORDS =
      Map.ofEntries(
          Map.entry("rate_limited", "Their limit of requests was used up"),
          Map.entry("request_exceeds_limit", "The call was larger than their limit of tokens"),
          Map.entry("budget_exhausted", "A budget was used up, or too little was left"),
          Map.entry("model_has_no_price", "A budget counts dollars, and the model has no price"),
          Map.entry("model_not_allowed", "The model is not lent to them"),
          Map.entry("model_not_readable", "The request did not name its model in a readable way"),
          Map.entry("operation_not_allowed", "The service does not lend this operation"),
          Map.entry("operation_beyond_limits", "The operation is not lent to them"),
          Map.entry("output_unbounded", "The request did not state a maximum for its output"),
          Map.entry("output_too_large", "The request asked for more output than is lent"),
          Map.entry("input_unbounded", "The size of the input could not be bounded"),
          Map.entry("use_not_readable", "The body could not be read, but limits depend on it"),
          Map.entry("storage_not_lent", "Nobody lent them the storage that this call needs"),
          Map.entry("batch_not_bounded", "The usage of the batch could not be bounded"),
          Map.entry("disabled", "The service was disabled"),
          Map.entry("not_permitted", "The service was not lent to them"),
          Map.entry("not_passed_on", "The project's owner may not pass the service on"),
          Map.entry("project_unbound", "The project uses no service"),
          Map.entry("instance_revoked", "The project's owner lost the service"),
          Map.entry("missing_api_key", "The service had no key"),
          Map.entry("key_unusable", "The stored key could not be used"),
          Map.entry("user_api_key_required", "The service asks for a key of their own"),
          Map.entry("credential_unconfirmed", "The owner has to confirm the destination"),
          Map.entry("service_changed", "The service was changed during the call"),
          Map.entry("token_bound", "The access token was presented from elsewhere"),
          Map.entry("user_suspended", "The caller was suspended"),
          Map.entry("sign_in_required", "The caller had not signed in for too long"));

  private final UsageReports reports;
  private final Views views;

  public RefusalPage(UsageReports reports, Views views) {
    this.reports = reports;
    this.views = views;
  }

  /**
   * Returns in words why calls are refused with this code; the code itself if there are no words
   * for it.
   */
  public static String words(String code) {
    return WORDS.getOrDefault(code, code.replace('_', ' '));
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
      Problem problem = Problems.orThrow(e);
      show(visit, problem.status(), new RefusalView(asked.with(problem), List.of(), null));
    }
  }

  private void show(Visit visit, int status, RefusalView view) {
    views.show(visit, status, Area.AUDIT, "Refused calls", "refusals", view);
  }

  /**
   * One page of the refused calls.
   *
   * @param next the address of the next page; null on the last page
   */
  public record RefusalView(FormState asked, List<RefusedCalls> lines, @Nullable String next) {
    public RefusalView {
      lines = List.copyOf(lines);
    }
  }
}
