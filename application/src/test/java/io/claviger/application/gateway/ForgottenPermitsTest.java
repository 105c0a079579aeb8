package io.claviger.application.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.gateway.RateLimiter.PermitDecision;
import io.claviger.application.gateway.port.PermitLeases;
import io.claviger.domain.policy.CallLimits.Meter;
import io.claviger.testkit.SettableNanos;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Permits that were leased from a database whose place another has taken. */
class ForgottenPermitsTest {
  private static final List<Meter> METERS = List.of(new Meter("a", 600));

  private final SettableNanos nanos = new SettableNanos(Long.MAX_VALUE - 7);
  private final Database former = new Database();
  private final RateLimiter node = new RateLimiter(former, nanos);

  @Test
  void nothing_of_them_is_used_or_returned() {
    assertThat(node.take(METERS)).isInstanceOf(PermitDecision.Taken.class);
    assertThat(node.takeAtOnce(METERS)).isInstanceOf(PermitDecision.Taken.class);

    node.forget();

    assertThat(node.takeAtOnce(METERS)).isInstanceOf(PermitDecision.Unknown.class);
    nanos.advance(LeasedQuota.LIFETIME.multipliedBy(5));
    node.sweep();
    assertThat(former.returned).isEmpty();
    assertThat(node.subjects()).isZero();
  }

  @Test
  void the_next_request_leases_anew_and_what_it_leases_is_returned() {
    assertThat(node.take(METERS)).isInstanceOf(PermitDecision.Taken.class);
    node.forget();

    assertThat(node.take(METERS)).isInstanceOf(PermitDecision.Taken.class);
    nanos.advance(LeasedQuota.LIFETIME.multipliedBy(5));
    node.sweep();

    assertThat(former.returned).containsExactly(new PermitLeases.EndedPermitLease("a", 2, 1));
  }

  /** Grants ten permits at a time. */
  private static final class Database implements PermitLeases {
    private final List<EndedPermitLease> returned = new ArrayList<>();
    private long last;

    @Override
    public Lease lease(
        String subject,
        int perMinute,
        int wanted,
        Duration lifetime,
        Optional<EndedPermitLease> back) {
      back.ifPresent(returned::add);
      return new Lease(++last, 10, Duration.ZERO);
    }

    @Override
    public int counted(String subject) {
      return 0;
    }

    @Override
    public void giveBack(EndedPermitLease used) {
      returned.add(used);
    }
  }
}
