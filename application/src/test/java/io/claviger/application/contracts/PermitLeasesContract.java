package io.claviger.application.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.gateway.port.PermitLeases;
import io.claviger.application.gateway.port.PermitLeases.EndedPermitLease;
import io.claviger.application.gateway.port.PermitLeases.Lease;
import io.claviger.testkit.Race;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What {@link PermitLeases} promises. */
public abstract class PermitLeasesContract extends PortContract {
  private static final String SUBJECT = "token:1";
  private static final Duration LIFETIME = Duration.ofSeconds(10);

  /** Moves the clock of the leases forward. The time that the test takes may be added. */
  protected abstract void pass(Duration time);

  @Test
  void what_counts_is_what_was_leased_less_what_came_back() {
    assertThat(ports.permitLeases().counted("a")).isZero();
    PermitLeases.Lease lease = ports.permitLeases().lease("a", 10, 4, Duration.ofSeconds(2));
    assertThat(ports.permitLeases().counted("a")).isEqualTo(4);
    ports.permitLeases().giveBack(new PermitLeases.EndedPermitLease("a", lease.id(), 1));
    assertThat(ports.permitLeases().counted("a")).isEqualTo(1);
    assertThat(ports.permitLeases().counted("b")).isZero();
    pass(Duration.ofSeconds(62));
    assertThat(ports.permitLeases().counted("a")).isZero();
  }

  @Test
  void as_many_as_are_wanted_are_granted_up_to_the_rate() {
    assertThat(lease(10, 4).granted()).isEqualTo(4);
    assertThat(lease(10, 4).granted()).isEqualTo(4);
    assertThat(lease(10, 4).granted()).isEqualTo(2);
    assertThat(lease(10, 1).granted()).isZero();
  }

  @Test
  void leases_are_told_apart() {
    Lease one = lease(10, 1);
    Lease other = lease(10, 1);

    assertThat(one.id()).isNotEqualTo(other.id());
    assertThat(List.of(one.retryAfter(), other.retryAfter())).containsOnly(Duration.ZERO);
  }

  @Test
  void what_was_granted_counts_until_sixty_seconds_after_its_lease_ended() {
    assertThat(lease(5, 5).granted()).isEqualTo(5);

    pass(LIFETIME.plusSeconds(45));
    assertThat(lease(5, 1).granted()).isZero();
    pass(Duration.ofSeconds(16));
    assertThat(lease(5, 5).granted()).isEqualTo(5);
  }

  @Test
  void the_permits_of_one_subject_do_not_count_for_another() {
    assertThat(lease(5, 5).granted()).isEqualTo(5);

    assertThat(ports.permitLeases().lease("token:2", 5, 5, LIFETIME).granted()).isEqualTo(5);
  }

  @Test
  void a_rate_that_was_lowered_holds_at_once_and_one_that_was_raised_too() {
    assertThat(lease(10, 6).granted()).isEqualTo(6);

    assertThat(lease(5, 1).granted()).isZero();
    assertThat(lease(12, 12).granted()).isEqualTo(6);
  }

  @Test
  void what_was_not_used_is_free_again_once_it_is_given_back() {
    Lease lease = lease(10, 10);

    ports.permitLeases().giveBack(new EndedPermitLease(SUBJECT, lease.id(), 7));

    assertThat(lease(10, 10).granted()).isEqualTo(3);
  }

  @Test
  void nothing_is_given_back_twice_or_more_than_was_granted_or_for_another() {
    Lease lease = lease(10, 10);

    ports.permitLeases().giveBack(new EndedPermitLease("token:2", lease.id(), 0));
    ports.permitLeases().giveBack(new EndedPermitLease(SUBJECT, lease.id(), 99));
    assertThat(lease(10, 10).granted()).isZero();

    ports.permitLeases().giveBack(new EndedPermitLease(SUBJECT, lease.id(), 5));
    ports.permitLeases().giveBack(new EndedPermitLease(SUBJECT, lease.id(), 8));
    assertThat(lease(10, 10).granted()).isEqualTo(5);
  }

