package io.claviger.domain.spending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.claviger.domain.usage.FeesUsed;
import io.claviger.domain.usage.TokenParts;
import io.claviger.domain.usage.TokenUsage;
import io.claviger.domain.usage.UsageModel;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObservedUseTest {
  private static RequestedUse asked(long bytes, boolean elsewhere, boolean streams, long output) {
    return new RequestedUse(
        new UsageModel("m"),
        OperationKind.TEXT,
        bytes,
        new RequestedUse.Reading(elsewhere, 1, false),
        new RequestedUse.Writing(OptionalLong.of(output), Optional.empty(), 1, streams),
        Set.of(),
        RequestedUse.ANY_TIER,
        FeesUsed.NONE,
        UnstatedUse.Asked.NOTHING);
  }

  private static ObservedUse many(RequestedUse asked, long input, long output) {
    ObservedUse observed = ObservedUse.NONE;
    for (int i = 0; i < 100; i++) {
      observed = observed.after(asked, input, output, 100, 25);
    }
    return observed;
  }

  @Test
  void a_few_calls_say_little() {
    ObservedUse observed = ObservedUse.NONE;
    for (int i = 0; i < 7; i++) {
      observed = observed.after(asked(1_000, false, false, 9), 10, 10, 100, 1);
    }

    assertThat(observed.isKnown()).isFalse();
    assertThat(observed.tokensPerByte()).isEqualTo(0.4);
    assertThat(observed.output()).isEqualTo(4_096);
    assertThat(observed.partOfDearest()).isEqualTo(1);
    assertThat(observed.after(asked(1_000, false, false, 9), 10, 10, 0, 0).isKnown()).isTrue();
  }

  @Test
  void means_follow_what_calls_use_within_some_hundred_calls() {
    ObservedUse observed = many(asked(1_000, false, false, 9), 900, 10);
    assertThat(observed.tokensPerByte()).isCloseTo(0.9, within(0.001));
    assertThat(observed.output()).isCloseTo(10, within(0.001));
    assertThat(observed.partOfDearest()).isCloseTo(0.25, within(0.001));

    ObservedUse later = observed;
    for (int i = 0; i < 300; i++) {
      later = later.after(asked(1_000, false, false, 9), 100, 50, 0, 0);
    }
    assertThat(later.tokensPerByte()).isCloseTo(0.1, within(0.02));
    assertThat(later.output()).isCloseTo(50, within(1.0));
    assertThat(later.partOfDearest()).isCloseTo(0.25, within(0.001));
  }

  @Test
  void large_bodies_count_more_than_small_ones() {
    ObservedUse observed = ObservedUse.NONE;
    for (int i = 0; i < 100; i++) {
      observed = observed.after(asked(10, false, false, 9), 50, 10, 0, 0);
      observed = observed.after(asked(10_000, false, false, 9), 2_000, 10, 0, 0);
    }

    assertThat(observed.tokensPerByte()).isCloseTo(0.2, within(0.01));
  }

  @Test
  void bodies_that_refer_elsewhere_say_nothing_of_bytes() {
    ObservedUse observed = many(asked(1_000, true, false, 9), 50_000, 10);

    assertThat(observed.tokensPerByte()).isEqualTo(0.4);
    assertThat(observed.inputElsewhere()).isCloseTo(50_000, within(1.0));
  }

  @ParameterizedTest
  @CsvSource({"false, 100000, 2, 400", "false, 300, 2, 300", "true, 100000, 2, 0"})
  void who_leaves_without_an_answer_has_used_what_a_model_writes_in_that_time(
      boolean streams, long most, long seconds, long output) {
    TokenUsage used =
        UnansweredUse.of(asked(401, false, streams, most), 401, TimeUnit.SECONDS.toNanos(seconds));

    assertThat(used.input()).isEqualTo(101);
    assertThat(used.output()).isEqualTo(output);
    assertThat(used.estimated().requests()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    // stated maximum of each round, seconds of silence, runs of tools, input, output
    "100000, 0, 0, 1000, 30",
    "100000, 150, 0, 1000, 30030",
    "500, 150, 0, 1000, 5500",
    "10, 150, 0, 1000, 110",
    "100000, 0, 1, 10192, 30",
    "100000, 0, 10, 461560, 30",
    "100000, 0, 11, 461560, 30"
  })
  void who_leaves_a_stream_has_used_what_a_model_writes_and_its_tools_bring_unseen(
      long most, long seconds, long runs, long input, long output) {
    RequestedUse asked =
        new RequestedUse(
            new UsageModel("m"),
            OperationKind.TEXT,
            4_000,
            new RequestedUse.Reading(false, 11, false),
            new RequestedUse.Writing(OptionalLong.of(most), Optional.empty(), 1, true),
            Set.of(),
            RequestedUse.ANY_TIER,
            FeesUsed.NONE,
            UnstatedUse.Asked.NOTHING);
    TokenUsage passed = TokenUsage.stated(1_000, 1, TokenParts.NONE).orEstimated(4_000, 30);
    long nanos = TimeUnit.SECONDS.toNanos(seconds);

    CallUse left =
        UnansweredUse.ofLeft(CallUse.of(passed, CallUse.Evidence.UNKNOWN), asked, nanos, runs);

    assertThat(left.isAbandoned()).isTrue();
    assertThat(left.usage().input()).isEqualTo(input);
    assertThat(left.usage().output()).isEqualTo(output);
    assertThat(left.usage().statedOnly().input()).isEqualTo(1_000);
    CallUse whole = CallUse.of(passed, CallUse.Evidence.STATED);
    assertThat(UnansweredUse.ofLeft(whole, asked, nanos, runs)).isEqualTo(whole);
  }

  @Test
  void a_call_that_its_caller_left_lets_more_be_expected_and_never_less() {
    RequestedUse asked = asked(1_000, false, true, 100_000);
    ObservedUse cheap = many(asked, 100, 5);

    assertThat(cheap.afterLeft(asked, 5)).isEqualTo(cheap);
    assertThat(cheap.afterLeft(asked, 30_000).output()).isBetween(50.0, 100.0);
    assertThat(cheap.afterLeft(asked, 30_000).tokensPerByte()).isEqualTo(cheap.tokensPerByte());
    assertThat(ObservedUse.NONE.afterLeft(asked, 30_000)).isEqualTo(ObservedUse.NONE);
  }
}
