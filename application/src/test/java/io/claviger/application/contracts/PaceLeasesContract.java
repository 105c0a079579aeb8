package io.claviger.application.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.gateway.port.PaceLeases.PlaceWish;
import io.claviger.application.gateway.port.PaceLeases.TokenLease;
import io.claviger.application.gateway.port.PaceLeases.UsedTokens;
import io.claviger.testkit.Race;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What {@link io.claviger.application.gateway.port.PaceLeases} promises. */
public abstract class PaceLeasesContract extends PortContract {
  private static final String SUBJECT = "token:1";
  private static final Duration LIFETIME = Duration.ofSeconds(10);
  private static final UUID ONE = new UUID(0, 1);
  private static final UUID OTHER = new UUID(0, 2);

  /** Moves the clock of the leases forward. The time that the test takes may be added. */
  protected abstract void pass(Duration time);

  @Test
  void tokens_are_granted_up_to_the_limit_and_fewer_than_needed_are_not() {
    assertThat(tokens(100, 10, 60).granted()).isEqualTo(60);
    assertThat(tokens(100, 10, 60).granted()).isEqualTo(40);
    assertThat(tokens(100, 1, 1).granted()).isZero();
    assertThat(ports.paceLeases().leaseTokens("token:2", 100, 100, 100, LIFETIME).granted())
        .isEqualTo(100);

    pass(LIFETIME.plusSeconds(45));
    assertThat(tokens(100, 1, 1).granted()).isZero();
    pass(Duration.ofSeconds(16));
    assertThat(tokens(100, 60, 60).granted()).isEqualTo(60);
    assertThat(tokens(100, 41, 41).granted()).isZero();
    assertThat(tokens(1_000_000_000, 41, 500_000_000).granted()).isEqualTo(500_000_000);
  }

