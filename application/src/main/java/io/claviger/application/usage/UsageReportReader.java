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
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.usage.UsageDimension;
import io.claviger.domain.usage.UsageRow;
import io.claviger.domain.usage.UsageSum;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

final class UsageReportReader implements UsageReports {
  private static final Fault TOO_LARGE =
      new Fault(
          "/from",
          "report_too_large",
          "The query takes too long. Request fewer days with the parameters from and to, only one"
              + " user or service, or fewer dimensions with the parameter by.");

  /** All sources of keys, in the order in which the list sorts them. */
  private static final List<KeySource> SOURCES =
      Stream.of(KeySource.values()).sorted(Comparator.comparing(KeySource::wireName)).toList();

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
   * Reads a page of the list of usage. The lines of an account are ordered by the source of keys,
   * which is hidden for other users' accounts. So another user's account is read to its end, or to
   * the end of the page.
   */
  private Page<ReportedUsage, UsagePosition> page(
      Optional<User.Id> viewer,
      User.Id reader,
      UsageFilter filter,
      PageRequest<UsagePosition> wanted) {
    int enough = wanted.limit() + 1;
    List<ReportedUsage> found = new ArrayList<>();
    Optional<UsagePosition> from = wanted.after();
    Optional<UsagePosition> hidden = from.filter(p -> !p.user().equals(reader.value()));
    boolean isNew = false;
    boolean isOver = false;
    while (found.size() < enough && !isOver) {
      if (hidden.isPresent()) {
        HiddenLines lines =
            hiddenLines(viewer, reader, filter, hidden.get(), isNew, enough - found.size());
        found.addAll(lines.found());
        from = Optional.of(lines.last());
        hidden = Optional.empty();
      } else {
        List<UsageRow> rows = usage.find(viewer, filter, from, enough);
        isOver = rows.size() < enough;
        found.addAll(ReportedUsage.of(isOver ? rows : withoutLastAccount(rows, reader), reader));
        from = isOver ? from : Optional.of(UsagePosition.of(rows.getLast()));
        hidden = from.filter(p -> !p.user().equals(reader.value())).map(UsagePosition::beginning);
        isNew = true;
      }
    }
    return Page.of(found, wanted.limit(), ReportedUsage::position);
  }

  /**
   * The lines of usage of another user's account on a day.
   *
   * @param last the position of the account's last row in the list, if all lines of the account
   *     were found
   */
  private record HiddenLines(List<ReportedUsage> found, UsagePosition last) {}

  /**
   * Finds lines of usage of another user's account on a day. Each line is a sum over all sources of
   * keys. The rows of each source are read separately, each time beginning with the same model and
   * prices. So every returned line is complete, regardless of how many lines the account has.
   *
   * @param from the position of the last line that the reader already has, after which the search
   *     continues
   * @param isNew whether the reader has no line of the account yet, so that {@code from} is the
   *     account's beginning
   * @param wanted the number of lines to find at least, unless the account has fewer lines
   */
  private HiddenLines hiddenLines(
      Optional<User.Id> viewer,
      User.Id reader,
      UsageFilter filter,
      UsagePosition from,
      boolean isNew,
      int wanted) {
    List<UsageRow> rows = new ArrayList<>();
    List<UsagePosition> unread = new ArrayList<>();
    UsagePosition last = from;
    for (KeySource source : SOURCES) {
      UsagePosition first = from.with(source);
      List<UsageRow> read =
          usage.findFrom(viewer, filter, first, wanted + 1).stream()
              .filter(row -> row.source() == source)
              .filter(row -> UsagePosition.of(row).isOfSameAccount(from))
              .toList();
      rows.addAll(read);
      last = read.isEmpty() ? first : UsagePosition.of(read.getLast());
      if (read.size() > wanted) {
        unread.add(last);
      }
    }
    return new HiddenLines(
        ReportedUsage.of(rows, reader).stream()
            .filter(line -> isNew || line.isAfter(from))
            .filter(line -> unread.stream().noneMatch(line::isAfter))
            .toList(),
        last);
  }

  /** Leaves out the lines of the last account and day, because these lines might be incomplete. */
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
   * Returns the user to whose view the usage is restricted; empty if the actor is an administrator,
   * who sees everything.
   */
  private static Outcome<Optional<User.Id>> seenBy(Actor actor, UsageFilter filter) {
    try {
      actor.demandManage();
      if (filter.group().isPresent() && !actor.administrator()) {
        throw RefusedException.forbidden("Only administrators may see what a group used.");
      }
    } catch (RefusedException e) {
      return Outcome.refused(e.refusal());
    }
    return Outcome.done(actor.administrator() ? Optional.empty() : Optional.of(actor.id()));
  }
}
