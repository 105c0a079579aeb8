package io.claviger.gateway.usage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.formats.ObeyedCaps;
import io.claviger.domain.spending.CallUse;
import io.claviger.domain.spending.UnstatedUse;
import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.usage.ServiceTier;
import io.claviger.domain.usage.UsageModel;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.eventstream.HeaderValue;
import software.amazon.eventstream.Message;
import software.amazon.eventstream.MessageDecoder;

/**
 * The frames are made by AWS's own library. The page "Amazon Event Stream Specification" of Smithy
 * (November 2026) describes them.
 */
class EventFramesTest {
  private static final String JSON = "{\"delta\":{\"text\":\"a \\\" é\"}}";

  static byte[] frame(String type, String json) {
    Map<String, HeaderValue> headers = new LinkedHashMap<>();
    headers.put(":content-type", HeaderValue.fromString("application/json"));
    headers.put("a", HeaderValue.fromBoolean(true));
    headers.put("b", HeaderValue.fromUuid(new UUID(1, 2)));
    headers.put("c", HeaderValue.fromByteArray(new byte[300]));
    headers.put("d", HeaderValue.fromLong(7));
    headers.put(":event-type", HeaderValue.fromString(type));
    return bytes(new Message(headers, json.getBytes(UTF_8)));
  }

