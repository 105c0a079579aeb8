package io.claviger.application.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.budgets.port.BudgetLedger;
import io.claviger.application.budgets.port.BudgetLedger.BudgetAccountState;
import io.claviger.application.budgets.port.BudgetLedger.Demand;
import io.claviger.application.budgets.port.BudgetLedger.LedgerExchange;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetAccount;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.testkit.Race;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What {@link BudgetLedger} promises. */
public abstract class BudgetLedgerContract extends PortContract {
  private static final UUID NODE = UUID.fromString("00000000-0000-4000-8000-000000000001");
  private static final UUID OTHER = UUID.fromString("00000000-0000-4000-8000-000000000002");
  private static final BudgetAccount TOTAL = account("token:1", BudgetWindow.TOTAL);
  private static final BudgetAccount DAILY = account("token:1", BudgetWindow.DAY);

  private final AtomicLong sequence = new AtomicLong();

  /** Moves the clock of the ledger forward. The time that the test takes may be added. */
  protected abstract void pass(Duration time);

  /** Adds to the budget of an account for a time, by the clock of the ledger. */
  protected abstract void raise(BudgetAccount account, long amount, Duration time);

  @Test
  void what_is_needed_is_granted_while_it_fits() {
    assertThat(first(NODE, TOTAL, needs(100, 60)).held()).isEqualTo(60);

    BudgetAccountState refused = first(OTHER, TOTAL, needs(100, 41));

    assertThat(refused.held()).isZero();
    assertThat(refused.left()).isEqualTo(40);
    assertThat(first(OTHER, DAILY, needs(100, 41)).held()).isEqualTo(41);
  }

  @Test
  void of_what_is_wanted_beyond_the_need_a_sixteenth_of_the_rest_is_granted() {
    assertThat(first(NODE, TOTAL, new Demand(1_000, 40, 40, 500)).held()).isEqualTo(40 + 60);
    assertThat(first(OTHER, TOTAL, new Demand(1_000, 0, 0, 10)).held()).isEqualTo(10);
  }

  @Test
  void of_several_needs_as_much_as_is_left_is_granted_if_the_smallest_fits() {
    assertThat(first(NODE, TOTAL, new Demand(100, 150, 30, 50)).held()).isEqualTo(100);
    assertThat(first(OTHER, TOTAL, new Demand(120, 150, 30, 50)).held()).isZero();
  }

  @Test
  void what_is_spent_is_settled_and_what_is_held_no_longer_is_free_again() {
    long began = sequence.get() + 1;
    BudgetAccountState granted = first(NODE, TOTAL, needs(100, 80));

    BudgetAccountState settled = next(NODE, TOTAL, granted, began, 30, 20, Demand.none(100));

    assertThat(settled.held()).isEqualTo(20);
    assertThat(settled.settled()).isEqualTo(30);
    assertThat(settled.left()).isEqualTo(50);
  }

  @Test
  void calls_that_cost_more_than_was_reserved_are_settled_in_full() {
    long began = sequence.get() + 1;
    BudgetAccountState granted = first(NODE, TOTAL, needs(100, 80));

    BudgetAccountState settled = next(NODE, TOTAL, granted, began, 130, 0, Demand.none(100));

    assertThat(settled.settled()).isEqualTo(130);
    assertThat(settled.left()).isEqualTo(-30);
    assertThat(first(OTHER, TOTAL, needs(100, 1)).held()).isZero();
  }

  @Test
  void an_exchange_that_is_repeated_with_a_new_number_counts_once() {
    long began = sequence.get() + 1;
    BudgetAccountState unseen = first(NODE, TOTAL, needs(100, 80));
    assertThat(unseen.held()).isEqualTo(80);

    BudgetAccountState again = exchange(NODE, TOTAL, Optional.empty(), began, 0, 0, needs(100, 90));
    assertThat(again.held()).isEqualTo(90);

    BudgetAccountState spent = next(NODE, TOTAL, again, began, 50, 40, Demand.none(100));
    BudgetAccountState repeated = next(NODE, TOTAL, again, began, 50, 40, Demand.none(100));
    assertThat(repeated.settled()).isEqualTo(spent.settled()).isEqualTo(50);
    assertThat(repeated.held()).isEqualTo(40);
  }

  @Test
  void an_exchange_that_comes_late_is_ignored() {
    long began = sequence.get() + 1;
    BudgetAccountState granted = first(NODE, TOTAL, needs(100, 80));
    long late = sequence.incrementAndGet();
    BudgetAccountState current = next(NODE, TOTAL, granted, began, 50, 10, Demand.none(100));

    BudgetAccountState ignored =
        one(
            NODE,
            new LedgerExchange(
                TOTAL,
                Optional.of(granted.window().start()),
                none(),
                began,
                late,
                20,
                60,
                needs(100, 5),
                0));

    assertThat(ignored.settled()).isEqualTo(50);
    assertThat(ignored.left()).isEqualTo(current.left()).isEqualTo(40);
  }

