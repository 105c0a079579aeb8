package io.claviger.gateway.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.domain.formats.ErrorMeaning;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.gateway.model.MessageScan;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.Optional;

/**
 * What callers who may not know the rates of the account are told when the provider refuses for its
 * rates. It has the status and code that SDKs know.
 */
final class HiddenRates {
  private static final int STATUS = 429;
  private static final String TOO_FAST = "rate_limit_exceeded";

  /** The code of such an error. In a text that is quoted, its quotation marks would be escaped. */
  private static final byte[] SIGN = ("\"" + TOO_FAST + "\"").getBytes(UTF_8);

  private HiddenRates() {}

  /** The body of an answer of status 429. */
  static String body(ProviderApi api, ErrorMeaning meaning) {
    return meaning == ErrorMeaning.CREDIT_EXHAUSTED
        ? api.errorBody(
            STATUS,
            "insufficient_quota",
            "The provider's account has no credit left. The service's owner has to add some.")
        : api.errorBody(STATUS, TOO_FAST, words());
  }

  private static String words() {
    return "The provider refused the call, because the account of this service has used up what the"
        + " provider allows for now, or the call alone needs more. Try again later.";
  }

  /**
   * Returns a message of a WebSocket, or another one in place of an error about rates.
   *
   * @param message owned by the callee from now on
   */
  static WebSocketFrame message(ProviderApi api, MessageScan scan, WebSocketFrame message) {
    ByteBuf content = message.content();
    if (!scan.type().equals("error")
        || ByteBufUtil.indexOf(Unpooled.wrappedBuffer(SIGN), content) < 0) {
      return message;
    }
    Optional<String> own = api.errorMessage(STATUS, TOO_FAST, words(), Optional.empty());
    if (own.isEmpty()) {
      return message;
    }
    message.release();
    String text = Dialogue.inStream(own.get(), scan.stream());
    return new TextWebSocketFrame(Unpooled.copiedBuffer(text, UTF_8));
  }
}
