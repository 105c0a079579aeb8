package io.claviger.gateway.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamScanTest {
  private static final String ASKING = "\"stream_options\":{\"include_usage\":true},";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"stream\":true}",
        " \n{ \"model\": \"m\", \"stream\" : true , \"n\": 1}\n",
        "{\"messages\":[{\"stream_options\":1}],\"str\\u0065am\":true}",
        "{\"a\":{\"stream\":false},\"stream\":true}"
      })
  void a_body_that_asks_for_a_stream_is_edited_however_it_is_split(String body) {
    byte[] bytes = body.getBytes(UTF_8);
    for (int split = 0; split <= bytes.length; split++) {
      assertThat(edited(scanned(bytes, split), body))
          .isEqualTo(body.replaceFirst("\\{", "{" + ASKING));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "{\"stream\":false}",
        "{\"stream\":null}",
        "{\"stream\":\"true\"}",
        "{\"stream\":[true]}",
        "{\"stream\":true,\"stream\":true}",
        "{\"stream\":true,\"stream_options\":null}",
        "{\"stream_options\":{},\"stream\":true}",
        "{\"stream\":true,\"stream\\u005foptions\":{}}",
        "{\"a\":{\"stream\":true}}",
        "[{\"stream\":true}]",
        "{\"stream\":true",
        "{\"stream\":true}}",
        "{\"stream\":true,}",
        "data",
        ""
      })
  void any_other_body_stays_as_it_is(String body) {
    assertThat(edited(scanned(body), body)).isEqualTo(body);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'stream':true} | {'stream_options':{'include_usage':true},'stream':true}",
        "{'stream':1} | {'stream_options':{'include_usage':true},'stream':1}",
        "{'stream':'true'} | {'stream_options':{'include_usage':true},'stream':'true'}",
        "{'stream':true,'stream':true} |"
            + " {'stream_options':{'include_usage':true},'stream':true,'stream':true}",
        "{'stream':true,'stream_options':null} |"
            + " {'stream':true,'stream_options':{'include_usage':true}}",
        "{'stream_options' : 17 ,'stream':true} |"
            + " {'stream_options':{'include_usage':true},'stream':true}",
        "{'stream_options':'on','stream':true} |"
            + " {'stream_options':{'include_usage':true},'stream':true}",
        "{'stream_options':[{'include_usage':true}],'stream':true} |"
            + " {'stream_options':{'include_usage':true},'stream':true}",
        "{'stream':true,'stream_options':{}} | {'stream':true,'stream_options':{'include_usage':true}}",
        "{'stream':true,'stream_options':{'a':{'include_usage':true}}} |"
            + " {'stream':true,'stream_options':{'include_usage':true,'a':{'include_usage':true}}}",
        "{'stream':true,'stream_options':{'include_usage':false,'b':2}} |"
            + " {'stream':true,'stream_options':{'include_usage':true,'b':2}}",
        "{'stream':true,'stream_options':{'a':1,'include_usage': 1 }} |"
            + " {'stream':true,'stream_options':{'a':1,'include_usage':true}}",
        "{'stream':true,'stream_options':{'include_usage':{'x':[true]}}} |"
            + " {'stream':true,'stream_options':{'include_usage':true}}",
        "{'stream':true,'stream_options':{'include_usage':true,'include_usage':'x'}} |"
            + " {'stream':true,'stream_options':{'include_usage':true,'include_usage':true}}",
        "{'stream':true,'stream_options':{'include_usage':true},'stream_options':{}} |"
            + " {'stream':true,'stream_options':{'include_usage':true},"
            + "'stream_options':{'include_usage':true}}"
      })
  void where_a_budget_counts_whatever_the_caller_says_is_replaced(String asked, String sent) {
    String body = asked.replace('\'', '"');
    byte[] bytes = body.getBytes(UTF_8);
    for (int split = 0; split <= bytes.length; split++) {
      assertThat(edited(scanned(bytes, split), body, true).replaceAll(" (?=[,}])", ""))
          .isEqualTo(sent.replace('\'', '"'));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"stream\":false,\"stream_options\":null}",
        "{\"stream\":null}",
        "{\"stream\":true,\"stream_options\":{\"include_usage\":true}}",
        "{\"a\":{\"stream\":true}}",
        "[{\"stream\":true}]",
        "{\"stream\":true"
      })
  void nor_is_any_body_changed_for_a_budget_that_asks_for_no_stream_or_for_usage(String body) {
    assertThat(edited(scanned(body), body, true)).isEqualTo(body);
  }

  @Test
  void a_body_that_says_too_much_about_its_stream_stays_as_it_is() {
    String body = "{\"stream\":true" + ",\"stream_options\":null".repeat(100_000) + "}";

    assertThat(edited(scanned(body), body, true)).isEqualTo(body);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"model\":\"gpt\"} | gpt",
        "{\"messages\":[{\"model\":\"other\"}],\"model\":\"a/b\"} | a/b",
        "{\"model\":\"a\",\"model\":\"b\"} | ''",
        "{\"model\":7} | ''",
        "{\"model\":\"a\" | ''"
      })
  void the_model_is_the_one_that_is_named_once(String body, String model) {
    assertThat(scanned(body).model().orElse("")).isEqualTo(model);
  }

  private static StreamScan scanned(String body) {
    return scanned(body.getBytes(UTF_8), 0);
  }

  /** Reads a body that comes in two parts. */
  private static StreamScan scanned(byte[] body, int split) {
    StreamScan scan = new StreamScan(true, true, false);
    CallReading reading = CallReading.of(scan);
    reading.read(body, 0, split);
    reading.read(body, split, body.length);
    reading.end();
    return scan;
  }

  private static String edited(StreamScan scan, String body) {
    return edited(scan, body, false);
  }

  private static String edited(StreamScan scan, String body, boolean insists) {
    StringBuilder text = new StringBuilder();
    for (ByteBuf part : scan.edits(insists).apply(List.of(Unpooled.copiedBuffer(body, UTF_8)))) {
      text.append(part.toString(UTF_8));
    }
    return text.toString();
  }
}