  @Test
  void a_node_that_begins_anew_starts_to_add_up_from_zero() {
    long began = sequence.get() + 1;
    BudgetAccountState granted = first(NODE, TOTAL, needs(100, 80));
    BudgetAccountState done = next(NODE, TOTAL, granted, began, 30, 0, Demand.none(100));
    assertThat(done.settled()).isEqualTo(30);

    long anew = sequence.get() + 1;
    BudgetAccountState second = first(NODE, TOTAL, needs(100, 20));
    BudgetAccountState all = next(NODE, TOTAL, second, anew, 5, 0, Demand.none(100));

    assertThat(all.settled()).isEqualTo(35);
    assertThat(all.left()).isEqualTo(65);
  }

  @Test
  void what_a_silent_node_held_counts_as_settled_until_it_comes_back() {
    long began = sequence.get() + 1;
    BudgetAccountState granted = first(NODE, TOTAL, needs(100, 80));
    assertThat(ports.budgetLedger().writeOff()).isZero();

    pass(BudgetLedger.SILENCE.plusSeconds(1));
    assertThat(ports.budgetLedger().writeOff()).isEqualTo(1);
    assertThat(ports.budgetLedger().writeOff()).isZero();
    BudgetAccountState seen = first(OTHER, TOTAL, needs(100, 21));
    assertThat(seen.held()).isZero();
    assertThat(seen.settled()).isEqualTo(80);
    assertThat(seen.left()).isEqualTo(20);

    BudgetAccountState back = next(NODE, TOTAL, granted, began, 10, 30, Demand.none(100));
    assertThat(back.known()).isTrue();
    assertThat(back.settled()).isEqualTo(10);
    assertThat(back.held()).isEqualTo(30);
    assertThat(back.left()).isEqualTo(60);
  }

  @Test
  void a_node_lives_by_any_exchange_even_an_empty_one() {
    BudgetAccountState granted = first(NODE, TOTAL, needs(100, 80));
    for (int n = 0; n < 4; n++) {
      pass(Duration.ofSeconds(40));
      assertThat(ports.budgetLedger().exchange(NODE, List.of())).isEmpty();
      assertThat(ports.budgetLedger().writeOff()).isZero();
    }
    assertThat(granted.held()).isEqualTo(80);
  }

  @Test
  void a_silent_node_is_written_off_soon_after_the_clock_was_a_day_ahead() {
    pass(Duration.ofDays(1));
    BudgetAccountState granted = first(NODE, TOTAL, needs(100, 80));
    pass(Duration.ofDays(-1));
    assertThat(ports.budgetLedger().writeOff()).isZero();
    pass(BudgetLedger.SILENCE.plusSeconds(1));

    assertThat(ports.budgetLedger().writeOff()).isEqualTo(1);
    assertThat(granted.held()).isEqualTo(80);
  }

  @Test
  void what_was_written_off_long_ago_is_forgotten_and_stays_settled() {
    long began = sequence.get() + 1;
    BudgetAccountState granted = first(NODE, TOTAL, needs(100, 80));
    pass(BudgetLedger.SILENCE.plusSeconds(1));
    assertThat(ports.budgetLedger().writeOff()).isEqualTo(1);
    assertThat(ports.budgetLedger().removeOld()).isZero();
    pass(Duration.ofHours(25));
    assertThat(ports.budgetLedger().removeOld()).isEqualTo(1);

    BudgetAccountState late = next(NODE, TOTAL, granted, began, 10, 70, needs(100, 5));

    assertThat(late.known()).isFalse();
    assertThat(late.held()).isZero();
    assertThat(late.settled()).isEqualTo(80);
  }

  @Test
  void a_window_that_is_over_takes_what_was_spent_and_grants_nothing() {
    long began = sequence.get() + 1;
    BudgetAccountState granted = first(NODE, DAILY, needs(100, 80));
    assertThat(granted.goodFor()).isLessThanOrEqualTo(Duration.ofHours(24));
    pass(Duration.ofHours(25));

    BudgetAccountState over = next(NODE, DAILY, granted, began, 10, 70, needs(100, 5));
    BudgetAccountState current = first(NODE, DAILY, needs(100, 100));

    assertThat(over.held()).isEqualTo(70);
    assertThat(over.goodFor()).isZero();
    assertThat(over.settled()).isEqualTo(10);
    assertThat(current.held()).isEqualTo(100);
    assertThat(current.settled()).isZero();
    assertThat(current.window().start()).isAfterOrEqualTo(granted.window().end().orElseThrow());
  }

