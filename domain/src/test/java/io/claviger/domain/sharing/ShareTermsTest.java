package io.claviger.domain.sharing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.claviger.domain.fairness.Weight;
import io.claviger.domain.policy.Limits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * A co-owner may give shares to readers and writers. These shares must not last longer or permit
 * more than the co-owner's own share.
 */
class ShareTermsTest {
  private static final Instant EARLY = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant LATE = Instant.parse("2027-01-01T00:00:00Z");

  private static final List<Optional<Instant>> EXPIRIES =
      List.of(Optional.of(EARLY), Optional.of(LATE), Optional.empty());
  private static final List<Limits> LIMITS = List.of(perMinute(10), perMinute(20), Limits.NONE);

  /** A co-owner with every freedom, and a reader's share with none. */
  private static final Share.Terms WIDEST = terms(Role.OWNER, true, Optional.empty(), Limits.NONE);

  private static final Share.Terms NARROWEST =
      terms(Role.READER, false, Optional.of(EARLY), perMinute(10));

  private static Limits perMinute(int requests) {
    return new Limits(Optional.of(requests), Optional.empty(), Optional.empty());
  }

  private static Share.Terms terms(
      Role role, boolean mayReshare, Optional<Instant> expiresAt, Limits limits) {
    return new Share.Terms(role, mayReshare, expiresAt, limits);
  }

  private static List<Share.Terms> all() {
    List<Share.Terms> all = new ArrayList<>();
    for (Role role : Role.values()) {
      for (boolean mayReshare : new boolean[] {false, true}) {
        for (Optional<Instant> expiry : EXPIRIES) {
          for (Limits limits : LIMITS) {
            all.add(terms(role, mayReshare, expiry, limits));
          }
        }
      }
    }
    return all;
  }

  /** The instants told apart by the grid: somebody who has a share at one of them has it then. */
  private static boolean lastsNoLonger(Share.Terms given, Share.Terms giver) {
    return List.of(EARLY.minusNanos(1), EARLY, LATE.minusNanos(1), LATE, Instant.MAX).stream()
        .noneMatch(at -> alive(given, at) && !alive(giver, at));
  }

  private static boolean alive(Share.Terms terms, Instant at) {
    return at.isBefore(terms.expiresAt().orElse(Instant.MAX)) || terms.expiresAt().isEmpty();
  }

  @Test
  void terms_fit_exactly_when_they_exceed_the_givers_in_nothing() {
    for (Share.Terms giver : all()) {
      for (Share.Terms given : all()) {
        boolean coOwnerGivesLess = giver.role() == Role.OWNER && given.role() != Role.OWNER;
        boolean resharesNoMore = !(given.mayReshare() && !giver.mayReshare());
        boolean callsNoMore = LIMITS.indexOf(given.limits()) <= LIMITS.indexOf(giver.limits());
        assertThat(given.fitWithin(giver))
            .as("%s given by %s", given, giver)
            .isEqualTo(
                coOwnerGivesLess && resharesNoMore && callsNoMore && lastsNoLonger(given, giver));
      }
    }
  }

  @Test
  void nobody_gives_more_weight_than_they_have_or_raises_what_somebody_else_gave() {
    for (int own : new int[] {1, 10, 100}) {
      for (int given : new int[] {1, 10, 100}) {
        Share.Terms terms = NARROWEST.with(new Weight(given));
        Share.Terms before = NARROWEST.with(new Weight(own));
        Share.Terms giver = WIDEST.with(new Weight(own));
        assertThat(terms.weighAtMost(giver, Optional.empty()))
            .isEqualTo(given <= own || given <= 10);
        assertThat(terms.weighAtMost(giver, Optional.of(before)))
            .isEqualTo(given <= own || given <= 10);
        assertThat(terms.weighAtMost(giver, Optional.of(terms))).isTrue();
        assertThat(terms.keepLimitsOf(before, Limits.NONE)).isEqualTo(given <= own);
        assertThat(terms.fitWithin(WIDEST.with(new Weight(own)))).isTrue();
      }
    }
    assertThat(NARROWEST.texts()).doesNotContainKey("weight");
    assertThat(NARROWEST.with(new Weight(3)).until(LATE).with(Limits.NONE).texts())
        .containsEntry("weight", "3");
  }

