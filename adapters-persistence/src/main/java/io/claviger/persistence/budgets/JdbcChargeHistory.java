package io.claviger.persistence.budgets;

import io.claviger.application.budgetreports.port.ChargeHistory;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.BudgetReplay.Quarter;
import io.claviger.domain.instances.Instance;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Implements {@link ChargeHistory} with the table {@code usage_charges}. */
public final class JdbcChargeHistory implements ChargeHistory {
  private static final RowMapper<Charged> CHARGED =
      Row.mapper(
          row ->
              new Charged(
                  new User.Id(row.uuid("caller")),
                  new Quarter(
                      row.instant("quarter"),
                      row.bigNumber("requests"),
                      row.bigNumber("tokens"),
                      row.bigNumber("cost"))));

  /** The time limit of a statement, in seconds. */
  private static final int SECONDS = 10;

  private final JdbcClient jdbc;

  public JdbcChargeHistory(Database database) {
    this.jdbc = database.lists(SECONDS);
  }

  private record Charged(User.Id caller, Quarter quarter) {}

  /**
   * The statement finds the accounts of single callers of the service by the length of their ids,
   * which is 81 characters. The account ids of groups' members are longer.
   *
   * <p>If the holder of an account lends the service on, or owns a project that uses the service,
   * the account is also charged for calls of others. The usage of each day says how many of the
   * calls were the account's own. If only a fraction of a day's calls were the account's own, the
   * same fraction of the charges counts for each quarter of an hour of that day. The usage is found
   * by the caller and the day, because no index finds the usage of a service.
   */
  @Override
  public Map<User.Id, List<Quarter>> of(
      Instance.Id service, Optional<User.Id> caller, Instant since, int most) {
    String callers = "service:" + service.value() + ":";
    String first = callers + caller.map(one -> one.value().toString()).orElse("");
    Map<User.Id, List<Quarter>> charged = new LinkedHashMap<>();
    jdbc.sql(
            """
            with own as (
              select greatest(max(t.ended_at), :since) as since
              from transfer_items i
              join transfers t on t.id = i.transfer_id and t.state = 'accepted'
              where i.service_id = :service),
            charges as (
              select c.account, cast(right(c.account, 36) as uuid) as caller, c.quarter,
                (c.quarter at time zone 'UTC')::date as day, c.requests, c.tokens, c.cost
              from usage_charges c
              where c.account >= :first and c.account < :last and char_length(c.account) = 81
                and c.quarter >= (select since from own)),
            calls as (
              select d.account, d.day, w.requests
              from (select distinct c.account, c.caller, c.day from charges c) d
              cross join lateral (
                select sum(u.requests) as requests
                from usage_daily u
                where u.user_id = d.caller and u.day = d.day and u.instance_id = :service
                  and u.key_source <> 'user') w),
            shared as (
              select c.*,
                least(1, w.requests / sum(c.requests) over (partition by c.account, c.day))
                  as share,
                sum(c.requests) over (partition by c.account, c.day order by c.quarter) as until
              from charges c
              join calls w on w.account = c.account and w.day = c.day and w.requests is not null),
            made as (
              select s.account, s.caller, s.quarter,
                (round(s.share * s.until) - round(s.share * (s.until - s.requests)))::bigint
                  as requests,
                round(s.share * s.tokens)::bigint as tokens,
                round(s.share * s.cost)::bigint as cost
              from shared s),
            callers as (
              select m.account
              from made m
              where m.requests > 0
              group by m.account
              order by sum(m.requests) desc, m.account
              limit :most)
            select m.caller, m.quarter, m.requests, m.tokens, m.cost
            from callers l
            join made m on m.account = l.account and m.requests > 0
            order by m.account, m.quarter
            """)
        .param("service", service.value())
        .param("first", first)
        .param("last", first + "~")
        .param("since", Parameters.at(since))
        .param("most", most)
        .query(CHARGED)
        .list()
        .forEach(
            one ->
                charged.computeIfAbsent(one.caller(), c -> new ArrayList<>()).add(one.quarter()));
    return charged;
  }
}
