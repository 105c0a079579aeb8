package io.claviger.application.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.fakes.InMemoryCapacityExchange;
import io.claviger.domain.fairness.CapacityTerms;
import io.claviger.domain.fairness.PaceUse;
import io.claviger.domain.fairness.ProviderLimits;
import io.claviger.testkit.SettableNanos;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What turns cost, as CPU time of one thread. */
@Tag("measurement")
final class CapacityCostTest {
  private static final Duration WAIT = Duration.ofMinutes(2);
  private static final PaceUse ONE = PaceUse.ofCall(0, 0);

  private final SettableNanos nanos = new SettableNanos(1);
  private final InMemoryCapacityExchange exchange =
      new InMemoryCapacityExchange(() -> nanos.getAsLong() / 1_000_000);
  private final LeasedCapacityTurns node = new LeasedCapacityTurns(exchange, nanos, 1_000_000);

  private static double microsOf(Runnable work) {
    long began = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    work.run();
    return (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - began) / 1_000.0;
  }

  @Test
  void a_call_that_finds_room_costs_less_than_some_microseconds() {
    CapacityTerms unlimited = ACall.terms(UUID.randomUUID(), ProviderLimits.NONE, WAIT);
    CapacityTerms roomy = ACall.terms(UUID.randomUUID(), ACall.requests(1_000_000), WAIT);
    exchange.state(roomy.capacity(), roomy.stated());

    assertThat(microsOfCall(unlimited)).isLessThan(3);
    assertThat(microsOfCall(roomy)).isLessThan(5);
  }

  /** What a call costs of which a thousand are made each second, with its part of an exchange. */
  private double microsOfCall(CapacityTerms terms) {
    double best = Double.MAX_VALUE;
    for (int second = 0; second < 40; second++) {
      double micros =
          microsOf(
              () -> {
                for (int n = 0; n < 1_000; n++) {
                  ACall.of(terms).at(node).turn().ifPresent(turn -> turn.settle(ONE));
                  nanos.advance(Duration.ofMillis(1));
                }
                node.exchange(Duration.ZERO);
              });
      best = Math.min(best, micros / 1_000);
    }
    ACall last = ACall.of(terms).at(node);
    assertThat(last.turn()).isPresent();
    last.turn().get().settle(ONE);
    return best;
  }

  @Test
  void a_waiting_call_among_512_costs_at_most_20_microseconds() {
    CapacityTerms terms = ACall.terms(UUID.randomUUID(), ACall.requests(1), WAIT);
    exchange.state(terms.capacity(), terms.stated());
    double best = Double.MAX_VALUE;
    for (int round = 0; round < 20; round++) {
      ACall[] calls = new ACall[512];
      for (int n = 0; n < calls.length; n++) {
        calls[n] = ACall.of(ACall.by(terms, new UUID(9, n / 32), 10));
      }
      double micros =
          microsOf(
              () -> {
                for (ACall call : calls) {
                  ACall unused = call.at(node);
                }
                node.exchange(Duration.ZERO);
                node.endWaits();
                for (ACall call : calls) {
                  if (!call.isDecided()) {
                    call.leave();
                  }
                }
              });
      best = Math.min(best, micros / calls.length);
      nanos.advance(Duration.ofMinutes(1));
    }
    assertThat(best).isLessThan(20);
  }
}
