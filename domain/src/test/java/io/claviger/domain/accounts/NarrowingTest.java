package io.claviger.domain.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.Fault;
import io.claviger.domain.Field;
import io.claviger.domain.policy.InheritedLimits;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.LimitsWrite;
import io.claviger.domain.policy.PaceKind;
import io.claviger.domain.policy.PaceTerms;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** All combinations of a parent token and a request for a narrower token. */
class NarrowingTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final Instant SOON = NOON.plusSeconds(60);
  private static final Instant LATER = NOON.plusSeconds(120);

  private static final List<Optional<TokenRestriction>> RESTRICTIONS =
      List.of(
          Optional.empty(),
          Optional.of(new TokenRestriction.ToService(new UUID(0, 1), "alice/one")),
          Optional.of(new TokenRestriction.ToService(new UUID(0, 2), "alice/two")),
          Optional.of(new TokenRestriction.ToProject(new UUID(0, 1), "alice/one")),
          Optional.of(new TokenRestriction.ToProject(new UUID(0, 2), "alice/two")));
  private static final List<Optional<Integer>> RATES =
      List.of(Optional.empty(), Optional.of(10), Optional.of(20));
  private static final List<Optional<Instant>> EXPIRIES =
      List.of(Optional.empty(), Optional.of(SOON), Optional.of(LATER));

  @Test
  void a_narrower_token_is_within_its_parent_in_each_respect() {
    for (AccessToken parent : parents()) {
      for (Optional<TokenRestriction> restriction : RESTRICTIONS) {
        for (Field<Integer> rate : writes(RATES)) {
          for (Field<Instant> expiry : writes(EXPIRIES)) {
            check(parent, restriction, rate, expiry);
          }
        }
      }
    }
  }

  private static void check(
      AccessToken parent,
      Optional<TokenRestriction> restriction,
      Field<Integer> rate,
      Field<Instant> expiry) {
    List<String> expected = new ArrayList<>();
    if (restriction.isPresent()
        && parent.restriction().isPresent()
        && !restriction.equals(parent.restriction())) {
      expected.add(
          restriction.get() instanceof TokenRestriction.ToService ? "/service" : "/project");
    }
    Optional<Integer> most = parent.limits().requestsPerMinute();
    Optional<Integer> asked = rate.or(most);
    if (most.isPresent() && asked.map(n -> n > most.get()).orElse(true)) {
      expected.add("/limits");
    }
    Optional<Instant> last = parent.expiresAt();
    Optional<Instant> until = expiry.or(last);
    if (last.isPresent() && until.map(t -> t.isAfter(last.get())).orElse(true)) {
      expected.add("/expires_at");
    }
    Narrowing narrowing =
        new Narrowing(
            restriction,
            new LimitsWrite(rate, Field.absent(), Field.absent()),
            expiry,
            TokenBinding.NONE);

    assertThat(narrowing.faults(parent, NOON))
        .as("%s of %s", narrowing, parent)
        .extracting(Fault::pointer)
        .isEqualTo(expected);
    assertThat(narrowing.restrictionWithin(parent)).isEqualTo(restriction.or(parent::restriction));
    assertThat(narrowing.limitsWithin(parent).requestsPerMinute()).isEqualTo(asked);
    assertThat(narrowing.expiryWithin(parent)).isEqualTo(until);
  }

  @Test
  void a_narrower_token_has_not_expired_already() {
    AccessToken parent = parent(Optional.empty(), Optional.empty(), Optional.empty());

    assertThat(expiring(NOON).faults(parent, NOON))
        .extracting(Fault::pointer)
        .containsExactly("/expires_at");
    assertThat(expiring(NOON.plusNanos(1)).faults(parent, NOON)).isEmpty();
  }

  @Test
  void a_narrower_token_is_no_faster() {
    PaceTerms four = PaceTerms.of(PaceKind.CONCURRENT, 4);
    AccessToken parent = parent(Limits.NONE.with(four), Optional.empty(), Optional.empty());

    for (PaceTerms.Write faster :
        List.of(
            PaceTerms.Write.of(PaceTerms.of(PaceKind.CONCURRENT, 5)),
            PaceTerms.Write.of(PaceTerms.NONE))) {
      assertThat(limited(faster).faults(parent, NOON))
          .extracting(Fault::pointer)
          .containsExactly("/limits");
    }
    PaceTerms.Write also = PaceTerms.Write.of(four.orElse(PaceTerms.of(PaceKind.TOKENS, 1)));
    assertThat(limited(also).faults(parent, NOON)).isEmpty();
    assertThat(limited(PaceTerms.Write.ABSENT).limitsWithin(parent).pace()).isEqualTo(four);
  }

  private static Narrowing limited(PaceTerms.Write pace) {
    return new Narrowing(
        Optional.empty(), LimitsWrite.ABSENT.with(pace), Field.absent(), TokenBinding.NONE);
  }

  private static Narrowing expiring(Instant at) {
    return new Narrowing(Optional.empty(), LimitsWrite.ABSENT, Field.of(at), TokenBinding.NONE);
  }

  @Test
  void the_name_by_which_a_service_is_shown_does_not_matter() {
    AccessToken parent = parent(RESTRICTIONS.get(1), Optional.empty(), Optional.empty());
    TokenRestriction renamed = new TokenRestriction.ToService(new UUID(0, 1), "bob/other");

    assertThat(
            new Narrowing(
                    Optional.of(renamed), LimitsWrite.ABSENT, Field.absent(), TokenBinding.NONE)
                .faults(parent, NOON))
        .isEmpty();
  }

  private static <T> List<Field<T>> writes(List<Optional<T>> values) {
    List<Field<T>> all = new ArrayList<>();
    all.add(Field.absent());
    values.forEach(value -> all.add(Field.ofNullable(value)));
    return all;
  }

  private static List<AccessToken> parents() {
    List<AccessToken> all = new ArrayList<>();
    for (Optional<TokenRestriction> restriction : RESTRICTIONS) {
      for (Optional<Integer> rate : RATES) {
        EXPIRIES.forEach(expiry -> all.add(parent(restriction, rate, expiry)));
      }
    }
    return all;
  }

  private static AccessToken parent(
      Optional<TokenRestriction> restriction, Optional<Integer> rate, Optional<Instant> expiry) {
    return parent(new Limits(rate, Optional.empty(), Optional.empty()), restriction, expiry);
  }

  private static AccessToken parent(
      Limits limits, Optional<TokenRestriction> restriction, Optional<Instant> expiry) {
    return new AccessToken(
        new AccessToken.Id(new UUID(0, 7)),
        new User.Id(new UUID(0, 2)),
        new TokenName("laptop"),
        TokenScope.USE,
        AccessToken.Provenance.of(AccessToken.Origin.USER),
        restriction,
        limits,
        InheritedLimits.NONE,
        NOON.minusSeconds(60),
        expiry,
        Optional.empty(),
        Optional.empty(),
        TokenBinding.NONE,
        Optional.empty());
  }
}
