package io.claviger.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {}                                      | {}
          { "b" : 1 , "a" : [ true , null ] }     | {"b":1,"a":[true,null]}
          {"n":[-0,0.50,1E+2,12e-3]}              | {"n":[-0,0.50,1E+2,12e-3]}
          {"t":"\\/\\u0041\\u00e9\\n\\t\\"\\\\"}  | {"t":"/Aé\\n\\t\\"\\\\"}
          {"h":"\\u202e\\b\\ue000"}               | {"h":"\\u202e\\u0008\\ue000"}
          {"pair":"\\ud83d\\ude00"}               | {"pair":"😀"}
          {"a":{"a":{"a":false}},"":""}           | {"a":{"a":{"a":false}},"":""}
          """)
  void members_stay_as_they_were_given_without_white_space(String given, String stored) {
    assertThat(new Metadata(given).json()).isEqualTo(stored);
    assertThat(new Metadata(stored).json()).isEqualTo(stored);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "null",
        "{",
        "{}}",
        "{} x",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "{'a':1}",
        "{\"a\":01}",
        "{\"a\":+1}",
        "{\"a\":1.}",
        "{\"a\":.5}",
        "{\"a\":1e}",
        "{\"a\":-}",
        "{\"a\":NaN}",
        "{\"a\":tru}",
        "{\"a\":[1 2]}",
        "{\"a\":[1,]}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12g4\"}",
        "{\"a\":\"\n\"}",
        "{\"a\":\"b",
        "{\"a\":1,\"\\u0061\":2}",
        "{\"a\":[{\"api_ke\\u0079\":\"sk-0123456789\"}]}",
        "{\"a\":\"\\u0000\"}",
        "{\"\\u0000\":1}",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":\"\\ude00\\ud83d\"}"
      })
  void everything_else_is_refused(String given) {
    assertRefused(given);
  }

  @Test
  void size_depth_and_numbers_are_bounded() {
    assertThat(new Metadata("{\"a\":\"" + "x".repeat(16_376) + "\"}").json()).hasSize(16_384);
    assertRefused("{\"a\":\"" + "x".repeat(16_377) + "\"}");
    assertRefused("{\"a\":\"" + "é".repeat(8_189) + "\"}");
    assertThat(new Metadata(nested(16)).json()).isEqualTo(nested(16));
    assertRefused(nested(17));
    assertRefused("{\"a\":" + "[".repeat(100_000));
    assertThat(new Metadata("{\"a\":" + "1".repeat(100) + "}").json()).hasSize(106);
    assertRefused("{\"a\":" + "1".repeat(101) + "}");
    assertThat(new Metadata(" ".repeat(100_000) + "{}")).isEqualTo(Metadata.NONE);
    assertRefused(" ".repeat(140_000) + "{}");
  }

  private static String nested(int depth) {
    return "{\"a\":" + "[".repeat(depth - 1) + "]".repeat(depth - 1) + "}";
  }

  private static void assertRefused(String given) {
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> new Metadata(given));
  }
}
