package io.claviger.application.batches;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.application.batches.BatchReservations.Decision;
import io.claviger.application.batches.BatchReservations.WantedBatch;
import io.claviger.application.batches.port.BatchLedger.OpenBatch;
import io.claviger.application.budgets.BudgetReservations;
import io.claviger.application.budgets.CallBudgets;
import io.claviger.application.budgets.SpendingRequest;
import io.claviger.application.builders.ABudget;
import io.claviger.application.fakes.InMemoryBatchLedger;
import io.claviger.application.fakes.InMemoryPorts;
import io.claviger.application.fakes.KnownPrices;
import io.claviger.application.fakes.TransientFailures;
import io.claviger.application.shared.QueryTimeout;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.batches.BatchTools;
import io.claviger.domain.batches.BatchVerdict;
import io.claviger.domain.batches.ModelUse;
import io.claviger.domain.budgets.BudgetMeter;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.prices.ModelBounds;
import io.claviger.domain.prices.Price;
import io.claviger.domain.prices.Rate;
import io.claviger.domain.prices.Rates;
import io.claviger.domain.spending.OperationKind;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.usage.UsageAccount;
import io.claviger.domain.usage.UsageModel;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What batches reserve, and what becomes of it if the provider refuses them. */
class BatchReservationsTest {
  private static final User.Id CALLER = new User.Id(new UUID(0, 1));
  private static final Instance.Id SERVICE = new Instance.Id(new UUID(0, 2));

  private final InMemoryBatchLedger ledger = new InMemoryBatchLedger();
  private final KnownPrices prices = new KnownPrices();
  private final BatchReservations reservations = decidedAfter(Duration.ZERO);

  private BatchReservations decidedAfter(Duration untilDecided) {
    return reservations(untilDecided, Duration.ofMillis(1));
  }

  private BatchReservations reservations(Duration untilDecided, Duration firstPause) {
    return new BatchReservations(
        ledger,
        prices,
        new CallBudgets(
            prices,
            new BudgetReservations(new InMemoryPorts().budgetLedger(), System::nanoTime),
            System::nanoTime),
        untilDecided,
        firstPause);
  }

  @Test
  void it_is_released_even_if_the_database_was_away_for_a_moment() throws InterruptedException {
    ledger.failReleases(TransientFailures.all());

    reserved().spending().close();

    assertThat(ledger.awaitRelease(Duration.ofSeconds(30))).isTrue();
    assertThat(ledger.take(10, List.of(), Duration.ZERO)).isEmpty();
  }

  /** The failures last longer than the attempts of one round. */
  @Test
  void it_is_released_even_if_the_database_was_away_for_long() throws InterruptedException {
    ledger.failReleases(Collections.nCopies(25, new StoreUnavailable(new IllegalStateException())));

    reserved().spending().close();

    assertThat(ledger.awaitRelease(Duration.ofSeconds(30))).isTrue();
    assertThat(ledger.take(10, List.of(), Duration.ZERO)).isEmpty();
  }

  /** The failures last longer than the attempts of one round. */
  @Test
  void it_is_released_even_if_the_database_was_slow_for_long() throws InterruptedException {
    ledger.failReleases(Collections.nCopies(25, new QueryTimeout(new IllegalStateException())));

    reserved().spending().close();

    assertThat(ledger.awaitRelease(Duration.ofSeconds(30))).isTrue();
    assertThat(ledger.take(10, List.of(), Duration.ZERO)).isEmpty();
  }

  @Test
  void one_that_was_stored_although_its_answer_was_lost_is_released() throws InterruptedException {
    ledger.loseAnswers(List.of(new StoreUnavailable(new IllegalStateException())));

    assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(this::reserved);

    assertThat(ledger.awaitRelease(Duration.ofSeconds(30))).isTrue();
    assertThat(ledger.take(10, List.of(), Duration.ZERO)).isEmpty();
  }

