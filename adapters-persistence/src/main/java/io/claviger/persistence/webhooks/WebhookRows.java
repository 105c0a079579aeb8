package io.claviger.persistence.webhooks;

import io.claviger.application.webhooks.port.WebhookStore.Deliveries;
import io.claviger.application.webhooks.port.WebhookStore.DueDelivery;
import io.claviger.application.webhooks.port.WebhookStore.Failure;
import io.claviger.application.webhooks.port.WebhookStore.StoredWebhook;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetHolder;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.domain.groups.Group;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.webhooks.DeliveryFailure;
import io.claviger.domain.webhooks.EventType;
import io.claviger.domain.webhooks.SelectedEvents;
import io.claviger.domain.webhooks.Thresholds;
import io.claviger.domain.webhooks.Webhook;
import io.claviger.domain.webhooks.WebhookFormat;
import io.claviger.domain.webhooks.WebhookMessage;
import io.claviger.domain.webhooks.WebhookUrl;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads webhooks and messages from rows. */
final class WebhookRows {
  private WebhookRows() {}

  static Webhook webhook(Row row) throws SQLException {
    return new Webhook(
        new Webhook.Id(row.uuid("id")),
        row.has("group_id") ? new Group.Id(row.uuid("group_id")) : new User.Id(row.uuid("user_id")),
        WebhookUrl.of(row.text("url")),
        new Thresholds(List.copyOf(row.numbers("thresholds"))),
        SelectedEvents.of(row.texts("events").stream().map(EventType::of).toList()),
        WebhookFormat.of(row.text("format")),
        row.bigNumber("version"),
        row.instant("created_at"),
        row.instant("updated_at"));
  }

  static StoredWebhook stored(Row row) throws SQLException {
    return new StoredWebhook(
        webhook(row),
        new Deliveries(row.number("waiting"), row.optionalInstant("delivered_at"), failure(row)));
  }

  private static Optional<Failure> failure(Row row) throws SQLException {
    Optional<DeliveryFailure> why = row.optionalConstant("failure", DeliveryFailure.class);
    Optional<Instant> at = row.optionalInstant("failed_at");
    return why.isPresent() && at.isPresent()
        ? Optional.of(new Failure(why.get(), at.get()))
        : Optional.empty();
  }

  static DueDelivery due(Row row) throws SQLException {
    return new DueDelivery(
        webhook(row),
        new SealedValue(row.bytes("secret_sealed")),
        message(row.part("message_")),
        row.number("failures"),
        row.instant("next_attempt_at"));
  }

  private static WebhookMessage message(Row row) throws SQLException {
    if (row.has("event")) {
      return happened(row);
    }
    return row.has("account") ? thresholdReached(row) : billUnexplained(row);
  }

  private static WebhookMessage happened(Row row) throws SQLException {
    List<String> texts = List.copyOf(row.texts("facts"));
    List<WebhookMessage.Fact> facts = new ArrayList<>();
    for (int i = 0; i + 1 < texts.size(); i += 2) {
      facts.add(new WebhookMessage.Fact(texts.get(i), texts.get(i + 1)));
    }
    return new WebhookMessage.Happened(
        row.uuid("id"),
        EventType.of(row.text("event")),
        facts,
        row.optionalText("page"),
        row.instant("created_at"));
  }

  private static WebhookMessage billUnexplained(Row row) throws SQLException {
    return new WebhookMessage.BillUnexplained(
        row.uuid("id"),
        row.uuid("service_id"),
        YearMonth.parse(row.text("month")),
        row.bigNumber("theirs"),
        row.bigNumber("ours"),
        row.bigNumber("unexplained"),
        row.instant("created_at"));
  }

  private static WebhookMessage thresholdReached(Row row) throws SQLException {
    return new WebhookMessage.ThresholdReached(
        row.uuid("id"),
        BudgetHolder.of(row.text("account")),
        new Budget.Key(
            BudgetUnit.of(row.text("unit")),
            BudgetWindow.of(row.text("window")),
            new BudgetZone(row.text("zone"))),
        row.number("threshold"),
        row.bigNumber("amount"),
        row.bigNumber("settled"),
        row.instant("window_starts_at"),
        row.optionalInstant("resets_at"),
        row.instant("created_at"));
  }
}
