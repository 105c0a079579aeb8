package io.claviger.persistence.budgets;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.budgets.BudgetAccount;
import io.claviger.persistence.shared.Database;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The opening entries in table {@code budget_openings}. Each entry states how much another system
 * had charged to a budget's present window before an import. Imports create these entries, so that
 * an imported budget continues from the amount already spent.
 */
public final class BudgetOpenings {
  private final JdbcClient jdbc;

  public BudgetOpenings(Database database) {
    this.jdbc = database.jdbc();
  }

  /**
   * Charges an account for its present window, in the import's transaction. Also records the
   * opening entry in the audit trail. A second entry for the same window and system changes
   * nothing.
   *
   * <p>If this method creates the account, the account also includes usage of its holder that is
   * already stored. So usage of the present window must be imported after this call, or not at all.
   *
   * @param spent the amount already spent, in the smallest part of the account's unit
   * @param importedFrom the system from which the import comes
   * @return whether the amount was charged to the account
   * @throws InvalidValue if no budget can have spent this amount
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
