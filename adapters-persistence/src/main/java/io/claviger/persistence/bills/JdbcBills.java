package io.claviger.persistence.bills;

import io.claviger.application.bills.port.BillStore;
import io.claviger.domain.bills.Invoice;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Implements {@link BillStore} with the table {@code bill_invoices}. */
public final class JdbcBills implements BillStore {
  private final JdbcClient jdbc;

  public JdbcBills(Database database) {
    this.jdbc = database.jdbc();
  }

  @Override
  public Optional<Invoice> invoice(Account account, YearMonth month) {
    return jdbc.sql(
            """
            select i.month, i.currency, i.total, i.models, i.amounts, i.version, i.created_at,
              i.updated_at
            from bill_invoices i
            where i.service_id = :service and i.owner_id = :owner and i.month = :month
            """)
        .param("service", account.service().value())
        .param("owner", account.owner().value())
        .param("month", month.atDay(1))
        .query((rs, n) -> invoice(rs.getObject("month", LocalDate.class), Row.of(rs)))
        .optional();
  }

  private static Invoice invoice(LocalDate month, Row row) throws SQLException {
    List<String> models = row.texts("models");
    List<Long> amounts = row.bigNumbers("amounts");
    SortedMap<String, Long> parts = new TreeMap<>();
    for (int i = 0; i < models.size(); i++) {
      parts.put(models.get(i), amounts.get(i));
    }
    return new Invoice(
        YearMonth.from(month),
        new Invoice.Content(row.bigNumber("total"), row.text("currency"), parts),
        row.bigNumber("version"),
        row.instant("created_at"),
        row.instant("updated_at"));
  }

  @Override
  public void save(Account account, Invoice invoice) {
    Database.updateOne(
        jdbc.sql(
                """
                insert into bill_invoices (service_id, owner_id, month, currency, total, models,
                  amounts, version, created_at, updated_at)
                values (:service, :owner, :month, :currency, :total, :models, :amounts, :version,
                  :created_at, :updated_at)
                on conflict on constraint bill_invoices_pkey do update
                set currency = excluded.currency, total = excluded.total,
                  models = excluded.models, amounts = excluded.amounts,
                  version = excluded.version, updated_at = excluded.updated_at
                """)
            .param("service", account.service().value())
            .param("owner", account.owner().value())
            .param("month", invoice.month().atDay(1))
            .param("currency", invoice.content().currency())
            .param("total", invoice.content().total())
            .param("models", invoice.content().models().keySet().toArray(String[]::new))
            .param("amounts", invoice.content().models().values().toArray(Long[]::new))
            .param("version", invoice.version())
            .param("created_at", Parameters.at(invoice.createdAt()))
            .param("updated_at", Parameters.at(invoice.updatedAt())));
  }

  @Override
  public boolean delete(Account account, YearMonth month) {
    return jdbc.sql(
                """
                delete from bill_invoices
                where service_id = :service and owner_id = :owner and month = :month
                """)
            .param("service", account.service().value())
            .param("owner", account.owner().value())
            .param("month", month.atDay(1))
            .update()
        == 1;
  }
}
