package io.claviger.domain.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenLifetimeTest {
  @ParameterizedTest
  @CsvSource({
    "PT1S, PT0.666666666S, PT0.666666666S",
    "PT29.999S, PT19.999333333S, PT19.999333333S",
    "PT30S, PT20S, PT30S",
    "PT15M, PT10M, PT15M",
    "PT1H, PT40M, PT1H",
    "P1D, PT16H, P1D"
  })
  void a_token_is_renewed_at_two_thirds_and_only_a_short_one_is_not_used_in_its_last_third(
      Duration stated, Duration renewed, Duration used) {
    TokenLifetime lifetime = new TokenLifetime(stated);

    assertThat(lifetime.fault()).isEmpty();
    assertThat(lifetime.renewAfter()).isEqualTo(renewed);
    assertThat(lifetime.usableFor()).isEqualTo(used);
  }

  @ParameterizedTest
  @CsvSource({"PT0S, expired", "PT-1S, expired", "PT24H0.001S, 24 hours", "P365D, '8,760 hours'"})
  void a_token_that_has_expired_or_lives_for_a_year_is_not_used(Duration stated, String why) {
    assertThat(new TokenLifetime(stated).fault().orElseThrow()).contains(why);
  }
}