  @Test
  void all_those_whose_answers_were_lost_at_once_are_released() throws InterruptedException {
    StoreUnavailable lost = new StoreUnavailable(new IllegalStateException());
    int batches = 1_001;
    ledger.loseAnswers(Collections.nCopies(batches, lost));
    BatchReservations slowly = decidedAfter(Duration.ofSeconds(2));

    for (int n = 0; n < batches; n++) {
      assertThatExceptionOfType(StoreUnavailable.class)
          .isThrownBy(() -> reserve(slowly, List.of()));
    }

    assertThat(ledger.awaitReleases(batches, Duration.ofSeconds(30))).isTrue();
    assertThat(ledger.take(batches, List.of(), Duration.ZERO)).isEmpty();
  }

  /** Ten attempts with pauses that double from a minute on take hours. */
  @Test
  void those_whose_release_keeps_timing_out_delay_no_other() throws InterruptedException {
    BatchReservations slow = reservations(Duration.ofMillis(500), Duration.ofMinutes(1));
    StoreUnavailable lost = new StoreUnavailable(new IllegalStateException());
    int batches = BatchReservations.AT_ONCE - 1;
    ledger.loseAnswers(Collections.nCopies(batches + 1, lost));
    for (int n = 0; n < batches; n++) {
      assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(() -> reserve(slow, List.of()));
    }
    ledger.delayReleasesOfOpen();

    assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(() -> reserve(slow, List.of()));

    assertThat(ledger.awaitRelease(Duration.ofSeconds(10))).isTrue();
  }

  @Test
  void the_id_is_stored_even_if_the_database_was_away_for_a_moment() {
    RuntimeException cause = new IllegalStateException();
    ledger.failBindings(List.of(new StoreUnavailable(cause), new QueryTimeout(cause)));

    assertThat(reserved().spending().batch().orElseThrow().made("batch_1")).isTrue();

    assertThat(ledger.take(10, List.of(), Duration.ZERO))
        .extracting(OpenBatch::id)
        .containsExactly(Optional.of("batch_1"));
  }

  @Test
  void a_file_that_was_not_read_for_tools_is_refused_under_budgets_of_dollars() {
    UsageModel model = new UsageModel("m");
    prices.put(
        model,
        new CallPrices(
            Optional.empty(),
            Optional.of(
                Price.of(
                    1,
                    LocalDate.EPOCH,
                    new Rates(Map.of(Rate.INPUT, 1_000L, Rate.OUTPUT, 1_000L)))),
            ModelBounds.UNKNOWN));
    ModelUse read =
        ModelUse.named("m", 1)
            .and(
                RequestedUse.once(
                    model, OperationKind.TEXT, 100, OptionalLong.of(50), Optional.empty()),
                1);
    BudgetMeter dollars =
        new BudgetMeter("user:" + CALLER.value(), ABudget.nanoDollars(1_000_000_000).build(), true);

    assertThat(reserve(List.of(dollars), read)).isInstanceOf(Decision.Reserved.class);
    assertThat(reserve(List.of(), read.with(BatchTools.UNREAD)))
        .isInstanceOf(Decision.Reserved.class);
    Decision unread = reserve(List.of(dollars), read.with(BatchTools.UNREAD));

    assertThat(((Decision.Refused) unread).why().message())
        .isEqualTo(
            "A budget here counts dollars. This file was uploaded before Claviger looked for tools in"
                + " files, so its requests may let the provider use tools that have no price. Upload"
                + " the file again, and create the batch from the new file.");
  }

  private Decision.Reserved reserved() {
    return (Decision.Reserved) reserve(List.of());
  }

  private Decision reserve(List<BudgetMeter> meters, ModelUse... models) {
    return reserve(reservations, meters, models);
  }

  private static Decision reserve(
      BatchReservations reservations, List<BudgetMeter> meters, ModelUse... models) {
    UsageAccount account =
        new UsageAccount(
            CALLER,
            new Handle("bob"),
            SERVICE,
            Instance.Ref.of("alice/s"),
            new User.Id(new UUID(0, 3)),
            Optional.empty());
    BatchVerdict verdict =
        new BatchVerdict(
            1, "chat/completions", List.of(models), OptionalInt.empty(), Optional.empty());
    return reservations.reserve(
        new SpendingRequest.Rules(
            CALLER, SERVICE, Provider.OPENAI, meters, OptionalInt.empty(), false),
        new WantedBatch(
            account,
            KeySource.CENTRAL,
            List.of(),
            verdict,
            Optional.of("file-1"),
            Duration.ofDays(1)));
  }
}
