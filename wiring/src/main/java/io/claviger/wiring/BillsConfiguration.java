package io.claviger.wiring;

import io.claviger.application.bills.BillReading;
import io.claviger.application.bills.Bills;
import io.claviger.application.bills.MonthComparison;
import io.claviger.application.bills.ReadingPlaces;
import io.claviger.application.bills.UnexplainedBills;
import io.claviger.application.bills.port.BillReadingStore;
import io.claviger.application.bills.port.BillStore;
import io.claviger.application.bills.port.BillingCredentialStore;
import io.claviger.application.bills.port.ProviderBilling;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.prices.port.PriceStore;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.port.Transactions;
import io.claviger.persistence.bills.JdbcBillReadings;
import io.claviger.persistence.bills.JdbcBills;
import io.claviger.persistence.shared.Database;
import io.claviger.wiring.upkeep.Upkeep;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class BillsConfiguration {
  @Bean
  BillStore billStore(Database database) {
    return new JdbcBills(database);
  }

  @Bean
  BillReadingStore billReadings(Database database) {
    return new JdbcBillReadings(database);
  }

  @Bean
  BillReading billReading(
      BillReadingStore readings,
      ProviderBilling billing,
      PriceStore prices,
      InstanceStore services,
      BillStore bills,
      Transactions transactions,
      Database database) {
    return new BillReading(
        readings,
        billing,
        new MonthComparison(readings, prices),
        services,
        bills,
        transactions,
        database::clock);
  }

  @Bean
  UnexplainedBills unexplainedBills(BillReadingStore readings, InstantSource clock) {
    return new UnexplainedBills(readings, clock);
  }

  @Bean
  Upkeep shownBills(UnexplainedBills bills) {
    return Upkeep.each(
        Duration.ofMinutes(1), "upkeep-expired", "upkeep-unexplained-bills", bills::show);
  }

  @Bean
  Bills bills(
      InstanceStore services,
      BillStore bills,
      BillReadingStore readings,
      BillReading reading,
      ReadingPlaces places,
      BillingCredentialStore credentials,
      PriceStore prices,
      AuditedChanges changes) {
    return Bills.of(services, bills, readings, reading, places, credentials, prices, changes);
  }

  /**
   * Reads the due bills of services, one after the other. If no bill is due, checks again after a
   * minute.
   */
  @Bean
  Upkeep providersFigures(BillReading reading) {
    return Upkeep.of(
            "upkeep-bills",
            () -> reading.readDue().isPresent() ? Duration.ZERO : Duration.ofMinutes(1))
        .openingValues();
  }
}