  private static byte[] bytes(Message message) {
    ByteBuffer buffer = message.toByteBuffer();
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  @Test
  void another_frame_fits_only_between_frames() {
    byte[] frame = frame("messageStop", JSON);
    byte[] all = joined(frame, frame);
    for (int size = 1; size <= all.length; size++) {
      EventStreamBoundary boundary = boundary();
      for (int from = 0; from < all.length; from += size) {
        int to = Math.min(all.length, from + size);
        boundary.follow(Unpooled.wrappedBuffer(all, from, to - from));
        assertThat(boundary.isBetweenEvents()).isEqualTo(to % frame.length == 0);
      }
    }
    EventStreamBoundary lying = boundary();
    lying.follow(Unpooled.wrappedBuffer(new byte[64]));
    assertThat(lying.isBetweenEvents()).isFalse();
  }

  private static EventStreamBoundary boundary() {
    return EventStreamBoundary.of(
            new DefaultHttpHeaders().add("Content-Type", "application/vnd.amazon.eventstream"))
        .orElseThrow();
  }

  /** As the pages "ConverseStreamOutput" and "ResponseStream" of the reference name them. */
  @ParameterizedTest
  @CsvSource({
    "400, validationException",
    "403, validationException",
    "429, throttlingException",
    "502, internalServerException",
    "503, serviceUnavailableException",
    "504, serviceUnavailableException"
  })
  void the_frame_of_an_error_is_read_by_awss_own_library(int status, String exception) {
    MessageDecoder decoder = new MessageDecoder();
    decoder.feed(WireFormat.BEDROCK.api().errorFrame(status, "no \"é\"").orElseThrow());

    Message error = decoder.getDecodedMessages().getFirst();
    assertThat(error.getHeaders().get(":message-type").getString()).isEqualTo("exception");
    assertThat(error.getHeaders().get(":exception-type").getString()).isEqualTo(exception);
    assertThat(new String(error.getPayload(), UTF_8)).isEqualTo("{\"message\":\"no \\\"é\\\"\"}");
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /** What is read if the bytes arrive in pieces of a size. */
  private static List<String> read(byte[] bytes, int size) {
    List<String> events = new ArrayList<>();
    ByteArrayOutputStream open = new ByteArrayOutputStream();
    EventFrames frames =
        new EventFrames(
            new EventFrames.Listener() {
              @Override
              public void begin(byte[] type, int length) {
                open.reset();
                open.writeBytes((new String(type, 0, length, UTF_8) + " ").getBytes(UTF_8));
              }

              @Override
              public void read(byte[] part, int from, int to) {
                open.write(part, from, to - from);
              }

              @Override
              public void end() {
                events.add(open.toString(UTF_8));
              }
            });
    for (int from = 0; from < bytes.length; from += size) {
      frames.read(bytes, from, Math.min(bytes.length, from + size));
    }
    return events;
  }

  @Test
  void events_are_read_however_they_arrive() {
    byte[] stream =
        joined(frame("messageStart", "{}"), frame("contentBlockDelta", JSON), frame("empty", ""));

    for (int size = 1; size <= stream.length; size++) {
      assertThat(read(stream, size))
          .containsExactly("messageStart {}", "contentBlockDelta " + JSON, "empty ");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"bytes\":\"%s\",\"p\":\"abc\"}",
        "{ \"p\" : \"bytes\", \"bytes\" : \"%s\" }",
        "{\"p\":{\"bytes\":\"AAAA\"},\"q\":[\"bytes\",\"BBBB\"],\"bytes\":\"%s\"}",
        "{\"p\":\"a\\\"\\\\\",\"bytes\":\"%s\"}"
      })
  void what_a_model_answered_is_decoded(String chunk) {
    for (String json : List.of(JSON, "{}", "{\"a\":1}", JSON.repeat(90))) {
      String encoded = Base64.getEncoder().encodeToString(json.getBytes(UTF_8));
      for (String written : List.of(encoded, encoded.replace("/", "\\/"))) {
        byte[] stream = frame("chunk", chunk.formatted(written));
        for (int size : new int[] {1, 7, stream.length}) {
          assertThat(read(stream, size)).containsExactly("chunk " + json);
        }
      }
    }
  }

  private static byte[] chunk(String json) {
    String encoded = Base64.getEncoder().encodeToString(json.getBytes(UTF_8));
    return frame("chunk", "{\"bytes\":\"%s\"}".formatted(encoded));
  }

  /** Whoever hangs up before the last frame is not told from others by where a model's text is. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"outputs\":[{\"text\":\"a\"}]}",
        "{\"is_finished\":false,\"text\":\"a\"}",
        "{\"anything\":{\"says\":\"a\"}}",
        "{\"generation\":\"a\"}"
      })
  void text_counts_by_its_frames_until_the_output_is_stated(String json) {
    TokenCounts counts =
        TokenCounts.of(WireFormat.BEDROCK, "model/a.b/invoke-with-response-stream");
    counts.begin(AnswerFraming.FRAMES);
    counts.scan(Unpooled.wrappedBuffer(chunk(json), chunk(json), chunk(json)));
    assertThat(counts.unstatedPieces()).isEqualTo(3);

    String metrics =
        "{\"amazon-bedrock-invocationMetrics\":{\"inputTokenCount\":4,\"outputTokenCount\":9}}";
    counts.scan(Unpooled.wrappedBuffer(chunk(metrics)));
    assertThat(counts.unstatedPieces()).isZero();
    assertThat(counts.usage(false).output()).isEqualTo(9);
  }

  /** Streams that leave out their usage, repeat it, contradict it, or break it. */
  @Test
  void a_stream_of_frames_states_its_usage_only_if_it_does_so_whole_and_after_all_text() {
    byte[] text = frame("contentBlockDelta", "{\"delta\":{\"text\":\"a\"}}");
    byte[] seven = usage(5, 7);
    byte[] nine = usage(5, 9);
    byte[] wrongPrelude = seven.clone();
    wrongPrelude[9] ^= 1;
    byte[] wrongEnd = seven.clone();
    wrongEnd[wrongEnd.length - 1] ^= 1;

    assertThat(charged(text, text, seven)).isEqualTo("STATED 7");
    assertThat(charged(text, seven, text, nine)).isEqualTo("STATED 9");
    assertThat(charged(text, nine, seven)).isEqualTo("STATED 7");
    assertThat(charged(text, text, wrongEnd)).isEqualTo("STATED 7");
    assertThat(charged(text, text)).isEqualTo("UNKNOWN 2");
    assertThat(charged(text, usage(5, 1), text, text)).isEqualTo("UNKNOWN 3");
    assertThat(charged(text, seven, text)).isEqualTo("UNKNOWN 7");
    assertThat(charged(text, text, wrongPrelude)).isEqualTo("UNKNOWN 2");
    assertThat(charged(text, text, Arrays.copyOf(seven, seven.length - 40))).isEqualTo("UNKNOWN 2");
    assertThat(charged(text, text, behindLongHead(seven))).isEqualTo("UNKNOWN 2");
  }

  private static byte[] usage(long input, long output) {
    return frame(
        "metadata",
        "{\"usage\":{\"inputTokens\":%d,\"outputTokens\":%d,\"totalTokens\":%d}}"
            .formatted(input, output, input + output));
  }

  /** The same event, but with more headers than are kept. */
  private static byte[] behindLongHead(byte[] frame) {
    Message event = Message.decode(ByteBuffer.wrap(frame));
    Map<String, HeaderValue> headers = new LinkedHashMap<>(event.getHeaders());
    headers.put("x", HeaderValue.fromByteArray(new byte[EventFrames.MOST_OF_HEADERS]));
    return bytes(new Message(headers, event.getPayload()));
  }

  private static String charged(byte[]... frames) {
    AnswerUse use =
        new AnswerUse(
            WireFormat.BEDROCK, HttpMethod.POST, "model/a.b/converse-stream", ObeyedCaps.LEAST);
    use.answered(200);
    HttpHeaders headers =
        new DefaultHttpHeaders().set("content-type", "application/vnd.amazon.eventstream");
    use.begin(headers);
    use.follow(headers);
    use.read(Unpooled.wrappedBuffer(frames));
    use.end();
    CallUse known = use.of(900, UsageModel.UNKNOWN, UnstatedUse.Asked.NOTHING);
    return known.evidence() + " " + known.usage().output();
  }

  @ParameterizedTest
  @ValueSource(strings = {"invoke", "invoke-with-response-stream"})
  void an_invocation_states_its_tier_in_headers(String operation) {
    AnswerUse use =
        new AnswerUse(
            WireFormat.BEDROCK, HttpMethod.POST, "model/a.b/" + operation, ObeyedCaps.LEAST);
    use.answered(200);
    use.begin(new DefaultHttpHeaders().set("x-amzn-bedrock-service-tier", "priority"));

    assertThat(use.of(9, UsageModel.UNKNOWN, UnstatedUse.Asked.NOTHING).tier())
        .contains(ServiceTier.of("priority"));
  }

  @Test
  void what_is_no_event_is_left_out() {
    byte[] error =
        bytes(
            new Message(
                Map.of(
                    ":message-type", HeaderValue.fromString("exception"),
                    ":exception-type", HeaderValue.fromString("throttlingException")),
                "{\"usage\":{}}".getBytes(UTF_8)));
    byte[] longHead =
        bytes(
            new Message(
                Map.of("x", HeaderValue.fromByteArray(new byte[EventFrames.MOST_OF_HEADERS])),
                "{}".getBytes(UTF_8)));

    assertThat(read(joined(error, longHead, frame("metadata", JSON)), 11))
        .containsExactly("metadata " + JSON);
  }

  @Test
  void a_stream_that_is_no_stream_of_frames_states_nothing_more() {
    byte[] whole = frame("metadata", JSON);
    for (int broken = 0; broken < 12; broken++) {
      byte[] frame = whole.clone();
      frame[broken] ^= 0x10;

      assertThat(read(joined(whole, frame, whole), 64)).containsExactly("metadata " + JSON);
    }
    assertThat(read("data: {}\n\n".repeat(50).getBytes(UTF_8), 64)).isEmpty();
    assertThat(read(new byte[200], 64)).isEmpty();
  }

  /** Lengths with a right checksum that do not fit each other, and headers that say too much. */
  @Test
  void lies_about_lengths_are_not_followed() {
    assertThat(read(joined(prelude(15, 0), new byte[100]), 8)).isEmpty();
    assertThat(read(joined(prelude(40, 30), new byte[100]), 8)).isEmpty();
    assertThat(read(joined(prelude(-1, 4), new byte[100]), 8)).isEmpty();
    assertThat(read(joined(prelude(-1, -17), new byte[100]), 8)).isEmpty();
    byte[] headers = {
      11, ':', 'e', 'v', 'e', 'n', 't', '-', 't', 'y', 'p', 'e', 7, (byte) 0xff, -1
    };
    assertThat(read(joined(prelude(16 + headers.length, headers.length), headers, new byte[4]), 8))
        .isEmpty();
  }

  private static byte[] prelude(int whole, int headers) {
    byte[] lengths = ByteBuffer.allocate(8).putInt(whole).putInt(headers).array();
    CRC32 checksum = new CRC32();
    checksum.update(lengths);
    return ByteBuffer.allocate(12).put(lengths).putInt((int) checksum.getValue()).array();
  }
}
