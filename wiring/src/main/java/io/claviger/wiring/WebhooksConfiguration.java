package io.claviger.wiring;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.budgets.port.HolderDirectory;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.port.RandomBytes;
import io.claviger.application.webhooks.WebhookDelivery;
import io.claviger.application.webhooks.Webhooks;
import io.claviger.application.webhooks.port.WebhookStore;
import io.claviger.gateway.out.KnownDestinations;
import io.claviger.gateway.out.OutboundSettings;
import io.claviger.gateway.webhooks.OutboundWebhooks;
import io.claviger.persistence.budgets.JdbcHolderDirectory;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.webhooks.JdbcWebhooks;
import io.claviger.wiring.upkeep.Upkeep;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class WebhooksConfiguration {
  @Bean
  WebhookStore webhookStore(Database database) {
    return new JdbcWebhooks(database);
  }

  @Bean
  HolderDirectory holderDirectory(Database database) {
    return new JdbcHolderDirectory(database);
  }

  @Bean
  Webhooks webhooks(
      UserStore users,
      WebhookStore webhooks,
      OutboundSettings outbound,
      Sealer sealer,
      RandomBytes random,
      AuditedChanges changes) {
    return Webhooks.of(users, webhooks, KnownDestinations.of(outbound), sealer, random, changes);
  }

  /** The sender is closed with the context. */
  @Bean
  OutboundWebhooks webhookSender(OutboundSettings outbound) {
    return OutboundWebhooks.start(outbound);
  }

  @Bean
  WebhookDelivery webhookDelivery(
      WebhookStore webhooks,
      HolderDirectory directory,
      OutboundWebhooks sender,
      Sealer sealer,
      AuditedChanges changes) {
    return new WebhookDelivery(webhooks, directory, sender, sealer, changes);
  }

  /**
   * Delivers messages on its own thread, because endpoints may be slow. A delivery that is running
   * when the node stops may not be recorded, and is then repeated.
   */
  @Bean
  Upkeep deliveries(WebhookDelivery delivery) {
    return Upkeep.of(
            "upkeep-webhooks",
            () -> delivery.deliverDue() > 0 ? Duration.ZERO : Duration.ofSeconds(2))
        .ending(() -> delivery.finish(Duration.ofSeconds(3)));
  }

  @Bean
  Upkeep expiredMessages(WebhookDelivery delivery) {
    return Upkeep.removing("expired-messages", delivery::removeExpired);
  }
}
