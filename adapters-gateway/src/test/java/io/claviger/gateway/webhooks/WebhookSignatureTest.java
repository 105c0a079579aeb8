package io.claviger.gateway.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.gateway.webhooks.WebhookRequest.WebhookSignature;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** The signature of Standard Webhooks, with the example that its reference libraries test. */
final class WebhookSignatureTest {
  private static final byte[] SECRET =
      Base64.getDecoder().decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
  private static final Instant AT = Instant.ofEpochSecond(1_614_265_330);
  private static final String BODY = "{\"test\": 2432232314}";

  @Test
  void it_is_the_one_that_the_reference_libraries_expect() {
    assertThat(sign(SECRET, ID, AT, BODY))
        .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }

  @Test
  void it_covers_secret_id_time_and_body() {
    byte[] other = SECRET.clone();
    other[0] ^= 1;

    assertThat(
            new String[] {
              sign(SECRET, ID, AT, BODY),
              sign(other, ID, AT, BODY),
              sign(SECRET, ID + "x", AT, BODY),
              sign(SECRET, ID, AT.plusSeconds(1), BODY),
              sign(SECRET, ID, AT, BODY + " ")
            })
        .doesNotHaveDuplicates();
  }

  private static String sign(byte[] secret, String id, Instant at, String body) {
    return WebhookSignature.of(secret, id, at, body.getBytes(StandardCharsets.UTF_8));
  }
}
