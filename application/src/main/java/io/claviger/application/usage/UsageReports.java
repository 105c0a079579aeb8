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
   * Lists usage. Callers see their own usage, owners see all usage of their services and projects,
   * and administrators see all usage. An access token of scope use is refused ({@code forbidden}).
   * A service that the caller reaches only through a project, and can't see, appears under the
   * project's name. The usage of the last second may be missing in the result. Only callers see
   * whose key their calls used; for all other readers, usage is the sum over all sources of keys.
   * Only administrators see the usage of a group's members; all other actors are refused ({@code
   * forbidden}).
   */
  Outcome<Page<ReportedUsage, UsagePosition>> list(
      Actor actor, UsageFilter filter, PageRequest<UsagePosition> page);

  /**
   * Sums up the usage that {@link #list} lists, by these dimensions and in their order. The source
   * of keys is empty if it is hidden from the actor. It is hidden for calls of other users, and
   * from administrators who don't request their own usage.
   *
   * @param dimensions the dimensions, at least one
   */
  Outcome<Page<UsageSum, List<String>>> sums(
      Actor actor,
      UsageFilter filter,
      Set<UsageDimension> dimensions,
      PageRequest<List<String>> page);

  /**
   * Sums up, by time, the usage that {@link #list} lists, and ranks the users or objects with the
   * most usage.
   */
  Outcome<UsageOverview> overview(Actor actor, UsageQuestion question);

  /**
   * Lists refused calls with their codes, the newest day first. Owners see the refused calls to
   * their services, and administrators see all refused calls. An access token of scope use is
   * refused ({@code forbidden}). If callers can't see a service, they do not see their refused
   * calls to it.
   *
   * @param filter the service, the user and the days to list
   * @param code the code with which the listed calls were refused; empty for calls with any code
   */
  Outcome<Page<RefusedCalls, List<String>>> refusals(
      Actor actor, UsageFilter filter, Optional<String> code, PageRequest<List<String>> page);

  /** Sums up the refused calls that {@link #refusals} lists, by the given dimensions. */
  Outcome<Page<RefusalSum, List<String>>> refusalSums(
      Actor actor,
      UsageFilter filter,
      Optional<String> code,
      Set<RefusalSum.Dimension> dimensions,
      PageRequest<List<String>> page);

  /**
   * Returns the time since which the record of group members is complete. Memberships that began
   * earlier are known only if they had not ended by that time.
   */
  Instant membershipsKnownSince();
}
