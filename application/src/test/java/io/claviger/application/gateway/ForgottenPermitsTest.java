package io.claviger.application.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.application.gateway.RateLimiter.PermitDecision;
import io.claviger.application.gateway.port.PermitLeases;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.domain.policy.CallLimits.Meter;
import io.claviger.testkit.SettableNanos;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Permits that were leased from a database that fails, or whose place another has taken. */
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

  @Test
  void what_could_not_be_returned_is_returned_later() {
    assertThat(node.take(METERS)).isInstanceOf(PermitDecision.Taken.class);
    nanos.advance(LeasedQuota.LIFETIME.multipliedBy(5));
    former.failures = 1;

    assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(node::sweep);
    node.sweep();
    node.sweep();

    assertThat(former.returned).containsExactly(new PermitLeases.EndedPermitLease("a", 1, 1));
    assertThat(node.subjects()).isZero();
  }

  @Test
  void a_batch_is_returned_though_the_next_one_could_not_be_leased() {
    assertThat(node.take(METERS)).isInstanceOf(PermitDecision.Taken.class);
    nanos.advance(LeasedQuota.LIFETIME);
    former.failures = 2;

    assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(() -> node.take(METERS));
    assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(() -> node.take(METERS));
    assertThat(node.take(METERS)).isInstanceOf(PermitDecision.Taken.class);

    assertThat(former.returned).containsExactly(new PermitLeases.EndedPermitLease("a", 1, 1));
  }

  @Test
  void a_batch_that_was_replaced_is_returned_though_that_failed_at_first() {
    for (int n = 0; n < 10; n++) {
      assertThat(node.take(METERS)).isInstanceOf(PermitDecision.Taken.class);
    }
    former.failuresOfReturns = 1;

    assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(node::renew);
    nanos.advance(LeasedQuota.LIFETIME.multipliedBy(5));
    node.sweep();

    assertThat(former.returned)
        .containsExactly(
            new PermitLeases.EndedPermitLease("a", 1, 10),
            new PermitLeases.EndedPermitLease("a", 2, 0));
  }

  @Test
  void a_permit_of_one_meter_is_put_back_where_the_next_could_not_be_leased() {
    assertThat(node.take(METERS)).isInstanceOf(PermitDecision.Taken.class);
    former.failures = 1;

    assertThatExceptionOfType(StoreUnavailable.class)
        .isThrownBy(() -> node.take(List.of(METERS.getFirst(), new Meter("b", 600))));

    for (int n = 0; n < 9; n++) {
      assertThat(node.takeAtOnce(METERS)).isInstanceOf(PermitDecision.Taken.class);
    }
    assertThat(node.takeAtOnce(METERS)).isInstanceOf(PermitDecision.Unknown.class);
  }

  /** Grants ten permits at a time, unless it is to fail. */
  private static final class Database implements PermitLeases {
    private final List<EndedPermitLease> returned = new ArrayList<>();
    private long last;
    private int failures;
    private int failuresOfReturns;

    @Override
    public Lease lease(String subject, int perMinute, int wanted, Duration lifetime) {
      fail();
      return new Lease(++last, 10, Duration.ZERO);
    }

    @Override
    public int counted(String subject) {
      return 0;
    }

    @Override
    public void giveBack(EndedPermitLease used) {
      if (failuresOfReturns > 0) {
        failuresOfReturns--;
        throw new StoreUnavailable(new IllegalStateException("lost"));
      }
      fail();
      returned.add(used);
    }

    private void fail() {
      if (failures > 0) {
        failures--;
        throw new StoreUnavailable(new IllegalStateException("lost"));
      }
    }
  }
}
