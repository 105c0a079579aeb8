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

/** Shows how much was used, by whom and at which cost, and which calls were refused. */
public interface UsageReports {
  static UsageReports of(UsageStore usage, AccessHistory history) {
    return new UsageReportReader(usage, history);
  }

  /**
   * Lists usage. Callers see their own usage, owners see all usage of their services and projects,
   * and administrators see all usage. An access token of scope {@code use} is refused with {@code
   * forbidden}. If the caller can't see a service and reaches it only through a project, the
   * service appears under the project's name. The usage of the last second might be missing. Only
   * callers see the source of the keys that their calls used. For all other readers, the usage is
   * the sum over all sources of keys. Only administrators see the usage of a group's members.
   * Anybody else is refused with {@code forbidden}.
   */
  Outcome<Page<ReportedUsage, UsagePosition>> list(
      Actor actor, UsageFilter filter, PageRequest<UsagePosition> page);

  /**
   * Sums up the usage of {@link #list} by the given dimensions, in the given order. If the source
   * of keys is hidden from the actor, the source is empty in the sums. The source is hidden for
   * calls of other users, and for administrators unless they request only their own usage.
   *
   * @param dimensions at least one dimension
   */
  Outcome<Page<UsageSum, List<String>>> sums(
      Actor actor,
      UsageFilter filter,
      Set<UsageDimension> dimensions,
      PageRequest<List<String>> page);

  /**
   * Sums up the usage of {@link #list} over time, and finds the users or objects with the most
   * usage.
   */
  Outcome<UsageOverview> overview(Actor actor, UsageQuestion question);

  /**
   * Lists refused calls with their codes, the newest day first. Owners of services see the refused
   * calls to their services, and administrators see all refused calls. An access token of scope
   * {@code use} is refused with {@code forbidden}. Callers do not see their own refused calls to
   * services that they can't see.
   *
   * @param filter the service, the user and the days to list
   * @param code the code with which the listed calls were refused; if empty, calls with any code
   *     are listed
   */
  Outcome<Page<RefusedCalls, List<String>>> refusals(
      Actor actor, UsageFilter filter, Optional<String> code, PageRequest<List<String>> page);

  /** Sums up the refused calls of {@link #refusals} by the given dimensions. */
  Outcome<Page<RefusalSum, List<String>>> refusalSums(
      Actor actor,
      UsageFilter filter,
      Optional<String> code,
      Set<RefusalSum.Dimension> dimensions,
      PageRequest<List<String>> page);

  /**
   * Returns the time from which the record of who was a member of which group is complete.
   * Memberships that ended before this time might be missing.
   */
  Instant membershipsKnownSince();
}