  @Test
  void terms_permit_less_only_if_nothing_of_them_permits_more() {
    assertThat(NARROWEST.permitLessThan(WIDEST, Limits.NONE)).isTrue();
    assertThat(WIDEST.permitLessThan(NARROWEST, Limits.NONE)).isFalse();
    assertThat(WIDEST.permitLessThan(WIDEST, Limits.NONE)).isFalse();
    Share.Terms reader = Share.Terms.reader();
    assertThat(reader.permitLessThan(Share.Terms.writer(), Limits.NONE)).isTrue();
    assertThat(Share.Terms.writer().permitLessThan(reader, Limits.NONE)).isFalse();
    assertThat(reader.until(LATE).permitLessThan(reader, Limits.NONE)).isTrue();
    assertThat(reader.until(LATE).permitLessThan(Share.Terms.writer().until(LATE), Limits.NONE))
        .isTrue();
    assertThat(reader.permitLessThan(Share.Terms.writer().until(LATE), Limits.NONE)).isFalse();
    assertThat(reader.with(new Weight(100)).permitLessThan(Share.Terms.writer(), Limits.NONE))
        .isFalse();
    assertThat(reader.with(perMinute(10)).permitLessThan(reader, Limits.NONE)).isTrue();
    assertThat(reader.permitLessThan(Share.Terms.writer().with(perMinute(10)), Limits.NONE))
        .isFalse();
    Share.Terms ten = reader.with(perMinute(10));
    assertThat(ten.permitLessThan(reader, perMinute(5))).isFalse();
    assertThat(reader.permitLessThan(ten, perMinute(5))).isTrue();
  }

  /** Each of the three things alone decides. */
  @Test
  void who_did_not_give_a_share_makes_nothing_of_it_wider() {
    for (Limits before : LIMITS) {
      for (Limits now : LIMITS) {
        boolean narrower = LIMITS.indexOf(now) <= LIMITS.indexOf(before);
        assertThat(pooled(now).keepLimitsOf(pooled(before), Limits.NONE)).isEqualTo(narrower);
        assertThat(WIDEST.with(now).keepLimitsOf(WIDEST.with(before), Limits.NONE))
            .isEqualTo(narrower);
        assertThat(WIDEST.with(now).keepLimitsOf(WIDEST.with(before), perMinute(10)))
            .isEqualTo(now.orElse(perMinute(10)).fitWithin(before.orElse(perMinute(10))));
      }
    }
  }

  private static Share.Terms pooled(Limits limits) {
    return new Share.Terms(
        Role.READER, false, Optional.empty(), Limits.NONE, limits, Weight.USUAL, false);
  }

  @Test
  void each_term_has_its_text_under_its_name_in_the_api() {
    Share.Terms all =
        new Share.Terms(
            Role.READER, true, Optional.of(LATE), perMinute(7), perMinute(9), new Weight(3), true);

    assertThat(all.texts())
        .containsExactly(
            entry("role", "reader"),
            entry("may_reshare", "true"),
            entry("to_everybody", "true"),
            entry("expires_at", "2027-01-01T00:00:00Z"),
            entry("limits/requests_per_minute", "7"),
            entry("pooled_limits/requests_per_minute", "9"),
            entry("weight", "3"));
    assertThat(pooled(Limits.NONE).texts()).containsExactly(entry("role", "reader"));
  }

  @Test
  void a_writer_gives_nothing() {
    assertThat(NARROWEST.fitWithin(terms(Role.WRITER, true, Optional.empty(), Limits.NONE)))
        .isFalse();
  }

  @Test
  void a_co_owner_gives_no_ownership() {
    assertThat(terms(Role.OWNER, false, Optional.of(EARLY), perMinute(10)).fitWithin(WIDEST))
        .isFalse();
  }

  @Test
  void who_may_not_reshare_cannot_give_it() {
    assertThat(
            terms(Role.READER, true, Optional.of(EARLY), perMinute(10))
                .fitWithin(terms(Role.OWNER, false, Optional.empty(), Limits.NONE)))
        .isFalse();
  }

  @Test
  void a_share_may_end_with_the_givers_at_the_latest() {
    Share.Terms giver = terms(Role.OWNER, true, Optional.of(EARLY), Limits.NONE);
    assertThat(terms(Role.READER, true, Optional.of(EARLY), Limits.NONE).fitWithin(giver)).isTrue();
    assertThat(
            terms(Role.READER, true, Optional.of(EARLY.plusNanos(1)), Limits.NONE).fitWithin(giver))
        .isFalse();
  }

  @Test
  void a_share_without_an_end_outlasts_any_that_ends() {
    Share.Terms giver = terms(Role.OWNER, true, Optional.of(LATE), Limits.NONE);
    assertThat(terms(Role.READER, true, Optional.empty(), Limits.NONE).fitWithin(giver)).isFalse();
  }
}