  @Test
  void a_window_without_end_says_so() {
    BudgetAccountState granted = first(NODE, TOTAL, needs(100, 80));

    assertThat(granted.window().start()).isEqualTo(Instant.EPOCH);
    assertThat(granted.window().end()).isEmpty();
    assertThat(granted.goodFor()).isPositive();
  }

  @Test
  void what_was_granted_unnoticed_in_a_window_that_turned_is_returned() {
    long began = sequence.get() + 1;
    BudgetAccountState unseen = first(NODE, DAILY, needs(100, 80));
    pass(Duration.ofHours(25));

    BudgetAccountState seen = exchange(NODE, DAILY, Optional.empty(), began, 0, 0, needs(100, 10));
    BudgetAccountState before =
        one(
            OTHER,
            new LedgerExchange(
                DAILY,
                Optional.of(unseen.window().start()),
                none(),
                1,
                1,
                0,
                0,
                Demand.none(100),
                0));

    assertThat(seen.held()).isEqualTo(10);
    assertThat(before.left()).isEqualTo(100);
  }

  @Test
  void a_first_exchange_that_comes_late_returns_nothing_of_the_window_before() {
    long began = sequence.get() + 1;
    long late = sequence.incrementAndGet();
    BudgetAccountState granted =
        exchange(NODE, DAILY, Optional.empty(), began, 0, 0, needs(100, 80));
    pass(Duration.ofHours(25));

    BudgetAccountState unseen =
        one(
            NODE,
            new LedgerExchange(
                DAILY, Optional.empty(), none(), began, late, 0, 0, needs(100, 30), 0));
    assertThat(unseen.held()).isZero();
    BudgetAccountState over = next(NODE, DAILY, granted, began, 10, 70, Demand.none(100));
    assertThat(over.known()).isTrue();
    assertThat(over.held()).isEqualTo(70);

    BudgetAccountState current = first(NODE, DAILY, needs(100, 100));
    assertThat(current.known()).isTrue();
    assertThat(current.held()).isEqualTo(100);
  }

  /** The node never gets the answer, so nobody could use or return a granted amount. */
  @Test
  void a_first_exchange_that_comes_late_takes_nothing_of_the_next_window() {
    long began = sequence.get() + 1;
    long late = sequence.incrementAndGet();
    BudgetAccountState granted =
        exchange(NODE, DAILY, Optional.empty(), began, 0, 0, needs(100, 80));
    BudgetAccountState anew = first(NODE, DAILY, needs(100, 10));
    assertThat(anew.window()).isEqualTo(granted.window());
    pass(Duration.ofHours(25));

    BudgetAccountState unseen =
        one(
            NODE,
            new LedgerExchange(
                DAILY, Optional.empty(), none(), began, late, 0, 0, needs(100, 30), 0));
    assertThat(unseen.held()).isZero();
    assertThat(unseen.reserved()).isZero();

    BudgetAccountState others = first(OTHER, DAILY, needs(100, 100));
    assertThat(others.window()).isEqualTo(unseen.window());
    assertThat(others.held()).isEqualTo(100);
  }

  @Test
  void a_late_first_exchange_frees_nothing_that_calls_of_the_window_before_hold() {
    long began = sequence.get() + 1;
    long late = sequence.incrementAndGet();
    BudgetAccountState granted =
        exchange(NODE, DAILY, Optional.empty(), began, 0, 0, needs(100, 80));
    Duration toTheNextWindow = Duration.ofHours(25);
    pass(toTheNextWindow);
    BudgetAccountState unseen =
        one(
            NODE,
            new LedgerExchange(
                DAILY, Optional.empty(), none(), began, late, 0, 0, needs(100, 30), 0));
    assertThat(unseen.window()).isNotEqualTo(granted.window());

    // The database's clock is set back, so that the window before is the current one again.
    pass(toTheNextWindow.negated());
    BudgetAccountState refused = first(OTHER, DAILY, needs(100, 21));
    assertThat(refused.window()).isEqualTo(granted.window());
    assertThat(refused.held()).isZero();
    assertThat(refused.left()).isEqualTo(20);

    // The node dies, and nobody hears what its calls cost.
    pass(toTheNextWindow.plus(BudgetLedger.SILENCE).plusSeconds(1));
    assertThat(ports.budgetLedger().writeOff()).isEqualTo(1);
    BudgetAccountState over =
        next(OTHER, DAILY, refused, sequence.get() + 1, 0, 0, Demand.none(100));
    assertThat(over.settled()).isEqualTo(80);
  }

