package io.claviger.domain.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.domain.InvalidValue;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FeesUsedTest {
  private static final FeePiece LOW = new FeePiece(FeeKind.WEB_SEARCH, "low");
  private static final FeePiece HIGH = new FeePiece(FeeKind.WEB_SEARCH, "high");

  @Test
  void uses_are_added_up_by_kind_and_quality() {
    FeesUsed used =
        FeesUsed.of(LOW, 2)
            .plus(FeesUsed.of(HIGH, 1))
            .plus(FeesUsed.of(LOW, 3))
            .plus(FeesUsed.of(FeeKind.PAGE, 7));

    assertThat(used.counts())
        .isEqualTo(Map.of(LOW, 5L, HIGH, 1L, new FeePiece(FeeKind.PAGE, ""), 7L));
    assertThat(used.count(FeeKind.WEB_SEARCH)).isEqualTo(6);
    assertThat(used.count(FeeKind.IMAGE)).isZero();
    assertThat(FeesUsed.of(LOW, Long.MAX_VALUE).plus(used).count(FeeKind.WEB_SEARCH))
        .isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void nothing_is_one_object() {
    assertThat(FeesUsed.of(FeeKind.PAGE, 0)).isSameAs(FeesUsed.NONE);
    assertThat(FeesUsed.of(FeeKind.PAGE, -1)).isSameAs(FeesUsed.NONE);
    assertThat(FeesUsed.NONE.plus(FeesUsed.NONE)).isSameAs(FeesUsed.NONE);
    assertThat(FeesUsed.of(LOW, 1).atMost(FeesUsed.NONE)).isSameAs(FeesUsed.NONE);
    FeesUsed some = FeesUsed.of(LOW, 1);
    assertThat(some.plus(FeesUsed.NONE)).isSameAs(some);
    assertThat(FeesUsed.NONE.plus(some)).isSameAs(some);
    assertThat(some.atMost(some)).isSameAs(some);
  }

  @Test
  void a_bound_counts_for_each_kind_whatever_the_quality() {
    FeesUsed used =
        FeesUsed.of(HIGH, 3).plus(FeesUsed.of(LOW, 3)).plus(FeesUsed.of(FeeKind.PAGE, 2));

    assertThat(used.atMost(FeesUsed.of(FeeKind.WEB_SEARCH, 4)).counts())
        .isEqualTo(Map.of(HIGH, 3L, LOW, 1L));
    assertThat(used.atMost(FeesUsed.of(LOW, 9)).counts()).isEqualTo(Map.of(HIGH, 3L, LOW, 3L));
    assertThat(used.atMost(FeesUsed.of(FeeKind.PAGE, 1)).count(FeeKind.PAGE)).isEqualTo(1);
  }

  @Test
  void uses_of_qualities_beyond_the_bound_are_charged_at_the_highest_fee() {
    FeesUsed used = FeesUsed.NONE;
    for (int i = 0; i < 1_000; i++) {
      used = used.plus(FeesUsed.of(new FeePiece(FeeKind.IMAGE, "q" + i), 1));
    }

    assertThat(used.counts())
        .hasSize(FeesUsed.MOST + 1)
        .containsEntry(new FeePiece(FeeKind.IMAGE, "q" + (FeesUsed.MOST - 1)), 1L)
        .containsEntry(FeePiece.dearest(FeeKind.IMAGE), 1_000L - FeesUsed.MOST);
    assertThat(used.count(FeeKind.IMAGE)).isEqualTo(1_000);
  }

  @Test
  void a_sum_at_the_bound_keeps_its_qualities_when_its_numbers_change() {
    FeesUsed used = FeesUsed.NONE;
    for (int i = 0; i < FeesUsed.MOST; i++) {
      used = used.plus(FeesUsed.of(new FeePiece(FeeKind.WEB_SEARCH, "q" + i), 2));
    }
    FeesUsed all = used.plus(FeesUsed.of(FeeKind.WEB_SEARCH, 2)).plus(FeesUsed.of(LOW, 2));
    FeesUsed once =
        used.withCounts((piece, count) -> 1)
            .plus(FeesUsed.of(FeeKind.WEB_SEARCH, 1))
            .plus(FeesUsed.of(LOW, 1));

    assertThat(all.without(once)).isEqualTo(once);
    assertThat(all.withCounts((piece, count) -> count / 2)).isEqualTo(once);
    assertThat(all.without(all)).isSameAs(FeesUsed.NONE);
    assertThat(all.withPieces(piece -> piece)).isEqualTo(all);
    assertThat(all.withPieces(piece -> HIGH)).isEqualTo(FeesUsed.of(HIGH, all.count(HIGH.what())));
  }

  @Test
  void a_stated_quality_is_bounded_and_prices_refuse_what_is_none() {
    assertThat(FeePiece.stated(FeeKind.IMAGE, "High/1024x1024").quality())
        .isEqualTo("high/1024x1024");
    assertThat(FeePiece.stated(FeeKind.IMAGE, "a b").quality()).isEmpty();
    assertThat(FeePiece.stated(FeeKind.IMAGE, "x".repeat(65)).quality()).isEmpty();
    assertThatThrownBy(() -> new FeePiece(FeeKind.IMAGE, "High")).isInstanceOf(InvalidValue.class);
    for (FeeKind kind : FeeKind.values()) {
      assertThat(FeeKind.of(kind.wireName())).contains(kind);
    }
    assertThat(FeeKind.of("coffee")).isEmpty();
  }

  @Test
  void providers_names_of_a_tier_are_one_tier_and_what_is_no_name_is_other() {
    for (String usual : new String[] {"", "default", "standard", "standard_only", "ON_DEMAND"}) {
      assertThat(ServiceTier.of(usual)).isSameAs(ServiceTier.STANDARD);
    }
    assertThat(ServiceTier.of("Priority")).isSameAs(ServiceTier.PRIORITY);
    assertThat(ServiceTier.of("turbo")).isEqualTo(new ServiceTier("turbo"));
    assertThat(ServiceTier.of("x".repeat(33))).isSameAs(ServiceTier.OTHER);
    assertThat(ServiceTier.of("fast lane")).isSameAs(ServiceTier.OTHER);
    ServiceTier fast = ServiceTier.of("fast");
    ServiceTier fastInUs = ServiceTier.of("fast.us");
    assertThat(fast).isNotEqualTo(ServiceTier.PRIORITY);
    assertThat(fast.in(ServiceTier.IN_US)).isEqualTo(fastInUs);
    assertThat(ServiceTier.STANDARD.in(ServiceTier.IN_US)).isEqualTo(ServiceTier.IN_US);
    assertThat(fastInUs.elsewhere()).contains(fast);
    assertThat(ServiceTier.IN_US.elsewhere()).contains(ServiceTier.STANDARD);
    assertThat(fast.elsewhere()).isEmpty();
    assertThat(ServiceTier.of(".us").elsewhere()).contains(ServiceTier.STANDARD);
    assertThat(ServiceTier.isChosenByProvider("auto")).isTrue();
    assertThat(ServiceTier.isChosenByProvider("")).isTrue();
    assertThat(ServiceTier.isChosenByProvider("default")).isFalse();
  }
}
