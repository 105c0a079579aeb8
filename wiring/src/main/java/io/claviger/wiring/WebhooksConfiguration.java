package io.claviger.wiring;

import io.claviger.application.accounts.port.CredentialStore;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.budgets.port.HolderDirectory;
import io.claviger.application.credentials.MintedCredentials;
import io.claviger.application.groups.port.GroupStore;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.port.RandomBytes;
import io.claviger.application.shared.port.Transactions;
import io.claviger.application.webhooks.EventSightings;
import io.claviger.application.webhooks.WebhookDelivery;
import io.claviger.application.webhooks.Webhooks;
import io.claviger.application.webhooks.port.EventStore;
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
      GroupStore groups,
      WebhookStore webhooks,
      CredentialStore credentials,
      OutboundSettings outbound,
      Sealer sealer,
      RandomBytes random,
      AuditedChanges changes) {
    return Webhooks.of(
        users,
        groups,
        webhooks,
        credentials,
        KnownDestinations.of(outbound),
        sealer,
        random,
        changes);
  }

  /** The sender is closed together with the context. */
  @Bean
  OutboundWebhooks webhookSender(OutboundSettings outbound, SignInOptions signIn) {
    return OutboundWebhooks.start(outbound, signIn.publicUrl());
  }

  @Bean
  EventSightings eventSightings(
      EventStore events,
      MintedCredentials credentials,
      Transactions transactions,
      Database database) {
    return new EventSightings(events, credentials::failing, transactions, database::clock);
  }

  /** Sends messages about rejected and old keys, failing credentials, and shares that end soon. */
  @Bean
  Upkeep sightings(EventSightings sightings) {
    return Upkeep.each(Duration.ofMinutes(1), "event-sightings", sightings::tell).openingValues();
  }

  @Bean
  Upkeep forgottenSightings(EventSightings sightings) {
    return Upkeep.removing("told-events", sightings::forget);
  }

  @Bean
  WebhookDelivery webhookDelivery(
      WebhookStore webhooks,
      HolderDirectory directory,
      OutboundWebhooks sender,
      Sealer sealer,
      AuditedChanges changes,
      Database database) {
    return new WebhookDelivery(webhooks, directory, sender, sealer, changes, database::clock);
  }

  /**
   * Delivers messages on a separate thread, because the endpoints might be slow. If the node stops
   * during a delivery, the delivery might not be recorded, and is then repeated.
   */
  @Bean
  Upkeep deliveries(WebhookDelivery delivery, WebhookStore webhooks) {
    return Upkeep.of(
            "upkeep-webhooks",
            () -> delivery.deliverDue() > 0 ? Duration.ZERO : Duration.ofSeconds(2))
        .ending(() -> delivery.finish(Duration.ofSeconds(3)))
        .openingValues()
        .whenThereIsWork(webhooks::anyMessage);
  }

  @Bean
  Upkeep expiredMessages(WebhookDelivery delivery) {
    return Upkeep.removing("expired-messages", delivery::removeExpired);
  }
}
