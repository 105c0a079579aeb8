package io.claviger.persistence.usage;

import io.claviger.application.usage.port.RefusalSum;
import io.claviger.application.usage.port.RefusedCalls;
import io.claviger.application.usage.port.UsageFilter;
import io.claviger.application.usage.port.UsagePosition;
import io.claviger.application.usage.port.UsageStore.RefusalFilter;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.projects.Project;
import io.claviger.domain.usage.CountedModel;
import io.claviger.domain.usage.PriceVersions;
import io.claviger.domain.usage.UsageAccount;
import io.claviger.domain.usage.UsageRow;
import io.claviger.persistence.projects.ProjectRows;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** Reads lists of usage. Each part of a list is read from its own index, starting at the cursor. */
final class UsageLists {
  private static final LocalDate LAST = LocalDate.of(9999, 12, 31);

  /** The columns with which each sum of refused calls begins. */
  private static final List<RefusalSum.Dimension> COLUMNS_OF_SUMS =
      List.of(RefusalSum.Dimension.values());

  private static final UUID FIRST = new UUID(0, 0);
  private static final RowMapper<UsageRow> ROW =
      (rs, n) -> row(Row.of(rs), rs.getObject("day", LocalDate.class));

  private final Database database;

  UsageLists(Database database) {
    this.database = database;
  }

  /**
   * @param isIncluded whether the list begins with the row at the position, if there is such a row
   */
  List<UsageRow> all(
      UsageFilter filter, Optional<UsagePosition> after, int limit, boolean isIncluded) {
    return page(
            bounded(
                """
                select
                  u.day, u.user_id, u.user_handle, u.instance_id, u.instance_ref, u.owner_id,
                  u.project_id, u.project_ref, u.project_owner_id, u.key_source, u.model,
                  u.price_version, u.callers_price_version,
                  %1$s
                from usage_daily u
                where (u.day, u.user_id, u.instance_id, u.project_id, u.key_source, u.model,
                    u.price_version, u.callers_price_version)
                    %2$s (:day, :user_id, :instance_id, :project_id, :key_source, :model,
                      :price_version, :callers_price_version)
                  and (cast(:service as text) is null or u.instance_ref = :service)
                  and (cast(:user as text) is null or u.user_handle = :user)
                  and (cast(:project as text) is null or u.project_ref = :project)
                  and (cast(:group as text) is null or exists (
                    select from access_spans m
                    where m.kind = 'group_member' and m.of_name = :group and m.of_name <> ''
                      and m.holder_id = u.user_id
                      and (m.since at time zone 'UTC')::date <= u.day
                      and (m.until is null or (m.until at time zone 'UTC')::date >= u.day)))
                  and u.day between :day and :to
                order by u.day, u.user_id, u.instance_id, u.project_id, u.key_source, u.model,
                  u.price_version, u.callers_price_version
                limit :limit
                """
                    .formatted(
                        UsageCountRows.COLUMNS.and("fees").at("u"), isIncluded ? ">=" : ">")),
            filter,
            after,
            limit)
        .query(ROW)
        .list();
  }

  /**
   * Selects the usage of the viewer's own calls, of calls to the viewer's services, and of calls
   * through the viewer's projects. Each row is returned only once, even if several reasons apply.
   *
   * @param isIncluded whether the list begins with the row at the position, as in {@link #all}
   */
  List<UsageRow> visibleTo(
      User.Id viewer,
      UsageFilter filter,
      Optional<UsagePosition> after,
      int limit,
      boolean isIncluded) {
    String beyond = isIncluded ? ">=" : ">";
    return page(
            bounded(
                """
                select
                  u.day, u.user_id, u.user_handle, u.instance_id,
                  service_name_for(
                    :viewer, u.instance_id, u.owner_id, u.instance_ref, u.project_ref)
                    as instance_ref,
                  u.owner_id,
                  u.project_id, u.project_ref, u.project_owner_id, u.key_source, u.model,
                  u.price_version, u.callers_price_version,
                  %1$s
                from (
                  %2$s union %3$s union %4$s
                ) u
                order by u.day, u.user_id, u.instance_id, u.project_id, u.key_source, u.model,
                  u.price_version, u.callers_price_version
                limit :limit
                """
                    .formatted(
                        UsageCountRows.COLUMNS.and("fees").at("u"),
                        withViewer("user_id", beyond),
                        withViewer("owner_id", beyond),
                        withViewer("project_owner_id", beyond))),
            filter,
            after,
            limit)
        .param("viewer", viewer.value())
        .query(ROW)
        .list();
  }

