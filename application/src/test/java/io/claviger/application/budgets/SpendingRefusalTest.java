package io.claviger.application.budgets;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.budgets.ReserveDecision.Exhausted;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetHolder;
import io.claviger.domain.budgets.BudgetMeter;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.domain.spending.OperationKind;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.usage.UsageModel;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What people read when a budget refuses their call. */
class SpendingRefusalTest {
  private static final UUID ID = new UUID(1, 2);
  private static final Optional<Instant> END = Optional.of(Instant.parse("2026-11-30T23:00:00Z"));

  private static final RequestedUse CHAT =
      RequestedUse.once(
          new UsageModel("m"),
          OperationKind.TEXT,
          9,
          OptionalLong.empty(),
          Optional.of("max_output_tokens"));

  private static BudgetMeter meter(BudgetHolder holder, boolean shown) {
    return new BudgetMeter(
        holder.account(),
        new Budget(
            12_500_000_000L,
            BudgetUnit.USD,
            BudgetWindow.MONTH,
            new BudgetZone("Europe/Berlin"),
            BudgetBound.MEASURED,
            false),
        shown);
  }

  private static String message(
      BudgetMeter meter, long left, Optional<Instant> end, OptionalLong fits) {
    SpendingRefusal refusal =
        SpendingRefusal.of(new Exhausted(meter, 300_000_000L, left, end), Optional.of(CHAT), fits);
    assertThat(refusal.reason()).isEqualTo(SpendingRefusal.Reason.BUDGET_EXHAUSTED);
    return refusal.message();
  }

  @Test
  void it_names_the_budget_what_is_left_when_it_begins_anew_and_what_would_fit() {
    assertThat(
            message(
                meter(BudgetHolder.callerOf(ID, ID), true),
                120_000_000L,
                END,
                OptionalLong.of(1_204)))
        .isEqualTo(
            "Your budget on this service, $12.5 a month, does not leave enough for this call, which"
                + " may use up to $0.3: $0.12 is left. It resets on 2026-12-01 at 00:00"
                + " Europe/Berlin. The same request fits now with max_output_tokens of at most"
                + " 1,204. Trying again before then does not help.");
  }

  @Test
  void whoever_may_not_see_a_budget_learns_neither_whose_it_is_nor_its_amount() {
    assertThat(message(meter(BudgetHolder.service(ID), false), 0, END, OptionalLong.empty()))
        .isEqualTo(
            "A budget of the lender is used up. It resets on 2026-12-01 at 00:00"
                + " Europe/Berlin. Trying again before then does not help.");
    assertThat(message(meter(BudgetHolder.service(ID), false), 5, END, OptionalLong.of(1_204)))
        .as("says nothing that depends on what is left")
        .isEqualTo(
            "A budget of the lender does not leave enough for this call. It resets on 2026-12-01 at"
                + " 00:00 Europe/Berlin. Trying again before then does not help.");
  }

  @Test
  void a_budget_that_never_begins_anew_is_said_not_to() {
    assertThat(
            message(meter(BudgetHolder.token(ID), true), 0, Optional.empty(), OptionalLong.empty()))
        .isEqualTo(
            "The budget of your access token, $12.5 a month, is used up. It does not reset by itself. Trying again does not help.");
  }

  @ParameterizedTest
  @EnumSource
  void every_holder_has_a_name(BudgetHolder.Kind kind) {
    BudgetHolder holder =
        switch (kind) {
          case SERVICE_CALLER -> BudgetHolder.callerOf(ID, ID);
          case SERVICE_GROUP -> BudgetHolder.groupOn(ID, ID);
          case SERVICE -> BudgetHolder.service(ID);
          case TOKEN -> BudgetHolder.token(ID);
          case USER -> BudgetHolder.user(ID);
          case GROUP_MEMBER -> BudgetHolder.memberOf(ID, ID);
          case GROUP_OWNER -> BudgetHolder.ownerIn(ID, ID);
          case GROUP -> BudgetHolder.group(ID);
          case PROJECT_CALLER -> BudgetHolder.callerThrough(ID, ID);
        };

    assertThat(message(meter(holder, true), 0, END, OptionalLong.empty()))
        .contains("udget")
        .doesNotContain(ID.toString());
  }
}