  @Test
  void to_give_back_what_is_long_gone_is_nothing() {
    Lease lease = lease(10, 10);
    pass(Duration.ofMinutes(10));
    assertThat(lease(10, 10).granted()).isEqualTo(10);

    ports.permitLeases().giveBack(new EndedPermitLease(SUBJECT, lease.id(), 0));

    assertThat(lease(10, 1).granted()).isZero();
  }

  @Test
  void who_gets_none_is_told_when_the_eldest_are_free_again() {
    assertThat(lease(5, 2).granted()).isEqualTo(2);
    pass(Duration.ofSeconds(30));
    assertThat(lease(5, 3).granted()).isEqualTo(3);

    Lease refused = lease(5, 1);

    assertThat(refused.granted()).isZero();
    assertThat(refused.retryAfter()).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(40));
    pass(refused.retryAfter());
    assertThat(lease(5, 5).granted()).isEqualTo(2);
  }

  @Test
  void a_clock_that_was_set_back_refuses_nobody_for_longer_than_a_minute_after_a_lease() {
    assertThat(lease(5, 5).granted()).isEqualTo(5);
    pass(Duration.ofHours(-1));

    Lease refused = lease(5, 1);

    assertThat(refused.granted()).isZero();
    assertThat(refused.retryAfter()).isLessThanOrEqualTo(LIFETIME.plusSeconds(60));
    pass(LIFETIME.plusSeconds(60));
    assertThat(lease(5, 5).granted()).isEqualTo(5);
  }

  @Test
  void whatever_happens_no_sixty_seconds_see_more_than_the_rate() {
    Random random = new Random(7);
    List<Reference> all = new ArrayList<>();
    long began = System.nanoTime();
    Duration passed = Duration.ZERO;
    int rate = 20;
    for (int step = 0; step < 150; step++) {
      Duration time = Duration.ofSeconds(random.nextInt(15));
      pass(time);
      passed = passed.plus(time);
      Duration before = passed.plusNanos(System.nanoTime() - began);
      if (random.nextInt(3) == 0 && !all.isEmpty()) {
        Reference some = all.remove(random.nextInt(all.size()));
        int used = random.nextInt(some.permits() + 1);
        ports.permitLeases().giveBack(new EndedPermitLease(SUBJECT, some.id(), used));
        Duration ended = some.ends().compareTo(before) < 0 ? some.ends() : before;
        all.add(new Reference(some.id(), used, ended));
      }
      Lease lease = lease(rate, 1 + random.nextInt(8));
      if (lease.granted() > 0) {
        all.add(new Reference(lease.id(), lease.granted(), before.plus(LIFETIME)));
      }

      Duration after = passed.plusNanos(System.nanoTime() - began);
      assertThat(countedAt(after, all)).as("step %d", step).isLessThanOrEqualTo(rate);
    }
    assertThat(all).hasSizeGreaterThan(30);
  }

  @Test
  void sixteen_that_ask_at_once_get_no_more_than_the_rate_together() {
    List<Lease> leases =
        Race.of(
            16,
            n -> {
              Lease lease = lease(100, 3);
              // A permit of each lease is given back. It is not available to anyone afterwards.
              if (n == 0 && lease.granted() == 3) {
                ports.permitLeases().giveBack(new EndedPermitLease(SUBJECT, lease.id(), 2));
                return new Lease(lease.id(), 2, Duration.ZERO);
              }
              return lease;
            },
            10);

    assertThat(leases.stream().mapToInt(Lease::granted).sum()).isEqualTo(100);
  }

  private record Reference(long id, int permits, Duration ends) {}

  /**
   * @param now a time that is not before the last lease, so that a slow machine counts fewer leases
   *     as running
   * @param all the leases, whose ends are not after the ends that the store knows
   */
  private static int countedAt(Duration now, List<Reference> all) {
    return all.stream()
        .filter(l -> l.ends().plusSeconds(60).compareTo(now) > 0)
        .mapToInt(Reference::permits)
        .sum();
  }

  private Lease lease(int perMinute, int wanted) {
    return ports.permitLeases().lease(SUBJECT, perMinute, wanted, LIFETIME);
  }
}
