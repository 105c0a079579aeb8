package io.claviger.application.usage;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.usage.port.UsageStore;
import io.claviger.domain.usage.UsageRow;

/** What calls used, as it is shown. */
public interface UsageReports {
  static UsageReports of(UsageStore usage) {
    return new UsageReportReader(usage);
  }

  /**
   * Shows usage: to callers their own, to owners all usage of what they own, to administrators
   * everything. An access token of scope use is refused ({@code forbidden}). A service that the
   * caller reaches only through a project, and can't see, bears the project's name. What was
   * counted in the last second may be missing.
   */
  Outcome<Page<UsageRow, UsagePosition>> list(
      Actor actor, UsageFilter filter, PageRequest<UsagePosition> page);
}
