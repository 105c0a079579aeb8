package io.claviger.domain.usage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenCountingTest {
  @ParameterizedTest
  @CsvSource({
    "v1/messages/count_tokens, true",
    "v1beta/models/m:countTokens, true",
    "responses/input_tokens, true",
    "v1/tokenize, true",
    "v1/messages, false",
    "v1beta/models/count_tokens:generateContent, false",
    "responses, false",
    "'', false"
  })
  void the_last_word_of_the_path_tells(String path, boolean counting) {
    assertThat(TokenCounting.is(path)).isEqualTo(counting);
  }
}
