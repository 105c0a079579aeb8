package io.claviger.gateway.redact;

import static io.claviger.gateway.redact.Redactions.bytes;
import static io.claviger.gateway.redact.Redactions.edges;
import static io.claviger.gateway.redact.Redactions.redacted;
import static io.claviger.gateway.redact.Redactions.redactor;
import static io.claviger.gateway.redact.Redactions.released;
import static io.claviger.gateway.redact.Redactions.split;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedactorTest {
  private static final String KEY = "sk-a/b\"c\\d%e";

  @Test
  void a_secret_becomes_as_many_asterisks() {
    assertThat(redacted("before " + KEY + " after", KEY)).isEqualTo("before ************ after");
  }

  @Test
  void text_without_the_secret_stays_as_it_is() {
    String text = "sk-a/b\"c\\d%f sk-a sk- \\u0073 %73 \\/ \\";

    assertThat(redacted(text, KEY)).isEqualTo(text);
  }

  @Test
  void characters_escaped_as_json_allows_are_found() {
    for (String form :
        List.of(
            "sk-a\\/b\\\"c\\\\d%e",
            "sk-a/b\\\"c\\\\d%e",
            "\\u0073k-a\\u002Fb\\u0022c\\u005cd%e",
            "sk-a\\u002fb\\\"c\\u005Cd\\u0025\\u0065")) {
      assertThat(redacted("{\"m\":\"" + form + "\"}", KEY))
          .isEqualTo("{\"m\":\"" + "*".repeat(form.length()) + "\"}");
    }
  }

  @Test
  void characters_encoded_with_percent_are_found() {
    String form = "sk-a%2Fb%22c%5cd%25e";

    assertThat(redacted("?k=" + form + "&x", KEY)).isEqualTo("?k=" + "*".repeat(20) + "&x");
  }

  @Test
  void a_tab_in_a_header_value_is_found_as_json_writes_it() {
    assertThat(redacted("<one\\ttwo-three>", "one\ttwo-three")).isEqualTo("<**************>");
  }

  @Test
  void an_escape_before_the_secret_is_kept_whole() {
    assertThat(redacted("\"\\\\/abcdefgh\"", "/abcdefgh")).isEqualTo("\"\\\\*********\"");
    assertThat(redacted("\"\\/abcdefgh\"", "/abcdefgh")).isEqualTo("\"**********\"");
  }

  @Test
  void occurrences_that_overlap_are_both_found() {
    assertThat(redacted("xabababababx", "abababab")).isEqualTo("x**********x");
    assertThat(redacted("xabcdefghijklx", "abcdefgh", "efghijkl")).isEqualTo("x************x");
  }

  @Test
  void several_secrets_are_found_at_once() {
    assertThat(redacted("first-one and second-one", "first-one", "second-one"))
        .isEqualTo("********* and **********");
  }

  @Test
  void nothing_is_held_back_while_nothing_is_matched() {
    Redactor redactor = redactor(false, KEY);

    assertThat(released(redactor.pass(bytes("data: {\"x\": 1}\n\n"))))
        .isEqualTo("data: {\"x\": 1}\n\n");
  }

  @Test
  void a_partial_match_is_held_back_and_no_more_than_it() {
    Redactor redactor = redactor(false, KEY);

    assertThat(released(redactor.pass(bytes("hello sk-a/b")))).isEqualTo("hello ");
    assertThat(released(redactor.pass(bytes("x")))).isEqualTo("sk-a/bx");
    assertThat(released(redactor.pass(bytes("hello \\u007")))).isEqualTo("hello ");
    assertThat(released(redactor.pass(bytes("4")))).isEqualTo("\\u0074");
    assertThat(released(redactor.pass(bytes("sk-a\\")))).isEmpty();
    assertThat(released(redactor.end())).isEqualTo("sk-a\\");
  }

  @Test
  void beginnings_and_endings_are_found_where_they_stand_alone() {
    String key = "sk-live-0123456789wxyz";

    assertThat(edges("Incorrect key sk-liv****wxyz. See", key))
        .isEqualTo(
            "Incorrect key ***********. See".replace("***********", "******" + "****" + "****"));
    assertThat(edges("key sk-live...9wxyz", key)).isEqualTo("key *******...*****");
    assertThat(edges("\"\\nsk-live-01XXXXXXwxyz\"", key)).isEqualTo("\"\\n**********XXXXXX****\"");
    assertThat(edges("ask-live and wxyzzy and sk- and xyz", key))
        .isEqualTo("ask-live and wxyzzy and sk- and xyz");
    assertThat(edges("sk-live-0123456789wxyz", key)).isEqualTo("*".repeat(22));
    assertThat(edges("wxyz", key)).isEqualTo("****");
    assertThat(edges("sk-l", key)).isEqualTo("****");
  }

  @Test
  void edges_of_a_key_with_slashes_are_found_as_json_writes_them() {
    assertThat(edges("\"ab\\/cd...yz\\/01\"", "ab/cdefghyz/01")).isEqualTo("\"******...******\"");
  }

  @Test
  void in_errors_edges_are_found_behind_escapes() {
    String key = "sk-live-0123456789wxyz";

    assertThat(edges("\"\\u0073k-live-0123\"", key)).isEqualTo("\"" + "*".repeat(17) + "\"");
    assertThat(edges("\"\\u0073k-l and \\nsk-l\"", key)).isEqualTo("\"********* and \\n****\"");
    assertThat(edges("\"wx\\u0079z\\u0022", key)).isEqualTo("\"*********\\u0022");
    assertThat(edges("?k=sk%2Dl&x", key)).isEqualTo("?k=******&x");
    assertThat(edges("<b>&#115;k&#x2d;l</b>", key)).isEqualTo("<b>**************</b>");
    assertThat(edges("\"{\\\"k\\\":\\\"\\\\u0073k-l\\\"}\"", key))
        .isEqualTo("\"{\\\"k\\\":\\\"**********\\\"}\"");
  }

  @Test
  void in_errors_any_eight_characters_in_a_row_are_found() {
    String key = "sk-live-0123456789wxyz";

    assertThat(edges("an 012345678 and 3456789 here", key))
        .isEqualTo("an ********* and 3456789 here");
    assertThat(edges("x-live-\\u0030\\u0031z", key)).isEqualTo("x" + "*".repeat(18) + "z");
  }

  /**
   * What every key of a provider begins with is masked as any beginning; the rest of a text is not.
   */
  @Test
  void in_errors_the_beginning_that_a_provider_gives_all_keys_is_masked_alone() {
    assertThat(edges("Keys begin with sk-proj- here: /account/api-keys.", "sk-proj-aB3dE6gH9jK2"))
        .isEqualTo("Keys begin with ******** here: /account/api-keys.");
  }

  @ParameterizedTest
  @CsvSource({
    "bedrock-api-key-, YmVkcm9jay5hbWF6b25hd3MuY29tLz9B",
    "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJ, hdWQiOiJhcGkifQ.c2lnbmF0dXJl"
  })
  void what_all_keys_of_a_kind_begin_with_remains_and_what_follows_is_masked(
      String common, String rest) {
    String key = common + rest;
    String words = "A bedrock-runtime, x-api-key-id and bedrock, eyJhbGciOiJSUzI1NiIs.";
    String hidden = "*".repeat(rest.length());

    assertThat(keyed(words, key)).isEqualTo(words);
    assertThat(edges(words, key)).isEqualTo(words);
    assertThat(keyed("<" + key + ">", key)).isEqualTo("<" + common + hidden + ">");
    assertThat(edges("<" + key + ">", key)).isEqualTo("<" + common + hidden + ">");
    assertThat(keyed("it begins " + rest.substring(0, 9) + " so", key))
        .isEqualTo("it begins ********* so");
    assertThat(keyed(common, common)).doesNotContain(common.substring(0, 8));
  }

  @Test
  void in_errors_links_remain_though_a_header_has_one() {
    Redactor redactor = new Redactor();
    redactor.addToError("https://tenant-4711.test".getBytes(US_ASCII), false);

    assertThat(split(redactor, "See https://help.example or tenant-4711!", List.of()))
        .isEqualTo("See https://help.example or ***********!");
  }

  @Test
  void beginnings_and_endings_of_eight_characters_are_found_anywhere() {
    String key = "sk-live-0123456789wxyz";

    assertThat(keyed("asksk-live-01was", key)).isEqualTo("ask**********was");
    assertThat(keyed("it ends with 456789wxyzzy", key)).isEqualTo("it ends with **********zy");
    assertThat(keyed("sk-live-", key)).isEqualTo("********");
    assertThat(keyed("6789wxyz", key)).isEqualTo("********");
    assertThat(keyed("sk-live and 789wxyz and 0123456789", key))
        .isEqualTo("sk-live and 789wxyz and 0123456789");
    assertThat(keyed("<" + key + ">", key)).isEqualTo("<" + "*".repeat(22) + ">");
    assertThat(keyed("{\"d\":\"ab\\/cd\\/efgh,\"}", "ab/cd/efghijklm"))
        .isEqualTo("{\"d\":\"************,\"}");
  }

  @Test
  void of_a_stream_without_parts_of_the_key_nothing_is_held_back() {
    Redactor redactor = new Redactor();
    redactor.addKey("sk-live-0123456789wxyz".getBytes(US_ASCII));

    assertThat(released(redactor.pass(bytes("data: {\"x\": 1}\n\n"))))
        .isEqualTo("data: {\"x\": 1}\n\n");
    assertThat(released(redactor.pass(bytes("data: sk-l")))).isEqualTo("data: ");
    assertThat(released(redactor.pass(bytes("ove 456789wx")))).isEqualTo("sk-love ");
    assertThat(released(redactor.pass(bytes("y")))).isEmpty();
    assertThat(released(redactor.pass(bytes("zz")))).isEqualTo("**********");
    assertThat(released(redactor.end())).isEqualTo("z");
  }

  private static String keyed(String text, String key) {
    String whole = null;
    for (int cut = 0; cut < text.length(); cut++) {
      Redactor redactor = new Redactor();
      redactor.addKey(key.getBytes(US_ASCII));
      String out = split(redactor, text, List.of(cut));
      assertThat(whole == null ? out : whole).isEqualTo(out);
      whole = out;
    }
    return String.valueOf(whole);
  }
}
