package io.claviger.application.usage.port;

import io.claviger.application.usage.UsageFilter;
import io.claviger.application.usage.UsagePosition;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.usage.UsageRow;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The usage of all days: a row for each day, account and source of keys. It outlives them all. */
public interface UsageStore {
  /**
   * Adds to what is there, all rows or none, and once: a batch that is given again adds nothing.
   *
   * @throws io.claviger.application.shared.StoreUnavailable when it can't be written, or nobody
   *     knows whether it was
   */
  void add(Batch batch);

  /**
   * Rows that are written together.
   *
   * @param writer who numbers its batches, and writes one after the other
   * @param number from 1 on
   */
  record Batch(UUID writer, long number, List<UsageRow> rows) {
    public Batch {
      rows = List.copyOf(rows);
    }

    /** The only one of its writer. */
    public static Batch alone(List<UsageRow> rows) {
      return new Batch(UUID.randomUUID(), 1, rows);
    }
  }

  /**
   * Rows by day, user, service, project and source, by their ids.
   *
   * @param viewer sees their own calls, and all on services and through projects that are theirs;
   *     empty for who sees everything. A service that they reach through a project alone and can't
   *     see bears the project's name, in the filter too
   */
  List<UsageRow> find(
      Optional<UserId> viewer,
      UsageFilter filter,
      Optional<UsagePosition> after,
      int limit);
}
