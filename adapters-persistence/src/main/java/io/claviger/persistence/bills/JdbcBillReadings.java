package io.claviger.persistence.bills;

import io.claviger.application.bills.port.BillReadingStore;
import io.claviger.application.bills.port.BillStore.Account;
import io.claviger.domain.accounts.GranteeId;
import io.claviger.domain.accounts.User;
import io.claviger.domain.bills.Bill;
import io.claviger.domain.bills.BillingFailure;
import io.claviger.domain.bills.CountedUsage;
import io.claviger.domain.bills.ReadDay;
import io.claviger.domain.instances.Instance;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import io.claviger.persistence.usage.UsageOfService;
import io.claviger.persistence.webhooks.MessageRoom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Implements {@link BillReadingStore} with the tables {@code bill_days}, {@code bill_runs} and
 * {@code bill_months}.
 */
public final class JdbcBillReadings implements BillReadingStore {
  /**
   * If a stored time is later than this time, it was stored while the database's clock was ahead.
   */
  private static final String AHEAD = "greatest(%s, statement_timestamp()) + interval '1 hour'";

  private final JdbcClient jdbc;
  private final UsageOfService usage;

  public JdbcBillReadings(Database database) {
    this.jdbc = database.jdbc();
    this.usage = new UsageOfService(database);
  }

  @Override
  public List<ReadDay> days(Account account, LocalDate from, LocalDate to) {
    return jdbc.sql(
            """
            select d.day, d.read_at, d.usage_models, d.usage_keys, d.usage_tiers, d.quantities,
              d.fee_places, d.fee_names, d.fee_counts, d.cost_lines, d.cost_models,
              d.cost_currencies, d.cost_amounts, d.lent_key
            from bill_days d
            where d.service_id = :service and d.owner_id = :owner and d.day between :from and :to
            order by d.day
            """)
        .param("service", account.service().value())
        .param("owner", account.owner().value())
        .param("from", from)
        .param("to", to)
        .query((rs, n) -> BillDayRow.day(rs.getObject("day", LocalDate.class), Row.of(rs)))
        .list();
  }

  @Override
  public void save(Account account, List<ReadDay> days) {
    for (ReadDay day : days) {
      Database.update(
          BillDayRow.of(day)
              .parameters(
                  jdbc.sql(
                      """
                      insert into bill_days (service_id, owner_id, day, read_at, usage_models,
                        usage_keys, usage_tiers, quantities, fee_places, fee_names, fee_counts,
                        cost_lines, cost_models, cost_currencies, cost_amounts, lent_key)
                      values (:service, :owner, :day, :read_at, :usage_models, :usage_keys,
                        :usage_tiers, :quantities, :fee_places, :fee_names, :fee_counts,
                        :cost_lines, :cost_models, :cost_currencies, :cost_amounts, :lent_key)
                      on conflict on constraint bill_days_pkey do update
                      set read_at = excluded.read_at, usage_models = excluded.usage_models,
                        usage_keys = excluded.usage_keys, usage_tiers = excluded.usage_tiers,
                        quantities = excluded.quantities, fee_places = excluded.fee_places,
                        fee_names = excluded.fee_names, fee_counts = excluded.fee_counts,
                        cost_lines = excluded.cost_lines, cost_models = excluded.cost_models,
                        cost_currencies = excluded.cost_currencies,
                        cost_amounts = excluded.cost_amounts, lent_key = excluded.lent_key
                      where bill_days.read_at <= excluded.read_at
                        or bill_days.read_at > %s
                      """
                          .formatted(AHEAD.formatted("excluded.read_at"))))
              .param("service", account.service().value())
              .param("owner", account.owner().value())
              .param("day", day.day())
              .param("read_at", Parameters.at(day.readAt())));
    }
  }

