package io.claviger.persistence.budgets;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.budgets.BudgetAccount;
import io.claviger.persistence.shared.Database;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The opening entries in table {@code budget_openings}. They state the amounts that another system
 * had charged to the present windows of budgets before an import. Imports make these entries, so
 * that the use of an imported budget continues with the amount that was already spent.
 */
public final class BudgetOpenings {
  private final JdbcClient jdbc;

  public BudgetOpenings(Database database) {
    this.jdbc = database.jdbc();
  }

  /**
   * Charges an account for its present window, in the transaction of the import. The import also
   * records the opening entry in the audit trail. A second entry for the same window and the same
   * system changes nothing.
   *
   * <p>If this call creates the account, the account also includes the usage that is already stored
   * for its holder. Usage of the present window must therefore be imported after this call, or not
   * at all.
   *
   * @param spent the amount that was already spent, in the smallest part of the account's unit
   * @param importedFrom the system from which the amount is imported
   * @return whether the amount was charged to the account
   * @throws InvalidValue when no budget can have spent this amount
   */
  public boolean open(BudgetAccount account, long spent, String importedFrom) {
    if (spent < 1 || spent > account.key().unit().most()) {
      throw new InvalidValue("spent", "1 to " + account.key().unit().most());
    }
    return jdbc.sql("select open_budget(:id, :subject, :unit, :period, :zone, :spent, :from)")
        .param("id", account.id())
        .param("subject", account.subject())
        .param("unit", account.key().unit().wireName())
        .param("period", account.key().window().wireName())
        .param("zone", account.key().zone().name())
        .param("spent", spent)
        .param("from", importedFrom)
        .query(Boolean.class)
        .single();
  }
}
