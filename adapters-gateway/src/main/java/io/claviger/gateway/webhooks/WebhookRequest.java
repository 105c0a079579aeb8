package io.claviger.gateway.webhooks;

import io.claviger.application.budgets.port.HolderNames;
import io.claviger.application.webhooks.port.WebhookSender.Posting;
import io.claviger.domain.bills.BillAmount;
import io.claviger.domain.budgets.BudgetHolder;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.webhooks.WebhookMessage;
import io.claviger.domain.webhooks.WebhookUrl;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A signed request as it is written to the connection. Its connection serves nothing else, and the
 * answer ends it.
 */
final class WebhookRequest {
  private static final String ID_PREFIX = "msg_";

  private final WebhookUrl url;

  /** The bytes of the head and the body. */
  private final byte[] bytes;

  private WebhookRequest(WebhookUrl url, byte[] bytes) {
    this.url = url;
    this.bytes = bytes;
  }

  /**
   * @param secret borrowed to sign the message
   */
  static WebhookRequest of(Posting posting, Secret secret) {
    byte[] body = MessageJson.of(posting.message(), posting.names());
    String id = ID_PREFIX + posting.message().id();
    String signature = secret.lend(key -> WebhookSignature.of(key, id, posting.at(), body));
    // None of these values holds a line break: URLs and the other values can't contain one.
    String head =
        """
        POST %s HTTP/1.1
        host: %s
        user-agent: claviger-webhook
        content-type: application/json
        content-length: %d
        connection: close
        webhook-id: %s
        webhook-timestamp: %d
        webhook-signature: %s

        """
            .formatted(
                posting.url().target(),
                posting.url().authority(),
                body.length,
                id,
                posting.at().getEpochSecond(),
                signature)
            .replace("\n", "\r\n");
    return new WebhookRequest(
        posting.url(), joined(head.getBytes(StandardCharsets.US_ASCII), body));
  }

  private static byte[] joined(byte[] head, byte[] body) {
    byte[] whole = new byte[head.length + body.length];
    System.arraycopy(head, 0, whole, 0, head.length);
    System.arraycopy(body, 0, whole, head.length, body.length);
    return whole;
  }

  WebhookUrl url() {
    return url;
  }

  ByteBuf buffer() {
    return Unpooled.wrappedBuffer(bytes);
  }

  /**
   * The body of a message, with the members {@code type}, {@code timestamp} and {@code data} that
   * Standard Webhooks recommends. Budgets and bills are written as the API shows them.
   */
  static final class MessageJson {
    private static final JsonFactory JSON = new JsonFactory();

    private MessageJson() {}

    static byte[] of(WebhookMessage message, HolderNames names) {
      ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
      try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
        json.writeStartObject();
        json.writeStringProperty("type", type(message));
        json.writeStringProperty("timestamp", message.createdAt().toString());
        json.writeObjectPropertyStart("data");
        switch (message) {
          case WebhookMessage.ThresholdReached reached -> write(json, reached, names);
          case WebhookMessage.BillUnexplained bill -> write(json, bill, names);
        }
        json.writeEndObject();
        json.writeEndObject();
      }
      return out.toByteArray();
    }

    private static String type(WebhookMessage message) {
      return switch (message) {
        case WebhookMessage.ThresholdReached unused -> "budget.threshold_reached";
        case WebhookMessage.BillUnexplained unused -> "bill.unexplained";
      };
    }

    private static void write(
        JsonGenerator json, WebhookMessage.ThresholdReached reached, HolderNames names) {
      json.writeNumberProperty("threshold", reached.threshold());
      writeHolder(json, reached.holder(), names);
      json.writeStringProperty("amount", reached.budget().unit().text(reached.amount()));
      json.writeStringProperty("settled", reached.budget().unit().text(reached.settled()));
      json.writeStringProperty("unit", reached.budget().unit().wireName());
      json.writeStringProperty("window", reached.budget().window().wireName());
      json.writeStringProperty("zone", reached.budget().zone().name());
      json.writeStringProperty("window_starts_at", reached.windowStartsAt().toString());
      writeText(json, "resets_at", reached.resetsAt().map(Instant::toString));
    }

    private static void write(
        JsonGenerator json, WebhookMessage.BillUnexplained bill, HolderNames names) {
      writeText(json, "service", names.service().map(Object::toString));
      json.writeStringProperty("month", bill.month().toString());
      json.writeStringProperty("currency", "USD");
      json.writeStringProperty("theirs", BillAmount.text(bill.theirs()));
      json.writeStringProperty("ours", BillAmount.text(bill.ours()));
      json.writeStringProperty("unexplained", BillAmount.text(bill.unexplained()));
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
}