  /**
   * Adds up the stored sizes of the figures' columns, for which PostgreSQL need not read the
   * figures.
   */
  @Override
  public Set<LocalDate> daysWithoutRoom(Account account, LocalDate from, LocalDate to, long bytes) {
    return jdbc.sql(
            """
            select d.day
            from bill_days d
            where d.owner_id = :owner and d.service_id <> :service and d.day between :from and :to
              and not exists (
                select from bill_days own
                where own.service_id = :service and own.owner_id = :owner and own.day = d.day)
            group by d.day
            having sum(
              pg_column_size(d.usage_models) + pg_column_size(d.usage_keys)
              + pg_column_size(d.usage_tiers) + pg_column_size(d.quantities)
              + pg_column_size(d.fee_places) + pg_column_size(d.fee_names)
              + pg_column_size(d.fee_counts) + pg_column_size(d.cost_lines)
              + pg_column_size(d.cost_models) + pg_column_size(d.cost_currencies)
              + pg_column_size(d.cost_amounts)) >= :bytes
            """)
        .param("owner", account.owner().value())
        .param("service", account.service().value())
        .param("from", from)
        .param("to", to)
        .param("bytes", bytes)
        .query((rs, n) -> rs.getObject("day", LocalDate.class))
        .set();
  }

  @Override
  public List<CountedUsage> usage(Account account, LocalDate from, LocalDate to) {
    return usage.find(account, from, to);
  }

  @Override
  public Optional<Account> takeDue(Instant now, Duration lease) {
    return jdbc.sql(
            """
            with latest as (
              select greatest(cast(:now as timestamptz), statement_timestamp())
                + make_interval(secs => :latest) as latest),
            known as (
              select c.instance_id, i.owner_id, r.due_at,
                max(greatest(r.read_at, r.failed_at)) over (partition by i.owner_id) as served_at
              from billing_credentials c
              join instances i on i.id = c.instance_id
              left join bill_runs r on r.service_id = c.instance_id),
            due as (
              select k.instance_id, k.owner_id
              from known k
              cross join latest l
              where k.due_at is null or k.due_at <= :now or k.due_at > l.latest
              order by k.served_at nulls first, k.due_at nulls first, k.instance_id
              limit 1),
            taken as (
              insert into bill_runs (service_id, due_at)
              select d.instance_id, :until from due d
              on conflict on constraint bill_runs_pkey do update set due_at = excluded.due_at
              where bill_runs.due_at <= :now or bill_runs.due_at > (select l.latest from latest l)
              returning service_id)
            select d.instance_id, d.owner_id
            from due d
            join taken t on t.service_id = d.instance_id
            """)
        .param("now", Parameters.at(now))
        .param("until", Parameters.at(now.plus(lease)))
        .param("latest", LATEST.toSeconds())
        .query(Row.mapper(row -> account(row)))
        .optional();
  }

  private static Account account(Row row) throws SQLException {
    return new Account(new Instance.Id(row.uuid("instance_id")), new User.Id(row.uuid("owner_id")));
  }

  @Override
  public boolean takeRequested(Instance.Id service, Instant now) {
    return jdbc.sql(
                """
                insert into bill_runs (service_id, due_at, asked_at)
                values (:service, :now, :now)
                on conflict on constraint bill_runs_pkey do update set asked_at = :now
                where bill_runs.asked_at is null or bill_runs.asked_at <= :before
                  or bill_runs.asked_at > :after
                """)
            .param("service", service.value())
            .param("now", Parameters.at(now))
            .param("before", Parameters.at(now.minus(BETWEEN_REQUESTS)))
            .param("after", Parameters.at(now.plus(BETWEEN_REQUESTS)))
            .update()
        == 1;
  }

  @Override
  public Readings readings(Instance.Id service) {
    return jdbc.sql(
            """
            select r.read_at, r.failures, r.failed_at, r.failure
            from bill_runs r
            where r.service_id = :service
            """)
        .param("service", service.value())
        .query(Row.mapper(row -> readings(row)))
        .optional()
        .orElse(Readings.NONE);
  }

