package io.claviger.persistence.budgets;

import io.claviger.application.budgets.port.BudgetLedger;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetAccount;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Implements {@link BudgetLedger} with functions of the database. All nodes use the clock of the
 * database. Each statement is one transaction.
 */
public final class JdbcBudgetLedger implements BudgetLedger {
  /** The maximum number of leases that one transaction writes off. */
  private static final int AT_ONCE = 500;

  private static final int MOST_ATTEMPTS = 3;

  /** How long the database may take to add up a holder's earlier charges. */
  private static final Duration LONGEST_SUM = Duration.ofMinutes(2);

  private final JdbcClient jdbc;
  private final Database opening;
  private final OldBudgetRows old;

  /** Creates a ledger that uses the same connections for all its statements. */
  public JdbcBudgetLedger(Database database) {
    this(database, database);
  }

  /**
   * @param opening a source of other connections to the same database, on which accounts are
   *     opened. Opening an account can take minutes, so it does not use the connections for which
   *     calls wait
   */
  public JdbcBudgetLedger(Database database, Database opening) {
    this.jdbc = database.jdbc();
    this.opening = opening;
    this.old = new OldBudgetRows(database);
  }

  @Override
  public boolean exists(BudgetAccount account) {
    return jdbc.sql(
            """
            select exists (
              select from budget_windows
              where account_id = :id and starts_at <= budget_clock()
                and (ends_at > budget_clock() or ends_at is null))
            """)
        .param("id", account.id())
        .query(Boolean.class)
        .single();
  }

  @Override
  public void open(BudgetAccount account) {
    Object unused =
        opening.patiently(
            LONGEST_SUM,
            () ->
                opening
                    .jdbc()
                    .sql(
                        """
                        select open_budget_window(
                          :id, :subject, :unit, :period, :zone, budget_clock()) is null
                        """)
                    .param("id", account.id())
                    .param("subject", account.subject())
                    .param("unit", account.key().unit().wireName())
                    .param("period", account.key().window().wireName())
                    .param("zone", account.key().zone().name())
                    .query(Boolean.class)
                    .single());
  }

  @Override
  public List<BudgetAccountState> exchange(UUID node, List<LedgerExchange> each) {
    return ConcurrencyConflict.repeated(MOST_ATTEMPTS, () -> exchangeOnce(node, each));
  }

  private List<BudgetAccountState> exchangeOnce(UUID node, List<LedgerExchange> each) {
    UUID[] nodes = new UUID[Math.max(1, each.size())];
    Arrays.fill(nodes, node);
    List<BudgetAccountState> answers = exchange(nodes, each);
    noteDearestCalls(each, answers);
    return answers;
  }

  /**
   * Stores the maximum amounts that one call can cost. The statement runs only if an amount has
   * grown, which is rare.
   */
  private void noteDearestCalls(List<LedgerExchange> each, List<BudgetAccountState> answers) {
    List<UUID> accounts = new ArrayList<>();
    List<String> windows = new ArrayList<>();
    List<Long> amounts = new ArrayList<>();
    for (int n = 0; n < each.size(); n++) {
      if (each.get(n).dearest() > 0) {
        accounts.add(each.get(n).account().id());
        windows.add(answers.get(n).window().start().toString());
        amounts.add(each.get(n).dearest());
      }
    }
    if (accounts.isEmpty()) {
      return;
    }
    Object unused =
        jdbc.sql(
                """
                select note_dearest_calls(
                  :accounts, cast(:windows as timestamp with time zone[]), :amounts) is null
                """)
            .param("accounts", accounts.toArray(UUID[]::new))
            .param("windows", windows.toArray(String[]::new))
            .param("amounts", amounts.toArray(Long[]::new))
            .query(Boolean.class)
            .single();
  }

  /**
   * Lets several nodes exchange amounts with the ledger in one transaction.
   *
   * @param nodes the nodes of the exchanges, in the order of {@code each}. If there are no
   *     exchanges, the array contains only the node, which reports in this way that it is alive
   */
  List<BudgetAccountState> exchange(UUID[] nodes, List<LedgerExchange> each) {
    return jdbc.sql(
            """
            select is_known, window_start, window_end,
              good_for_millis,
              now_held, now_left, now_settled, now_reserved
            from exchange_budgets(
              :nodes, :accounts, :subjects, :units, :periods, :zones,
              cast(:windows as timestamp with time zone[]),
              cast(:after as timestamp with time zone[]), :began, :sequences,
              :spent, :held, :budgets, :needed, :smallest, :extra)
            order by item
            """)
        .param("nodes", nodes)
        .param("accounts", Parameters.uuids(each, e -> e.account().id()))
        .param("subjects", Parameters.texts(each, e -> e.account().subject()))
        .param("units", Parameters.texts(each, e -> key(e).unit().wireName()))
        .param("periods", Parameters.texts(each, e -> key(e).window().wireName()))
        .param("zones", Parameters.texts(each, e -> key(e).zone().name()))
        .param("windows", instants(each, LedgerExchange::window))
        .param("after", instants(each, LedgerExchange::after))
        .param("began", Parameters.longs(each, LedgerExchange::began))
        .param("sequences", Parameters.longs(each, LedgerExchange::sequence))
        .param("spent", Parameters.longs(each, LedgerExchange::spent))
        .param("held", Parameters.longs(each, LedgerExchange::held))
        .param("budgets", Parameters.longs(each, e -> e.demand().budget()))
        .param("needed", Parameters.longs(each, e -> e.demand().needed()))
        .param("smallest", Parameters.longs(each, e -> e.demand().smallest()))
        .param("extra", Parameters.longs(each, e -> e.demand().extra()))
        .query((row, number) -> answer(Row.of(row)))
        .list();
  }

  @Override
  public int writeOff() {
    int all = 0;
    int written;
    do {
      written =
          jdbc.sql("select write_off_silent_node(:most)")
              .param("most", AT_ONCE)
              .query(Integer.class)
              .single();
      all += Math.max(0, written);
    } while (written >= 0);
    return all;
  }

  @Override
  public int removeOld() {
    return old.remove();
  }

  private static Budget.Key key(LedgerExchange exchange) {
    return exchange.account().key();
  }

  private static BudgetAccountState answer(Row row) throws SQLException {
    boolean known = row.flag("is_known");
    return new BudgetAccountState(
        known,
        new Window(row.instant("window_start"), row.optionalInstant("window_end")),
        Duration.ofMillis(row.bigNumber("good_for_millis")),
        row.bigNumber("now_held"),
        row.bigNumber("now_left"),
        row.bigNumber("now_settled"),
        row.bigNumber("now_reserved"));
  }

  private static @Nullable String[] instants(
      List<LedgerExchange> each, Function<LedgerExchange, Optional<Instant>> instant) {
    @Nullable String[] texts = new String[each.size()];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = instant.apply(each.get(i)).map(Instant::toString).orElse(null);
    }
    return texts;
  }
}
