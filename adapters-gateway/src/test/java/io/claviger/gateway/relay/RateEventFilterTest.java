package io.claviger.gateway.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.wire.ByteSearch;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RateEventFilterTest {
  private static final String TEXT =
      "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\"}\n\n";
  private static final String BEGUN =
      "data: {\"type\":\"response.created\",\"response\":{\"error\":null}}\n\n";
  private static final String TOLD =
      "{\"code\":\"rate_limit_exceeded\",\"message\":\"Limit 30000, Used 6899. Please try again in"
          + " 1.898s. Visit us.\"}";
  private static final String FAILED =
      "event: response.failed\ndata: {\"type\":\"response.failed\",\"response\":{\"id\":\"resp_1\","
          + "\"error\":"
          + TOLD
          + ",\"usage\":null}}\n\n";

  private final UnpooledByteBufAllocator buffers = new UnpooledByteBufAllocator(false);
  private final RateEventFilter filter = filter(WireFormat.OPENAI);

  private RateEventFilter filter(WireFormat format) {
    return new RateEventFilter(format.api(), buffers);
  }

  @AfterEach
  void nothing_is_kept() {
    filter.close();
    assertThat(buffers.metric().usedHeapMemory()).isZero();
  }

  private static String shown(ByteBuf passed) {
    try {
      return passed.toString(UTF_8);
    } finally {
      passed.release();
    }
  }

  private static String pass(RateEventFilter filter, String part) {
    return shown(filter.pass(Unpooled.copiedBuffer(part, UTF_8)));
  }

  private String whole(WireFormat format, String stream) {
    RateEventFilter each = filter(format);
    return pass(each, stream) + shown(each.end());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void the_rates_are_hidden_however_the_stream_is_split(String lineEnd) {
    String stream = (TEXT + ": hello\n\n" + BEGUN + FAILED + TEXT).replace("\n", lineEnd);
    for (int first = 0; first <= stream.length(); first++) {
      for (int second : secondSplits(first, stream.length())) {
        RateEventFilter each = filter(WireFormat.OPENAI);
        String passed =
            pass(each, stream.substring(0, first))
                + pass(each, stream.substring(first, second))
                + pass(each, stream.substring(second))
                + shown(each.end());

        assertThat(passed)
            .startsWith((TEXT + ": hello\n\n" + BEGUN).replace("\n", lineEnd))
            .endsWith(TEXT.replace("\n", lineEnd))
            .contains(
                "event: response.failed\ndata: {\"type\":\"response.failed\",\"response\":{\"id\":"
                    + "\"resp_1\",\"error\":{",
                "Try again in 1.898s.\"},\"usage\":null}}\n\n")
            .doesNotContain("30000", "6899");
      }
    }
  }

  /** Short middle parts of several lengths, and a longer one every 31 characters. */
  private static int[] secondSplits(int first, int last) {
    return IntStream.concat(
            IntStream.of(1, 2, 3, 7, 13).map(length -> first + length),
            IntStream.iterate(first, second -> second <= last, second -> second + 31))
        .filter(second -> second <= last)
        .toArray();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "OPENAI | {\"type\":\"error\",\"code\":\"rate_limit_exceeded\",\"message\":\"Used 6899\",\"sequence_number\":7} | {\"type\":\"error\",\"code\":\"rate_limit_exceeded\",",
        "OPENAI | {\"type\":\"error\",\"error\":{\"code\":\"insufficient_quota\",\"message\":\"6899\"}} | {\"type\":\"error\",\"status\":429,\"error\":{",
        "OPENAI | {\"id\":\"c\",\"error\":{\"code\":429,\"message\":\"6899\"},\"choices\":[]} | {\"error\":{\"message\":\"The provider refused",
        "OPENAI | {\"object\":\"error\",\"message\":\"6899\",\"type\":\"rate_limited\"} | {\"object\":\"error\",\"type\":\"rate_limit_exceeded\",",
        "ANTHROPIC | {\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"6899\"}} | {\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",",
        "GEMINI | {\"error\":{\"code\":429,\"message\":\"6899\",\"status\":\"RESOURCE_EXHAUSTED\"}} | {\"error\":{\"code\":429,"
      })
  void an_error_keeps_the_form_that_clients_know(WireFormat format, String told, String begins) {
    assertThat(whole(format, "data: " + told + "\n\n"))
        .startsWith("data: " + begins)
        .endsWith("}\n\n")
        .doesNotContain("6899");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        TEXT,
        BEGUN,
        "data: [DONE]\n\n",
        "data: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"x\"}}\n\n",
        "data: {\"delta\":\"say \\\"error\\\": rate_limit_exceeded\"}\n\n",
        "data: {\"a\":{\"error\":{\"code\":\"rate_limit_exceeded\"}}}\n\n",
        ": \"error\"\n\n",
        "\n\n\n",
        "data: no end"
      })
  void everything_else_passes_as_it_came(String stream) {
    assertThat(whole(WireFormat.OPENAI, stream)).isEqualTo(stream);
  }

  @Test
  void a_comment_passes_before_the_event_and_an_event_at_its_end() {
    assertThat(pass(filter, ": wait\n")).isEqualTo(": wait\n");
    assertThat(pass(filter, "data: {\"a\":1}\n")).isEmpty();
    assertThat(pass(filter, "\n")).isEqualTo("data: {\"a\":1}\n\n");
  }

  @Test
  void the_last_error_is_replaced_even_if_the_stream_ends_within_it() {
    assertThat(whole(WireFormat.OPENAI, FAILED.stripTrailing())).doesNotContain("6899");
  }

  @Test
  void a_long_event_passes_in_parts() {
    String begin = "data: {\"b64\":\"" + "A".repeat(RateEventFilter.LONGEST);
    assertThat(pass(filter, begin)).isEqualTo(begin);
    assertThat(pass(filter, "AAA")).isEqualTo("AAA");
    assertThat(pass(filter, "\"}\n\n" + FAILED)).startsWith("\"}\n\nevent:").doesNotContain("6899");
  }

  /** A provider can begin an event with any lines, so their search has to take little time. */
  @Test
  @Timeout(10)
  void a_long_event_that_begins_with_many_lines_passes_soon() {
    String event = "a\r\n".repeat(20_000) + "data: \"error\"\r\n\r\n";

    assertThat(pass(filter, event.substring(0, 30_000)) + pass(filter, event.substring(30_000)))
        .isEqualTo(event);
  }

  @Test
  void the_rates_are_hidden_in_a_long_event_too() {
    int every = 7;
    passSplit(new Random().nextInt(every), every);
  }

  @Tag("thorough")
  @Test
  void the_rates_are_hidden_in_a_long_event_wherever_it_is_split() {
    passSplit(0, 1);
  }

  /** Callers decide how long the instructions are, which OpenAI repeats after the error. */
  private void passSplit(int begin, int every) {
    String end = ",\"instructions\":\"" + "é".repeat(RateEventFilter.LONGEST) + "\"}}\n\n";
    String stream = TEXT + FAILED.replace(",\"usage\":null}}\n\n", end) + TEXT;
    int last = TEXT.length() + FAILED.length() + 9;
    for (int first = begin; first <= last; first += every) {
      RateEventFilter each = filter(WireFormat.OPENAI);
      String passed =
          pass(each, stream.substring(0, first))
              + pass(each, stream.substring(first, first + RateEventFilter.LONGEST))
              + pass(each, stream.substring(first + RateEventFilter.LONGEST))
              + shown(each.end());

      assertThat(passed)
          .as("split at %d", first)
          .startsWith(TEXT + "event: response.failed\ndata: {\"type\":\"response.failed\",")
          .endsWith("Try again in 1.898s.\"}" + end + TEXT)
          .doesNotContain("30000", "6899");
    }
  }

  @Test
  void the_wait_is_told_only_if_it_is_a_time() {
    for (String wait : List.of("28ms", "1m26.4s", "17 seconds")) {
      assertThat(whole(WireFormat.OPENAI, FAILED.replace("1.898s", wait)))
          .contains("Try again in " + wait + ".");
    }
    assertThat(whole(WireFormat.OPENAI, FAILED.replace("1.898s", "org-66tr")))
        .contains("Try again later.")
        .doesNotContain("org-66tr");
  }

  @Test
  void the_word_error_is_found_wherever_it_begins_and_nothing_else_is() {
    Random random = new Random(7);
    String letters = "\"eror";
    for (int n = 0; n < 20_000; n++) {
      StringBuilder text = new StringBuilder();
      int length = random.nextInt(40);
      while (text.length() < length) {
        text.append(letters.charAt(random.nextInt(letters.length())));
      }
      if (n % 2 == 0) {
        text.insert(random.nextInt(text.length() + 1), "\"error\"");
      }
      ByteBuf buffer = n % 3 == 0 ? Unpooled.directBuffer() : Unpooled.buffer();
      buffer
          .writeBytes(new byte[n % 9])
          .skipBytes(n % 9)
          .writeBytes(text.toString().getBytes(UTF_8));

      assertThat(ByteSearch.hasError(buffer))
          .as("in %s", text)
          .isEqualTo(text.toString().contains("\"error\""));
      buffer.release();
    }
  }
}
