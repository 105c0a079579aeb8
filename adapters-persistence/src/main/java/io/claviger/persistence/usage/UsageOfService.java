package io.claviger.persistence.usage;

import io.claviger.application.bills.port.BillStore.Account;
import io.claviger.domain.bills.CountedUsage;
import io.claviger.domain.usage.CountedModel;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;

/**
 * Reads the counted usage of one service by day and model, for comparison with the service's bill.
 */
public final class UsageOfService {
  private final Database database;

  public UsageOfService(Database database) {
    this.database = database;
  }

  /**
   * Reads the sums of days, or the single lines of days without sums.
   *
   * @throws io.claviger.application.shared.QueryTimeout if the query exceeds its time limit
   */
  public List<CountedUsage> find(Account account, LocalDate from, LocalDate to) {
    return Deadline.of(database)
        .sql(
            """
            with periods as materialized (
              select p.grain, p.period
              from usage_grains_of(:from, :to, true, 'month', 'day') p)
            select p.period as day, c.model, c.key_source = 'user' as own_key,
            """
                + UsageSumStatements.SUM_COLUMNS
                + """
                from periods p
                cross join lateral (
                  select l.* from usage_lines l
                  where l.grain = p.grain and l.period = p.period
                    and l.period between :from and :to
                    and l.owner_id = :owner and l.instance_id = :service
                  offset 0) c
                group by p.period, c.model, c.key_source = 'user'
                order by p.period, c.model, own_key
                """)
        .param("from", from)
        .param("to", to)
        .param("owner", account.owner().value())
        .param("service", account.service().value())
        .query((rs, n) -> usage(rs.getObject("day", LocalDate.class), Row.of(rs)))
        .list();
  }

  private static CountedUsage usage(LocalDate day, Row row) throws SQLException {
    return CountedUsage.of(
        day,
        CountedModel.ofKey(row.text("model")),
        row.flag("own_key"),
        UsageCountRows.counts(row));
  }
}
