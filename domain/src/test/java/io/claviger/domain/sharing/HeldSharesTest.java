package io.claviger.domain.sharing;

import static io.claviger.domain.sharing.Samples.bobs;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.groups.Group;
import io.claviger.domain.policy.Limits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class HeldSharesTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final Instant OLD = NOON.minusSeconds(60);
  private static final Instant YOUNG = NOON.minusSeconds(30);

  private static final List<Optional<Instant>> EXPIRIES =
      List.of(Optional.empty(), Optional.of(NOON.plusNanos(1)), Optional.of(NOON));

  /** Every share that a group can hold: role, age, expiry, id before and after another one. */
  private static List<GroupShare> groupShares() {
    List<GroupShare> all = new ArrayList<>();
    for (Role role : List.of(Role.READER, Role.WRITER)) {
      for (Instant createdAt : List.of(OLD, YOUNG)) {
        for (Optional<Instant> expiresAt : EXPIRIES) {
          for (UUID id : List.of(new UUID(1, 1), new UUID(-1, 1))) {
            all.add(byGroup(id, role, createdAt, expiresAt));
          }
        }
      }
    }
    return all;
  }

  private static List<Optional<Share>> ownShares() {
    List<Optional<Share>> all = new ArrayList<>();
    all.add(Optional.empty());
    for (Role role : Role.values()) {
      EXPIRIES.forEach(expiresAt -> all.add(Optional.of(own(role, expiresAt))));
    }
    return all;
  }

  @Test
  void a_call_goes_by_the_users_own_share_while_it_has_not_expired() {
    for (Optional<Share> own : ownShares()) {
      for (GroupShare one : groupShares()) {
        for (GroupShare other : groupShares()) {
          HeldShares held = HeldShares.of(own, List.of(one, other), NOON);
          if (own.isPresent() && !own.get().expiredAt(NOON)) {
            assertThat(held.grant(NOON)).contains(new HeldShares.Grant.Own(own.get()));
          } else {
            assertThat(held.grant(NOON))
                .isEqualTo(first(List.of(one, other)).map(HeldShares.Grant.ByGroup::new));
          }
        }
      }
    }
  }

  /** States the rule in other words: the share that wins against all other shares is the first. */
  private static Optional<GroupShare> first(List<GroupShare> shares) {
    List<GroupShare> live = shares.stream().filter(s -> !s.expiredAt(NOON)).toList();
    return live.stream().filter(s -> live.stream().noneMatch(o -> beats(o, s))).findFirst();
  }

  private static boolean beats(GroupShare one, GroupShare other) {
    if (one.terms().role() != other.terms().role()) {
      return one.terms().role() == Role.WRITER;
    }
    if (!one.createdAt().equals(other.createdAt())) {
      return one.createdAt().isBefore(other.createdAt());
    }
    // As unsigned numbers, ids that begin with ff come last.
    return one.group().value().getMostSignificantBits() > 0
        && other.group().value().getMostSignificantBits() < 0;
  }

  @Test
  void actions_are_decided_by_the_highest_role_of_those_that_have_not_expired() {
    for (Optional<Share> own : ownShares()) {
      for (GroupShare one : groupShares()) {
        for (GroupShare other : groupShares()) {
          List<Role> live = new ArrayList<>();
          own.filter(s -> !s.expiredAt(NOON)).ifPresent(s -> live.add(s.terms().role()));
          for (GroupShare share : List.of(one, other)) {
            if (!share.expiredAt(NOON)) {
              live.add(share.terms().role());
            }
          }
          assertThat(HeldShares.of(own, List.of(one, other), NOON).role(NOON))
              .isEqualTo(live.isEmpty() ? Optional.empty() : Optional.of(Collections.max(live)));
        }
      }
    }
  }

  @Test
  void the_order_in_which_shares_are_read_does_not_matter() {
    List<GroupShare> shares = new ArrayList<>(groupShares());
    // A group has one share of a service: of each group's shares one that lasts and one that ended.
    shares.removeIf(share -> share.terms().expiresAt().filter(NOON::isBefore).isPresent());
    Optional<GroupShare> chosen = HeldShares.of(Optional.empty(), shares, NOON).byGroup();
    Random random = new Random(42);
    for (int turn = 0; turn < 50; turn++) {
      Collections.shuffle(shares, random);

      assertThat(HeldShares.of(Optional.empty(), shares, NOON).byGroup()).isEqualTo(chosen);
    }
  }

  @Test
  void only_who_calls_by_a_groups_share_with_pooled_limits_leaves_its_pool() {
    Limits pooled = new Limits(Optional.of(5), Optional.empty(), Optional.empty());
    for (Optional<Share> own : ownShares()) {
      for (GroupShare share : groupShares()) {
        for (Limits limits : List.of(Limits.NONE, pooled)) {
          Share.Terms terms = share.terms();
          GroupShare held =
              new GroupShare(
                  share.group(),
                  share.handle(),
                  new Share.Terms(terms.role(), false, terms.expiresAt(), Limits.NONE, limits),
                  share.givenVia(),
                  share.createdAt());
          boolean leaves =
              !limits.isNone()
                  && !held.expiredAt(NOON)
                  && own.filter(s -> !s.expiredAt(NOON)).isEmpty();
          assertThat(HeldShares.of(own, List.of(held), NOON).poolLeftByOwn(NOON))
              .isEqualTo(leaves ? Optional.of(held) : Optional.empty());
        }
      }
    }
  }

  @Test
  void what_expires_later_grants_nothing_from_then_on() {
    GroupShare share = byGroup(new UUID(1, 1), Role.WRITER, OLD, Optional.of(NOON));
    HeldShares held = HeldShares.of(Optional.empty(), List.of(share), NOON.minusNanos(1));

    assertThat(held.grant(NOON.minusNanos(1)).orElseThrow().group()).contains(share);
    assertThat(held.grant(NOON)).isEmpty();
    assertThat(held.role(NOON)).isEmpty();
  }

  @Test
  void a_lower_own_share_is_the_grant_though_a_group_gives_the_higher_role() {
    Share own = own(Role.READER, Optional.empty());
    HeldShares held =
        HeldShares.of(
            Optional.of(own),
            List.of(byGroup(new UUID(1, 1), Role.WRITER, OLD, Optional.empty())),
            NOON);

    assertThat(held.grant(NOON)).contains(new HeldShares.Grant.Own(own));
    assertThat(held.role(NOON)).contains(Role.WRITER);
  }

  private static Share own(Role role, Optional<Instant> expiresAt) {
    return bobs(role, expiresAt, YOUNG);
  }

  private static GroupShare byGroup(
      UUID group, Role role, Instant createdAt, Optional<Instant> expiresAt) {
    return new GroupShare(
        new Group.Id(group),
        new Handle("research"),
        new Share.Terms(role, false, expiresAt, Limits.NONE),
        Optional.empty(),
        createdAt);
  }
}
