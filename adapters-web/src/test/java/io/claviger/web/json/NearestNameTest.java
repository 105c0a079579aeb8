package io.claviger.web.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {
  private static final Set<String> KNOWN =
      Set.of("api_key", "display_name", "description", "endpoint", "model", "dimensions");

  @ParameterizedTest
  @CsvSource({
    "apiKey, api_key",
    "api-key, api_key",
    "key_api_key, api_key",
    "dimension, dimensions",
    "discription, description",
    "modle, model",
    "displayname, display_name"
  })
  void a_slip_leads_to_the_name_that_was_meant(String given, String meant) {
    assertThat(NearestName.of(given, KNOWN)).contains(meant);
  }

  @Test
  void nothing_is_guessed_where_nothing_is_similar() {
    assertThat(NearestName.of("colour", KNOWN)).isEmpty();
    assertThat(NearestName.of("", KNOWN)).isEmpty();
    assertThat(NearestName.of("api_key".repeat(50), KNOWN)).isEmpty();
  }
}
