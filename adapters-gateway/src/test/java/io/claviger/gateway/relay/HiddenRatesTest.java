package io.claviger.gateway.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.standards.WireFormat;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import org.junit.jupiter.api.Test;

class HiddenRatesTest {
  private static final String FAILED = "conversation.item.input_audio_transcription.failed";

  private static String shown(String type, String error) {
    String message = "{\"type\":\"%s\",\"item_id\":\"item_1\",\"error\":%s}".formatted(type, error);
    WebSocketFrame shown =
        HiddenRates.message(WireFormat.OPENAI.api(), type, "", new TextWebSocketFrame(message));
    try {
      return shown.content().toString(UTF_8);
    } finally {
      shown.release();
    }
  }

  @Test
  void a_transcription_that_fails_for_the_rates_tells_no_rates() {
    String limited = "{\"code\":\"rate_limit_exceeded\",\"message\":\"Limit 500, Used 18928\"}";

    assertThat(shown(FAILED, limited))
        .startsWith("{\"type\":\"" + FAILED + "\",\"item_id\":\"item_1\",\"error\":{")
        .contains("\"code\":\"rate_limit_exceeded\"", "has used up")
        .doesNotContain("18928");
    String other = "{\"code\":\"audio_unintelligible\",\"message\":\"not understood\"}";
    assertThat(shown(FAILED, other)).contains(other);
  }
}
