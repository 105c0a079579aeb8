package io.claviger.application.usage;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.sharing.port.AccessHistory;
import io.claviger.application.usage.port.RefusalSum;
import io.claviger.application.usage.port.RefusedCalls;
import io.claviger.application.usage.port.UsageFilter;
import io.claviger.application.usage.port.UsageOverview;
import io.claviger.application.usage.port.UsagePosition;
import io.claviger.application.usage.port.UsageQuestion;
import io.claviger.application.usage.port.UsageStore;
import io.claviger.domain.usage.UsageDimension;
import io.claviger.domain.usage.UsageSum;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

public interface UsageReports {
  static UsageReports of(UsageStore usage, AccessHistory history) {
    return new UsageReportReader(usage, history);
  }

  /**
   * Lists usage: callers see their own, owners see all usage of what they own, and administrators
   * see everything. An access token of scope use is refused ({@code forbidden}). A service that the
   * caller reaches only through a project, and can't see, appears under the project's name. Usage
   * of the last second may be missing. Only callers see whose key their calls used; for others,
   * usage with all sources of keys is added up. Only administrators see the usage of a group's
   * members; others are refused ({@code forbidden}).
   */
  Outcome<Page<ReportedUsage, UsagePosition>> list(
      Actor actor, UsageFilter filter, PageRequest<UsagePosition> page);

  /**
   * Sums up the same usage by these dimensions, in their order. The source of keys is empty where
   * it is hidden: for calls of others, and for administrators who don't ask for their own usage.
   *
   * @param dimensions at least one
   */
  Outcome<Page<UsageSum, List<String>>> sums(
      Actor actor,
      UsageFilter filter,
      Set<UsageDimension> dimensions,
      PageRequest<List<String>> page);

  /** Sums up the same usage by time, and ranks who or what used most. */
  Outcome<UsageOverview> overview(Actor actor, UsageQuestion question);

  /**
   * Lists which calls were refused, with the code, the newest day first: owners see those of calls
   * to their services, administrators all. An access token of scope use is refused ({@code
   * forbidden}). Calls to services that the caller can't see are not among them.
   *
   * @param filter its service, user and days
   * @param code only calls that were refused with this code
   */
  Outcome<Page<RefusedCalls, List<String>>> refusals(
      Actor actor, UsageFilter filter, Optional<String> code, PageRequest<List<String>> page);

  /** Sums up the same refused calls by some dimensions. */
  Outcome<Page<RefusalSum, List<String>>> refusalSums(
      Actor actor,
      UsageFilter filter,
      Optional<String> code,
      Set<RefusalSum.Dimension> dimensions,
      PageRequest<List<String>> page);

  /**
   * Since when it is known who was a member of which group. Of the time before, those are known who
   * were members then.
   */
  Instant membershipsKnownSince();
}
