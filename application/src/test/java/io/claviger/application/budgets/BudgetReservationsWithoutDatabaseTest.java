package io.claviger.application.budgets;

import static io.claviger.application.budgets.BudgetNodes.exhausted;
import static io.claviger.application.budgets.BudgetNodes.monthly;
import static io.claviger.application.budgets.BudgetNodes.of;
import static io.claviger.application.budgets.BudgetNodes.reserved;
import static io.claviger.application.budgets.BudgetNodes.tokens;
import static io.claviger.application.budgets.BudgetNodes.total;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.claviger.application.UnreliableBudgetLedger.Fault;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.application.shared.SubjectFailures;
import io.claviger.domain.budgets.BudgetAccount;
import io.claviger.domain.budgets.BudgetMeter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A node whose database is away for a time, or whose answers get lost, or that is silent. */
class BudgetReservationsWithoutDatabaseTest {
  private static final BudgetMeter METER = total("a", 1_000);

  private final BudgetNodes nodes = new BudgetNodes();
  private final BudgetReservations node = nodes.node;

  @ParameterizedTest
  @EnumSource(value = Fault.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void calls_under_way_settle_once_when_the_database_is_back(Fault fault) {
    Reservation call = reserved(node.reserve(of(METER, 600)));
    nodes.ledger.fail(fault);
    call.settle(tokens(500));
    for (int n = 0; n < 10; n++) {
      nodes.pass(Duration.ofSeconds(2));
      failsToReport();
    }
    nodes.ledger.fail(Fault.NONE);
    nodes.live(LeasedBudget.KEPT_UNUSED.plusSeconds(2));

    assertThat(nodes.account(METER).settled()).isEqualTo(500);
    assertThat(nodes.account(METER).left()).isEqualTo(500);
  }

  @ParameterizedTest
  @EnumSource(value = Fault.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void what_was_leased_by_an_exchange_without_an_answer_is_not_lost(Fault fault) {
    nodes.ledger.fail(fault);
    for (int n = 0; n < 3; n++) {
      assertThatExceptionOfType(StoreUnavailable.class)
          .isThrownBy(() -> node.reserve(of(METER, 400)));
    }
    nodes.ledger.fail(Fault.NONE);

    Reservation call = reserved(node.reserve(of(METER, 1_000)));
    call.settle(tokens(10));
    nodes.live(LeasedBudget.KEPT_UNUSED.plusSeconds(2));

    assertThat(nodes.account(METER).settled()).isEqualTo(10);
    assertThat(nodes.account(METER).reserved()).isZero();
  }

  @ParameterizedTest
  @EnumSource(value = Fault.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void what_the_node_never_heard_of_is_returned_though_no_call_asks_again(Fault fault) {
    nodes.ledger.fail(fault);
    assertThatExceptionOfType(StoreUnavailable.class)
        .isThrownBy(() -> node.reserve(of(METER, 400)));
    nodes.ledger.fail(Fault.NONE);

    nodes.live(LeasedBudget.KEPT_UNUSED.plusSeconds(2));

    assertThat(nodes.account(METER).left()).isEqualTo(1_000);
    assertThat(node.size()).isZero();
  }

  /** After a fail-over, the node does not know whether the new primary has applied the exchange. */
  @ParameterizedTest
  @EnumSource(value = Fault.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void what_the_node_never_heard_of_is_returned_after_a_fail_over(Fault fault) {
    nodes.ledger.fail(fault);
    assertThatExceptionOfType(StoreUnavailable.class)
        .isThrownBy(() -> node.reserve(of(METER, 400)));
    nodes.ledger.fail(Fault.NONE);
    node.doubt();

    nodes.live(LeasedBudget.KEPT_UNUSED.plusSeconds(2));

    assertThat(nodes.account(METER).left()).isEqualTo(1_000);
    assertThat(node.size()).isZero();
  }

  @Test
  void when_one_of_two_budgets_cannot_be_asked_for_nothing_stays_reserved_of_the_other() {
    reserved(node.reserve(of(METER, 100))).close();
    nodes.ledger.fail(Fault.BEFORE);
    assertThatExceptionOfType(StoreUnavailable.class)
        .isThrownBy(
            () ->
                node.reserve(
                    List.of(
                        new BudgetDemand(METER, 100, Optional.empty()),
                        new BudgetDemand(total("b", 1_000), 100, Optional.empty()))));
    nodes.ledger.fail(Fault.NONE);
    nodes.live(LeasedBudget.KEPT_UNUSED.plusSeconds(2));

    assertThat(nodes.account(METER).left()).isEqualTo(1_000);
  }

  @Test
  void what_a_call_of_an_hour_holds_stays_reserved() {
    Reservation call = reserved(node.reserve(of(METER, 600)));

    nodes.live(Duration.ofHours(1));

    assertThat(nodes.account(METER).reserved()).isEqualTo(600);
    assertThat(nodes.account(METER).settled()).isZero();
    call.settle(tokens(100));
    nodes.live(Duration.ofSeconds(7));
    assertThat(nodes.account(METER).settled()).isEqualTo(100);
    assertThat(nodes.account(METER).left()).isEqualTo(900);
  }

  @Test
  void what_a_node_held_that_was_silent_for_a_minute_counts_as_used_until_it_reports() {
    Reservation call = reserved(node.reserve(of(METER, 600)));
    nodes.pass(Duration.ofSeconds(61));
    assertThat(nodes.store.writeOff()).isEqualTo(1);
    assertThat(nodes.account(METER).settled()).isEqualTo(600);

    node.report();
    assertThat(nodes.account(METER).settled()).isZero();
    assertThat(nodes.account(METER).reserved()).isEqualTo(600);
    call.settle(tokens(50));
    nodes.live(LeasedBudget.KEPT_UNUSED.plusSeconds(2));

    assertThat(nodes.account(METER).settled()).isEqualTo(50);
    assertThat(nodes.account(METER).left()).isEqualTo(950);
  }

  @Test
  void what_was_forgotten_stays_used_and_the_node_goes_on() {
    Reservation call = reserved(node.reserve(of(METER, 600)));
    nodes.pass(Duration.ofSeconds(61));
    assertThat(nodes.store.writeOff()).isEqualTo(1);
    nodes.pass(Duration.ofHours(30));
    assertThat(nodes.store.removeOld()).isEqualTo(1);

    call.settle(tokens(50));
    nodes.live(LeasedBudget.KEPT_UNUSED.plusSeconds(2));

    assertThat(nodes.account(METER).settled()).isEqualTo(600);
    reserved(node.reserve(of(METER, 400))).settle(tokens(400));
    nodes.live(LeasedBudget.KEPT_UNUSED.plusSeconds(2));
    assertThat(nodes.account(METER).settled()).isEqualTo(1_000);
    assertThat(node.size()).isLessThanOrEqualTo(1);
  }

  @Test
  void a_node_whose_lease_was_forgotten_stays_in_the_window_that_goes_on() {
    BudgetMeter meter = monthly("a", 1_000);
    Reservation call = reserved(node.reserve(of(meter, 600)));
    nodes.pass(Duration.ofSeconds(61));
    assertThat(nodes.store.writeOff()).isEqualTo(1);
    nodes.pass(Duration.ofHours(30));
    assertThat(nodes.store.removeOld()).isEqualTo(1);
    call.settle(tokens(50));

    reserved(node.reserve(of(meter, 400))).settle(tokens(400));
    nodes.live(LeasedBudget.KEPT_UNUSED.plusSeconds(2));

    assertThat(nodes.account(meter).settled()).isEqualTo(1_000);
    assertThat(exhausted(node.reserve(of(meter, 1))).windowEnds())
        .isEqualTo(nodes.account(meter).window().end());
  }

  @Test
  void the_ends_of_calls_whose_lease_was_forgotten_are_not_reported() {
    Reservation first = reserved(node.reserve(of(METER, 300)));
    Reservation second = reserved(node.reserve(of(METER, 300)));
    nodes.pass(Duration.ofSeconds(61));
    assertThat(nodes.store.writeOff()).isEqualTo(1);
    nodes.pass(Duration.ofHours(30));
    assertThat(nodes.store.removeOld()).isEqualTo(1);
    nodes.live(Duration.ofSeconds(1));
    assertThat(nodes.node.size()).isEqualTo(1);
    int asked = nodes.ledger.asked();

    first.settle(tokens(50));
    nodes.live(Duration.ofSeconds(2));

    assertThat(nodes.ledger.asked()).isEqualTo(asked);
    second.close();
  }

  @Test
  void an_account_that_fails_keeps_none_of_the_others_from_the_ledger() {
    BudgetMeter broken = total("b", 1_000);
    Reservation call = reserved(node.reserve(of(METER, 600)));
    Reservation failing = reserved(node.reserve(of(broken, 600)));
    nodes.ledger.breakAccount(BudgetAccount.of(broken));
    call.settle(tokens(500));
    failing.settle(tokens(500));
    nodes.pass(Duration.ofSeconds(7));

    assertThatIllegalStateException().isThrownBy(node::report);

    assertThat(nodes.account(METER).settled()).isEqualTo(500);
    assertThat(nodes.account(METER).reserved()).isZero();
    assertThatIllegalStateException().isThrownBy(() -> node.reserve(of(broken, 600)));
    reserved(node.reserve(of(METER, 500))).close();
  }

  /** A task that fails pauses, so an account that fails in each run would slow all others. */
  @Test
  void an_account_that_fails_fails_the_task_once_and_then_rests() {
    BudgetMeter broken = total("b", 1_000);
    Reservation failing = reserved(node.reserve(of(broken, 600)));
    nodes.ledger.breakAccount(BudgetAccount.of(broken));
    failing.settle(tokens(500));
    nodes.pass(Duration.ofSeconds(1));
    assertThatIllegalStateException().isThrownBy(node::report);

    Duration at = Duration.ZERO;
    while (at.plusMillis(500).compareTo(SubjectFailures.REST) < 0) {
      nodes.pass(Duration.ofMillis(500));
      node.report();
      at = at.plusMillis(500);
    }

    nodes.pass(Duration.ofMillis(500));
    assertThatIllegalStateException().isThrownBy(node::report);
  }

  @Test
  void a_node_that_ends_returns_all_that_its_calls_do_not_hold() {
    BudgetMeter large = total("b", 1_000_000);
    for (int n = 0; n < 100; n++) {
      reserved(node.reserve(of(large, 10))).settle(tokens(10));
    }
    Reservation call = reserved(node.reserve(of(METER, 600)));
    assertThat(nodes.account(large).reserved()).isPositive();

    node.end();
    assertThat(nodes.account(large).reserved()).isZero();
    assertThat(nodes.account(large).settled()).isEqualTo(1_000);
    assertThat(nodes.account(METER).reserved()).isEqualTo(600);

    call.settle(tokens(5));
    node.end();
    assertThat(nodes.account(METER).reserved()).isZero();
    assertThat(nodes.account(METER).settled()).isEqualTo(5);
  }

  private void failsToReport() {
    assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(node::report);
  }

  @Test
  void a_call_whose_group_has_no_account_in_time_is_refused_and_a_later_one_finds_it() {
    BudgetMeter pool = total("group:" + UUID.randomUUID(), 1_000);
    CountDownLatch sum = new CountDownLatch(1);
    nodes.ledger.openBehind(sum);

    assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(() -> node.reserve(of(pool, 400)));
    nodes.live(Duration.ofSeconds(1));
    Reservation other = reserved(node.reserve(of(METER, 400)));
    sum.countDown();
    Reservation call = reserved(node.reserve(of(pool, 400)));
    call.settle(tokens(10));
    other.settle(tokens(20));
    nodes.live(LeasedBudget.KEPT_UNUSED.plusSeconds(2));

    assertThat(nodes.account(pool).settled()).isEqualTo(10);
    assertThat(nodes.account(METER).settled()).isEqualTo(20);
    assertThat(node.size()).isZero();
  }

  @Test
  void a_call_under_several_new_pools_waits_for_all_of_them_no_longer_than_for_one() {
    Duration most = LedgerExchanges.LONGEST_OPENING.plusSeconds(2);
    Duration waited = waitedForNewPools();
    // On a busy machine, any call might wait for a processor, so the quickest of several calls
    // counts.
    for (int more = 0; more < 2 && waited.compareTo(most) >= 0; more++) {
      waited = waitedForNewPools();
    }

    assertThat(waited).isLessThan(most);
  }

  /** How long a call waits under two pools, of which one is known after three seconds. */
  private Duration waitedForNewPools() {
    BudgetMeter nearlyKnown = total("group:" + UUID.randomUUID(), 1_000);
    BudgetMeter unknown = total("group:" + UUID.randomUUID(), 1_000);
    List<BudgetDemand> wanted = new ArrayList<>(of(nearlyKnown, 400));
    wanted.addAll(of(unknown, 400));
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch soon = new CountDownLatch(1);
    nodes.ledger.openBehind(never);
    nodes.ledger.openBehind(BudgetAccount.of(nearlyKnown), soon);
    try (ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor()) {
      Object unused = timer.schedule(soon::countDown, 3, TimeUnit.SECONDS);
      long began = System.nanoTime();
      assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(() -> node.reserve(wanted));
      return Duration.ofNanos(System.nanoTime() - began);
    } finally {
      never.countDown();
    }
  }

  @Test
  void a_call_under_a_known_pool_does_not_wait_for_the_sums_of_others() {
    BudgetMeter known = total("group:" + UUID.randomUUID(), 1_000);
    reserved(node.reserve(of(known, 400))).settle(tokens(10));
    nodes.live(LeasedBudget.KEPT_UNUSED.plusSeconds(2));
    assertThat(node.size()).isZero();
    CountDownLatch sum = new CountDownLatch(1);
    nodes.ledger.openBehind(sum);
    for (int n = 0; n < 2; n++) {
      BudgetMeter pool = total("group:" + UUID.randomUUID(), 1_000);
      assertThatExceptionOfType(StoreUnavailable.class)
          .isThrownBy(() -> node.reserve(of(pool, 400)));
    }

    node.open(List.of(BudgetAccount.of(known)));
    reserved(node.reserve(of(known, 400))).settle(tokens(20));

    sum.countDown();
    nodes.live(LeasedBudget.KEPT_UNUSED.plusSeconds(2));
    assertThat(nodes.account(known).settled()).isEqualTo(30);
  }
}
