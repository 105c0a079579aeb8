package io.claviger.persistence.usage;

import io.claviger.application.usage.port.UsageFilter;
import io.claviger.application.usage.port.UsageOverview;
import io.claviger.application.usage.port.UsageOverview.Series;
import io.claviger.application.usage.port.UsageQuestion;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.domain.usage.UsageDimension;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * Reads overviews of usage. Each line of a span is read by at most three statements, at most once
 * by each of them. The first statement sums up everything by time. The second statement ranks names
 * by one number. The third statement sums up the usage of the names that rank first.
 */
final class UsageOverviews {
  private static final LocalDate LAST = LocalDate.of(9999, 12, 31);

  /** Selects lines of usage. The name of a line is its value in the dimension of the overview. */
  private static final String CHOSEN =
      """
      , chosen as (
        select
          case :dimension
            when 'user' then l.user_handle
            when 'service' then l.instance_ref
            when 'project' then coalesce(l.project_ref, '')
            when 'model' then %s
            when 'answered_model' then %s
            when 'service_tier' then %s
            else ''
          end as name,
          %%s
        from lines l
        where (cast(:service as text) is null or l.instance_ref = :service)
          and (cast(:project as text) is null or l.project_ref = :project))
      """
          .formatted(
              UsageSumStatements.CALLED, UsageSumStatements.ANSWERED, UsageSumStatements.TIER);

  /**
   * Selects the names of the users or things to rank, each with the number that determines its
   * rank.
   */
  private static final String NAMED =
      CHOSEN.formatted(NodeUsage.MEASURED.formatted("l") + " as used");

  /** Ranks users by their usage, or services and other things by how much they were used. */
  private static final String RANKED =
      """
      select c.name, count(*) over () as things
      from chosen c
      group by c.name
      order by sum(c.used) desc, c.name
      limit :most
      """;

  /** Sums up all usage, or the usage of some names, for each period. */
  private static final String TIMES =
      CHOSEN.formatted(
              """
              case when :by_month then date_trunc('month', l.period)::date else l.period end
                as time,
              l.*
              """)
          + """
          select
            c.name, c.time,
          """
          + UsageSumStatements.SUM_COLUMNS
          + """
          from chosen c
          where :dimension = '' or c.name = any(:names)
          group by c.name, c.time
          """;

  private final Database database;

  UsageOverviews(Database database) {
    this.database = database;
  }

  /**
   * @param whole whether stored totals can answer the request. They can if the request asks for
   *     everybody's usage, and if all totals exist
   */
  private record OverviewQuery(
      Optional<User.Id> viewer,
      UsageQuestion question,
      Deadline deadline,
      boolean whole,
      UsagePeriods ranked,
      UsagePeriods times) {
    static OverviewQuery of(Optional<User.Id> viewer, UsageQuestion question, Deadline deadline) {
      boolean whole =
          viewer.isEmpty() && NodeUsage.answers(question) && NodeUsage.isReady(deadline);
      LocalDate from = from(question);
      LocalDate to = to(question);
      UsagePeriods times = UsagePeriods.of(from, to, !question.byMonth(), deadline);
      UsagePeriods ranked =
          whole
              ? UsagePeriods.ofTotals(from, to, deadline)
              : question.byMonth() ? times : UsagePeriods.of(from, to, false, deadline);
      return new OverviewQuery(viewer, question, deadline, whole, ranked, times);
    }

    static LocalDate from(UsageQuestion question) {
      return question.filter().from().orElse(LocalDate.EPOCH);
    }

    static LocalDate to(UsageQuestion question) {
      return question.filter().to().orElse(LAST);
    }
  }

  private record Ranked(String name, long things) {}

  private record Sum(String name, LocalDate time, UsageCounts counts) {}

  /**
   * @throws io.claviger.application.shared.QueryTimeout if the query exceeds its time limit
   */
  UsageOverview find(Optional<User.Id> viewer, UsageQuestion question) {
    OverviewQuery asked = OverviewQuery.of(viewer, question, Deadline.of(database));
    List<Ranked> ranked = ranked(asked);
    List<String> names = ranked.stream().map(Ranked::name).toList();
    SortedMap<LocalDate, UsageCounts> all = new TreeMap<>();
    times(asked, List.of()).forEach(sum -> all.put(sum.time(), sum.counts()));
    Map<String, SortedMap<LocalDate, UsageCounts>> series = new HashMap<>();
    if (!names.isEmpty()) {
      List<Sum> sums = times(asked, names);
      if (asked.whole() && question.dimension() == UsageDimension.PROJECT) {
        sums = withThoseOutside(all, sums);
      }
      for (Sum sum : sums) {
        UsageCounts unused =
            series
                .computeIfAbsent(sum.name(), name -> new TreeMap<>())
                .put(sum.time(), sum.counts());
      }
    }
    return new UsageOverview(
        all,
        names.stream()
            .map(name -> new Series(name, series.getOrDefault(name, new TreeMap<>())))
            .toList(),
        ranked.stream().findFirst().map(Ranked::things).orElse(0L));
  }

