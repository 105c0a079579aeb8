package io.claviger.gateway.webhooks;

import io.claviger.application.webhooks.port.WebhookSender.Posting;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.webhooks.WebhookUrl;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

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
   * @param publicUrl where people reach the console; if empty, messages have no links
   */
  static WebhookRequest of(Posting posting, Secret secret, Optional<URI> publicUrl) {
    byte[] body = WebhookBody.of(posting, publicUrl);
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
}
