package io.claviger.domain.spending;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.fairness.PaceCounting;
import io.claviger.domain.fairness.PaceUse;
import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.spending.CallUse.Evidence;
import io.claviger.domain.usage.FeesUsed;
import io.claviger.domain.usage.TokenParts;
import io.claviger.domain.usage.TokenUsage;
import io.claviger.domain.usage.UsageModel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests how much of a provider's limits a call is expected to use, and how much it has used. */
class CallPaceTest {
  private static final UsageModel OTHER = UsageModel.called("other");

  private static RequestedUse asking(OperationKind kind, long bytes, OptionalLong output) {
    return RequestedUse.once(
        UsageModel.called("m"), kind, bytes, output, Optional.of("max_tokens"));
  }

  /** A request that lets another model take part. */
  private static RequestedUse naming(RequestedUse alone, UsageModel other) {
    return new RequestedUse(
        alone.model(),
        alone.kind(),
        alone.bodyBytes(),
        RequestedUse.Reading.ONCE,
        new RequestedUse.Writing(alone.statedOutput(), alone.outputField(), 1, false),
        Set.of(other),
        RequestedUse.ANY_TIER,
        FeesUsed.NONE,
        UnstatedUse.Asked.NOTHING);
  }

  private static ObservedUse observed(long input, long output) {
    ObservedUse all = ObservedUse.NONE;
    for (int i = 0; i < 10; i++) {
      all = all.after(asking(OperationKind.TEXT, 1_000, OptionalLong.empty()), input, output, 0, 0);
    }
    return all;
  }

  @ParameterizedTest
  @EnumSource(OperationKind.class)
  void an_unknown_model_is_expected_to_use_the_usual(OperationKind kind) {
    PaceUse expected =
        CallPace.expected(asking(kind, 1_000, OptionalLong.empty()), ObservedUse.NONE);

    assertThat(expected.calls()).isEqualTo(1);
    assertThat(expected.input()).isEqualTo(kind.needsPrice() ? 600 : 0);
    assertThat(expected.output()).isEqualTo(kind.answersInTokens() ? 4_096 : 0);
  }

  @Test
  void no_more_output_is_expected_than_is_asked_for() {
    RequestedUse asked = asking(OperationKind.TEXT, 1_000, OptionalLong.of(50));

    assertThat(CallPace.expected(asked, ObservedUse.NONE).output()).isEqualTo(50);
    assertThat(CallPace.expected(asked, observed(200, 10_000)).output()).isEqualTo(50);
  }

  @Test
  void what_was_observed_is_expected_again_with_a_margin() {
    PaceUse expected =
        CallPace.expected(
            asking(OperationKind.TEXT, 2_000, OptionalLong.empty()), observed(200, 40));

    assertThat(expected.input()).isBetween(500L, 501L);
    assertThat(expected.output()).isBetween(50L, 51L);
  }

  @Test
  void other_models_count_with_the_call() {
    RequestedUse alone = asking(OperationKind.TEXT, 1_000, OptionalLong.of(50));
    RequestedUse two = naming(alone, OTHER);

    assertThat(CallPace.expected(two, ObservedUse.NONE).output())
        .isGreaterThan(CallPace.expected(alone, ObservedUse.NONE).output());
    assertThat(CallPace.expected(two, ObservedUse.NONE).calls()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    // stated usage counts, whatever was expected
    "STATED, 10, 20, true, 10, 20",
    "STATED, 10, 20, false, 10, 20",
    // a refused call used what is stated
    "REFUSED, 0, 0, true, 0, 0",
    "REFUSED, 0, 0, false, 0, 0",
    // a broken call counts as expected, or as more if more has passed
    "UNKNOWN, 10, 2000, true, 100, 2000",
    "UNKNOWN, 0, 0, true, 100, 200",
    "UNKNOWN, 10, 20, false, 10, 20"
  })
  void a_call_counts_what_it_used(
      Evidence evidence, long input, long output, boolean known, long countsIn, long countsOut) {
    CallUse use = CallUse.of(TokenUsage.stated(input, output, TokenParts.NONE), evidence);
    Optional<PaceUse> expected = known ? Optional.of(PaceUse.ofCall(100, 200)) : Optional.empty();

    assertThat(CallPace.used(use, expected, PaceCounting.USUAL))
        .isEqualTo(new PaceUse(1, countsIn, countsOut));
  }

