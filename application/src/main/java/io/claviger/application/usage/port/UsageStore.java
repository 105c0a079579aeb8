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
 * Stores usage, with a row for each day, account, source of keys and model. Rows stay stored when
 * their service, user or project is deleted. On each day, the first {@link CountedModel#MOST}
 * models of a service have their own rows. Of these models, about {@link CountedModel#MOST_OF_ONE}
 * can come from a single borrower. If the provider's list of models is known, only about {@link
 * CountedModel#MOST_UNLISTED} of these models can be models that the list lacks. All other models
 * are stored as {@link CountedModel#OTHER}.
 */
public interface UsageStore {
  /**
   * Adds either all rows of a batch to the stored usage, or none of them. Adding the same batch
   * again changes nothing.
   *
   * @throws io.claviger.application.shared.StoreUnavailable if the batch can't be written, or if it
   *     is unknown whether it was written
   * @throws UsageRefused if the database rejects a part of the batch; nothing was added
   */
  void add(UsageBatch batch);

  /**
   * The database is available but rejected usage because of its content, for example because a
   * number is too large. The database would reject the same usage again.
   */
  final class UsageRefused extends RuntimeException {
    private final String reason;

    /**
     * @param reason a short text that contains no part of the usage
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
   * Rows, charges and refusals that are written together.
   *
   * @param writer the id of the writer; a writer numbers its batches and writes one batch after
   *     another
   * @param number the number of the batch, beginning with 1; 0 if the batch has no number
   * @param charges amounts that accounts are charged for the calls
   * @param refusals the numbers of refused calls by code
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

    /** Creates a batch without refusals. */
    public UsageBatch(UUID writer, long number, List<UsageRow> rows, List<AccountCharge> charges) {
      this(writer, number, rows, charges, List.of());
    }

    /** Creates a batch without charges. */
    public UsageBatch(UUID writer, long number, List<UsageRow> rows) {
      this(writer, number, rows, List.of());
    }

    /** Returns a copy of this batch with a number. */
    public UsageBatch numbered(long given) {
      return new UsageBatch(writer, given, rows, charges, refusals);
    }

    /** Returns the total number of rows, charges and refusals. */
    public int size() {
      return rows.size() + charges.size() + refusals.size();
    }

    /**
     * Returns a part of this batch.
     *
     * @param from the index of the part's first line, counted from 0; rows come first, then
     *     charges, then refusals
     * @param to the index after the part's last line
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

    /** Creates a batch of rows with a new writer, which writes no other batch. */
    public static UsageBatch alone(List<UsageRow> rows) {
      return new UsageBatch(UUID.randomUUID(), 1, rows);
    }
  }

  /**
   * The number of an account's calls that were refused with the same code on the same day.
   *
   * @param calls the number of calls, at least 1
   */
  record CountedRefusals(LocalDate day, UsageAccount account, String code, long calls) {}

  /**
   * Selects refused calls.
   *
   * @param owner the user who owned the called services at that time; if empty, calls to all
   *     services are selected
   * @param usage the service, the user and the days of the selected refused calls
   * @param code the code with which the selected calls were refused; if empty, calls with any code
   *     are selected
   */
  record RefusalFilter(Optional<User.Id> owner, UsageFilter usage, Optional<String> code) {}

  /**
   * Lists refused calls, the newest day first, then by user, service and code.
   *
   * @param after the position after which the list begins; if empty, the list begins with the first
   *     item
   */
  List<RefusedCalls> refusals(RefusalFilter filter, Optional<List<String>> after, int limit);

  /**
   * Sums up refused calls by the given dimensions, and lists the sums in the order of {@link
   * RefusalSum#position}.
   */
  List<RefusalSum> refusalSums(
      RefusalFilter filter,
      Set<RefusalSum.Dimension> dimensions,
      Optional<List<String>> after,
      int limit);

  /**
   * Lists rows of usage, ordered by the ids and names of day, user, service, project, source and
   * model.
   *
   * @param viewer the user who reads; empty if the reader sees everything. A viewer sees the
   *     viewer's own calls, and all calls to the viewer's services and through the viewer's
   *     projects. If the viewer reaches a service only through a project and can't see it, the
   *     service has the project's name, in the rows as well as in the filter
   * @throws io.claviger.application.shared.QueryTimeout if the query takes too long
   */
  List<UsageRow> find(
      Optional<User.Id> viewer, UsageFilter filter, Optional<UsagePosition> after, int limit);

  /**
   * Lists rows of usage as {@link #find} does, beginning with the row at the given position, if
   * there is a row at this position.
   *
   * @throws io.claviger.application.shared.QueryTimeout if the query takes too long
   */
  List<UsageRow> findFrom(
      Optional<User.Id> viewer, UsageFilter filter, UsagePosition first, int limit);

  /**
   * Sums up rows of usage by the given dimensions, and lists the sums, ordered by the values of the
   * dimensions. Sums of past days and months are stored, so that this method can read long periods
   * quickly.
   *
   * @param viewer the user who reads, as in {@link #find}; empty if the reader sees everything
   * @param after the position of the sum after which the list begins; if empty, the list begins
   *     with the first sum. The position consists of the values of the sum's dimensions, in the
   *     order of the dimensions
   * @throws io.claviger.application.shared.QueryTimeout if the query takes too long
   */
  List<UsageSum> sums(
      Optional<User.Id> viewer,
      UsageFilter filter,
      Set<UsageDimension> dimensions,
      Optional<List<String>> after,
      int limit);

  /**
   * Sums up rows of usage over time, and finds the users or objects with the most usage. Users or
   * objects with equal usage are ordered by name.
   *
   * @param viewer the user who reads, as in {@link #find}; empty if the reader sees everything
   * @throws io.claviger.application.shared.QueryTimeout if the query takes too long
   */
  UsageOverview overview(Optional<User.Id> viewer, UsageQuestion question);

  /**
   * Sums up the usage of past days and months, and stores the sums. A day or month is summed up if
   * its sum is not stored yet, or if usage was added after its sum was stored. Days and months
   * without a sum come first, beginning with the oldest. After them come the days and months with
   * outdated sums, beginning with the oldest sum. One call of this method sums up each day and
   * month at most once, even if usage is added to it again and again.
   *
   * @param most the maximum number of days and months to sum up
   * @return the number of summed up days and months
   */
  int rollUp(int most);

  /**
   * Removes charges that are older than 35 days, because no budget needs them. Also removes the
   * record that a user has called a service, if the user's last call was at least 400 days ago.
   * After the removal, nobody can find the user by the identifier that the provider received.
   * Returns the number of removed rows.
   */
  int removeOldCharges();
}
