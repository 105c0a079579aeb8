package io.claviger.persistence.usage;

import io.claviger.application.usage.port.UsageFilter;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.domain.usage.UsageDimension;
import io.claviger.domain.usage.UsageSum;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * Reads sums of usage. For each period, reads the coarsest grain that suffices for the request: the
 * month's sums, the day's sums, or the lines of single callers.
 *
 * <p>A page with sums for each day or each caller needs only a few days or callers. So the first
 * statement reads only a few days or callers. If their sums do not fill the page, further
 * statements read more.
 */
final class UsageSums {
  private static final LocalDate LAST = LocalDate.of(9999, 12, 31);
  private static final int MORE = 4;

  /** The maximum number of callers whose usage is read one by one for a page. */
  private static final int MOST_CALLERS = 1_500;

  /**
   * If a viewer sees more monthly sums and recent lines than this number, the first statement reads
   * only the lines of some callers. Up to this number, reading all lines at once is faster.
   */
  private static final int MANY_LINES = 30_000;

  private final Database database;

  UsageSums(Database database) {
    this.database = database;
  }

  /**
   * The page to read.
   *
   * @param after the position that precedes the page's first sum, with a text for each dimension.
   *     All texts are empty if the first page is requested
   */
  private record SumsQuery(
      Optional<User.Id> viewer,
      UsageFilter filter,
      Set<UsageDimension> dimensions,
      Map<UsageDimension, String> after,
      int limit,
      Deadline deadline) {
    boolean begins() {
      return after.isEmpty();
    }

    String after(UsageDimension dimension) {
      return after.getOrDefault(dimension, "");
    }

    LocalDate from() {
      LocalDate from = filter.from().orElse(LocalDate.EPOCH);
      String day = after(UsageDimension.DAY);
      // Earlier days are before the position, so they need not be read.
      return day.isEmpty() || LocalDate.parse(day).isBefore(from) ? from : LocalDate.parse(day);
    }

    LocalDate to() {
      return filter.to().orElse(LAST);
    }
  }

  private record DayRange(LocalDate first, LocalDate last) {}

  /**
   * @throws io.claviger.application.shared.QueryTimeout if the query exceeds its time limit
   */
  List<UsageSum> find(
      Optional<User.Id> viewer,
      UsageFilter filter,
      Set<UsageDimension> dimensions,
      Optional<List<String>> after,
      int limit) {
    Map<UsageDimension, String> position = new EnumMap<>(UsageDimension.class);
    for (UsageDimension each : UsageDimension.values()) {
      if (dimensions.contains(each) && after.isPresent()) {
        position.put(each, after.get().get(position.size()));
      }
    }
    SumsQuery wanted =
        new SumsQuery(viewer, filter, dimensions, position, limit, Deadline.of(database));
    List<String> named = filter.user().map(Handle::value).map(List::of).orElse(List.of());
    if (filter.group().isPresent()) {
      return read(wanted, new DayRange(wanted.from(), wanted.to()), named, limit);
    }
    if (dimensions.contains(UsageDimension.DAY)) {
      return byDays(wanted);
    }
    return dimensions.contains(UsageDimension.USER) && named.isEmpty() && seesMuch(wanted)
        ? byCallers(wanted)
        : read(wanted, new DayRange(wanted.from(), wanted.to()), named, limit);
  }

  private List<UsageSum> byDays(SumsQuery wanted) {
    List<String> named = wanted.filter().user().map(Handle::value).map(List::of).orElse(List.of());
    List<UsageSum> found = new ArrayList<>();
    Optional<DayRange> used = used(wanted);
    if (used.isEmpty()) {
      return found;
    }
    LocalDate first = used.get().first();
    LocalDate last = used.get().last();
    for (long days = 1; !first.isAfter(last) && found.size() < wanted.limit(); days *= MORE) {
      LocalDate end = first.plusDays(days - 1);
      DayRange some = new DayRange(first, end.isBefore(last) ? end : last);
      found.addAll(read(wanted, some, named, wanted.limit() - found.size()));
      first = some.last().plusDays(1);
    }
    return found;
  }

  /** Limits the requested days to the days from the first to the last day with usage. */
  private Optional<DayRange> used(SumsQuery wanted) {
    return wanted
        .deadline()
        .planned(
            """
            select greatest(:from, min(u.day)) as first, least(:to, max(u.day)) as last
            from usage_daily u
            having min(u.day) is not null
            """)
        .param("from", wanted.from())
        .param("to", wanted.to())
        .query(
            (rs, n) ->
                new DayRange(
                    rs.getObject("first", LocalDate.class), rs.getObject("last", LocalDate.class)))
        .optional()
        .filter(days -> !days.first().isAfter(days.last()));
  }