  @Test
  void who_gets_none_is_told_when_enough_are_free_again() {
    assertThat(tokens(100, 40, 40).granted()).isEqualTo(40);
    pass(Duration.ofSeconds(30));
    assertThat(tokens(100, 60, 60).granted()).isEqualTo(60);

    assertThat(tokens(100, 41, 41).retryAfter()).isEqualTo(Duration.ofSeconds(60));
    TokenLease refused = tokens(100, 40, 40);

    assertThat(refused.retryAfter()).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(41));
    pass(refused.retryAfter());
    assertThat(tokens(100, 40, 100).granted()).isEqualTo(40);
  }

  @Test
  void a_clock_that_was_set_back_keeps_nothing_for_longer_than_a_minute_after_a_lease() {
    assertThat(tokens(100, 100, 100).granted()).isEqualTo(100);
    assertThat(places(ONE, 0, 2, 2)).isEqualTo(2);
    pass(Duration.ofHours(-1));

    assertThat(tokens(100, 1, 1).granted()).isZero();
    assertThat(places(OTHER, 0, 1, 2)).isZero();
    pass(LIFETIME);
    assertThat(places(OTHER, 0, 2, 2)).isEqualTo(2);
    pass(Duration.ofSeconds(60));
    assertThat(tokens(100, 100, 100).granted()).isEqualTo(100);
  }

  @Test
  void what_was_not_used_is_free_again_and_never_more_than_that() {
    TokenLease lease = tokens(100, 100, 100);

    back("token:2", lease, 0);
    back(SUBJECT, lease, 170);
    assertThat(tokens(100, 1, 1).granted()).isZero();
    back(SUBJECT, lease, 70);
    back(SUBJECT, lease, 90);
    assertThat(tokens(100, 1, 100).granted()).isEqualTo(30);
    back(SUBJECT, lease, 50);
    assertThat(tokens(100, 1, 100).granted()).isEqualTo(20);
    pass(Duration.ofMinutes(10));
    back(SUBJECT, lease, 0);
    assertThat(tokens(100, 1, 100).granted()).isEqualTo(100);
  }

  @Test
  void what_is_owed_is_paid_back_by_the_next_leases() {
    ports.paceLeases().owe(SUBJECT, 100, 130);
    ports.paceLeases().owe(SUBJECT, 100, 20);

    assertThat(tokens(100, 1, 100).retryAfter()).isEqualTo(Duration.ofSeconds(60));
    pass(Duration.ofSeconds(61));
    assertThat(tokens(100, 1, 100).granted()).isEqualTo(50);
    pass(Duration.ofSeconds(71));
    assertThat(tokens(100, 1, 100).granted()).isEqualTo(100);
  }

  @Test
  void time_in_which_nobody_asks_pays_back_too_and_at_most_a_day_is_owed() {
    ports.paceLeases().owe(SUBJECT, 100, 1_000);
    pass(Duration.ofSeconds(8 * 60 + 1));
    assertThat(tokens(100, 1, 100).granted()).isZero();
    pass(Duration.ofSeconds(181));
    assertThat(tokens(100, 1, 100).granted()).isEqualTo(100);

    ports.paceLeases().owe(SUBJECT, 100, Long.MAX_VALUE / 2);
    pass(Duration.ofMinutes(1_440));
    assertThat(tokens(100, 1, 100).granted()).isZero();
    pass(Duration.ofMinutes(1_442));
    assertThat(tokens(100, 1, 100).granted()).isEqualTo(100);
  }

  @Test
  void whoever_asks_every_minute_uses_no_more_with_debts_than_without() {
    long used = 0;
    for (int minute = 0; minute < 20; minute++) {
      long granted = tokens(100, 1, 100).granted();
      used += granted;
      if (granted > 0) {
        ports.paceLeases().owe(SUBJECT, 100, 150);
        used += 150;
      }
      pass(Duration.ofSeconds(71));
    }

    assertThat(used).isLessThanOrEqualTo(20 * 100 + 150);
  }

  @Test
  void whatever_happens_no_sixty_seconds_see_more_tokens_than_the_limit() {
    Random random = new Random(11);
    List<Reference> all = new ArrayList<>();
    long began = System.nanoTime();
    Duration passed = Duration.ZERO;
    for (int step = 0; step < 100; step++) {
      Duration time = Duration.ofSeconds(random.nextInt(15));
      pass(time);
      passed = passed.plus(time);
      Duration before = passed.plusNanos(System.nanoTime() - began);
      if (random.nextInt(3) == 0 && !all.isEmpty()) {
        Reference some = all.remove(random.nextInt(all.size()));
        long used = random.nextLong(some.tokens() + 1);
        ports.paceLeases().giveBack(List.of(new UsedTokens(SUBJECT, some.id(), used)));
        Duration ended = some.ends().compareTo(before) < 0 ? some.ends() : before;
        all.add(new Reference(some.id(), used, ended));
      }
      long needed = 1 + random.nextInt(600);
      TokenLease lease = tokens(1_000, needed, needed + random.nextInt(200));
      if (lease.granted() > 0) {
        all.add(new Reference(lease.id(), lease.granted(), before.plus(LIFETIME)));
      }

      Duration after = passed.plusNanos(System.nanoTime() - began);
      assertThat(countedAt(after, all)).as("step %d", step).isLessThanOrEqualTo(1_000);
    }
    assertThat(all).hasSizeGreaterThan(20);
  }

  @Test
  void sixteen_that_ask_at_once_get_no_more_tokens_or_places_than_there_are() {
    List<Long> tokens = Race.of(16, n -> tokens(1_000, 3, 7).granted(), 12);
    assertThat(tokens.stream().mapToLong(Long::longValue).sum()).isBetween(994L, 1_000L);

    List<Integer> places =
        Race.of(
            16,
            n ->
                ports
                    .paceLeases()
                    .leasePlaces(new PlaceWish(SUBJECT, new UUID(1, n), 0, 3), 20, LIFETIME),
            1);
    assertThat(places.stream().mapToInt(Integer::intValue).sum()).isEqualTo(20);
  }

  @Test
  void nodes_have_no_more_places_together_than_the_limit_and_keep_those_of_running_calls() {
    assertThat(places(ONE, 0, 3, 5)).isEqualTo(3);
    assertThat(places(OTHER, 0, 4, 5)).isEqualTo(2);
    assertThat(places(ONE, 1, 4, 5)).isEqualTo(3);
    assertThat(places(OTHER, 0, 0, 5)).isZero();
    assertThat(places(ONE, 1, 5, 5)).isEqualTo(5);

    assertThat(places(ONE, 4, 5, 2)).isEqualTo(4);
    assertThat(places(OTHER, 0, 1, 2)).isZero();
    pass(LIFETIME);
    assertThat(places(OTHER, 0, 2, 2)).isEqualTo(2);
    assertThat(places(ONE, 1, 2, 2)).isEqualTo(1);
  }

  @Test
  void leases_of_places_are_renewed_with_no_more_than_before_unless_they_ended() {
    assertThat(places(ONE, 0, 3, 5)).isEqualTo(3);
    pass(Duration.ofSeconds(8));
    assertThat(renewed(2)).containsExactly(SUBJECT);
    pass(Duration.ofSeconds(8));
    assertThat(places(OTHER, 0, 5, 5)).isEqualTo(3);
    assertThat(renewed(4)).containsExactly(SUBJECT);
    assertThat(places(OTHER, 3, 5, 5)).isEqualTo(3);

    assertThat(renewed(0)).isEmpty();
    assertThat(places(OTHER, 3, 5, 5)).isEqualTo(5);
    pass(LIFETIME.plusSeconds(1));
    assertThat(ports.paceLeases().renewPlaces(OTHER, List.of(wish(OTHER, 3, 5)), LIFETIME))
        .isEmpty();
  }

  private record Reference(long id, long tokens, Duration ends) {}

  /**
   * @param now a time that is not before the last lease, so that a slow machine counts fewer leases
   *     as running
   * @param all the leases, whose ends are not after the ends that the store knows
   */
  private static long countedAt(Duration now, List<Reference> all) {
    return all.stream()
        .filter(l -> l.ends().plusSeconds(60).compareTo(now) > 0)
        .mapToLong(Reference::tokens)
        .sum();
  }

  private TokenLease tokens(long perMinute, long needed, long wanted) {
    return ports.paceLeases().leaseTokens(SUBJECT, perMinute, needed, wanted, LIFETIME);
  }

  private void back(String subject, TokenLease lease, long used) {
    ports.paceLeases().giveBack(List.of(new UsedTokens(subject, lease.id(), used)));
  }

  private static PlaceWish wish(UUID node, int running, int wanted) {
    return new PlaceWish(SUBJECT, node, running, wanted);
  }

  private int places(UUID node, int running, int wanted, int most) {
    return ports.paceLeases().leasePlaces(wish(node, running, wanted), most, LIFETIME);
  }

  private Set<String> renewed(int wanted) {
    return ports.paceLeases().renewPlaces(ONE, List.of(wish(ONE, 0, wanted)), LIFETIME);
  }
}
