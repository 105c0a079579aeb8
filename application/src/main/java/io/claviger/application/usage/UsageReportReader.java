package io.claviger.application.usage;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.QueryTimeout;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.sharing.port.AccessHistory;
import io.claviger.application.usage.port.RefusalSum;
import io.claviger.application.usage.port.RefusedCalls;
import io.claviger.application.usage.port.UsageFilter;
import io.claviger.application.usage.port.UsageOverview;
import io.claviger.application.usage.port.UsagePosition;
import io.claviger.application.usage.port.UsageQuestion;
import io.claviger.application.usage.port.UsageStore;
import io.claviger.application.usage.port.UsageStore.RefusalFilter;
import io.claviger.domain.Fault;
import io.claviger.domain.accounts.User;
import io.claviger.domain.usage.UsageDimension;
import io.claviger.domain.usage.UsageRow;
import io.claviger.domain.usage.UsageSum;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

final class UsageReportReader implements UsageReports {
  private static final Fault TOO_LARGE =
      new Fault(
          "/from",
          "report_too_large",
          "The query takes too long. Request fewer days with the parameters from and to, only one"
              + " user or service, or fewer dimensions with the parameter by.");

  /**
   * The factor by which the number of lines to read grows if the lines of some accounts were
   * incomplete.
   */
  private static final int MORE = 4;

  /**
   * The maximum number of lines that are read for a page. An account has fewer lines per day,
   * unless the prices change very often.
   */
  static final int MOST_LINES = 50_000;

  private final UsageStore usage;
  private final AccessHistory history;

  UsageReportReader(UsageStore usage, AccessHistory history) {
    this.usage = usage;
    this.history = history;
  }

  @Override
  public Instant membershipsKnownSince() {
    return history.knownSince();
  }

  @Override
  public Outcome<Page<ReportedUsage, UsagePosition>> list(
      Actor actor, UsageFilter filter, PageRequest<UsagePosition> page) {
    return read(actor, filter, viewer -> page(viewer, actor.id(), filter, page));
  }

  /**
   * Reads a page of the list. Lines are ordered by the source of keys, which is hidden for other
   * users' accounts. For such an account, all lines of a day are therefore read before one of them
   * is returned.
   *
   * @throws RefusedException if more than {@link #MOST_LINES} lines would have to be read
   */
  private Page<ReportedUsage, UsagePosition> page(
      Optional<User.Id> viewer,
      User.Id reader,
      UsageFilter filter,
      PageRequest<UsagePosition> wanted) {
    Optional<UsagePosition> among =
        wanted.after().filter(position -> !position.user().equals(reader.value()));
    Optional<UsagePosition> from = among.map(UsagePosition::beginning).or(wanted::after);
    int count = 0;
    while (count < MOST_LINES) {
      count = Math.min(MOST_LINES, Math.max(wanted.limit(), count * MORE));
      List<UsageRow> rows = usage.find(viewer, filter, from, count + 1);
      boolean all = rows.size() <= count;
      List<ReportedUsage> found =
          ReportedUsage.of(all ? rows : withoutLastAccount(rows, reader), reader).stream()
              .filter(one -> among.isEmpty() || one.isAfter(among.get()))
              .toList();
      if (all || found.size() > wanted.limit()) {
        return Page.of(found, wanted.limit(), ReportedUsage::position);
      }
    }
    throw new RefusedException(new Refusal.Invalid(TOO_LARGE));
  }

  /** Leaves out the lines of the last account and day, because they may be incomplete. */
  private static List<UsageRow> withoutLastAccount(List<UsageRow> rows, User.Id reader) {
    UsageRow last = rows.getLast();
    if (last.account().user().equals(reader)) {
      return rows;
    }
    UsagePosition position = UsagePosition.of(last);
    int end = rows.size();
    while (end > 0 && UsagePosition.of(rows.get(end - 1)).isOfSameAccount(position)) {
      end--;
    }
    return rows.subList(0, end);
  }

  @Override
  public Outcome<Page<UsageSum, List<String>>> sums(
      Actor actor,
      UsageFilter filter,
      Set<UsageDimension> dimensions,
      PageRequest<List<String>> page) {
    boolean own = filter.user().equals(Optional.of(actor.handle())) && filter.group().isEmpty();
    return read(
        actor,
        filter,
        seen ->
            Page.of(
                usage.sums(
                    own ? Optional.of(actor.id()) : seen,
                    filter,
                    dimensions,
                    page.after(),
                    page.limit() + 1),
                page.limit(),
                sum -> List.copyOf(sum.of().values())));
  }

  @Override
  public Outcome<Page<RefusedCalls, List<String>>> refusals(
      Actor actor, UsageFilter filter, Optional<String> code, PageRequest<List<String>> page) {
    return read(
        actor,
        filter,
        owner ->
            Page.of(
                usage.refusals(
                    new RefusalFilter(owner, filter, code), page.after(), page.limit() + 1),
                page.limit(),
                RefusedCalls::position));
  }

  @Override
  public Outcome<Page<RefusalSum, List<String>>> refusalSums(
      Actor actor,
      UsageFilter filter,
      Optional<String> code,
      Set<RefusalSum.Dimension> dimensions,
      PageRequest<List<String>> page) {
    return read(
        actor,
        filter,
        owner ->
            Page.of(
                usage.refusalSums(
                    new RefusalFilter(owner, filter, code),
                    dimensions,
                    page.after(),
                    page.limit() + 1),
                page.limit(),
                RefusalSum::position));
  }

  @Override
  public Outcome<UsageOverview> overview(Actor actor, UsageQuestion question) {
    return read(actor, question.filter(), viewer -> usage.overview(viewer, question));
  }

  private static <T> Outcome<T> read(
      Actor actor, UsageFilter filter, Function<Optional<User.Id>, T> report) {
    try {
      return seenBy(actor, filter).map(report);
    } catch (QueryTimeout e) {
      return Outcome.refused(new Refusal.Invalid(TOO_LARGE));
    } catch (RefusedException e) {
      return Outcome.refused(e.refusal());
    }
  }

  /**
   * Returns the user to whose view the usage is restricted; empty for administrators, who see
   * everything.
   */
  private static Outcome<Optional<User.Id>> seenBy(Actor actor, UsageFilter filter) {
    try {
      actor.demandManage();
      if (filter.group().isPresent() && !actor.administrator()) {
        throw RefusedException.forbidden("Only administrators see what a group used.");
      }
    } catch (RefusedException e) {
      return Outcome.refused(e.refusal());
    }
    return Outcome.done(actor.administrator() ? Optional.empty() : Optional.of(actor.id()));
  }
}
