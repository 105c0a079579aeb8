package io.claviger.application.usage.out;

import io.claviger.application.usage.FindUsage;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.usage.UsageRow;
import java.util.List;
import java.util.Optional;

/** The usage of all days: a row for each day, account and source of keys. It outlives them all. */
public interface UsageBooks {
  /**
   * Adds to what is there, all rows or none.
   *
   * @throws io.claviger.application.shared.StoreUnavailable when it can't be written
   */
  void add(List<UsageRow> rows);

  /**
   * Rows by day, user, service, project and source, by their ids.
   *
   * @param viewer sees their own calls, and all on services and through projects that are theirs;
   *     empty for who sees everything
   */
  List<UsageRow> find(
      Optional<UserId> viewer,
      FindUsage.Filter filter,
      Optional<FindUsage.Position> after,
      int limit);
}
