package io.claviger.web.usage;

import io.claviger.application.shared.PageRequest;
import io.claviger.application.usage.UsageReports;
import io.claviger.application.usage.port.RefusedCalls;
import io.claviger.application.usage.port.UsageFilter;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Query;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.util.List;
import java.util.Optional;

/** {@code /v1/refusals}. */
public final class RefusalRoutes implements RouteGroup {
  /** The position of refused calls. */
  public static final CursorFormat<List<String>> POSITION =
      CursorFormat.texts(RefusedCalls.POSITION_PARTS, at -> UsageRoutes.dayOf(at.getFirst()));

  private final UsageReports reports;

  public RefusalRoutes(UsageReports reports) {
    this.reports = reports;
  }

  @Override
  public void addTo(Routes routes) {
    routes
        .at("/v1/refusals")
        .get(this::list, "service", "user", "code", "from", "to", "limit", "cursor");
  }

  private void list(ApiCall call) {
    Query query = call.query();
    UsageFilter filter =
        new UsageFilter(
            query.value("service", Instance.Ref::of),
            query.value("user", Handle::new),
            Optional.empty(),
            query.value("from", UsageRoutes.day("from")),
            query.value("to", UsageRoutes.day("to")));
    Optional<String> code = query.value("code", RefusalRoutes::code);
    PageRequest<List<String>> page = call.page(POSITION);
    call.list(
        Problems.valueOf(reports.refusals(call.actor(), filter, code, page)),
        POSITION,
        RefusedCallsJson::of);
  }

  /**
   * Reads the code of a refusal.
   *
   * @throws InvalidValue when no code can be so
   */
  public static String code(String text) {
    if (!text.matches("[a-z0-9_]{1,100}")) {
      throw new InvalidValue("code", "a code, such as rate_limited");
    }
    return text;
  }

  /** Calls that were refused. */
  record RefusedCallsJson(String day, String user, String service, String code, long calls) {
    static RefusedCallsJson of(RefusedCalls refused) {
      return new RefusedCallsJson(
          refused.day().toString(),
          refused.user().value(),
          refused.service().toString(),
          refused.code(),
          refused.calls());
    }
  }
}
