package io.claviger.persistence.retention;

import io.claviger.application.retention.port.MonthPartitions;
import io.claviger.application.retention.port.MonthPartitions.KeptByMonth;
import io.claviger.application.retention.port.MonthPartitions.RemovedMonths;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Implements {@link MonthPartitions} for the partitions of {@code usage_daily} and {@code
 * audit_events}.
 */
public final class JdbcMonthPartitions implements MonthPartitions {
  /** The maximum time for reading the default partition, or samples of all partitions. */
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private final Database database;
  private final JdbcClient jdbc;

  public JdbcMonthPartitions(Database database) {
    this.database = database;
    this.jdbc = database.jdbc();
  }

  @Override
  public int makeAhead() {
    return database.patiently(
        LONGEST, () -> jdbc.sql("select make_month_partitions()").query(Integer.class).single());
  }

  @Override
  public void describe() {
    boolean unused =
        database.patiently(
            LONGEST, () -> jdbc.sql("select analyze_partitioned()").query(Boolean.class).single());
  }

  @Override
  public Instant now() {
    return database.clock();
  }

  @Override
  public int removeRefused(LocalDate before, int most) {
    return jdbc.sql(
            """
            delete from refused_calls
            where (day, user_id, instance_id, code) in (
              select day, user_id, instance_id, code from refused_calls
              where day < :before order by day limit :most)
            """)
        .param("before", before)
        .param("most", most)
        .update();
  }

  @Override
  public int removeAccess(LocalDate before, int most) {
    return jdbc.sql(
            """
            with gone as (
              delete from access_spans
              where id in (
                select id from access_spans where until < :before order by until limit :most)
              returning id),
            known as (
              update access_known set since = greatest(since, :before)
              where exists (select from gone))
            select count(*) from gone
            """)
        .param("before", Parameters.at(before.atStartOfDay(ZoneOffset.UTC).toInstant()))
        .param("most", most)
        .query(Integer.class)
        .single();
  }

  @Override
  public List<RemovedMonths> remove(KeptByMonth what, LocalDate before) {
    return jdbc.sql(
            """
            select (d.begins at time zone 'UTC')::date as begins,
              (d.ends at time zone 'UTC')::date as ends
            from drop_month_partitions(cast(:whole as regclass), :before) d
            order by d.ends
            """)
        .param("whole", table(what))
        .param("before", before)
        .query(
            (rs, n) ->
                new RemovedMonths(
                    Optional.ofNullable(rs.getObject("begins", LocalDate.class)),
                    rs.getObject("ends", LocalDate.class)))
        .list();
  }

  @Override
  public int removeSums(LocalDate before, int most) {
    return jdbc.sql(
            """
            with bound as materialized (
              select least(
                :before, (select date_trunc('month', min(u.day))::date from usage_daily u)) as day),
            old as (
              delete from usage_periods
              where (grain, period) in (
                select p.grain, p.period from usage_periods p
                where p.period < (select b.day from bound b)
                order by p.period limit :most)
              returning grain, period),
            marks as (
              delete from late_usage l
              where l.period < (select b.day from bound b)
                and not exists (
                  select from usage_periods p
                  where p.grain = l.grain and p.period = l.period)),
            gone as (
              delete from usage_rollups r
              using old o
              where r.period = o.period
                and r.grain = any (case o.grain
                  when 'day' then array['day', 'day_of_model', 'day_of_service']
                  else array[
                    'month', 'month_of_model', 'month_of_service', 'month_of_user',
                    'month_of_user_model']
                end))
            select count(*) from old
            """)
        .param("before", before)
        .param("most", most)
        .query(Integer.class)
        .single();
  }

  @Override
  public int removeBills(LocalDate before, int most) {
    return jdbc.sql(
            """
            with days as (
              delete from bill_days
              where (service_id, owner_id, day) in (
                select d.service_id, d.owner_id, d.day from bill_days d
                where d.day < :before order by d.day limit :most)
              returning 1),
            invoices as (
              delete from bill_invoices
              where (service_id, owner_id, month) in (
                select i.service_id, i.owner_id, i.month from bill_invoices i
                where i.month < :before order by i.month limit :most)
              returning 1),
            months as (
              delete from bill_months
              where (service_id, month) in (
                select m.service_id, m.month from bill_months m
                where m.month < :before order by m.month limit :most)
              returning 1)
            select (select count(*) from days) + (select count(*) from invoices)
              + (select count(*) from months)
            """)
        .param("before", before)
        .param("most", most)
        .query(Integer.class)
        .single();
  }

  private static String table(KeptByMonth what) {
    return switch (what) {
      case USAGE -> "usage_daily";
      case AUDIT -> "audit_events";
    };
  }
}
