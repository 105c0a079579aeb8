package io.claviger.gateway.webhooks;

import io.claviger.application.budgets.port.HolderNames;
import io.claviger.domain.budgets.BudgetHolder;
import io.claviger.domain.webhooks.WebhookMessage;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The body of a message, with the members {@code type}, {@code timestamp} and {@code data} that
 * Standard Webhooks recommends. A budget is written as {@code GET /v1/budgets} shows it.
 */
final class MessageJson {
  private static final String TYPE = "budget.threshold_reached";
  private static final JsonFactory JSON = new JsonFactory();

  private MessageJson() {}

  static byte[] of(WebhookMessage message, HolderNames names) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
      json.writeStartObject();
      json.writeStringProperty("type", TYPE);
      json.writeStringProperty("timestamp", message.createdAt().toString());
      json.writeObjectPropertyStart("data");
      json.writeNumberProperty("threshold", message.threshold());
      writeHolder(json, message.holder(), names);
      json.writeStringProperty("amount", message.budget().unit().text(message.amount()));
      json.writeStringProperty("settled", message.budget().unit().text(message.settled()));
      json.writeStringProperty("unit", message.budget().unit().wireName());
      json.writeStringProperty("window", message.budget().window().wireName());
      json.writeStringProperty("zone", message.budget().zone().name());
      json.writeStringProperty("window_starts_at", message.windowStartsAt().toString());
      writeText(json, "resets_at", message.resetsAt().map(Instant::toString));
      json.writeEndObject();
      json.writeEndObject();
    }
    return out.toByteArray();
  }

  private static void writeHolder(JsonGenerator json, BudgetHolder holder, HolderNames names) {
    json.writeObjectPropertyStart("holder");
    json.writeStringProperty("type", holder.kind().wireName());
    writeText(json, "service", names.service().map(Object::toString));
    writeText(json, "group", names.group().map(Object::toString));
    writeText(json, "user", names.user().map(Object::toString));
    writeText(json, "token", names.token());
    json.writeEndObject();
  }

  private static void writeText(JsonGenerator json, String name, Optional<String> text) {
    if (text.isPresent()) {
      json.writeStringProperty(name, text.get());
    } else {
      json.writeNullProperty(name);
    }
  }
}
