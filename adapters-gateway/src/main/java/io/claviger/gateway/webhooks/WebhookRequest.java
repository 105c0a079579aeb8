package io.claviger.gateway.webhooks;

import io.claviger.application.webhooks.port.WebhookSender.Posting;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.webhooks.WebhookUrl;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A signed request, as it is written to the connection. The connection serves only this request,
 * and is closed after the answer.
 */
final class WebhookRequest {
  private static final String ID_PREFIX = "msg_";

  private final WebhookUrl url;

  /** The bytes of the request's head and body. */
  private final byte[] bytes;

  private WebhookRequest(WebhookUrl url, byte[] bytes) {
    this.url = url;
    this.bytes = bytes;
  }

  /**
   * @param secret the secret that signs the message; it remains owned by the caller of this method
   * @param publicUrl the URL of the console for users; if empty, messages contain no links
   */
  static WebhookRequest of(Posting posting, Secret secret, Optional<URI> publicUrl) {
    byte[] body = WebhookBody.of(posting, publicUrl);
    String id = ID_PREFIX + posting.message().id();
    String signature = secret.lend(key -> WebhookSignature.of(key, id, posting.at(), body));
    // No line break is possible here: URLs and the other values can't contain one.
    String head =
        """
        POST %s HTTP/1.1
        host: %s
        user-agent: claviger-webhook
        content-type: application/json
        content-length: %s
        connection: close
        webhook-id: %s
        webhook-timestamp: %s
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
   * The signature of a message according to Standard Webhooks 1.0: HMAC-SHA256 over the message's
   * id, the time in seconds, and the body, separated by dots.
   */
  static final class WebhookSignature {
    private static final String ALGORITHM = "HmacSHA256";

    private WebhookSignature() {}

    /**
     * Returns the value of the header {@code webhook-signature}.
     *
     * @param secret the secret that signs the message; it is neither kept nor changed
     * @param id the value of the header {@code webhook-id}, without a dot
     * @param timestamp the value of the header {@code webhook-timestamp}; only whole seconds are
     *     used
     */
    static String of(byte[] secret, String id, Instant timestamp, byte[] body) {
      try {
        Mac mac = Mac.getInstance(ALGORITHM);
        mac.init(new SecretKeySpec(secret, ALGORITHM));
        mac.update((id + "." + timestamp.getEpochSecond() + ".").getBytes(StandardCharsets.UTF_8));
        return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("this JDK lacks HMAC with SHA-256", e);
      }
    }
  }
}
