package io.claviger.wiring;

import io.claviger.application.activity.NodeActivity;
import io.claviger.application.prices.PriceBook;
import io.claviger.application.sharing.port.AccessHistory;
import io.claviger.application.usage.UsageCounter;
import io.claviger.application.usage.UsageReports;
import io.claviger.application.usage.port.UsageStore;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.usage.JdbcUsageBooks;
import io.claviger.wiring.upkeep.Upkeep;
import java.time.Duration;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class UsageConfiguration {
  private static final Logger LOG = LoggerFactory.getLogger(UsageConfiguration.class);

  @Bean
  UsageStore usageStore(Database database) {
    return new JdbcUsageBooks(database);
  }

  @Bean
  UsageReports usageReports(UsageStore usage, AccessHistory history) {
    return UsageReports.of(usage, history);
  }

  @Bean
  UsageCounter usageCounter(
      UsageStore usage, PriceBook prices, InstantSource clock, NodeActivity activity) {
    return new UsageCounter(
        usage,
        prices,
        clock,
        activity::ended,
        line -> LOG.error("the database refuses usage, which is missing in reports: {}", line));
  }

  @Bean
  Upkeep usageStoring(UsageCounter usage) {
    return Upkeep.storing("usage", usage::flush);
  }

  @Bean
  Upkeep oldCharges(UsageStore usage) {
    return Upkeep.removing("old-charges", usage::removeOldCharges);
  }

  /**
   * Sums up 50 past days per minute, so that two years take a quarter of an hour. The task has its
   * own thread, because the sums of a large month take minutes.
   */
  @Bean
  Upkeep usageSums(UsageStore usage) {
    return Upkeep.each(Duration.ofMinutes(1), "usage-sums", () -> usage.rollUp(50));
  }
}
