package io.claviger.persistence;

import io.claviger.domain.webhooks.Webhook;
import io.claviger.domain.webhooks.WebhookMessage;
import io.claviger.persistence.shared.Parameters;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Writes messages as the transactions that charge a budget or store a provider's figures do. */
final class OutboxRows {
  private OutboxRows() {}

  static void write(JdbcClient sql, Webhook.Id webhook, WebhookMessage message) {
    switch (message) {
      case WebhookMessage.ThresholdReached reached -> write(sql, webhook, reached);
      case WebhookMessage.BillUnexplained bill -> write(sql, webhook, bill);
      case WebhookMessage.Happened happened ->
          throw new IllegalArgumentException("the store of events writes " + happened.type());
    }
  }

  private static void write(
      JdbcClient sql, Webhook.Id webhook, WebhookMessage.BillUnexplained message) {
    int unused =
        sql.sql(
                """
                insert into webhook_messages (id, webhook_id, service_id, month, theirs, ours,
                  unexplained, created_at)
                values (:id, :webhook, :service, :month, :theirs, :ours, :unexplained, :created_at)
                """)
            .param("id", message.id())
            .param("webhook", webhook.value())
            .param("service", message.service())
            .param("month", message.month().atDay(1))
            .param("theirs", message.theirs())
            .param("ours", message.ours())
            .param("unexplained", message.unexplained())
            .param("created_at", Parameters.at(message.createdAt()))
            .update();
  }

  private static void write(
      JdbcClient sql, Webhook.Id webhook, WebhookMessage.ThresholdReached message) {
    int unused =
        sql.sql(
                """
                insert into webhook_messages (id, webhook_id, account, unit, "window", zone,
                  window_starts_at, resets_at, threshold, amount, settled, created_at)
                values (:id, :webhook, :account, :unit, :window, :zone, :starts_at, :resets_at,
                  :threshold, :amount, :settled, :created_at)
                """)
            .param("id", message.id())
            .param("webhook", webhook.value())
            .param("account", message.holder().account())
            .param("unit", message.budget().unit().wireName())
            .param("window", message.budget().window().wireName())
            .param("zone", message.budget().zone().name())
            .param("starts_at", Parameters.at(message.windowStartsAt()))
            .param("resets_at", Parameters.at(message.resetsAt()))
            .param("threshold", message.threshold())
            .param("amount", message.amount())
            .param("settled", message.settled())
            .param("created_at", Parameters.at(message.createdAt()))
            .update();
  }
}
