package io.claviger.gateway.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamEndTest {
  private static final String BEFORE = "data: {\"choices\": []}\n\n";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data: [DONE]\n\n",
        "data:[DONE]\r\n\r\n",
        "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n",
        "event: response.completed\ndata: {}\n\n",
        "data: {\"type\":\"response.completed\",\"response\":{}}\n\n",
        "data: {\"type\": \"response.incomplete\"}\n\n",
        "id: 7\nevent: message-end\ndata: {}\n\n"
      })
  void the_last_event_is_found_however_it_is_split(String last) {
    byte[] bytes = (BEFORE + last).getBytes(UTF_8);
    for (int split = 0; split <= bytes.length; split++) {
      StreamEnd end = StreamEnd.ofEvents();
      end.follow(Unpooled.wrappedBuffer(bytes, 0, split));
      assertThat(end.hasPassed()).as("at %s", split).isEqualTo(split == bytes.length);
      end.follow(Unpooled.wrappedBuffer(bytes, split, bytes.length - split));
      assertThat(end.hasPassed()).as("split at %s", split).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data: [DONE]\n",
        "data: {\"text\":\"[DONE]\"}\n\n",
        "data: {\"delta\":\"event: message_stop\"}\n\n",
        "event: message_delta\ndata: {}\n\n",
        "event: response.created\ndata: {}\n\n",
        ": data: [DONE]\n\n",
        "\n\n"
      })
  void nothing_else_is_taken_for_it(String other) {
    StreamEnd end = StreamEnd.ofEvents();
    end.follow(Unpooled.wrappedBuffer((BEFORE + other).getBytes(UTF_8)));

    assertThat(end.hasPassed()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"model\":\"m\",\"message\":{\"content\":\"\"},\"done\":true,\"eval_count\":7}\n",
        "{\"is_finished\": true, \"event_type\": \"stream-end\"}\n"
      })
  void the_last_of_lines_is_found_however_it_is_split(String last) {
    byte[] bytes =
        ("{\"message\":{\"content\":\"\\\"done\\\":true\"},\"done\":false}\n" + last)
            .getBytes(UTF_8);
    for (int split = 0; split < bytes.length; split++) {
      StreamEnd end = StreamEnd.ofLines();
      end.follow(Unpooled.wrappedBuffer(bytes, 0, split));
      assertThat(end.hasPassed()).isFalse();
      end.follow(Unpooled.wrappedBuffer(bytes, split, bytes.length - split));
      assertThat(end.hasPassed()).isTrue();
    }
  }
}
