package io.claviger.gateway.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsageEventFilterTest {
  private static final String TEXT =
      "data: {\"id\":\"c\",\"choices\":[{\"delta\":{\"content\":\"a\"}}],\"usage\":null}\n\n";
  private static final String USAGE =
      "data: {\"id\":\"c\",\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"d\":{\"a\":[1]}}}\n\n";
  private static final String DONE = "data: [DONE]\n\n";

  private final UnpooledByteBufAllocator buffers = new UnpooledByteBufAllocator(false);
  private final UsageEventFilter filter = new UsageEventFilter(buffers);

  @AfterEach
  void nothing_is_kept() {
    filter.close();
    assertThat(buffers.metric().usedHeapMemory()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void the_usage_is_taken_out_however_the_stream_is_split(String lineEnd) {
    String stream = (TEXT + ": hello\n\n" + USAGE + DONE).replace("\n", lineEnd);
    String left = (TEXT + ": hello\n\n" + DONE).replace("\n", lineEnd);
    byte[] bytes = stream.getBytes(UTF_8);
    for (int first = 0; first <= bytes.length; first++) {
      for (int second = first; second <= bytes.length; second += 7) {
        UsageEventFilter each = new UsageEventFilter(buffers);
        String passed =
            passed(each, Unpooled.copiedBuffer(bytes, 0, first))
                + passed(each, Unpooled.copiedBuffer(bytes, first, second - first))
                + passed(each, Unpooled.copiedBuffer(bytes, second, bytes.length - second))
                + ended(each);

        assertThat(passed).isEqualTo(left);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void the_usage_is_taken_out_when_the_stream_comes_byte_by_byte(String lineEnd) {
    String stream = (USAGE + TEXT + USAGE + DONE).replace("\n", lineEnd);
    StringBuilder passed = new StringBuilder();
    for (byte one : stream.getBytes(UTF_8)) {
      passed.append(pass(new String(new byte[] {one}, UTF_8)));
    }

    assertThat(passed + ended(filter)).isEqualTo((TEXT + DONE).replace("\n", lineEnd));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        TEXT,
        DONE,
        "data: {\"choices\":[]}\n\n",
        "data: {\"choices\":[],\"usage\":null}\n\n",
        "data: {\"choices\":[],\"usage\":7}\n\n",
        "data: {\"choices\":[],\"prompt_filter_results\":[{\"usage\":{}}]}\n\n",
        "data: {\"choices\":[{}],\"usage\":{}}\n\n",
        "data: {\"choices\":[1],\"usage\":{}}\n\n",
        "data: {\"choices\":{},\"usage\":{}}\n\n",
        "data: {\"choices\":[],\"choices\":[1],\"usage\":{}}\n\n",
        "data: {\"usage\":{}}\n\n",
        "data: {\"choices\":[],\"usage\":{}} x\n\n",
        "data: {\"choices\":[],\"usage\":{}}\ndata: {}\n\n",
        "data: {\"choices\":[],\"usage\":{}}\nid: 5\n\n",
        "event: e\ndata: {\"choices\":[],\"usage\":{}}\n\n",
        "data: [{\"choices\":[],\"usage\":{}}]\n\n",
        "dat: {\"choices\":[],\"usage\":{}}\n\n",
        "data\n\n",
        "\n\n\r\n",
        "data: {\"choices\":[],\"usage\":{\"a\"",
        "data: {\"error\":{\"message\":\"no\"}}\n\n"
      })
  void all_else_passes(String event) {
    String stream = TEXT + event;

    assertThat(pass(stream) + ended(filter)).isEqualTo(stream);
  }

  @Test
  void an_event_with_a_choice_passes_as_soon_as_the_choice_begins() {
    String begun = "data: {\"id\":\"c\",\"choices\":[{";

    assertThat(pass(begun)).isEqualTo(begun);
    assertThat(pass("\"de")).isEqualTo("\"de");
  }

  @Test
  void an_event_of_another_field_is_not_delayed() {
    assertThat(pass(": wait")).isEqualTo(": wait");
  }

  @Test
  void usage_without_an_empty_line_at_the_end_is_taken_out_too() {
    assertThat(pass(TEXT + USAGE.strip()) + ended(filter)).isEqualTo(TEXT);
  }

  @Test
  void an_event_that_is_too_long_passes() {
    String event =
        "data: {\"a\":\""
            + "x".repeat(UsageEventFilter.LONGEST)
            + "\",\"choices\":[],\"usage\":{}}\n\n";

    assertThat(pass(event + USAGE + DONE) + ended(filter)).isEqualTo(event + DONE);
  }

  private String pass(String part) {
    return passed(filter, Unpooled.copiedBuffer(part, UTF_8));
  }

  private static String passed(UsageEventFilter filter, ByteBuf part) {
    return text(filter.pass(part));
  }

  private static String ended(UsageEventFilter filter) {
    return text(filter.end());
  }

  private static String text(ByteBuf bytes) {
    try {
      return bytes.toString(UTF_8);
    } finally {
      bytes.release();
    }
  }
}
