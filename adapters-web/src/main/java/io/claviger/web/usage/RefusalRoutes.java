package io.claviger.web.usage;

import io.claviger.application.shared.PageRequest;
import io.claviger.application.usage.UsageReports;
import io.claviger.application.usage.port.RefusalSum;
import io.claviger.application.usage.port.RefusedCalls;
import io.claviger.application.usage.port.UsageFilter;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import io.claviger.web.json.Times;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Query;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code /v1/refusals}. */
public final class RefusalRoutes implements RouteGroup {
  /** The positions in lists of refused calls. */
  public static final CursorFormat<List<String>> POSITION =
      CursorFormat.texts(RefusedCalls.POSITION_PARTS, at -> Times.day(at.getFirst()));

  private static final CursorFormat<List<String>> SUM_POSITION =
      CursorFormat.texts(RefusalSum.Dimension.values().length, at -> at);

  private final UsageReports reports;

  public RefusalRoutes(UsageReports reports) {
    this.reports = reports;
  }

  @Override
  public void addTo(Routes routes) {
    routes
        .at("/v1/refusals")
        .get(this::list, "by", "service", "user", "code", "from", "to", "limit", "cursor");
  }

  private void list(ApiCall call) {
    Query query = call.query();
    UsageFilter filter =
        new UsageFilter(
            query.value("service", Instance.Ref::of),
            query.value("user", Handle::new),
            Optional.empty(),
            query.value("from", Times.dayOf("from")),
            query.value("to", Times.dayOf("to")));
    Optional<String> code = query.value("code", RefusalRoutes::code);
    Optional<Set<RefusalSum.Dimension>> by = query.value("by", RefusalRoutes::dimensions);
    if (by.isPresent()) {
      PageRequest<List<String>> page = call.page(SUM_POSITION);
      call.list(
          Problems.valueOf(reports.refusalSums(call.actor(), filter, code, by.get(), page)),
          SUM_POSITION,
          RefusalRoutes::sum);
      return;
    }
    PageRequest<List<String>> page = call.page(POSITION);
    call.list(
        Problems.valueOf(reports.refusals(call.actor(), filter, code, page)),
        POSITION,
        RefusedCallsJson::of);
  }

  private static Set<RefusalSum.Dimension> dimensions(String text) {
    EnumSet<RefusalSum.Dimension> read = EnumSet.noneOf(RefusalSum.Dimension.class);
    for (String word : text.split(",", -1)) {
      boolean isNew =
          Arrays.stream(RefusalSum.Dimension.values())
              .filter(each -> each.wireName().equals(word))
              .findFirst()
              .filter(read::add)
              .isPresent();
      if (!isNew) {
        throw new InvalidValue(
            "by", "one or more of day, user, service and code, separated by commas, each once");
      }
    }
    return read;
  }

  private static Map<String, Object> sum(RefusalSum sum) {
    Map<String, Object> json = new LinkedHashMap<>();
    for (RefusalSum.Dimension each : RefusalSum.Dimension.values()) {
      if (sum.dimensions().contains(each)) {
        json.put(each.wireName(), sum.of().getOrDefault(each, ""));
      }
    }
    json.put("calls", sum.calls());
    return json;
  }

  /**
   * Reads the code of a refusal.
   *
   * @throws InvalidValue if the text can't be the code of a refusal
   */
  public static String code(String text) {
    if (!text.matches("[a-z0-9_]{1,100}")) {
      throw new InvalidValue("code", "a code, such as rate_limited");
    }
    return text;
  }

  /** The number of refused calls of a user to a service on a day, for one reason. */
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
