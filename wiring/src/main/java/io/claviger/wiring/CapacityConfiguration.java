package io.claviger.wiring;

import io.claviger.application.capacity.LeasedCapacityTurns;
import io.claviger.application.capacity.port.CapacityExchange;
import io.claviger.persistence.capacity.JdbcCapacityExchange;
import io.claviger.persistence.shared.Database;
import io.claviger.wiring.upkeep.Upkeep;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class CapacityConfiguration {
  /**
   * The maximum pause of the thread that exchanges capacity. The pause is short, so that the thread
   * ends soon after the node stops.
   */
  private static final Duration MOST_PAUSE = Duration.ofMillis(100);

  private static final int PART_OF_HEAP = 8;

  /**
   * The exchange uses the database connections of gateway calls, because gateway calls wait for it.
   */
  @Bean
  CapacityExchange capacityExchange(Connections connections) {
    return new JdbcCapacityExchange(new Database(connections.calls()));
  }

  @Bean
  LeasedCapacityTurns capacityTurns(CapacityExchange exchange) {
    return new LeasedCapacityTurns(
        exchange, System::nanoTime, Runtime.getRuntime().maxMemory() / PART_OF_HEAP);
  }

  /**
   * Exchanges capacity with other nodes. Does so immediately if a waiting call could be sent after
   * an exchange. When the node stops, other nodes get the capacity that it no longer needs.
   */
  @Bean
  Upkeep capacityExchanges(LeasedCapacityTurns turns) {
    return Upkeep.of(
            "upkeep-capacity",
            () -> {
              turns.exchange(MOST_PAUSE);
              return Duration.ZERO;
            })
        .ending(turns::end);
  }

  @Bean
  Upkeep endedWaits(LeasedCapacityTurns turns) {
    return Upkeep.of("upkeep-waits", () -> Duration.ofMillis(turns.endWaits() ? 20 : 50));
  }

  @Bean
  Upkeep oldCapacities(CapacityExchange exchange) {
    return Upkeep.removing("old-capacities", exchange::removeOld);
  }
}
