package io.claviger.domain.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.claviger.domain.InvalidValue;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OperationTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST embeddings",
        "GET models/{id}",
        "PUT a",
        "PATCH a",
        "DELETE a",
        "POST **/models/{model}:embedContent",
        "POST v1/{a}/{b}:{c}",
        "GET **/{any}",
        "POST A-Z_0.9~"
      })
  void an_operation_is_a_method_and_a_path(String text) {
    assertThat(new Operation(text).value()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "POST",
        "POST ",
        "POST  a",
        " POST a",
        "POST a ",
        "post a",
        "HEAD a",
        "OPTIONS a",
        "CONNECT a",
        "* a",
        "embeddings",
        "POST /embeddings",
        "POST a/",
        "POST a//b",
        "POST a:",
        "POST :a",
        "POST a::b",
        "POST **",
        "POST **/",
        "POST a/**/b",
        "POST **/**/a",
        "POST */a",
        "POST a*",
        "POST {}",
        "POST {A}",
        "POST {a",
        "POST a}",
        "POST {a b}",
        "POST {{a}}",
        // a placeholder is a whole segment
        "POST {a}{b}",
        "POST v{n}",
        "POST {n}x",
        "POST a?b",
        "POST a#b",
        "POST a%2fb",
        "POST a\\b",
        "POST a\n",
        "POST a\nPOST b",
        "POST a\0",
        "POST é",
        "POST \ud83d",
        "POST .*",
        "POST (a|b)",
        "POST \\Q",
        "POST https://evil.example/a"
      })
  void anything_else_is_refused(String text) {
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> new Operation(text));
  }

  @Test
  void two_hundred_characters_are_the_most() {
    assertThat(new Operation("POST " + "a".repeat(195)).value()).hasSize(200);
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> new Operation("POST " + "a".repeat(196)));
  }

  @Test
  void an_operation_is_taken_apart() {
    Operation operation = new Operation("POST chat/completions");
    assertThat(operation.method()).isEqualTo("POST");
    assertThat(operation.path()).isEqualTo("chat/completions");
  }

  @Test
  void operations_are_ordered_by_their_text() {
    assertThat(new Operation("GET b")).isLessThan(new Operation("POST a"));
    assertThat(new Operation("GET a")).isLessThan(new Operation("GET b"));
  }

  @Test
  void an_operation_prints_as_itself() {
    assertThat(new Operation("GET a")).hasToString("GET a");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # operation                           | request
          POST embeddings                       | POST embeddings
          POST chat/completions                 | POST chat/completions
          GET models/{id}                       | GET models/gpt-4o
          GET models/{id}                       | GET models/a.b_c~d
          GET models/{id}                       | GET models/{id}
          GET models/{id}                       | GET models/a%20b
          GET models/{id}                       | GET models/llama3:8b
          GET models/{id}                       | GET models/ft:gpt-4o:acme::a1
          GET openai/v1/models/{id}             | GET openai/v1/models/a:b
          POST **/models/{m}:embedContent       | POST models/g:embedContent
          POST **/models/{m}:embedContent       | POST v1beta/models/g:embedContent
          POST **/models/{m}:embedContent       | POST v1alpha/models/g:embedContent
          POST **/models/{m}:embedContent       | POST v12beta34/models/g:embedContent
          GET **/models                         | GET models
          GET **/models                         | GET v1/models
          GET **/models                         | GET v09/models
          GET **/{any}                          | GET v1/v2
          GET **/{any}                          | GET v1
          POST v1/{a}/{b}:{c}                   | POST v1/x/y:z
          POST model/{id}/converse              | POST model/a.b-v1:0/converse
          POST model/{id}/converse              | POST model/a%3Ab%2Fc/converse
          """)
  void a_request_that_fits_is_this_operation(String operation, String request) {
    assertThat(matches(operation, request)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # operation                           | request
          # another method or path
          POST embeddings                       | GET embeddings
          POST embeddings                       | post embeddings
          POST embeddings                       | POST Embeddings
          POST embeddings                       | POST embedding
          POST embeddings                       | POST embeddingss
          POST embeddings                       | POST v1/embeddings
          POST embeddings                       | POST /embeddings
          POST embeddings                       | POST embeddings/
          POST embeddings                       | POST embeddings/x
          POST embeddings                       | POST embeddings?x
          POST embeddings                       | POST files/../embeddings
          POST v1.0                             | POST v1x0

          # a placeholder never spans a slash, nor a colon unless a slash follows or it is a model to read, and never is nothing
          POST model/{id}/converse              | POST model/a:0/b/converse
          POST model/{id}/converse              | POST model/a:converse
          POST model/{id}/converse              | POST model//converse
          GET models/{id}                       | GET models
          GET models/{id}                       | GET models/
          GET models/{id}                       | GET models/a/b
          GET models/{id}                       | GET models/a/
          DELETE models/{id}                    | DELETE models/a:b
          GET files/{id}                        | GET files/a:b
          GET xmodels/{id}                      | GET xmodels/a:b
          GET **/models/{id}                    | GET v1/models/a:b
          GET models/{id}                       | GET models/a:b/c
          GET models/{id}                       | GET models//a
          GET models/{id}                       | GET models/:a
          POST **/models/{m}:embedContent       | POST models/a:b:embedContent
          POST **/models/{m}:embedContent       | POST models/a/b:embedContent
          POST **/models/{m}:embedContent       | POST models/:embedContent
          POST **/models/{m}:embedContent       | POST models/g:embedContents
          POST **/models/{m}:embedContent       | POST models/g/embedContent

          # nothing before it but a version
          POST **/models/{m}:embedContent       | POST v1/projects/p/models/g:embedContent
          POST **/models/{m}:embedContent       | POST models/models/g:embedContent
          POST **/models/{m}:embedContent       | POST v1/v1/models/g:embedContent
          POST **/models/{m}:embedContent       | POST v/models/g:embedContent
          POST **/models/{m}:embedContent       | POST v123/models/g:embedContent
          POST **/models/{m}:embedContent       | POST V1/models/g:embedContent
          POST **/models/{m}:embedContent       | POST v1gamma/models/g:embedContent
          POST **/models/{m}:embedContent       | POST v1betas/models/g:embedContent
          POST **/models/{m}:embedContent       | POST v1alphabeta/models/g:embedContent
          POST **/models/{m}:embedContent       | POST beta/models/g:embedContent
          POST **/models/{m}:embedContent       | POST v1:models/g:embedContent
          GET **/models                         | GET models/models
          GET **/models                         | GET files/x/models
          GET **/models/{m}                     | GET cachedContents/models/c
          POST **/models/{m}:embedContent       | POST /models/g:embedContent
          POST **/models/{m}:embedContent       | POST //models/g:embedContent
          POST **/models/{m}:embedContent       | POST v1//models/g:embedContent
          POST **/models/{m}:embedContent       | POST /v1/models/g:embedContent
          POST **/models/{m}:embedContent       | POST v1:x/models/g:embedContent
          POST **/models/{m}:embedContent       | POST xmodels/g:embedContent
          GET **/models                         | GET v1/models/
          GET **/models                         | GET v1/xmodels
          """)
  void a_request_that_does_not_fit_is_not(String operation, String request) {
    assertThat(matches(operation, request)).isFalse();
  }

  @Test
  void a_request_without_a_path_is_no_operation() {
    assertThat(new Operation("GET **/{a}").matches("GET", "")).isFalse();
  }

  @Test
  void marks_that_mean_something_to_a_pattern_mean_themselves() {
    assertThat(new Operation("GET a.b").matches("GET", "axb")).isFalse();
  }

  @Test
  void equal_paths_of_different_methods_are_different_operations() {
    assertThat(new Operation("GET models").matches("GET", "models")).isTrue();
    assertThat(new Operation("DELETE models").matches("GET", "models")).isFalse();
  }

  /** States the rule a second time, as a regular expression. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("io.claviger.domain.Seeds#fresh")
  void operations_match_what_their_regular_expression_does(long seed) {
    Random random = new Random(seed);
    int matched = 0;
    for (int n = 0; n < 4_000; n++) {
      String pattern = (random.nextBoolean() ? "**/" : "") + some(random, "a", "{x}", "bb");
      String path =
          (random.nextBoolean() ? "" : "v1beta/") + some(random, "a", "bb", "v1", "", "{x}", "**");
      Matcher expected = regex(pattern).matcher(path);
      Operation operation = new Operation("GET " + pattern);
      assertThat(operation.matches("GET", path))
          .as("%s and %s", pattern, path)
          .isEqualTo(expected.matches());
      assertThat(operation.placeholdersIn(path))
          .as("%s and %s", pattern, path)
          .isEqualTo(expected.matches() ? Optional.of(groups(expected)) : Optional.empty());
      matched += expected.matches() ? 1 : 0;
    }
    assertThat(matched).isBetween(60, 3_000);
  }

  private static List<String> groups(Matcher matched) {
    return IntStream.rangeClosed(1, matched.groupCount()).mapToObj(matched::group).toList();
  }

  /** One to four of the parts, with a slash or a colon between two. */
  private static String some(Random random, String... parts) {
    StringBuilder text = new StringBuilder(parts[random.nextInt(parts.length)]);
    for (int more = random.nextInt(4); more > 0; more--) {
      text.append(random.nextInt(4) == 0 ? ':' : '/').append(parts[random.nextInt(parts.length)]);
    }
    return text.toString();
  }

  private static Pattern regex(String pattern) {
    boolean anyVersion = pattern.startsWith("**/");
    String rest = anyVersion ? pattern.substring(3) : pattern;
    return Pattern.compile(
        (anyVersion ? "(?:v\\d{1,2}(?:(?:alpha|beta)\\d{0,2})?/)?" : "")
            + ("\\Q" + rest + "\\E")
                .replace("{x}/", "\\E([^/]+)\\Q/")
                .replace("{x}", "\\E([^/:]+)\\Q"));
  }

  @Test
  void a_hostile_path_is_judged_at_once() {
    Operation operation = new Operation("POST **/{a}/{b}/{c}/{d}/{e}:{f}");
    String path = "a/".repeat(20_000) + "a";
    assertThat(
            assertTimeoutPreemptively(
                Duration.ofSeconds(30), () -> operation.matches("POST", path)))
        .isFalse();
  }

  private static boolean matches(String operation, String request) {
    int space = request.indexOf(' ');
    return new Operation(operation)
        .matches(request.substring(0, space), request.substring(space + 1));
  }
}
