package io.claviger.application.budgets;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.ABudget;
import io.claviger.application.fakes.KnownPrices;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.BudgetMeter;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.spending.CallUse;
import io.claviger.domain.spending.OperationKind;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.usage.TokenParts;
import io.claviger.domain.usage.TokenUsage;
import io.claviger.domain.usage.UsageModel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The use of one caller's calls does not affect the reservations of other callers. */
final class SpoiledEstimatesTest {
  private static final Instance.Id SERVICE = new Instance.Id(new UUID(1, 1));
  private static final User.Id MALLORY = caller(0);
  private static final long HUGE = 500_000;

  private final BudgetNodes nodes = new BudgetNodes();
  private final CallBudgets budgets = new CallBudgets(new KnownPrices(), nodes.node, nodes.nanos);

  private static User.Id caller(int n) {
    return new User.Id(new UUID(2, n));
  }

  private SpendingDecision decide(User.Id caller, long budget, String account) {
    BudgetMeter meter =
        new BudgetMeter(
            "user:" + UUID.nameUUIDFromBytes(account.getBytes(StandardCharsets.UTF_8)),
            ABudget.tokens(budget).per(BudgetWindow.TOTAL).build(),
            true);
    RequestedUse use =
        RequestedUse.once(
            new UsageModel("m"),
            OperationKind.TEXT,
            400,
            OptionalLong.empty(),
            Optional.of("max_tokens"));
    return budgets.reserve(
        new SpendingRequest(
            new SpendingRequest.Rules(
                caller, SERVICE, Provider.OPENAI, List.of(meter), OptionalInt.empty(), false),
            Optional.of(use)));
  }

  private boolean call(User.Id caller, long budget, String account, long output) {
    if (decide(caller, budget, account) instanceof SpendingDecision.Granted granted) {
      Object charged =
          granted
              .spending()
              .settle(
                  CallUse.of(
                      TokenUsage.stated(100, output, TokenParts.NONE), CallUse.Evidence.STATED));
      assertThat(charged).isNotNull();
      return true;
    }
    return false;
  }

  @Test
  void others_call_after_a_caller_whose_answers_were_huge() {
    for (int n = 0; n < 64; n++) {
      assertThat(call(MALLORY, 1_000_000_000, "mallory", HUGE)).isTrue();
    }

    for (int n = 1; n < 6; n++) {
      assertThat(call(caller(n), 20_000, "of " + n, 50)).isTrue();
    }
  }

  @Test
  void callers_of_whom_nothing_is_known_are_expected_to_be_like_most() {
    for (int n = 0; n < 64; n++) {
      assertThat(call(MALLORY, 1_000_000_000, "mallory", HUGE)).isTrue();
      assertThat(call(caller(1), 1_000_000_000, "1", 50)).isTrue();
      assertThat(call(caller(2), 1_000_000_000, "2", 60)).isTrue();
    }
    nodes.pass(Duration.ofSeconds(2));

    assertThat(call(caller(3), 400, "3", 50)).isTrue();
  }

  @Test
  void a_refusal_by_an_estimate_corrects_itself() {
    for (int n = 0; n < 64; n++) {
      assertThat(call(MALLORY, 1_000_000_000, "mallory", HUGE)).isTrue();
    }

    assertThat(call(MALLORY, 50_000, "small", 50)).isTrue();
    assertThat(call(MALLORY, 50_000, "small", 50)).isTrue();
  }

  @Test
  void a_caller_whose_calls_are_huge_goes_out_on_a_guess_every_two_seconds_only() {
    for (int n = 0; n < 64; n++) {
      assertThat(call(MALLORY, 1_000_000_000, "mallory", HUGE)).isTrue();
    }

    assertThat(decide(MALLORY, 50_000, "small")).isInstanceOf(SpendingDecision.Granted.class);
    assertThat(decide(MALLORY, 50_000, "small")).isInstanceOf(SpendingDecision.Refused.class);
    nodes.pass(ModelObservation.PROBED_EVERY);
    assertThat(decide(MALLORY, 50_000, "small")).isInstanceOf(SpendingDecision.Granted.class);
  }

  @Test
  void a_call_that_is_not_sent_leaves_the_guess_to_the_next_call() {
    for (int n = 1; n <= ModelObservation.MOST_CALLERS; n++) {
      for (int call = 0; call < 8; call++) {
        assertThat(call(caller(n), 1_000_000_000, "of " + n, HUGE)).isTrue();
      }
    }
    nodes.pass(Duration.ofSeconds(2));

    for (User.Id each : List.of(caller(1), caller(101))) {
      for (int n = 0; n < 3; n++) {
        assertThat(decide(each, 50_000, "of " + each))
            .isInstanceOfSatisfying(
                SpendingDecision.Granted.class, granted -> granted.spending().close());
      }
      assertThat(decide(each, 50_000, "of " + each)).isInstanceOf(SpendingDecision.Granted.class);
      assertThat(decide(each, 50_000, "of " + each)).isInstanceOf(SpendingDecision.Refused.class);
    }
    assertThat(decide(caller(102), 50_000, "c")).isInstanceOf(SpendingDecision.Refused.class);
  }

  @Test
  void callers_for_whom_there_is_no_room_go_out_on_a_guess_every_two_seconds_together() {
    for (int n = 1; n <= ModelObservation.MOST_CALLERS; n++) {
      for (int call = 0; call < 8; call++) {
        assertThat(call(caller(n), 1_000_000_000, "of " + n, HUGE)).isTrue();
      }
    }
    nodes.pass(Duration.ofSeconds(2));

    assertThat(decide(caller(101), 50_000, "a")).isInstanceOf(SpendingDecision.Granted.class);
    assertThat(decide(caller(101), 50_000, "a")).isInstanceOf(SpendingDecision.Refused.class);
    assertThat(decide(caller(102), 50_000, "b")).isInstanceOf(SpendingDecision.Refused.class);
    nodes.pass(ModelObservation.PROBED_EVERY);
    assertThat(decide(caller(102), 50_000, "b")).isInstanceOf(SpendingDecision.Granted.class);
    assertThat(decide(caller(101), 50_000, "a")).isInstanceOf(SpendingDecision.Refused.class);
  }

  @Test
  void who_leaves_dear_calls_after_cheap_ones_is_expected_to_make_dear_ones() {
    for (int n = 0; n < 64; n++) {
      assertThat(call(MALLORY, 1_000_000_000, "mallory", 5)).isTrue();
    }
    assertThat(decide(MALLORY, 200, "a")).isInstanceOf(SpendingDecision.Granted.class);

    if (decide(MALLORY, 200, "b") instanceof SpendingDecision.Granted granted) {
      CallUse left =
          CallUse.of(TokenUsage.NONE.orEstimated(400, 30_000), CallUse.Evidence.UNKNOWN)
              .abandoned();
      assertThat(granted.spending().settle(left).orElseThrow().usage().output()).isEqualTo(30_000);
    }

    assertThat(decide(MALLORY, 200, "c")).isInstanceOf(SpendingDecision.Refused.class);
  }

  @Test
  void what_a_caller_used_fades_with_time() {
    for (int n = 0; n < 64; n++) {
      assertThat(call(MALLORY, 1_000_000_000, "mallory", 10)).isTrue();
    }
    assertThat(decide(MALLORY, 1_000, "a")).isInstanceOf(SpendingDecision.Granted.class);

    nodes.pass(Duration.ofHours(2));

    assertThat(decide(MALLORY, 1_000, "b")).isInstanceOf(SpendingDecision.Refused.class);
  }
}