  /** Selects the first rows after the position that have the viewer in a column. */
  private static String withViewer(String column, String beyond) {
    return """
    (select a.* from usage_daily a
    where a.{column} = :viewer
      and (a.day, a.user_id, a.instance_id, a.project_id, a.key_source, a.model,
          a.price_version, a.callers_price_version)
        {beyond} (:day, :user_id, :instance_id, :project_id, :key_source, :model,
          :price_version, :callers_price_version)
      and (cast(:service as text) is null or service_name_for(
        :viewer, a.instance_id, a.owner_id, a.instance_ref, a.project_ref)
        = :service)
      and (cast(:user as text) is null or a.user_handle = :user)
      and (cast(:project as text) is null or a.project_ref = :project)
      and a.day between :day and :to
    order by a.day, a.user_id, a.instance_id, a.project_id, a.key_source, a.model,
      a.price_version, a.callers_price_version
    limit :limit)
    """
        .replace("{column}", column)
        .replace("{beyond}", beyond);
  }

  /** Selects the numbers of refused calls, newest day first. */
  List<RefusalSum> refusalSums(
      RefusalFilter filter,
      Set<RefusalSum.Dimension> dimensions,
      Optional<List<String>> after,
      int limit) {
    List<String> from = after.orElse(List.of("", "", "", ""));
    return refused(
            filter,
            limit,
            """
            with sums as (
              select
                case when cast(:by_day as boolean)
                  then to_char(r.day, 'YYYY-MM-DD') collate "C" else '' end as day,
                case when cast(:by_user as boolean) then r.user_handle else '' end as user_handle,
                case when cast(:by_service as boolean) then r.instance_ref else '' end as service,
                case when cast(:by_code as boolean) then r.code else '' end as code,
                sum(r.calls)::bigint as calls
              from refused_calls r
              where r.day between :from and :to
                and (cast(:owner as uuid) is null or r.owner_id = :owner)
                and (cast(:service as text) is null or r.instance_ref = :service)
                and (cast(:user as text) is null or r.user_handle = :user)
                and (cast(:code as text) is null or r.code = :code)
              group by 1, 2, 3, 4)
            select s.day, s.user_handle, s.service, s.code, s.calls
            from sums s
            where not cast(:later as boolean) or (s.day, s.user_handle, s.service, s.code)
              > (:day_after, :user_after, :service_after, :code_after)
            order by s.day, s.user_handle, s.service, s.code
            limit :limit
            """)
        .param("by_day", dimensions.contains(RefusalSum.Dimension.DAY))
        .param("by_user", dimensions.contains(RefusalSum.Dimension.USER))
        .param("by_service", dimensions.contains(RefusalSum.Dimension.SERVICE))
        .param("by_code", dimensions.contains(RefusalSum.Dimension.CODE))
        .param("later", after.isPresent())
        .param("day_after", from.get(0))
        .param("user_after", from.get(1))
        .param("service_after", from.get(2))
        .param("code_after", from.get(3))
        .query(
            (rs, n) -> {
              Map<RefusalSum.Dimension, String> of = new EnumMap<>(RefusalSum.Dimension.class);
              for (RefusalSum.Dimension each : dimensions) {
                of.put(each, rs.getString(COLUMNS_OF_SUMS.indexOf(each) + 1));
              }
              return new RefusalSum(of, rs.getLong("calls"));
            })
        .list();
  }

