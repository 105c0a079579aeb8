package io.claviger.domain.formats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** By which errors OpenAI, and proxies before OpenAI, refuse to return the reasoning. */
class IncludeRefusalTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /error         | include    | Encrypted content is not supported with this model. | INCLUDE_REFUSED
          /error         | include[0] | Invalid value                                       | INCLUDE_REFUSED
          /error         | ''         | OpenAIException - {"message": "Encrypted content is not supported with this model."} | INCLUDE_REFUSED
          /error         | included   | Invalid value                                       | OTHER
          /error         | input      | The encrypted content could not be verified.        | OTHER
          /error/details | include    | Encrypted content is not supported with this model. | OTHER
          ''             | include    | Encrypted content is not supported with this model. | OTHER
          """)
  void an_error_about_include_is_told_from_others(
      String place, String param, String message, ErrorMeaning meaning) {
    assertThat(new OpenAiApi().errorMeaning(place, Map.of("param", param, "message", message)))
        .isEqualTo(meaning);
  }
}