  @Test
  void what_each_model_used_counts() {
    TokenParts cached = new TokenParts(40, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    CallUse use =
        CallUse.of(TokenUsage.stated(10, 20, TokenParts.NONE), Evidence.STATED)
            .withOthers(
                Optional.of(
                    Map.of(
                        UsageModel.called("a"), TokenUsage.stated(100, 3, cached),
                        UsageModel.called("b"), TokenUsage.stated(1, 2, TokenParts.NONE))));

    assertThat(CallPace.used(use, Optional.empty(), PaceCounting.USUAL))
        .isEqualTo(PaceUse.ofCall(111, 25));
    assertThat(CallPace.used(use, Optional.empty(), new PaceCounting(false, false)))
        .isEqualTo(PaceUse.ofCall(71, 25));
  }

  @ParameterizedTest
  @CsvSource({"STATED, 100", "REFUSED, 100", "UNKNOWN, 600"})
  void what_was_read_from_a_cache_counts_only_where_the_provider_counts_it(
      Evidence evidence, long input) {
    TokenParts cached = new TokenParts(149_900, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    CallUse use = CallUse.of(TokenUsage.stated(150_000, 20, cached), evidence);
    Optional<PaceUse> expected = Optional.of(PaceUse.ofCall(600, 20));

    assertThat(CallPace.used(use, expected, new PaceCounting(false, false)).input())
        .isEqualTo(input);
    assertThat(CallPace.used(use, expected, PaceCounting.USUAL).input()).isEqualTo(150_000);
  }

  @ParameterizedTest
  @CsvSource({
    "STATED, 2000, true, 2000",
    "UNKNOWN, 2000, true, 2000",
    "STATED, 10, true, 20",
    "STATED, -1, true, 20",
    "REFUSED, 2000, true, 20",
    "STATED, 2000, false, 20"
  })
  void a_provider_takes_the_stated_maximum_where_it_counts_that(
      Evidence evidence, long most, boolean counts, long output) {
    RequestedUse asked =
        asking(OperationKind.TEXT, 1_000, most < 0 ? OptionalLong.empty() : OptionalLong.of(most));
    PaceUse counted = PaceUse.ofCall(10, 20);
    CallUse use = CallUse.of(TokenUsage.stated(10, 20, TokenParts.NONE), evidence);

    assertThat(CallPace.taken(use, counted, asked, new PaceCounting(true, counts)))
        .isEqualTo(PaceUse.ofCall(10, output));
  }

  @ParameterizedTest
  @CsvSource({
    // stated usage counts, but no more than the request allows
    "STATED, 300, 20, 300, 20",
    "STATED, 9000000, 9000000, 3000, 50",
    "STATED, 0, 0, 0, 0",
    // a refused call used what is stated
    "REFUSED, 0, 0, 0, 0",
    "REFUSED, 10, 0, 10, 0",
    // a broken call counts as expected, or as more if more has passed
    "UNKNOWN, 0, 0, 600, 50",
    "UNKNOWN, 700, 20, 700, 50",
    "UNKNOWN, 9000000, 9000000, 3000, 50"
  })
  void a_call_counts_against_limits_of_its_caller_with_no_more_than_it_asks_for(
      Evidence evidence, long input, long output, long countsIn, long countsOut) {
    CallEstimate estimate =
        new CallEstimate(
            asking(OperationKind.TEXT, 1_000, OptionalLong.of(50)),
            CallPrices.NONE,
            ObservedUse.NONE);

    PaceUse used =
        estimate.usedPace(CallUse.of(TokenUsage.stated(input, output, TokenParts.NONE), evidence));

    assertThat(used).isEqualTo(new PaceUse(1, countsIn, countsOut));
    assertThat(estimate.demand()).isEqualTo(PaceDemand.of(new PaceUse(1, 600, 50)));
  }

  @ParameterizedTest
  @CsvSource({"300, 20, 310, 40", "9000000, 9000000, 3010, 70"})
  void neither_does_another_model_that_takes_part(
      long input, long output, long countsIn, long countsOut) {
    RequestedUse alone = asking(OperationKind.TEXT, 1_000, OptionalLong.of(50));
    CallEstimate estimate =
        new CallEstimate(
            naming(alone, OTHER),
            CallPrices.NONE,
            ObservedUse.NONE,
            List.of(new CallEstimate(alone.of(OTHER), CallPrices.NONE, ObservedUse.NONE)));

    PaceUse used =
        estimate.usedPace(
            CallUse.of(TokenUsage.stated(10, 20, TokenParts.NONE), Evidence.STATED)
                .withOthers(
                    Optional.of(Map.of(OTHER, TokenUsage.stated(input, output, TokenParts.NONE)))));

    assertThat(used).isEqualTo(new PaceUse(1, countsIn, countsOut));
  }
}