  List<RefusedCalls> refusals(RefusalFilter filter, Optional<List<String>> after, int limit) {
    LocalDate to = filter.usage().to().orElse(LAST);
    List<String> from = after.orElse(List.of(to.plusDays(1).toString(), "", "", ""));
    return refused(
            filter,
            limit,
            """
            select r.day, r.user_handle, r.instance_ref, r.code, sum(r.calls)::bigint as calls
            from refused_calls r
            where r.day between :from and least(:to, :day)
              and (r.day < :day or (r.user_handle, r.instance_ref, r.code) > (:user_after,
                :service_after, :code_after))
              and (cast(:owner as uuid) is null or r.owner_id = :owner)
              and (cast(:service as text) is null or r.instance_ref = :service)
              and (cast(:user as text) is null or r.user_handle = :user)
              and (cast(:code as text) is null or r.code = :code)
            group by r.day, r.user_handle, r.instance_ref, r.code
            order by r.day desc, r.user_handle, r.instance_ref, r.code
            limit :limit
            """)
        .param("day", LocalDate.parse(from.get(0)))
        .param("user_after", from.get(1))
        .param("service_after", from.get(2))
        .param("code_after", from.get(3))
        .query(
            (rs, n) ->
                new RefusedCalls(
                    rs.getObject("day", LocalDate.class),
                    new Handle(rs.getString("user_handle")),
                    Instance.Ref.of(rs.getString("instance_ref")),
                    rs.getString("code"),
                    rs.getLong("calls")))
        .list();
  }

  private StatementSpec refused(RefusalFilter filter, int limit, String sql) {
    UsageFilter usage = filter.usage();
    return bounded(sql)
        .param("from", usage.from().orElse(LocalDate.EPOCH))
        .param("to", usage.to().orElse(LAST))
        .param("owner", Parameters.orNull(filter.owner(), User.Id::value))
        .param("service", Parameters.orNull(usage.service(), Instance.Ref::toString))
        .param("user", Parameters.orNull(usage.user(), Handle::value))
        .param("code", filter.code().orElse(null))
        .param("limit", limit);
  }

  private StatementSpec bounded(String sql) {
    return Deadline.of(database).sql(sql);
  }

  private static StatementSpec page(
      StatementSpec statement, UsageFilter filter, Optional<UsagePosition> after, int limit) {
    LocalDate from = filter.from().orElse(LocalDate.EPOCH);
    // Only the later of the two lower bounds is used. With the earlier bound, the statement would
    // also read all rows between the bounds.
    Optional<UsagePosition> begin = after.filter(p -> !p.day().isBefore(from));
    // The statement bounds the day in addition to the position, because PostgreSQL skips partitions
    // only by a bound of the day alone.
    return statement
        .param("service", Parameters.orNull(filter.service(), Instance.Ref::toString))
        .param("user", Parameters.orNull(filter.user(), Handle::value))
        .param("project", Parameters.orNull(filter.project(), Project.Ref::toString))
        .param("group", filter.group().map(handle -> "@" + handle).orElse(null))
        .param("to", filter.to().orElse(LAST))
        .param("day", begin.map(UsagePosition::day).orElse(from))
        .param("user_id", begin.map(UsagePosition::user).orElse(FIRST))
        .param("instance_id", begin.map(UsagePosition::service).orElse(FIRST))
        .param("project_id", begin.map(UsagePosition::project).orElse(FIRST))
        .param("key_source", begin.map(p -> p.source().wireName()).orElse(""))
        .param("model", begin.map(p -> p.model().key()).orElse(""))
        .param("price_version", begin.map(p -> p.prices().forService()).orElse(0L))
        .param("callers_price_version", begin.map(p -> p.prices().forCallers()).orElse(0L))
        .param("limit", limit);
  }

  private static UsageRow row(Row row, LocalDate day) throws SQLException {
    return new UsageRow(
        day,
        new UsageAccount(
            new User.Id(row.uuid("user_id")),
            new Handle(row.text("user_handle")),
            new Instance.Id(row.uuid("instance_id")),
            Instance.Ref.of(row.text("instance_ref")),
            new User.Id(row.uuid("owner_id")),
            ProjectRows.through(row)),
        row.constant("key_source", KeySource.class),
        CountedModel.ofKey(row.text("model")),
        new PriceVersions(row.bigNumber("price_version"), row.bigNumber("callers_price_version")),
        UsageCountRows.counts(row));
  }
}
