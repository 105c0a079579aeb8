package io.claviger.domain.fairness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.domain.Field;
import io.claviger.domain.InvalidValue;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Tests who the borrower is, which weight the borrower has, and what an owner can state about a
 * service's capacity.
 */
class CapacityTermsTest {
  private static final UUID SERVICE = new UUID(0, 1);
  private static final UUID OWNER = new UUID(0, 2);
  private static final UUID BOB = new UUID(0, 3);
  private static final UUID BOT = new UUID(0, 4);

  private static CapacityTerms terms(Optional<CapacityGroup> group, Borrower borrower) {
    return CapacityTerms.of(
        new CapacityPolicy(ProviderLimits.NONE, group, new MaxWait(7), OnTooManyRequests.PASS),
        SERVICE,
        OWNER,
        borrower);
  }

  @Test
  void a_service_account_counts_as_who_is_responsible_and_a_giver_gives_no_more_than_they_have() {
    for (Optional<UUID> responsible : List.of(Optional.<UUID>empty(), Optional.of(BOB))) {
      for (Optional<Weight> share : weights()) {
        for (Optional<Weight> giver : weights()) {
          Borrower borrower = Borrower.of(BOT, responsible, share, giver);

          int own = share.map(Weight::value).orElse(10);
          assertThat(borrower.id()).isEqualTo(responsible.isPresent() ? BOB : BOT);
          assertThat(borrower.weight().value())
              .isEqualTo(Math.min(own, giver.map(Weight::value).orElse(100)));
        }
      }
    }
  }

  private static List<Optional<Weight>> weights() {
    return List.of(
        Optional.empty(),
        Optional.of(new Weight(1)),
        Optional.of(Weight.USUAL),
        Optional.of(new Weight(100)));
  }

  @Test
  void twenty_projects_and_ten_service_accounts_of_one_person_are_one_borrower() {
    Set<UUID> borrowers = new HashSet<>();
    for (int n = 0; n < 20; n++) {
      borrowers.add(Borrower.of(BOB, Optional.empty(), Optional.empty(), Optional.empty()).id());
    }
    for (int n = 0; n < 10; n++) {
      borrowers.add(
          Borrower.of(new UUID(5, n), Optional.of(BOB), Optional.empty(), Optional.empty()).id());
    }

    assertThat(borrowers).containsExactly(BOB);
  }

  @Test
  void a_group_is_the_owners_and_a_service_without_one_stands_alone() {
    Borrower bob = new Borrower(BOB, new Weight(3));

    CapacityTerms alone = terms(Optional.empty(), bob);
    CapacityTerms grouped = terms(Optional.of(new CapacityGroup("main")), bob);

    assertThat(alone.capacity()).isEqualTo(CapacityKey.ofService(SERVICE));
    assertThat(grouped.capacity()).isEqualTo(CapacityKey.ofGroup(OWNER, "main"));
    assertThat(grouped)
        .isEqualTo(
            new CapacityTerms(
                grouped.capacity(),
                SERVICE,
                OWNER,
                ProviderLimits.NONE,
                Duration.ofMillis(7),
                false,
                BOB,
                3));
  }

  @Test
  void what_is_out_of_bounds_is_refused_with_its_fields_name() {
    assertRefused("weight", () -> new Weight(0));
    assertRefused("weight", () -> new Weight(101));
    assertRefused("max_wait_ms", () -> new MaxWait(-1));
    assertRefused("max_wait_ms", () -> new MaxWait(120_001));
    assertRefused("on_429", () -> OnTooManyRequests.of("WAIT"));
    for (String name :
        List.of("", "bob/main", "/main", "Main", "_system", "-a", "a b", "é", "a".repeat(65))) {
      assertRefused("capacity_group", () -> new CapacityGroup(name));
    }
    assertRefused("provider_limits", () -> ProviderLimitsWrite.amount(0));
    assertRefused("provider_limits", () -> ProviderLimitsWrite.amount(-1));
    assertRefused("provider_limits", () -> ProviderLimitsWrite.amount(1_000_000_001));
    assertRefused("provider_limits", () -> ProviderLimitsWrite.calls(0));
    assertRefused("provider_limits", () -> ProviderLimitsWrite.calls(100_001));

    assertThat(new MaxWait(0)).isEqualTo(MaxWait.NONE);
    assertThat(new MaxWait(120_000).duration()).isEqualTo(CapacityTerms.MOST_WAIT);
    assertThat(new Weight(1)).isLessThan(new Weight(100));
    assertThat(new CapacityGroup("a".repeat(64)).value()).hasSize(64);
    assertThat(ProviderLimitsWrite.amount(1_000_000_000)).isEqualTo(PaceLimits.MOST);
    assertThat(ProviderLimitsWrite.calls(100_000)).isEqualTo(ProviderLimits.MOST_CALLS);
  }

  private static void assertRefused(String field, Supplier<?> make) {
    assertThatThrownBy(make::get)
        .isInstanceOfSatisfying(
            InvalidValue.class, refused -> assertThat(refused.field()).isEqualTo(field));
  }

  @Test
  void a_write_changes_the_limits_that_it_names_and_no_others() {
    ProviderLimits base = limits(Map.of(PaceLimit.REQUESTS_PER_MINUTE, 5L), OptionalInt.of(3));
    for (PaceLimit limit : PaceLimit.values()) {
      for (Field<Long> each : List.of(Field.<Long>absent(), Field.<Long>ofNull(), Field.of(9L))) {
        for (Field<Integer> calls :
            List.of(Field.<Integer>absent(), Field.<Integer>ofNull(), Field.of(4))) {
          Map<PaceLimit, Long> expected = new HashMap<>(base.perMinute().each());
          if (each.isAbsent()) {
            // Stays as it is.
          } else if (each.given().isPresent()) {
            expected.put(limit, 9L);
          } else {
            expected.remove(limit);
          }

          assertThat(new ProviderLimitsWrite(Map.of(limit, each), calls).over(base))
              .isEqualTo(
                  limits(
                      expected,
                      calls.isAbsent()
                          ? OptionalInt.of(3)
                          : calls.given().map(OptionalInt::of).orElse(OptionalInt.empty())));
        }
      }
    }
    assertThat(ProviderLimitsWrite.NONE.over(base)).isEqualTo(ProviderLimits.NONE);
    assertThat(ProviderLimitsWrite.ABSENT.over(base)).isEqualTo(base);
    assertThat(ProviderLimitsWrite.of(base).over(limits(Map.of(), OptionalInt.empty())))
        .isEqualTo(base);
  }

  @Test
  void limits_are_within_others_that_allow_no_less() {
    List<OptionalInt> amounts = List.of(OptionalInt.of(1), OptionalInt.of(2), OptionalInt.empty());
    for (OptionalInt one : amounts) {
      for (OptionalInt other : amounts) {
        boolean within = other.isEmpty() || one.orElse(3) <= other.getAsInt();
        assertThat(limits(Map.of(), one).areWithin(limits(Map.of(), other))).isEqualTo(within);
        assertThat(perMinute(one).areWithin(perMinute(other))).isEqualTo(within);
      }
    }
  }

  private static ProviderLimits perMinute(OptionalInt tokens) {
    return limits(
        tokens.isEmpty() ? Map.of() : Map.of(PaceLimit.TOKENS_PER_MINUTE, (long) tokens.getAsInt()),
        OptionalInt.empty());
  }

  private static ProviderLimits limits(Map<PaceLimit, Long> perMinute, OptionalInt calls) {
    return new ProviderLimits(new PaceLimits(perMinute), calls);
  }
}
