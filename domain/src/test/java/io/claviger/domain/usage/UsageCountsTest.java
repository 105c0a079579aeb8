package io.claviger.domain.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.KeySource;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class UsageCountsTest {
  private static final List<ToLongFunction<UsageCounts>> PARTS =
      List.of(
          UsageCounts::requests,
          UsageCounts::errors,
          UsageCounts::bytesIn,
          UsageCounts::bytesOut,
          UsageCounts::inputTokens,
          UsageCounts::outputTokens);

  @Test
  void each_part_is_added_to_its_own() {
    assertThat(new UsageCounts(1, 2, 3, 4, 5, 6).plus(new UsageCounts(10, 20, 30, 40, 50, 60)))
        .isEqualTo(new UsageCounts(11, 22, 33, 44, 55, 66));
  }

  @Test
  void nothing_adds_nothing() {
    UsageCounts some = new UsageCounts(1, 2, 3, 4, 5, 6);

    assertThat(some.plus(UsageCounts.NONE)).isEqualTo(some);
    assertThat(UsageCounts.NONE.plus(some)).isEqualTo(some);
  }

  @Test
  void charged_tokens_replace_the_counted_ones_even_if_only_one_number_differs() {
    TokenParts parts = new TokenParts(1, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    TokenUsage counted = new TokenUsage(5, 6, parts, new EstimatedUsage(1, 2, 3));
    UsageCounts counts = new UsageCounts(1, 0, 3, 4, 0, 0).charged(counted, DisputedUsage.NONE);
    List<TokenUsage> charges =
        List.of(
            counted,
            new TokenUsage(4, 6, parts, counted.estimated()),
            new TokenUsage(5, 7, parts, counted.estimated()),
            new TokenUsage(5, 6, TokenParts.NONE, counted.estimated()),
            new TokenUsage(5, 6, parts, new EstimatedUsage(0, 2, 3)),
            new TokenUsage(5, 6, parts, new EstimatedUsage(1, 1, 3)));

    for (TokenUsage charge : charges) {
      assertThat(counts.charged(charge, DisputedUsage.NONE).tokens()).isEqualTo(charge);
    }
    DisputedUsage beyond = new DisputedUsage(1, 0, 2);
    assertThat(counts.charged(counted, beyond).disputed()).isEqualTo(beyond);
    assertThat(counts.charged(counted.plus(counted), DisputedUsage.NONE).tokens().estimated())
        .isEqualTo(new EstimatedUsage(1, 4, 6));
  }

  @Test
  void sums_are_exact_up_to_the_largest_number_and_stay_there() {
    Random random = new Random(11);
    for (int n = 0; n < 2_000; n++) {
      UsageCounts one = any(random);
      UsageCounts other = any(random);
      UsageCounts sum = one.plus(other);

      assertThat(other.plus(one)).isEqualTo(sum);
      for (ToLongFunction<UsageCounts> part : PARTS) {
        BigInteger exact =
            BigInteger.valueOf(part.applyAsLong(one))
                .add(BigInteger.valueOf(part.applyAsLong(other)));
        assertThat(BigInteger.valueOf(part.applyAsLong(sum)))
            .isEqualTo(exact.min(BigInteger.valueOf(Long.MAX_VALUE)));
      }
    }
  }

  @Test
  void what_was_added_can_be_taken_away_again_and_never_more() {
    UsageCounts some = counts(9, 8, 7, 6, 5, 4, 3).costing(new UsageCost(9, 100, 90, 60));
    UsageCounts more = counts(1, 2, 3, 4, 5, 6, 7).costing(new UsageCost(1, 50, 40, 10));

    assertThat(some.plus(more).minus(more)).isEqualTo(some);
    assertThat(some.minus(more))
        .isEqualTo(counts(8, 6, 4, 2, 0, 0, 0).costing(new UsageCost(8, 50, 50, 50)));
    assertThat(some.minus(some)).isEqualTo(UsageCounts.NONE);
  }

  @Test
  void fees_are_added_and_taken_away_kind_by_kind() {
    ChargedFees searches =
        new ChargedFees(Map.of(FeeKind.WEB_SEARCH, new ChargedFees.Fee(2, Long.MAX_VALUE)));
    ChargedFees both =
        new ChargedFees(
            Map.of(
                FeeKind.WEB_SEARCH, new ChargedFees.Fee(1, 1),
                FeeKind.PAGE, new ChargedFees.Fee(4, 0),
                FeeKind.IMAGE, new ChargedFees.Fee(0, 0)));
    UsageCounts one = UsageCounts.NONE.using(searches);
    UsageCounts other = UsageCounts.NONE.using(both);

    assertThat(both.of()).containsOnlyKeys(FeeKind.WEB_SEARCH, FeeKind.PAGE);
    assertThat(one.plus(other)).isEqualTo(other.plus(one));
    assertThat(one.plus(other).fees().of())
        .containsExactly(
            Map.entry(FeeKind.WEB_SEARCH, new ChargedFees.Fee(3, Long.MAX_VALUE)),
            Map.entry(FeeKind.PAGE, new ChargedFees.Fee(4, 0)));
    assertThat(other.minus(one).fees().of())
        .containsExactly(Map.entry(FeeKind.PAGE, new ChargedFees.Fee(4, 0)));
    assertThat(other.minus(other)).isEqualTo(UsageCounts.NONE);
    assertThat(one.plus(UsageCounts.NONE).fees()).isSameAs(searches);
    assertThatIllegalArgumentException().isThrownBy(() -> new ChargedFees.Fee(-1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new ChargedFees.Fee(0, -1));
  }

  @Test
  void counts_are_not_negative() {
    for (int part = 0; part < PARTS.size(); part++) {
      long[] counts = new long[PARTS.size()];
      counts[part] = -1;
      assertThatIllegalArgumentException().isThrownBy(() -> of(counts));
    }
  }

  @Test
  void a_row_keeps_its_line_when_more_is_added() {
    Random random = new Random(12);
    Stream.generate(() -> any(random))
        .limit(5)
        .forEach(counts -> assertThat(row(UsageCounts.NONE).plus(counts)).isEqualTo(row(counts)));
  }

  private static UsageRow row(UsageCounts counts) {
    User.Id user = new User.Id(new UUID(0, 1));
    return new UsageRow(
        LocalDate.EPOCH,
        new UsageAccount(
            user,
            new Handle("alice"),
            new Instance.Id(new UUID(0, 2)),
            Instance.Ref.of("alice/s"),
            user,
            Optional.empty()),
        KeySource.USER,
        CountedModel.of(UsageModel.UNKNOWN),
        PriceVersions.NONE,
        counts);
  }

  /** Small and very large counts, so that some sums overflow. */
  private static UsageCounts any(Random random) {
    long[] counts = new long[PARTS.size()];
    for (int part = 0; part < counts.length; part++) {
      counts[part] = (random.nextLong() & Long.MAX_VALUE) >>> random.nextInt(64);
    }
    return of(counts);
  }

  private static UsageCounts counts(
      long requests,
      long errors,
      long bytesIn,
      long bytesOut,
      long inputTokens,
      long outputTokens,
      long refused) {
    return new UsageCounts(
        requests,
        errors,
        bytesIn,
        bytesOut,
        inputTokens,
        outputTokens,
        refused,
        TokenParts.NONE,
        EstimatedUsage.NONE,
        UsageCost.NONE,
        DisputedUsage.NONE,
        StoredUsage.NONE,
        ChargedFees.NONE);
  }

  private static UsageCounts of(long[] counts) {
    return new UsageCounts(counts[0], counts[1], counts[2], counts[3], counts[4], counts[5]);
  }
}
