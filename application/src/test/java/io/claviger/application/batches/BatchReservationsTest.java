package io.claviger.application.batches;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.batches.BatchReservations.Decision;
import io.claviger.application.batches.BatchReservations.WantedBatch;
import io.claviger.application.budgets.BudgetReservations;
import io.claviger.application.budgets.CallBudgets;
import io.claviger.application.budgets.SpendingRequest;
import io.claviger.application.fakes.InMemoryBatchLedger;
import io.claviger.application.fakes.InMemoryPorts;
import io.claviger.application.fakes.KnownPrices;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.batches.BatchVerdict;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.usage.UsageAccount;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What becomes of what a batch reserved that the provider refused. */
class BatchReservationsTest {
  private static final User.Id CALLER = new User.Id(new UUID(0, 1));
  private static final Instance.Id SERVICE = new Instance.Id(new UUID(0, 2));

  private final InMemoryBatchLedger ledger = new InMemoryBatchLedger();
  private final KnownPrices prices = new KnownPrices();
  private final BatchReservations reservations =
      new BatchReservations(
          ledger,
          prices,
          new CallBudgets(
              prices,
              new BudgetReservations(new InMemoryPorts().budgetLedger(), System::nanoTime),
              System::nanoTime));

  @Test
  void it_is_released_even_if_the_database_was_away_for_a_moment() throws InterruptedException {
    RuntimeException cause = new IllegalStateException();
    ledger.failReleases(
        List.of(
            new StoreUnavailable(cause),
            new ConcurrencyConflict(ConcurrencyConflict.How.NOT_SERIALIZABLE, cause)));

    reserved().spending().close();

    assertThat(ledger.awaitRelease(Duration.ofSeconds(30))).isTrue();
    assertThat(ledger.take(10, List.of(), Duration.ZERO)).isEmpty();
  }

  private Decision.Reserved reserved() {
    UsageAccount account =
        new UsageAccount(
            CALLER,
            new Handle("bob"),
            SERVICE,
            Instance.Ref.of("alice/s"),
            new User.Id(new UUID(0, 3)),
            Optional.empty());
    BatchVerdict verdict =
        new BatchVerdict(1, "chat/completions", List.of(), OptionalInt.empty(), Optional.empty());
    return (Decision.Reserved)
        reservations.reserve(
            new SpendingRequest.Rules(
                CALLER, SERVICE, Provider.OPENAI, List.of(), OptionalInt.empty(), false),
            new WantedBatch(
                account,
                KeySource.CENTRAL,
                List.of(),
                verdict,
                Optional.of("file-1"),
                Duration.ofDays(1)));
  }
}
