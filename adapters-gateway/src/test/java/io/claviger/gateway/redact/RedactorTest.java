package io.claviger.gateway.redact;

import static io.claviger.gateway.redact.Redactions.bytes;
import static io.claviger.gateway.redact.Redactions.inError;
import static io.claviger.gateway.redact.Redactions.redacted;
import static io.claviger.gateway.redact.Redactions.redactor;
import static io.claviger.gateway.redact.Redactions.released;
import static io.claviger.gateway.redact.Redactions.split;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "Bearer sk-helicone-abc, sk-helicone-abc",
        "bearer abcdefgh, abcdefgh",
        "Basic   dXNlcjpwYXNz, dXNlcjpwYXNz",
        "Acme-Auth a1234567, a1234567",
        "Acme-Auth abcdefg0, abcdefg0",
        "Acme-Auth abcdefg9, abcdefg9",
        "Bearer\tabcdefgh, abcdefgh",
        "Acme Multi-Tool, none",
        "Bearer short12, none",
        "Bearer two words12345, none",
        "Acme Assistant, none",
        "sk-without-a-scheme-1, none"
      })
  void what_stands_behind_a_scheme_is_a_secret_of_its_own(String value, String secret) {
    assertThat(
            CallSecretRedactor.behindScheme(value.getBytes(US_ASCII))
                .map(bytes -> new String(bytes, US_ASCII)))
        .isEqualTo(Optional.ofNullable(secret));
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
  void of_an_event_nothing_is_held_back() {
    Redactor redactor = redactor(false, "sk-live-0123456789wxyz");

    for (String part : List.of("data: {\"x\": 1}\n\n", "{\"x\":1}\n", "{\"x\":1}")) {
      assertThat(released(redactor.pass(bytes(part)))).isEqualTo(part);
    }
  }

  @Test
  void the_last_word_is_held_back_until_it_ends() {
    Redactor redactor = redactor(false, "sk-live-0123456789wxyz");

    assertThat(released(redactor.pass(bytes("data: sk-l")))).isEqualTo("data: ");
    assertThat(released(redactor.pass(bytes("ove not")))).isEqualTo("sk-love ");
    assertThat(released(redactor.pass(bytes("hing")))).isEmpty();
    assertThat(released(redactor.pass(bytes(" ")))).isEqualTo("nothing ");
    assertThat(released(redactor.pass(bytes("end")))).isEmpty();
    assertThat(released(redactor.end())).isEqualTo("end");
  }

  @Test
  void no_more_of_a_word_is_held_back_than_the_longest_form_of_the_secret_could_need() {
    String key = "sk-live-0123456789wxyz";
    Redactor redactor = redactor(false, key);

    assertThat(released(redactor.pass(bytes("x".repeat(1_000)))))
        .hasSize(1_000 - (key.length() * "\\u0073".length() - 1));
  }

  @Test
  void a_secret_with_spaces_and_commas_is_found_across_chunks() {
    assertThat(redacted("<Basic a, b, \"c\">", "Basic a, b, \"c\"")).isEqualTo("<***************>");
  }

  /**
   * A caller can let a provider repeat guesses. Nothing that comes back, nor the sizes of its
   * chunks, may depend on how much of a guess is right, as long as it is not all of it.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void nothing_shows_how_much_of_a_guess_is_right(boolean error) {
    String key = "sk-proj-Kq7Zb2LxN4vTcY8mWdR5gHs1";
    for (String around : List.of("%s", "x%sx", "\"%s\"", "a %s b", "\\u0073%s", "%s%%20")) {
      for (int right = 1; right < key.length(); right++) {
        assertRepeated(error, key, around.formatted(key.substring(0, right)));
        assertRepeated(error, key, around.formatted(key.substring(right / 2, right)));
        if (right > 1) { // with an s before it, the rest would be all of the key
          assertRepeated(error, key, around.formatted(key.substring(right)));
        }
      }
    }
  }

  private static void assertRepeated(boolean error, String key, String guess) {
    String other = guess.replaceAll("[A-Za-z]", "Q");
    for (int cut = 0; cut <= guess.length(); cut++) {
      List<String> chunks = chunks(error, key, guess, cut);
      assertThat(String.join("", chunks)).isEqualTo(guess);
      assertThat(chunks.stream().map(String::length))
          .isEqualTo(chunks(error, key, other, cut).stream().map(String::length).toList());
    }
  }

  private static List<String> chunks(boolean error, String key, String text, int cut) {
    Redactor redactor = redactor(error, key);
    return List.of(
        released(redactor.pass(bytes(text.substring(0, cut)))),
        released(redactor.pass(bytes(text.substring(cut)))),
        released(redactor.end()));
  }

  @Test
  void in_errors_a_secret_is_found_behind_any_escapes() {
    String key = "sk-live-0123456789wxyz";
    String rest = key.substring(4);

    assertThat(inError("\"\\u0073k-l" + rest + "\"", key)).isEqualTo("\"" + "*".repeat(27) + "\"");
    assertThat(inError("?k=sk%2Dl" + rest + "&x", key)).isEqualTo("?k=" + "*".repeat(24) + "&x");
    assertThat(inError("<b>&#115;k&#x2d;l" + rest + "</b>", key))
        .isEqualTo("<b>" + "*".repeat(32) + "</b>");
    assertThat(inError("\"{\\\"k\\\":\\\"\\\\u0073k-l" + rest + "\\\"}\"", key))
        .isEqualTo("\"{\\\"k\\\":\\\"" + "*".repeat(28) + "\\\"}\"");
  }

  /** Whatever the key is, so that this tells nothing of it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Incorrect API key provided: xa***34. You can    | Incorrect API key provided: ******** You can
          Incorrect key sk-liv****wxyz, see               | Incorrect key **************, see
          key sk-live...9wxyz                             | key ***************
          key sk-live-...                                 | key ***********
          the key abcd*** is                              | the key ******* is
          {"m":"\\"sk-ab\\u2026wxyz\\""}                    | {"m":"\\"***************\\""}
          key ending in ...wxyz or ****wxyz               | key ending in ******* or ********
          key abcd...wxyz and abcd\\u2026wxyz               | key *********** and **************
          {"m":"Please wait\\u2026 or later"}              | {"m":"Please wait\\u2026 or later"}
          1 _... 2 -... and ****                          | 1 _... 2 -... and ****
          Please wait... or later. And ... so.            | Please wait... or later. And ... so.
          **bold** and *a* of 'a', 'b'...                 | **bold** and *a* of 'a', 'b'...
          """)
  void in_errors_words_that_look_like_a_shortened_key_are_masked(String text, String masked) {
    assertThat(inError(text, "another-key-0123456789")).isEqualTo(masked);
    assertThat(redacted(text, "another-key-0123456789")).isEqualTo(text);
  }

  @Test
  void an_ellipsis_in_utf_8_shortens_a_key_too() {
    String ellipsis = "\u00e2\u0080\u00a6"; // its bytes, as characters
    assertThat(inError("key sk-ab" + ellipsis + "wxyz is", "another-key-0123456789"))
        .isEqualTo("key ************ is");
    assertThat(inError("na\u00c3\u00afve" + ellipsis + " is", "another-key-0123456789"))
        .isEqualTo("na\u00c3\u00afve" + ellipsis + " is");
  }

  @Test
  void in_errors_a_control_character_ends_a_shortened_key() {
    for (char control : "\u0000\u001f\u007f".toCharArray()) {
      assertThat(inError("x" + control + "ab***12" + control + "y", "another-key-0123456789"))
          .isEqualTo("x" + control + "*******" + control + "y");
    }
  }

  @Test
  void a_long_word_is_no_shortened_key() {
    String word = "x".repeat(300) + "***1";

    assertThat(split(redactor(true, "another-key-0123456789"), word, List.of())).isEqualTo(word);
  }
}
