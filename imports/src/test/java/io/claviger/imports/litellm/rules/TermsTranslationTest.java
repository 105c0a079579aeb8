package io.claviger.imports.litellm.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.domain.policy.PaceKind;
import io.claviger.imports.litellm.rules.LiteLlmContent.OldTerms;
import io.claviger.imports.litellm.rules.TermsTranslation.Remark;
import io.claviger.imports.litellm.rules.TermsTranslation.Translated;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TermsTranslationTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  private static OldTerms budget(
      String dollars, String spent, String duration, Duration untilReset) {
    return new OldTerms(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(new BigDecimal(dollars)),
        new BigDecimal(spent),
        Optional.ofNullable(duration),
        Optional.of(NOW.plus(untilReset)));
  }

  private static OldTerms rates(Long tokens, Long requests, Long atATime) {
    return new OldTerms(
        Optional.ofNullable(tokens),
        Optional.ofNullable(requests),
        Optional.ofNullable(atATime),
        Optional.empty(),
        BigDecimal.ZERO,
        Optional.empty(),
        Optional.empty());
  }

  private static Translated translate(OldTerms terms) {
    return TermsTranslation.translate(terms, Optional.empty(), BudgetZone.UTC, NOW);
  }

  @ParameterizedTest
  @CsvSource({
    "1d, day, true",
    "24h, day, true",
    "7d, week, true",
    "30d, month, true",
    "1mo, month, true",
    ", total, true",
    "2d, total, false",
    "30s, total, false",
    "31d, total, false",
    "'', total, false",
    "forever, total, false"
  })
  void aWindowIsTheNearestOneThatNeverResetsEarlier(String duration, String window, boolean exact) {
    assertThat(SpendWindow.of(Optional.ofNullable(duration)))
        .isEqualTo(new SpendWindow(BudgetWindow.of(window), exact));
  }

  @Test
  void whatIsSpentIsOpenedInTheBudgetToTheNanoDollar() {
    Translated translated =
        translate(
            budget(
                "12.5",
                "3.0000000001",
                "30d",
                Duration.between(NOW, Instant.parse("2026-12-01T00:00:00Z"))));

    Budget budget = translated.limits().budgets().all().get(0);
    assertThat(budget.amount()).isEqualTo(12_500_000_000L);
    assertThat(budget.window()).isEqualTo(BudgetWindow.MONTH);
    assertThat(budget.allowsUnpriced()).isTrue();
    assertThat(translated.spent()).as("rounded up").isEqualTo(3_000_000_001L);
    assertThat(translated.remarks()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "1d, Asia/Tokyo, 2026-11-23T15:00:00Z, false",
    "1d, Asia/Tokyo, 2026-11-24T00:00:00Z, true",
    "7d, UTC, 2026-11-30T00:00:00Z, false",
    "7d, UTC, 2026-11-26T09:17:00Z, true",
    "30d, Europe/Berlin, 2026-11-30T23:00:00Z, false",
    "30d, Europe/Berlin, 2026-12-10T08:00:00Z, true",
    "30d, UTC, 2026-11-20T00:00:00Z, false"
  })
  void aBudgetThatIsResetAtAnotherTimeThereIsNamed(
      String duration, String zone, Instant resetsAt, boolean differs) {
    Translated translated =
        TermsTranslation.translate(
            budget("1", "1", duration, Duration.between(NOW, resetsAt)),
            Optional.empty(),
            new BudgetZone(zone),
            NOW);

    assertThat(translated.remarks().contains(Remark.RESET_DIFFERS)).isEqualTo(differs);
  }

  @Test
  void whatIsDueToBeResetNoLongerCountsAndATotalNeverResets() {
    assertThat(translate(budget("1", "1", "1d", Duration.ofSeconds(-1))).spent()).isZero();
    assertThat(translate(budget("1", "1", "3d", Duration.ofSeconds(-1))).spent()).isZero();
    assertThat(translate(budget("1", "1", null, Duration.ofSeconds(-1))).spent())
        .isEqualTo(1_000_000_000L);
    assertThat(translate(budget("1", "1", "3d", Duration.ofDays(1))).remarks())
        .containsExactly(Remark.RESET_DIFFERS);
  }

  @Test
  void aLimitOfNothingNeverBecomesNoLimit() {
    for (OldTerms nothing :
        new OldTerms[] {
          rates(0L, null, null),
          rates(null, -1L, null),
          rates(null, null, 0L),
          budget("0", "0", "1d", Duration.ZERO),
          budget("-5", "0", "1d", Duration.ZERO)
        }) {
      assertThat(translate(nothing).remarks()).containsExactly(Remark.NOTHING_ALLOWED);
      assertThat(translate(nothing).isUsable()).isFalse();
    }
    assertThat(translate(OldTerms.NONE).limits().isNone()).isTrue();
  }

  @Test
  void limitsBeyondOurLargestAreOurLargest() {
    Translated translated = translate(rates(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE));

    assertThat(translated.limits().requestsPerMinute()).contains(1_000_000);
    assertThat(translated.limits().pace().each())
        .containsEntry(PaceKind.TOKENS, 1_000_000_000)
        .containsEntry(PaceKind.CONCURRENT, 100_000);
    assertThat(
            translate(budget("1e300", "1e300", null, Duration.ZERO))
                .limits()
                .budgets()
                .all()
                .get(0))
        .extracting(Budget::amount)
        .isEqualTo(BudgetUnit.USD.most());
    assertThat(translate(budget("1e-30", "0", null, Duration.ZERO)).limits().budgets().all())
        .extracting(Budget::amount)
        .containsExactly(1L);
  }

  @Test
  void whatAKeyLacksComesFromItsSharedBudget() {
    OldTerms own = rates(null, 5L, null);
    OldTerms shared = budget("7", "100", "7d", Duration.ofDays(1));

    OldTerms both = own.orElse(shared);

    assertThat(both.requestsPerMinute()).contains(5L);
    assertThat(both.budget()).contains(new BigDecimal("7"));
    assertThat(both.duration()).contains("7d");
    assertThat(both.spent()).as("what others spent is not the key's").isZero();
    assertThat(budget("1", "0", null, Duration.ZERO).orElse(shared).duration())
        .as("the duration belongs to its own budget")
        .isEmpty();
  }
}
