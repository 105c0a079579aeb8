package io.claviger.wiring;

import io.claviger.application.batches.BatchReservations;
import io.claviger.application.batches.BatchSettlement;
import io.claviger.application.batches.port.BatchLedger;
import io.claviger.application.budgets.CallBudgets;
import io.claviger.application.gateway.CallKeys;
import io.claviger.application.gateway.ServiceCalls;
import io.claviger.application.prices.PriceBook;
import io.claviger.application.usage.UsageCounter;
import io.claviger.gateway.probe.OutboundBatches;
import io.claviger.gateway.probe.OutboundProbe;
import io.claviger.persistence.batches.JdbcBatchLedger;
import io.claviger.persistence.prices.JdbcPrices;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.usage.JdbcUsageBooks;
import io.claviger.wiring.GatewayConfiguration.CallPorts;
import io.claviger.wiring.upkeep.Upkeep;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class BatchesConfiguration {
  /**
   * The ledger uses the database connections of gateway calls, because gateway calls wait for it.
   */
  @Bean
  BatchLedger batchLedger(Connections connections) {
    Database calls = new Database(connections.calls());
    return new JdbcBatchLedger(calls, new JdbcUsageBooks(calls));
  }

  @Bean
  BatchReservations batchReservations(BatchLedger ledger, PriceBook prices, CallBudgets budgets) {
    return new BatchReservations(ledger, prices, budgets);
  }

  @Bean
  BatchSettlement batchSettlement(
      BatchLedger ledger,
      CallPorts ports,
      CallKeys keys,
      OutboundProbe probe,
      Connections connections,
      UsageCounter usage,
      InstantSource clock) {
    return new BatchSettlement(
        ledger,
        new OutboundBatches(new ServiceCalls(ports.contexts(), keys, clock), probe),
        new JdbcPrices(new Database(connections.calls())),
        clock,
        task -> Thread.ofVirtual().start(task),
        usage::add);
  }

  @Bean
  Upkeep batchSettling(BatchSettlement settlement, BatchLedger ledger) {
    return Upkeep.each(Duration.ofSeconds(2), "upkeep-batches", settlement::settleDue)
        .openingValues()
        .whenThereIsWork(ledger::anyOpen);
  }

  @Bean
  Upkeep settledBatches(BatchLedger ledger) {
    return Upkeep.removing("settled-batches", ledger::removeOld);
  }
}
