package io.claviger.application.usage.port;

import io.claviger.domain.accounts.User;
import io.claviger.domain.usage.CountedModel;
import io.claviger.domain.usage.UsageAccount;
import io.claviger.domain.usage.UsageDimension;
import io.claviger.domain.usage.UsageRow;
import io.claviger.domain.usage.UsageSum;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Stores the usage of all days: one row for each day, account, source of keys and model. Rows are
 * kept when their service, user or project is deleted. On each day, the first {@link
 * CountedModel#MOST} models of a service have rows of their own. About {@link
 * CountedModel#MOST_OF_ONE} of these models can come from a single borrower. If the provider's list
 * of models is known, about {@link CountedModel#MOST_UNLISTED} of these models may be names that
 * are not in the list. All other models are stored as {@link CountedModel#OTHER}.
 */
public interface UsageStore {
  /**
   * Adds either all rows of a batch to the stored usage, or none of them. If the same batch is
   * added again, nothing changes.
   *
   * @throws io.claviger.application.shared.StoreUnavailable when the batch can't be written, or
   *     when it is unknown whether it was written
   * @throws UsageRefused when the database refuses a part of the batch; nothing was added
   */
  void add(UsageBatch batch);

  /**
   * The database answered, and refused usage because of its content, such as a number that is out
   * of bounds. The database would refuse the same usage again.
   */
  final class UsageRefused extends RuntimeException {
    private final String reason;

    /**
     * @param reason a short text without parts of the usage
     */
    public UsageRefused(String reason, Throwable cause) {
      super(reason, cause);
      this.reason = reason;
    }

    public String reason() {
      return reason;
    }
  }

  /**
   * Rows that are written together.
   *
   * @param writer the id of the writer, which numbers its batches and writes the batches one after
   *     the other
   * @param number the number of the batch, from 1; 0 as long as the batch has no number
   * @param charges the charges to accounts for the calls
   * @param refusals the numbers of refused calls for each code
   */
  record UsageBatch(
      UUID writer,
      long number,
      List<UsageRow> rows,
      List<AccountCharge> charges,
      List<CountedRefusals> refusals) {
    public UsageBatch {
      rows = List.copyOf(rows);
      charges = List.copyOf(charges);
      refusals = List.copyOf(refusals);
    }

    /** A batch without refusals. */
    public UsageBatch(UUID writer, long number, List<UsageRow> rows, List<AccountCharge> charges) {
      this(writer, number, rows, charges, List.of());
    }

    /** A batch without charges. */
    public UsageBatch(UUID writer, long number, List<UsageRow> rows) {
      this(writer, number, rows, List.of());
    }

    /** Returns the same batch with a number. */
    public UsageBatch numbered(long given) {
      return new UsageBatch(writer, given, rows, charges, refusals);
    }

    /** The number of rows, charges and refusals together. */
    public int size() {
      return rows.size() + charges.size() + refusals.size();
    }

    /**
     * Returns a part of this batch.
     *
     * @param from the first line of the part, counted from 0; the rows come first, then the
     *     charges, then the refusals
     * @param to the line after the last line of the part
     */
    public UsageBatch part(int from, int to) {
      int afterRows = rows.size();
      int afterCharges = afterRows + charges.size();
      return new UsageBatch(
          writer,
          number,
          part(rows, from, to),
          part(charges, from - afterRows, to - afterRows),
          part(refusals, from - afterCharges, to - afterCharges));
    }

    private static <T> List<T> part(List<T> all, int from, int to) {
      return all.subList(Math.clamp(from, 0, all.size()), Math.clamp(to, 0, all.size()));
    }

    /** Creates the only batch of a writer. */
    public static UsageBatch alone(List<UsageRow> rows) {
      return new UsageBatch(UUID.randomUUID(), 1, rows);
    }
  }

  /**
   * Calls on an account that were refused with the same code on a day.
   *
   * @param calls the number of calls, at least 1
   */
  record CountedRefusals(LocalDate day, UsageAccount account, String code, long calls) {}

  /**
   * Selects refused calls.
   *
   * @param owner the user who owned the called services; empty for calls to all services
   * @param usage which service, user and days are wanted
   * @param code the code with which the calls were refused; empty for any code
   */
  record RefusalFilter(Optional<User.Id> owner, UsageFilter usage, Optional<String> code) {}

  /**
   * Lists refused calls, the newest day first, then by user, service and code.
   *
   * @param after the position after which the list begins
   */
  List<RefusedCalls> refusals(RefusalFilter filter, Optional<List<String>> after, int limit);

  /**
   * Sums up refused calls that have the same values in the wanted dimensions, and lists the sums in
   * the order of {@link RefusalSum#position}.
   */
  List<RefusalSum> refusalSums(
      RefusalFilter filter,
      Set<RefusalSum.Dimension> dimensions,
      Optional<List<String>> after,
      int limit);

  /**
   * Lists rows by day, user, service, project, source and model, ordered by ids and names.
   *
   * @param viewer the user who reads; empty for a reader who sees everything. A viewer sees their
   *     own calls, and all calls to their own services and through their own projects. If the
   *     viewer can't see a service and reaches it only through a project, the service has the
   *     project's name, including in the filter
   * @throws io.claviger.application.shared.QueryTimeout when the query takes too long
   */
  List<UsageRow> find(
      Optional<User.Id> viewer, UsageFilter filter, Optional<UsagePosition> after, int limit);

  /**
   * Sums up rows that have the same values in the wanted dimensions, and lists the sums in the
   * order of these dimensions. Sums of past days and months are stored, so that long spans of time
   * can be read quickly.
   *
   * @param viewer the viewer, as in {@link #find}
   * @param after the position of a sum: the values of its dimensions, in their order
   * @throws io.claviger.application.shared.QueryTimeout when the query takes too long
   */
  List<UsageSum> sums(
      Optional<User.Id> viewer,
      UsageFilter filter,
      Set<UsageDimension> dimensions,
      Optional<List<String>> after,
      int limit);

  /**
   * Sums up rows by time, and ranks the users or objects with the most usage. Users or objects with
   * equal usage are ranked by name.
   *
   * @param viewer the viewer, as in {@link #find}
   * @throws io.claviger.application.shared.QueryTimeout when the query takes too long
   */
  UsageOverview overview(Optional<User.Id> viewer, UsageQuestion question);

  /**
   * Stores the sums of past days and months that are not summed up yet, or to which usage was added
   * since they were summed up, the oldest first.
   *
   * @param most the greatest number of days and months
   * @return how many days and months were summed up
   */
  int rollUp(int most);

  /**
   * Removes charges that are older than 35 days, because no budget needs older charges. Also
   * removes the record of a user's calls of a service if the user has not called the service for
   * 400 days, so that no identifier at the provider can be traced to this user any more. Returns
   * how many rows were removed.
   */
  int removeOldCharges();
}
