package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import io.claviger.application.contracts.BudgetLedgerContract;
import io.claviger.persistence.budgets.BrokenFunction;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherExecutionRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * {@link BudgetLedgerContract} notices mistakes in the ledger that random histories pass over or
 * seldom meet.
 */
@Tag("thorough")
final class LedgerContractMistakesTest {
  static Stream<Arguments> mistakes() {
    return Stream.of(
        Arguments.of(
            new BrokenFunction(
                "exchange_budgets", "w.ends_at is null or w.ends_at > now_exactly", "true"),
            "a_window_that_is_over_takes_what_was_spent_and_grants_nothing"),
        Arguments.of(
            new BrokenFunction(
                "exchange_budgets", "greatest(now_exactly, one.after)", "now_exactly"),
            "a_window_that_is_over_is_not_taken_for_the_current_one_when_the_clock_is_set_back"),
        Arguments.of(
            new BrokenFunction("release_lost_leases", "and l.sequence < before", ""),
            "a_late_first_exchange_frees_nothing_that_calls_of_the_window_before_hold"),
        Arguments.of(
            new BrokenFunction("exchange_budgets", "and not is_late", ""),
            "a_first_exchange_that_comes_late_takes_nothing_of_the_next_window"),
        Arguments.of(
            new BrokenFunction("write_off_silent_node", "n.ends_at <= now_exactly", "true"),
            "a_node_lives_by_any_exchange_even_an_empty_one"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void a_mistake_is_noticed(BrokenFunction mistake, String by) throws SQLException {
    try (PostgresPorts ports = new PostgresPorts()) {
      OnBrokenLedger.broken = ports;
      assertThat(isPassed(by)).isTrue();

      mistake.install(ports.dataSource());

      assertThat(isPassed(by)).isFalse();
    }
  }

  private static boolean isPassed(String test) {
    List<Boolean> passed = new ArrayList<>();
    TestExecutionListener listener =
        new TestExecutionListener() {
          @Override
          public void executionFinished(TestIdentifier finished, TestExecutionResult result) {
            if (finished.isTest()) {
              passed.add(result.getStatus() == TestExecutionResult.Status.SUCCESSFUL);
            }
          }
        };
    LauncherFactory.create()
        .execute(
            LauncherExecutionRequestBuilder.request(
                    LauncherDiscoveryRequestBuilder.request()
                        .selectors(selectMethod(OnBrokenLedger.class, test))
                        .build())
                .listeners(listener)
                .build());
    assertThat(passed).hasSize(1);
    return passed.getFirst();
  }

  /** The contract on a ledger with a mistake. Only this class runs it. */
  static final class OnBrokenLedger extends PostgresContractsTest.LedgerOnPostgres {
    private static PostgresPorts broken;

    @Override
    PostgresPorts onPostgres() {
      return broken;
    }
  }
}