  @Test
  void a_window_that_is_over_is_not_taken_for_the_current_one_when_the_clock_is_set_back() {
    BudgetAccountState granted = first(NODE, DAILY, needs(100, 80));
    Instant turn = granted.window().end().orElseThrow();

    BudgetAccountState next =
        one(
            NODE,
            new LedgerExchange(
                DAILY,
                Optional.empty(),
                Optional.of(turn),
                sequence.incrementAndGet(),
                sequence.incrementAndGet(),
                0,
                0,
                needs(100, 100),
                0));

    assertThat(next.window().start()).isEqualTo(turn);
    assertThat(next.held()).isEqualTo(100);
    assertThat(next.goodFor()).isPositive();
  }

  @Test
  void old_windows_are_removed_and_what_comes_for_them_is_dropped() {
    long began = sequence.get() + 1;
    BudgetAccountState granted = first(NODE, DAILY, needs(100, 80));
    pass(Duration.ofDays(37));
    assertThat(ports.budgetLedger().removeOld()).isPositive();

    BudgetAccountState late = next(NODE, DAILY, granted, began, 10, 70, Demand.none(100));

    assertThat(late.known()).isFalse();
    assertThat(late.held()).isZero();
  }

  @Test
  void a_lowered_budget_grants_nothing_new_and_a_larger_one_does() {
    assertThat(first(NODE, TOTAL, needs(100, 80)).held()).isEqualTo(80);

    BudgetAccountState lowered = first(OTHER, TOTAL, needs(50, 1));
    assertThat(lowered.held()).isZero();
    assertThat(lowered.left()).isEqualTo(-30);
    assertThat(first(OTHER, TOTAL, needs(120, 40)).held()).isEqualTo(40);
  }

  @Test
  void a_raise_counts_until_it_ends() {
    raise(TOTAL, 50, Duration.ofMinutes(10));
    BudgetAccountState raised = first(NODE, TOTAL, needs(100, 120));
    assertThat(raised.held()).isEqualTo(120);
    assertThat(raised.left()).isEqualTo(30);
    assertThat(raised.goodFor()).isBetween(Duration.ofMinutes(9), Duration.ofMinutes(10));

    pass(Duration.ofMinutes(11));
    assertThat(first(OTHER, TOTAL, needs(100, 1)).left()).isEqualTo(-20);
  }

  @Test
  void the_largest_amounts_do_not_overflow() {
    long most = BudgetUnit.USD.most();
    BudgetAccount dollars =
        new BudgetAccount(
            "token:1", new Budget.Key(BudgetUnit.USD, BudgetWindow.TOTAL, BudgetZone.UTC));
    raise(dollars, most, Duration.ofHours(2));
    raise(dollars, most, Duration.ofHours(2));
    raise(dollars, most, Duration.ofHours(2));
    long began = sequence.get() + 1;
    BudgetAccountState granted = first(NODE, dollars, needs(most, 3 * most));
    assertThat(granted.held()).isEqualTo(3 * most);

    BudgetAccountState settled = next(NODE, dollars, granted, began, 4 * most, 0, needs(most, 1));

    assertThat(settled.settled()).isEqualTo(4 * most);
    assertThat(settled.left()).isZero();
  }

  @Test
  void sixteen_that_ask_at_once_get_no_more_than_the_budget_together() {
    List<Long> granted =
        Race.of(
            16,
            n -> {
              long began = sequence.incrementAndGet();
              BudgetAccountState answer =
                  one(
                      new UUID(7, began),
                      new LedgerExchange(
                          TOTAL,
                          Optional.empty(),
                          none(),
                          began,
                          began,
                          0,
                          0,
                          new Demand(100, 3, 3, 2),
                          0));
              return answer.held();
            },
            10);

    assertThat(granted.stream().mapToLong(Long::longValue).sum()).isBetween(98L, 100L);
  }

  private static Demand needs(long budget, long amount) {
    return new Demand(budget, amount, amount, 0);
  }

  private BudgetAccountState first(UUID node, BudgetAccount account, Demand demand) {
    return exchange(node, account, Optional.empty(), sequence.get() + 1, 0, 0, demand);
  }

  private BudgetAccountState next(
      UUID node,
      BudgetAccount account,
      BudgetAccountState last,
      long began,
      long spent,
      long held,
      Demand d) {
    return exchange(node, account, Optional.of(last.window().start()), began, spent, held, d);
  }

  private BudgetAccountState exchange(
      UUID node,
      BudgetAccount account,
      Optional<Instant> window,
      long began,
      long spent,
      long held,
      Demand demand) {
    return one(
        node,
        new LedgerExchange(
            account, window, none(), began, sequence.incrementAndGet(), spent, held, demand, 0));
  }

  private BudgetAccountState one(UUID node, LedgerExchange exchange) {
    return ports.budgetLedger().exchange(node, List.of(exchange)).getFirst();
  }

  private static BudgetAccount account(String subject, BudgetWindow window) {
    return new BudgetAccount(subject, new Budget.Key(BudgetUnit.TOKENS, window, BudgetZone.UTC));
  }
}