  /** Replaces the sum for the other projects by the sum of the usage outside of any project. */
  private static List<Sum> withThoseOutside(
      SortedMap<LocalDate, UsageCounts> all, List<Sum> inProjects) {
    SortedMap<LocalDate, UsageCounts> outside = new TreeMap<>(all);
    for (Sum sum : inProjects) {
      UsageCounts unused =
          outside.computeIfPresent(sum.time(), (time, counts) -> counts.minus(sum.counts()));
    }
    List<Sum> sums = new ArrayList<>(inProjects);
    sums.removeIf(sum -> sum.name().isEmpty());
    outside.forEach(
        (time, counts) -> {
          if (!counts.equals(UsageCounts.NONE)) {
            sums.add(new Sum("", time, counts));
          }
        });
    return sums;
  }

  private List<Ranked> ranked(OverviewQuery asked) {
    UsageQuestion question = asked.question();
    StatementSpec statement =
        asked.whole()
            ? asked.ranked().in(asked.deadline().sql(NodeUsage.RANKS + RANKED), false)
            : statement(
                asked,
                lines(asked, callers(question.filter())) + NAMED + RANKED,
                EnumSet.of(question.dimension()),
                callers(question.filter()),
                asked.ranked(),
                true);
    return statement
        .param("dimension", question.dimension().wireName())
        .param("measure", question.ranked().wireName())
        .param("most", question.most())
        .query(Row.mapper(row -> ranked(row)))
        .list();
  }

  /**
   * @param names the names whose usage is summed up separately; if empty, all usage is summed up
   */
  private List<Sum> times(OverviewQuery asked, List<String> names) {
    UsageQuestion question = asked.question();
    UsageDimension dimension = question.dimension();
    boolean some = !names.isEmpty();
    Set<UsageDimension> told = some ? EnumSet.of(dimension) : EnumSet.noneOf(UsageDimension.class);
    List<String> callers =
        some && dimension == UsageDimension.USER ? names : callers(question.filter());
    String statement = lines(asked, callers) + TIMES;
    if (some && asked.whole() && dimension == UsageDimension.SERVICE) {
      statement = NodeUsage.OF_SERVICES + TIMES;
    } else if (some && asked.whole() && dimension == UsageDimension.PROJECT) {
      statement = NodeUsage.IN_PROJECTS;
    }
    return statement(asked, statement, told, callers, asked.times(), question.byMonth())
        .param("dimension", some ? dimension.wireName() : "")
        .param("by_month", question.byMonth())
        .param("names", names.toArray(String[]::new))
        .query(Row.mapper(row -> sum(row)))
        .list();
  }

  private static String lines(OverviewQuery asked, List<String> callers) {
    return UsageSumStatements.lines(asked.viewer(), asked.question().filter(), callers);
  }

  private static List<String> callers(UsageFilter filter) {
    return filter.user().map(Handle::value).map(List::of).orElse(List.of());
  }

  /**
   * @param byMonth whether sums of whole months may be read
   */
  private static StatementSpec statement(
      OverviewQuery asked,
      String statement,
      Set<UsageDimension> told,
      List<String> callers,
      UsagePeriods periods,
      boolean byMonth) {
    UsageFilter filter = asked.question().filter();
    boolean ofCallers = !callers.isEmpty();
    UsageGrains grains =
        UsageGrains.of(
            asked.viewer(), filter, told, ofCallers || told.contains(UsageDimension.USER));
    return periods
        .in(
            asked.deadline().sql(statement),
            grains,
            UsageGrains.of(asked.viewer(), filter, told, true),
            asked.viewer().isPresent())
        .param("viewer", Parameters.orNull(asked.viewer(), User.Id::value))
        .param("callers", String.join(",", callers))
        .param("group", filter.group().map(handle -> "@" + handle).orElse(null))
        .param("by_day", !byMonth)
        .param("service", Parameters.orNull(filter.service(), Instance.Ref::toString))
        .param("project", Parameters.orNull(filter.project(), Project.Ref::toString))
        .param("from", OverviewQuery.from(asked.question()))
        .param("to", OverviewQuery.to(asked.question()));
  }

  private static Ranked ranked(Row row) throws SQLException {
    return new Ranked(row.text("name"), row.bigNumber("things"));
  }

  private static Sum sum(Row row) throws SQLException {
    return new Sum(row.text("name"), LocalDate.parse(row.text("time")), UsageCountRows.counts(row));
  }
}
