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

  private final JdbcClient jdbc;

  public JdbcChargeHistory(Database database) {
    this.jdbc = database.lists();
  }

  private record Charged(User.Id caller, Quarter quarter) {}

  /**
   * The account id of a single caller of a service has 81 characters. The account id of a group's
   * members is longer.
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
            callers as (
              select c.account
              from usage_charges c
              where c.account >= :first and c.account < :last and char_length(c.account) = 81
                and c.quarter >= (select since from own)
              group by c.account
              order by sum(c.requests) desc, c.account
              limit :most)
            select cast(right(c.account, 36) as uuid) as caller, c.quarter, c.requests, c.tokens,
              c.cost
            from callers l
            join usage_charges c on c.account = l.account and c.quarter >= (select since from own)
            order by c.account, c.quarter
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
