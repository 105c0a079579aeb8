package io.claviger.domain.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.claviger.domain.Field;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.StorageKinds;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LimitsTest {
  private static final ModelPattern A = new ModelPattern("a");
  private static final ModelPattern B = new ModelPattern("b");
  private static final Operation EMBED = new Operation("POST embeddings");
  private static final Operation CHAT = new Operation("POST chat/completions");
  private static final StorageKinds STORED =
      new StorageKinds(Set.of(ObjectKind.FILES, ObjectKind.BATCHES));

  private static Limits requests(int perMinute) {
    return new Limits(Optional.of(perMinute), Optional.empty(), Optional.empty());
  }

  private static Limits models(Set<ModelPattern> models) {
    return new Limits(Optional.empty(), Optional.of(models), Optional.empty());
  }

  private static Limits operations(Set<Operation> operations) {
    return new Limits(Optional.empty(), Optional.empty(), Optional.of(operations));
  }

  private static <T> Set<T> many(int count, IntFunction<T> make) {
    return IntStream.range(0, count).mapToObj(make).collect(Collectors.toSet());
  }

  private static List<Limits> all() {
    List<Limits> all = new ArrayList<>();
    for (Optional<Integer> requests :
        List.of(Optional.<Integer>empty(), Optional.of(1), Optional.of(2))) {
      for (Optional<Set<ModelPattern>> models :
          List.of(
              Optional.<Set<ModelPattern>>empty(),
              Optional.of(Set.of(A)),
              Optional.of(Set.of(B)),
              Optional.of(Set.of(A, B)))) {
        for (Optional<Set<Operation>> operations :
            List.of(
                Optional.<Set<Operation>>empty(),
                Optional.of(Set.of(EMBED)),
                Optional.of(Set.of(CHAT)),
                Optional.of(Set.of(EMBED, CHAT)))) {
          all.add(new Limits(requests, models, operations));
        }
      }
    }
    return all;
  }

  /** Returns the calls that limits allow, in the grid of all calls that the test distinguishes. */
  private static Set<String> allowedBy(Limits limits) {
    Set<String> allowed = new HashSet<>();
    for (int perMinute = 1; perMinute <= 3; perMinute++) {
      for (ModelPattern model : List.of(A, B, new ModelPattern("c"))) {
        for (Operation operation : List.of(EMBED, CHAT, new Operation("GET models"))) {
          if (perMinute <= limits.requestsPerMinute().orElse(Integer.MAX_VALUE)
              && limits.models().map(m -> ModelPattern.anyMatches(m, model.value())).orElse(true)
              && limits.operations().map(o -> o.contains(operation)).orElse(true)) {
            allowed.add(perMinute + " " + model + " " + operation);
          }
        }
      }
    }
    return allowed;
  }

  @Test
  void limits_fit_within_others_exactly_when_they_allow_nothing_that_those_do_not() {
    for (Limits mine : all()) {
      for (Limits theirs : all()) {
        assertThat(mine.fitWithin(theirs))
            .as("%s within %s", mine, theirs)
            .isEqualTo(allowedBy(theirs).containsAll(allowedBy(mine)));
      }
    }
  }

  /** A narrower and a wider limit of each kind that {@link #all} does not contain. */
  private static Map<Limits, Limits> narrowerAndWider() {
    return Map.of(
        output(5), output(6),
        Limits.of(day(5)), Limits.of(day(6)),
        Limits.NONE.with(StorageLimits.ofObjects(5)), Limits.NONE.with(StorageLimits.ofObjects(6)),
        Limits.NONE.with(StorageLimits.ofBytes(5)), Limits.NONE.with(StorageLimits.ofBytes(6)),
        Limits.NONE.with(PaceTerms.of(PaceKind.CONCURRENT, 5)),
            Limits.NONE.with(PaceTerms.of(PaceKind.CONCURRENT, 6)));
  }

  private static Limits output(int most) {
    return new Limits(
        Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(most), Budgets.NONE);
  }

  private static Budgets day(long amount) {
    return new Budgets(
        List.of(
            new Budget(
                amount,
                BudgetUnit.TOKENS,
                BudgetWindow.DAY,
                BudgetZone.UTC,
                BudgetBound.MEASURED,
                false)));
  }

  @Test
  void each_kind_of_limit_alone_decides_whether_limits_fit_within_others() {
    narrowerAndWider()
        .forEach(
            (narrower, wider) -> {
              assertThat(narrower.isNone()).as("%s", narrower).isFalse();
              assertThat(narrower.fitWithin(wider)).as("%s", narrower).isTrue();
              assertThat(narrower.fitWithin(narrower)).as("%s", narrower).isTrue();
              assertThat(narrower.fitWithin(Limits.NONE)).as("%s", narrower).isTrue();
              assertThat(wider.fitWithin(narrower)).as("%s", wider).isFalse();
              assertThat(Limits.NONE.areWithin(narrower)).as("%s", narrower).isFalse();
              assertThat(wider.areWithin(narrower)).as("%s", wider).isFalse();
              assertThat(narrower.areWithin(wider)).as("%s", narrower).isTrue();
              assertThat(narrower.alone())
                  .isEqualTo(CallLimitsTest.ofService(narrower).effective());
            });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 1_000_000_000})
  void an_output_maximum_is_one_to_a_billion(int most) {
    assertThat(output(most).maxOutputTokens()).hasValue(most);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1_000_000_001})
  void other_output_maxima_are_refused_at_their_pointer(int most) {
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> output(most))
        .satisfies(e -> assertThat(e.fault().pointer()).isEqualTo("/limits/max_output_tokens"));
  }

  @Test
  void each_limit_has_its_text_under_its_name_in_the_api() {
    Limits limits =
        new Limits(
            Optional.of(7),
            Optional.of(Set.of(A, B)),
            Optional.of(Set.of(EMBED, CHAT)),
            Optional.of(5),
            day(9),
            StorageLimits.ofObjects(3),
            PaceTerms.of(PaceKind.CONCURRENT, 2));

    assertThat(limits.texts())
        .containsEntry("requests_per_minute", "7")
        .containsEntry("models", "a, b")
        .containsEntry("operations", "POST chat/completions, POST embeddings")
        .containsEntry("max_output_tokens", "5")
        .containsEntry("budgets", day(9).all().getFirst().text())
        .containsEntry("max_objects", "3")
        .containsKey("concurrent_calls")
        .hasSize(7);
    assertThat(Limits.NONE.texts()).isEmpty();
    assertThat(limits.withoutModels().texts()).doesNotContainKey("models").hasSize(6);
  }

  @Test
  void only_limits_that_bound_nothing_are_none() {
    assertThat(all().stream().filter(Limits::isNone)).containsExactly(Limits.NONE);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 60, 1_000_000})
  void requests_per_minute_are_one_to_a_million(int perMinute) {
    assertThat(requests(perMinute).requestsPerMinute()).hasValue(perMinute);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 1_000_001, Integer.MIN_VALUE, Integer.MAX_VALUE})
  void other_rates_are_refused_at_their_pointer(int perMinute) {
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> requests(perMinute))
        .satisfies(e -> assertThat(e.fault().pointer()).isEqualTo("/limits/requests_per_minute"));
  }

  @Test
  void a_set_that_would_allow_nothing_is_refused() {
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> models(Set.of()));
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> operations(Set.of()));
  }

  @Test
  void a_hundred_models_and_operations_are_the_most() {
    assertThatNoException().isThrownBy(() -> models(many(100, i -> new ModelPattern("m" + i))));
    assertThatNoException()
        .isThrownBy(() -> operations(many(100, i -> new Operation("GET m" + i))));
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> models(many(101, i -> new ModelPattern("m" + i))));
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> operations(many(101, i -> new Operation("GET m" + i))));
  }

  @Test
  void what_is_done_to_the_set_afterwards_does_not_widen_the_limits() {
    Set<ModelPattern> given = new HashSet<>(Set.of(A));
    Limits limits = models(given);
    given.add(B);
    assertThat(limits.models()).hasValue(Set.of(A));
  }

  @Test
  void absent_limits_keep_what_is_there() {
    assertThat(all()).allSatisfy(base -> assertThat(LimitsWrite.ABSENT.over(base)).isEqualTo(base));
  }

  @Test
  void null_lifts_a_limit() {
    LimitsWrite lifting = new LimitsWrite(Field.ofNull(), Field.ofNull(), Field.ofNull());
    assertThat(all()).allMatch(base -> lifting.over(base).isNone());
  }

  @Test
  void each_part_given_replaces_its_own_part_only() {
    Limits base = new Limits(Optional.of(1), Optional.of(Set.of(A)), Optional.of(Set.of(EMBED)));
    assertThat(new LimitsWrite(Field.of(2), Field.absent(), Field.absent()).over(base))
        .isEqualTo(new Limits(Optional.of(2), base.models(), base.operations()));
    assertThat(new LimitsWrite(Field.absent(), Field.of(Set.of(B)), Field.absent()).over(base))
        .isEqualTo(new Limits(base.requestsPerMinute(), Optional.of(Set.of(B)), base.operations()));
    assertThat(new LimitsWrite(Field.absent(), Field.absent(), Field.of(Set.of(CHAT))).over(base))
        .isEqualTo(new Limits(base.requestsPerMinute(), base.models(), Optional.of(Set.of(CHAT))));
  }

  @Test
  void each_limit_that_is_left_open_is_the_others() {
    for (Limits own : all()) {
      for (Limits others : all()) {
        Limits both = own.orElse(others);

        assertThat(both.requestsPerMinute())
            .isEqualTo(
                own.requestsPerMinute().isPresent()
                    ? own.requestsPerMinute()
                    : others.requestsPerMinute());
        assertThat(both.models())
            .isEqualTo(own.models().isPresent() ? own.models() : others.models());
        assertThat(both.operations())
            .isEqualTo(own.operations().isPresent() ? own.operations() : others.operations());
      }
    }
  }

  /** Two limits on storage apply together if each forbids what it would forbid alone. */
  @Test
  void storage_is_allowed_by_two_limits_when_both_allow_it() {
    for (StorageLimits own : allOfStorage()) {
      for (StorageLimits others : allOfStorage()) {
        StorageLimits both = own.and(others);
        StorageLimits either = own.orElse(others);

        assertThat(both.lent(STORED)).isEqualTo(own.lent(STORED).and(others.lent(STORED)));
        assertThat(both.maxObjects()).isEqualTo(least(own.maxObjects(), others.maxObjects()));
        assertThat(both.maxBytes()).isEqualTo(least(own.maxBytes(), others.maxBytes()));
        assertThat(own.fitWithin(others)).isEqualTo(both.equals(own));
        assertThat(either.kinds()).isEqualTo(own.kinds().or(others::kinds));
        assertThat(either.maxObjects()).isEqualTo(own.maxObjects().or(others::maxObjects));
        assertThat(either.maxBytes()).isEqualTo(own.maxBytes().or(others::maxBytes));
      }
    }
    StorageLimits ofUser = StorageLimits.reaching(StorageLimits.USER);
    for (StorageLimits other : List.of(ofUser, StorageLimits.NONE)) {
      assertThat(ofUser.and(other).ofUser() && other.and(ofUser).ofUser()).isTrue();
      assertThat(ofUser.orElse(other).ofUser() && other.orElse(ofUser).ofUser()).isTrue();
    }
    assertThat(StorageLimits.NONE.and(StorageLimits.NONE).ofUser()).isFalse();
    assertThat(StorageLimits.NONE.orElse(StorageLimits.NONE).ofUser()).isFalse();
  }

  private static List<StorageLimits> allOfStorage() {
    List<StorageLimits> all = new ArrayList<>();
    for (Optional<StorageKinds> kinds :
        List.of(
            Optional.<StorageKinds>empty(),
            Optional.of(StorageKinds.NONE),
            Optional.of(new StorageKinds(Set.of(ObjectKind.FILES))),
            Optional.of(STORED))) {
      for (Optional<Integer> objects :
          List.of(Optional.<Integer>empty(), Optional.of(1), Optional.of(2))) {
        for (Optional<Long> bytes :
            List.of(Optional.<Long>empty(), Optional.of(1L), Optional.of(2L))) {
          all.add(new StorageLimits(kinds, objects, bytes, false));
        }
      }
    }
    return all;
  }

  private static <N extends Comparable<N>> Optional<N> least(Optional<N> one, Optional<N> other) {
    return Stream.of(one, other).flatMap(Optional::stream).min(Comparator.naturalOrder());
  }

  @Test
  void limits_on_storage_are_within_their_bounds() {
    assertThat(StorageLimits.ofObjects(1).texts()).isEqualTo(Map.of("max_objects", "1"));
    assertThat(StorageLimits.ofObjects(1_000_000).quota().objects()).isEqualTo(1_000_000);
    assertThat(StorageLimits.ofBytes(1).texts()).isEqualTo(Map.of("max_bytes", "1"));
    assertThat(StorageLimits.ofBytes(1_000_000_000_000_000L).quota().bytes())
        .isEqualTo(1_000_000_000_000_000L);
    for (int refused : new int[] {0, 1_000_001}) {
      assertThatExceptionOfType(InvalidValue.class)
          .isThrownBy(() -> StorageLimits.ofObjects(refused));
    }
    for (long refused : new long[] {0, 1_000_000_000_000_001L}) {
      assertThatExceptionOfType(InvalidValue.class)
          .isThrownBy(() -> StorageLimits.ofBytes(refused));
    }
    assertThat(StorageLimits.reaching("user").texts()).isEqualTo(Map.of("objects", "user"));
    assertThat(StorageLimits.NONE.texts()).isEmpty();
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> StorageLimits.reaching("token"));
    assertThat(StorageLimits.of(StorageKinds.NONE).texts()).isEqualTo(Map.of("storage", "none"));
    assertThat(StorageLimits.of(STORED).texts()).isEqualTo(Map.of("storage", "files, batches"));
  }

  @Test
  void an_operation_is_allowed_when_it_is_listed_or_none_is() {
    for (Limits limits : all()) {
      for (Operation asked : List.of(EMBED, CHAT, new Operation("GET models"))) {
        assertThat(limits.allow(asked.method(), asked.path()))
            .isEqualTo(limits.operations().map(o -> o.contains(asked)).orElse(true));
      }
    }
  }

  @Test
  void an_operation_is_allowed_as_its_pattern_says() {
    Limits limits = operations(Set.of(new Operation("GET models/{id}"), EMBED));

    assertThat(limits.allow("GET", "models/gpt-4")).isTrue();
    assertThat(limits.allow("DELETE", "models/gpt-4")).isFalse();
    assertThat(limits.allow("GET", "models")).isFalse();
    assertThat(limits.allow("POST", "embeddings")).isTrue();
    assertThat(limits.allow("POST", "embeddings/more")).isFalse();
  }
}