  private static Readings readings(Row row) throws SQLException {
    return new Readings(
        row.optionalInstant("read_at"),
        row.has("failure")
            ? Optional.of(
                new FailedReading(
                    row.constant("failure", BillingFailure.class),
                    row.instant("failed_at"),
                    row.number("failures")))
            : Optional.empty());
  }

  @Override
  public void recordCompared(Account account, Bill bill, Set<GranteeId> told, Instant now) {
    if (bill.unexplained().isEmpty()) {
      return;
    }
    Database.update(
        jdbc.sql(
                """
                insert into bill_months (service_id, month, unexplained, compared_at)
                values (:service, :month, :unexplained, :now)
                on conflict on constraint bill_months_pkey do update
                set unexplained = excluded.unexplained, compared_at = excluded.compared_at
                where bill_months.compared_at <= excluded.compared_at
                  or bill_months.compared_at > %s
                """
                    .formatted(AHEAD.formatted("excluded.compared_at")))
            .param("service", account.service().value())
            .param("month", bill.month().atDay(1))
            .param("unexplained", bill.unexplained().get())
            .param("now", Parameters.at(now)));
    if (bill.isAlarming()) {
      tell(account, bill, told, now);
    }
  }

  /**
   * Only the node that sets {@code told_at} writes the messages, so each bill is reported only
   * once.
   */
  private void tell(Account account, Bill bill, Set<GranteeId> receivers, Instant now) {
    Database.update(
        jdbc.sql(
                """
                with told as (
                  update bill_months
                  set told_at = :now
                  where service_id = :service and month = :month and told_at is null
                  returning service_id, month)
                insert into webhook_messages (id, webhook_id, service_id, month, theirs, ours,
                  unexplained, created_at)
                select gen_random_uuid(), w.id, t.service_id, t.month, :theirs, :ours,
                  :unexplained, :now
                from told t
                join webhooks w on w.receiver_id = any (cast(:receivers as uuid[]))
                  and (w.events = '{}' or 'bill.differs' = any (w.events))
                where %s
                on conflict on constraint webhook_messages_bill_key do nothing
                """
                    .formatted(MessageRoom.CONDITION))
            .param("service", account.service().value())
            .param("receivers", Parameters.texts(receivers, id -> id.value().toString()))
            .param("month", bill.month().atDay(1))
            .param("theirs", bill.theirs().orElse(0L))
            .param("ours", bill.ours())
            .param("unexplained", bill.unexplained().orElseThrow())
            .param("now", Parameters.at(now)));
  }

  @Override
  public Map<Instance.Id, Long> unexplained(YearMonth month, int most) {
    Map<Instance.Id, Long> found = new LinkedHashMap<>();
    jdbc.sql(
            """
            select m.service_id, m.unexplained
            from bill_months m
            where m.month = :month
              and exists (select from billing_credentials c where c.instance_id = m.service_id)
            order by m.unexplained desc, m.service_id
            limit :most
            """)
        .param("month", month.atDay(1))
        .param("most", most)
        .query(
            rs -> {
              Row row = Row.of(rs);
              Long unused =
                  found.put(new Instance.Id(row.uuid("service_id")), row.bigNumber("unexplained"));
            });
    return found;
  }

  @Override
  public void recordRead(Instance.Id service, Instant now, Instant next) {
    Database.update(
        jdbc.sql(
                """
                update bill_runs
                set due_at = :next, read_at = :now, failures = 0, failed_at = null, failure = null
                where service_id = :service
                """)
            .param("service", service.value())
            .param("now", Parameters.at(now))
            .param("next", Parameters.at(next)));
  }

  @Override
  public void recordFailed(Instance.Id service, BillingFailure why, Instant now, Instant next) {
    Database.update(
        jdbc.sql(
                """
                update bill_runs
                set due_at = :next, failures = least(failures, 1000000) + 1, failed_at = :now,
                  failure = :why
                where service_id = :service
                """)
            .param("service", service.value())
            .param("why", why.wireName())
            .param("now", Parameters.at(now))
            .param("next", Parameters.at(next)));
  }
}
