package io.claviger.imports.dhamps.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.standards.KeyPlacement;
import io.claviger.imports.dhamps.rules.SourceContent.OldStandard;
import io.claviger.imports.dhamps.rules.SourceContent.Stamps;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceKeyPlacementTest {
  @ParameterizedTest
  @CsvSource({
    "auth_bearer, Authorization, false",
    "auth_bearer, authorization, false",
    "auth_bearer, '', false",
    "auth_bearer, x-goog-api-key, true",
    "custom_header, Authorization, true",
    "query_param, key, true",
    "nonsense, '', true"
  })
  void a_standard_differs_where_keys_travel_otherwise(
      String method, String field, boolean differs) {
    OldStandard standard =
        new OldStandard("s", "", method, field, new Stamps(Optional.empty(), Optional.empty()));
    assertThat(SourceKeyPlacement.differs(standard, KeyPlacement.BEARER)).isEqualTo(differs);
  }
}