  private boolean seesMuch(SumsQuery wanted) {
    return wanted.viewer().isEmpty()
        || wanted
                .deadline()
                .sql(
                    """
                    select count(*)
                    from (
                      (select from usage_rollups r
                      where r.owner_id = :viewer and r.grain = 'month_of_user'
                      limit :many)
                      union all
                      (select from usage_rollups r
                      where r.project_owner_id = :viewer and r.grain = 'month_of_user'
                      limit :many)
                      union all
                      (select from usage_daily u
                      where u.owner_id = :viewer and u.day > current_date - 40
                      limit :many)
                      union all
                      (select from usage_daily u
                      where u.project_owner_id = :viewer and u.day > current_date - 40
                      limit :many)) lines
                    """)
                .param("viewer", wanted.viewer().get().value())
                .param("many", MANY_LINES)
                .query(Integer.class)
                .single()
            >= MANY_LINES;
  }

  private List<UsageSum> byCallers(SumsQuery wanted) {
    DayRange days = new DayRange(wanted.from(), wanted.to());
    List<UsageSum> found = new ArrayList<>();
    String from = wanted.after(UsageDimension.USER);
    int tried = 0;
    for (int count = wanted.limit(); tried + count <= MOST_CALLERS; count *= MORE) {
      List<String> callers = callers(wanted, from, count);
      found.addAll(read(wanted, days, callers, wanted.limit() - found.size()));
      if (found.size() == wanted.limit() || callers.size() < count) {
        return found;
      }
      from = callers.get(count - 1) + '\u0001';
      tried += count;
    }
    return read(wanted, days, List.of(), wanted.limit());
  }

  /**
   * Finds the next callers by name, whether or not the viewer may see their usage. Finds each
   * caller with one index search.
   */
  private List<String> callers(SumsQuery wanted, String from, int count) {
    return wanted
        .deadline()
        .sql(
            """
            with recursive callers as (
              (select u.user_handle
              from usage_daily u
              where u.user_handle >= :from
              order by u.user_handle
              limit 1)
              union all
              select (
                select u.user_handle
                from usage_daily u
                where u.user_handle > c.user_handle
                order by u.user_handle
                limit 1)
              from callers c
              where c.user_handle is not null)
            select c.user_handle
            from callers c
            where c.user_handle is not null
            limit :count
            """)
        .param("from", from)
        .param("count", count)
        .query(Row.mapper(row -> row.text("user_handle")))
        .list();
  }

  /**
   * @param callers the callers whose usage is read; if empty, everybody's usage
   */
  private List<UsageSum> read(SumsQuery wanted, DayRange days, List<String> callers, int limit) {
    UsageFilter filter = wanted.filter();
    Set<UsageDimension> dimensions = wanted.dimensions();
    boolean ofCallers = !callers.isEmpty();
    // Viewers who do not see everybody's usage see the source of a key only for their own calls.
    boolean tellsSources =
        dimensions.contains(UsageDimension.SOURCE) && wanted.viewer().isPresent();
    boolean tellsCallers = ofCallers || dimensions.contains(UsageDimension.USER) || tellsSources;
    UsageGrains grains = UsageGrains.of(wanted.viewer(), filter, dimensions, tellsCallers);
    StatementSpec statement =
        UsagePeriods.of(
                days.first(),
                days.last(),
                dimensions.contains(UsageDimension.DAY),
                wanted.deadline())
            .in(
                wanted.deadline().sql(UsageSumStatements.of(wanted.viewer(), filter, callers)),
                grains,
                UsageGrains.of(wanted.viewer(), filter, dimensions, true),
                wanted.viewer().isPresent());
    for (UsageDimension each : UsageDimension.values()) {
      statement =
          statement
              .param("by_" + each.wireName(), dimensions.contains(each))
              .param("after_" + each.wireName(), wanted.after(each));
    }
    return statement
        .param("viewer", Parameters.orNull(wanted.viewer(), User.Id::value))
        .param("callers", String.join(",", callers))
        .param("group", filter.group().map(handle -> "@" + handle).orElse(null))
        .param("begins", wanted.begins())
        .param("service", Parameters.orNull(filter.service(), Instance.Ref::toString))
        .param("project", Parameters.orNull(filter.project(), Project.Ref::toString))
        .param("from", days.first())
        .param("to", days.last())
        .param("limit", limit)
        .query(Row.mapper(row -> sum(row, dimensions)))
        .list();
  }

  private static UsageSum sum(Row row, Set<UsageDimension> dimensions) throws SQLException {
    Map<UsageDimension, String> of = new EnumMap<>(UsageDimension.class);
    for (UsageDimension each : dimensions) {
      of.put(each, row.text(each.name()));
    }
    return new UsageSum(of, UsageCountRows.counts(row));
  }
}
