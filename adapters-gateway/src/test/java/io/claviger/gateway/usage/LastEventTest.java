package io.claviger.gateway.usage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.standards.WireFormat;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether the last event of a stream has passed. */
class LastEventTest {
  private static final String BEFORE = "data: {\"choices\": []}\n\n";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "OPENAI | data: [DONE]~~",
        "OPENAI | data:[DONE]^^",
        "OPENAI | data: [DONE]^~^",
        "ANTHROPIC | event: message_stop~data: {'type':'message_stop'}~~",
        "ANTHROPIC | event: message_stop~data: {}~~",
        "ANTHROPIC | data: {'index':1,'type' : 'message_stop'}~~",
        "OPENAI | event: response.completed~data: {}~~",
        "OPENAI | data: {'type':'response.completed','response':{}}~~",
        "OPENAI | data: {'type': 'response.incomplete'}~~",
        "OPENAI | data: {'type':~data: 'response.failed'}~~",
        "COHERE | id: 7~event: message-end~data: {}~~"
      })
  void it_is_found_however_the_stream_is_split(WireFormat format, String last) {
    byte[] bytes = (BEFORE + written(last)).getBytes(UTF_8);
    for (int split = 0; split <= bytes.length; split++) {
      TokenCounts counts = begun(format, AnswerFraming.EVENTS);
      counts.scan(Unpooled.wrappedBuffer(bytes, 0, split));
      assertThat(counts.hasLastEventPassed()).as("at %s", split).isEqualTo(split == bytes.length);
      counts.scan(Unpooled.wrappedBuffer(bytes, split, bytes.length - split));
      assertThat(counts.hasLastEventPassed()).as("split at %s", split).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "OPENAI | data: [DONE]~",
        "OPENAI | data: {'text':'[DONE]'}~~",
        "OPENAI | data: {'item':{'type':'response.completed'}}~~",
        "OPENAI | data: {'type':'response.completed'~~",
        "OPENAI | data: {'type':'response.completed','type':'x'}~~",
        "OPENAI | data: {'done':true,'is_finished':true}~~",
        "OPENAI | data: {'type':'message_stop'}~~",
        "ANTHROPIC | data: {'delta':'event: message_stop'}~~",
        "ANTHROPIC | event: message_delta~data: {}~~",
        "OPENAI | event: response.created~data: {}~~",
        "OPENAI | : data: [DONE]~~",
        "OPENAI | ~~"
      })
  void nothing_else_is_taken_for_it(WireFormat format, String other) {
    TokenCounts counts = begun(format, AnswerFraming.EVENTS);
    counts.scan(Unpooled.wrappedBuffer((BEFORE + written(other)).getBytes(UTF_8)));

    assertThat(counts.hasLastEventPassed()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "OLLAMA | {'model':'m','message':{'content':''},'done':true,'eval_count':7}~",
        "COHERE | {'is_finished': true, 'event_type': 'stream-end'}~"
      })
  void the_last_of_lines_is_found_however_it_is_split(WireFormat format, String last) {
    String before =
        "{'message':{'tool_calls':[{'arguments':{'done':true,'is_finished':true}}]},'done':false}~"
            + "{'message':{'content':'\\'done\\':true'},'done':false}~";
    byte[] bytes = written(before + last).getBytes(UTF_8);
    for (int split = 0; split < bytes.length; split++) {
      TokenCounts counts = begun(format, AnswerFraming.LINES);
      counts.scan(Unpooled.wrappedBuffer(bytes, 0, split));
      assertThat(counts.hasLastEventPassed()).isFalse();
      counts.scan(Unpooled.wrappedBuffer(bytes, split, bytes.length - split));
      assertThat(counts.hasLastEventPassed()).isTrue();
    }
  }

  private static TokenCounts begun(WireFormat format, AnswerFraming framing) {
    TokenCounts counts = TokenCounts.of(format, "");
    counts.begin(framing);
    return counts;
  }

  private static String written(String text) {
    return text.replace('~', '\n').replace('^', '\r').replace('\'', '"');
  }
}
