package io.claviger.persistence.budgets;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.budgets.BudgetReservations;
import io.claviger.persistence.Schema;
import io.claviger.persistence.shared.Database;
import io.claviger.testkit.OtherJvm;
import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Budgets of one dollar. Two nodes spend each budget, and one of them is killed meanwhile. */
@Order(1)
@Tag("journey")
@Tag("thorough")
final class KilledNodesTest {
  private static final int PROCESSES = 5;
  private static final int IN_EACH = 10;

  @AutoClose
  private final TestDatabase database =
      PostgresForTests.migrated("claviger", source -> new Schema(source).migrate());

  private final JdbcClient sql = JdbcClient.create(database.dataSource());
  private final JdbcBudgetLedger ledger = new JdbcBudgetLedger(new Database(database.dataSource()));
  private final Random random = new Random(1);

  /** Returns the most that calls can have cost. Nodes announce each cost before the call. */
  private final Map<String, Long> spent = new ConcurrentHashMap<>();

  @Test
  void of_many_last_dollars_no_more_is_spent_than_a_dollar_and_what_is_lost_is_known()
      throws IOException, InterruptedException {
    for (int n = 0; n < PROCESSES; n++) {
      int process = n;
      spend(1, IntStream.range(0, IN_EACH).mapToObj(i -> "token:" + process + "-" + i).toList());
    }
    letTheKilledOnesBeForgotten();

    assertThat(spent).hasSize(PROCESSES * IN_EACH);
    nothingIsLostNorSpentTwice();
  }

  @Test
  void twenty_four_callers_on_two_nodes_of_which_one_is_killed_spend_no_more_than_the_dollar()
      throws IOException, InterruptedException {
    spend(12, List.of("token:24-1", "token:24-2", "token:24-3"));
    letTheKilledOnesBeForgotten();

    assertThat(spent).hasSize(3);
    nothingIsLostNorSpentTwice();
  }

  private void nothingIsLostNorSpentTwice() {
    for (Map.Entry<String, Long> dollar : spent.entrySet()) {
      Account account = account(dollar.getKey());
      assertThat(dollar.getValue()).isLessThanOrEqualTo(LastDollar.DOLLAR);
      assertThat(account.settled()).isBetween(dollar.getValue(), LastDollar.DOLLAR);
      assertThat(account.reserved()).isZero();
      assertThat(account.settled() - account.writtenOff()).isLessThanOrEqualTo(dollar.getValue());
    }
  }

  /**
   * Kills a process while it spends budgets.
   *
   * @param callers the number of callers for each budget, both in the process and in this JVM
   */
  private void spend(int callers, List<String> subjects) throws IOException, InterruptedException {
    List<String> arguments =
        new ArrayList<>(List.of(database.jdbcUrl(), Integer.toString(callers)));
    arguments.addAll(subjects);
    try (OtherJvm process = new OtherJvm(SpendingProcess.class, arguments.toArray(String[]::new))) {
      ProcessHandle handle = ProcessHandle.of(Long.parseLong(process.line())).orElseThrow();
      assertThat(noted(process)).isTrue();
      List<Thread> others = subjects.stream().map(subject -> spendHere(callers, subject)).toList();
      int calls = 20 + random.nextInt(300);
      for (int n = 0; n < calls; n++) {
        assertThat(noted(process)).isTrue();
      }
      assertThat(handle.destroyForcibly()).isTrue();
      while (noted(process)) {
        assertThat(spent).isNotEmpty();
      }
      for (Thread other : others) {
        other.join();
      }
    }
  }

  private Thread spendHere(int callers, String subject) {
    BudgetReservations node = new BudgetReservations(ledger, System::nanoTime);
    return Thread.ofPlatform()
        .start(
            () -> {
              try (ExecutorService each = Executors.newFixedThreadPool(callers)) {
                for (int caller = 0; caller < callers; caller++) {
                  LastDollar dollar = new LastDollar(subject, node, subject.hashCode() + caller);
                  each.execute(() -> dollar.spend(this::note));
                }
              }
              node.end();
            });
  }

  /** Whether the process said something, or is gone. */
  private boolean noted(OtherJvm process) {
    try {
      note(process.line());
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private void note(String line) {
    String[] words = line.split(" ");
    long unused = spent.merge(words[0], Long.parseLong(words[1]), Long::sum);
  }

  private void letTheKilledOnesBeForgotten() {
    int ended = sql.sql("update budget_nodes set ends_at = now()").update();
    assertThat(ledger.writeOff()).isPositive();
    assertThat(ended).isPositive();
  }

  private record Account(long settled, long reserved, long writtenOff) {}

  private Account account(String subject) {
    return sql.sql(
            """
            select w.settled, w.reserved,
              (select coalesce(sum(l.written_off), 0)::bigint from budget_leases l
               where l.account_id = a.id) as written_off
            from budget_accounts a
            join budget_windows w on w.account_id = a.id
            where a.subject = :subject
            """)
        .param("subject", subject)
        .query((row, number) -> new Account(row.getLong(1), row.getLong(2), row.getLong(3)))
        .single();
  }
}
