package io.claviger.gateway.webhooks;

import io.claviger.application.budgets.port.HolderNames;
import io.claviger.application.webhooks.port.WebhookSender.Posting;
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
   * Standard Webhooks recommends. A budget is written as {@code GET /v1/budgets} shows it.
   */
  static final class MessageJson {
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
}
