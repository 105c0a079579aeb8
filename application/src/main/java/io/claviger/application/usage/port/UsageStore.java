package io.claviger.application.usage.port;

import io.claviger.application.usage.UsageFilter;
import io.claviger.application.usage.UsagePosition;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.usage.UsageModel;
import io.claviger.domain.usage.UsageRow;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Stores the usage of all days: one row for each day, account, source of keys and model. Rows stay
 * when what they are about is deleted. Of the models of a service, {@link UsageModel#MOST} are told
 * apart on a day, the first ones; the others are stored as {@link UsageModel#OTHER}.
 */
public interface UsageStore {
  /**
   * Adds a batch to the stored usage, all rows or none. A batch that is given again adds nothing.
   *
   * @throws io.claviger.application.shared.StoreUnavailable when the batch can't be written, or
   *     when it is unknown whether it was written
   */
  void add(Batch batch);

  /**
   * Rows that are written together.
   *
   * @param writer the id of the writer, who numbers its batches and writes one after the other
   * @param number the number of the batch, from 1
   */
  record Batch(UUID writer, long number, List<UsageRow> rows) {
    public Batch {
      rows = List.copyOf(rows);
    }

    /** Creates the only batch of a writer. */
    public static Batch alone(List<UsageRow> rows) {
      return new Batch(UUID.randomUUID(), 1, rows);
    }
  }

  /**
   * Lists rows by day, user, service, project, source and model, ordered by ids and names.
   *
   * @param viewer sees their own calls, and all calls to their own services and through their own
   *     projects; empty for a reader who sees everything. A service that the viewer reaches only
   *     through a project and can't see has the project's name, in the filter too
   */
  List<UsageRow> find(
      Optional<UserId> viewer, UsageFilter filter, Optional<UsagePosition> after, int limit);
}
