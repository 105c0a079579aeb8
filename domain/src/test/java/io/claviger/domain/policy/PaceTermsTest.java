package io.claviger.domain.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.claviger.domain.Field;
import io.claviger.domain.InvalidValue;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PaceTermsTest {
  private static final UUID FIRST = new UUID(0, 1);
  private static final UUID SECOND = new UUID(0, 2);

  /** Each kind without a limit, with 1 and with 2, in all combinations. */
  private static List<PaceTerms> all() {
    List<PaceTerms> all = new ArrayList<>(List.of(PaceTerms.NONE));
    for (PaceKind kind : PaceKind.values()) {
      for (PaceTerms less : List.copyOf(all)) {
        for (int limit = 1; limit <= 2; limit++) {
          Map<PaceKind, Integer> more = new EnumMap<>(PaceKind.class);
          more.putAll(less.each());
          more.put(kind, limit);
          all.add(new PaceTerms(more));
        }
      }
    }
    return all;
  }

  private static int most(PaceTerms terms, PaceKind kind) {
    return terms.of(kind).orElse(Integer.MAX_VALUE);
  }

  @Test
  void each_kind_is_compared_replaced_and_narrowed_on_its_own() {
    assertThat(all()).hasSize(81).doesNotHaveDuplicates();
    for (PaceTerms mine : all()) {
      for (PaceTerms theirs : all()) {
        boolean within = true;
        PaceTerms either = mine.orElse(theirs);
        PaceTerms both = mine.and(theirs);
        for (PaceKind kind : PaceKind.values()) {
          within &= most(mine, kind) <= most(theirs, kind);
          assertThat(either.of(kind)).isEqualTo(mine.of(kind).or(() -> theirs.of(kind)));
          assertThat(most(both, kind)).isEqualTo(Math.min(most(mine, kind), most(theirs, kind)));
        }
        assertThat(mine.fitWithin(theirs)).as("%s within %s", mine, theirs).isEqualTo(within);
        assertThat(PaceTerms.Write.of(mine).over(theirs)).isEqualTo(mine);
      }
      assertThat(PaceTerms.Write.ABSENT.over(mine)).isEqualTo(mine);
    }
  }

  @Test
  void limits_are_compared_written_and_shown_with_their_pace() {
    for (PaceTerms mine : all()) {
      Limits limits = Limits.NONE.with(mine);
      assertThat(limits.isNone()).isEqualTo(mine.isNone());
      assertThat(limits.texts()).isEqualTo(mine.texts()).hasSize(mine.each().size());
      assertThat(limits.withoutRate()).isEqualTo(limits);
      assertThat(LimitsWrite.of(limits).over(Limits.NONE)).isEqualTo(limits);
      assertThat(LimitsWrite.of(Limits.NONE).over(limits)).isEqualTo(Limits.NONE);
      assertThat(LimitsWrite.ABSENT.over(limits)).isEqualTo(limits);
      for (PaceTerms theirs : all()) {
        Limits others = Limits.NONE.with(theirs);
        assertThat(limits.fitWithin(others)).isEqualTo(mine.fitWithin(theirs));
        assertThat(limits.areWithin(others)).isEqualTo(mine.fitWithin(theirs));
        assertThat(limits.orElse(others).pace()).isEqualTo(mine.orElse(theirs));
      }
    }
  }

  @Test
  void a_write_changes_what_it_names() {
    PaceTerms base = new PaceTerms(Map.of(PaceKind.TOKENS, 5, PaceKind.CONCURRENT, 6));
    PaceTerms.Write write =
        new PaceTerms.Write(
            Map.of(PaceKind.TOKENS, Field.ofNull(), PaceKind.INPUT_TOKENS, Field.of(7)));

    assertThat(write.over(base))
        .isEqualTo(new PaceTerms(Map.of(PaceKind.INPUT_TOKENS, 7, PaceKind.CONCURRENT, 6)));
  }

  @Test
  void a_limit_is_at_least_1_and_at_most_what_its_kind_allows() {
    for (PaceKind kind : PaceKind.values()) {
      for (int fine : List.of(1, kind.most())) {
        assertThatNoException().isThrownBy(() -> PaceTerms.of(kind, fine));
      }
      for (int wrong : List.of(0, -1, kind.most() + 1, Integer.MAX_VALUE, Integer.MIN_VALUE)) {
        assertThatExceptionOfType(InvalidValue.class)
            .isThrownBy(() -> PaceTerms.of(kind, wrong))
            .satisfies(
                e -> assertThat(e.fault().pointer()).isEqualTo("/limits/" + kind.wireName()));
      }
    }
  }

  @Test
  void a_token_passes_on_its_limits_that_no_inherited_one_enforces() {
    PaceTerms own = new PaceTerms(Map.of(PaceKind.TOKENS, 5, PaceKind.CONCURRENT, 6));
    List<TokenPace> passedOn = TokenPace.passedOn(List.of(), FIRST, own);

    assertThat(passedOn)
        .containsExactly(
            new TokenPace(FIRST, PaceKind.TOKENS, 5), new TokenPace(FIRST, PaceKind.CONCURRENT, 6));
    assertThat(TokenPace.passedOn(passedOn, SECOND, own)).isEqualTo(passedOn);
    assertThat(TokenPace.passedOn(passedOn, SECOND, PaceTerms.NONE)).isEqualTo(passedOn);
    assertThat(
            TokenPace.passedOn(
                passedOn,
                SECOND,
                new PaceTerms(Map.of(PaceKind.TOKENS, 4, PaceKind.OUTPUT_TOKENS, 9))))
        .containsExactly(
            passedOn.get(0),
            passedOn.get(1),
            new TokenPace(SECOND, PaceKind.TOKENS, 4),
            new TokenPace(SECOND, PaceKind.OUTPUT_TOKENS, 9));
  }
}
