package io.claviger.web.activity;

import io.claviger.application.activity.CurrentActivity;
import io.claviger.application.activity.port.ActivityStore.Line;
import io.claviger.application.activity.port.ActivityStore.Seen;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.util.List;
import java.util.Optional;

/** {@code /v1/usage/now}. */
public final class ActivityRoutes implements RouteGroup {
  /** The maximum number of accounts in an answer. */
  private static final int MOST = 200;

  private final CurrentActivity activity;

  public ActivityRoutes(CurrentActivity activity) {
    this.activity = activity;
  }

  @Override
  public void addTo(Routes routes) {
    routes.at("/v1/usage/now").get(this::show);
  }

  private void show(ApiCall call) {
    call.ok(ActivityJson.of(activity.look(call.actor(), MOST)));
  }

  /** The activity at the present moment, as the API shows it. */
  record ActivityJson(boolean complete, long leftOut, List<LineJson> items) {
    static ActivityJson of(Seen seen) {
      return new ActivityJson(
          seen.complete(),
          Math.max(0, seen.accounts() - seen.lines().size()),
          seen.lines().stream().map(LineJson::of).toList());
    }
  }

  /**
   * The activity of one account at a provider. Costs are in dollars. If no call had a price, the
   * cost is null.
   */
  record LineJson(
      String service,
      Optional<String> project,
      String user,
      long running,
      long calls,
      long refused,
      long inputTokens,
      long outputTokens,
      Optional<String> cost) {
    static LineJson of(Line line) {
      return new LineJson(
          line.service(),
          line.project(),
          line.user().value(),
          line.running(),
          line.minute().calls(),
          line.minute().refused(),
          line.minute().inputTokens(),
          line.minute().outputTokens(),
          line.minute().cost().map(BudgetUnit.USD::text));
    }
  }
}
