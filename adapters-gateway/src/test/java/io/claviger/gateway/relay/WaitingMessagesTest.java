package io.claviger.gateway.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import org.junit.jupiter.api.Test;

class WaitingMessagesTest {
  private final WaitingMessages messages = new WaitingMessages();

  private WebSocketFrame add(String text) {
    WebSocketFrame message = new TextWebSocketFrame(Unpooled.copiedBuffer(text, US_ASCII));
    messages.add(message);
    return message;
  }

  @Test
  void what_messages_hold_is_counted_as_they_come_and_go_even_of_empty_ones() {
    WebSocketFrame first = add("hello");
    WebSocketFrame empty = add("");
    WebSocketFrame last = add("you");
    assertThat(messages.held()).isEqualTo(8 + 3 * WaitingMessages.BYTES_OF_MESSAGE);

    assertThat(messages.poll()).isSameAs(first);
    assertThat(messages.held()).isEqualTo(3 + 2 * WaitingMessages.BYTES_OF_MESSAGE);
    first.release();
    messages.release();

    assertThat(empty.refCnt() + last.refCnt()).isZero();
    assertThat(messages.isEmpty()).isTrue();
    assertThat(messages.held()).isZero();
    assertThat(messages.poll()).isNull();
  }
}
