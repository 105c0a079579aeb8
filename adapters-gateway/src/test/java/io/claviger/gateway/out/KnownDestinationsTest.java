package io.claviger.gateway.out;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.domain.accounts.User;
import io.claviger.domain.credentials.TokenUrl;
import io.claviger.domain.policy.CallQuestion.Reach;
import io.claviger.domain.webhooks.WebhookUrl;
import io.claviger.gateway.egress.AllowedPrivateHosts;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KnownDestinationsTest {
  private static final User ALICE = AUser.called("alice").build();

  private final KnownDestinations destinations =
      KnownDestinations.of(
          OutboundSettings.strict()
              .withAllowedPrivateHosts(AllowedPrivateHosts.of("10.0.0.7, localhost:11434")));

  @ParameterizedTest
  @CsvSource({
    "https://8.8.8.8/v1, ALLOWED",
    "http://8.8.8.8/v1, NOT_ALLOWED",
    "https://10.0.0.1/v1, NOT_ALLOWED",
    "http://10.0.0.7/v1, ALLOWED",
    "http://localhost/v1, NOT_ALLOWED",
    "http://localhost:11434/v1, ALLOWED",
    "https://[::1]/v1, NOT_ALLOWED",
    "https://169.254.169.254/v1, NOT_ALLOWED",
    "https://api.openai.com/v1, UNKNOWN"
  })
  void addresses_are_judged_as_calls_judge_them(String endpoint, Reach expected) {
    assertThat(destinations.judge(AnInstance.of(ALICE, "x").endpoint(endpoint).build(), true))
        .isEqualTo(expected);
    assertThat(destinations.judge(TokenUrl.of(endpoint), false)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "http://10.0.0.1/v1, ALLOWED",
    "http://localhost:1/v1, ALLOWED",
    "https://169.254.169.254/v1, NOT_ALLOWED"
  })
  void system_level_services_may_be_at_private_addresses(String endpoint, Reach expected) {
    assertThat(destinations.judge(AnInstance.systemLevel("x").endpoint(endpoint).build(), true))
        .isEqualTo(expected);
    assertThat(destinations.judge(TokenUrl.of(endpoint), true)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "https://8.8.8.8/hook, false",
    "https://10.0.0.1/hook, true",
    "https://10.0.0.7/hook, false",
    "https://127.0.0.1:8443/hook, true",
    "https://localhost/hook, true",
    "https://localhost:11434/hook, false",
    "https://[::1]/hook, true",
    "https://[::ffff:10.0.0.1]/hook, true",
    "https://169.254.169.254/hook, true",
    "https://hooks.example.com/hook, false"
  })
  void webhooks_are_judged_as_deliveries_judge_them(String url, boolean refused) {
    assertThat(destinations.refuse(WebhookUrl.of(url))).isEqualTo(refused);
  }
}
