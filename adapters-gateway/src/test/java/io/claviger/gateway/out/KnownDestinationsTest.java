package io.claviger.gateway.out;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.accounts.User;
import io.claviger.domain.credentials.CredentialSettings;
import io.claviger.domain.credentials.TokenUrl;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.definitions.SentSettings;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.KeyedInstance;
import io.claviger.domain.policy.CallQuestion.Reach;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.sharing.Audience;
import io.claviger.domain.standards.KeyPlacement;
import io.claviger.domain.webhooks.WebhookUrl;
import io.claviger.gateway.egress.AllowedPrivateHosts;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KnownDestinationsTest {
  private static final User.Id ALICE = new User.Id(new UUID(0, 9));

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
    assertThat(destinations.judge(at(endpoint, ALICE), true)).isEqualTo(expected);
    assertThat(destinations.judge(TokenUrl.of(endpoint), false)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "http://10.0.0.1/v1, ALLOWED",
    "http://localhost:1/v1, ALLOWED",
    "https://169.254.169.254/v1, NOT_ALLOWED"
  })
  void system_level_services_may_be_at_private_addresses(String endpoint, Reach expected) {
    assertThat(destinations.judge(at(endpoint, User.Id.SYSTEM), true)).isEqualTo(expected);
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

  private static KeyedInstance at(String endpoint, User.Id owner) {
    return new Located(
        new Instance.Id(new UUID(0, 1)),
        owner,
        Instance.Ref.of("alice/x"),
        Provider.OPENAI,
        Endpoint.of(endpoint),
        KeyPlacement.BEARER,
        true,
        KeyPolicy.DEFAULT);
  }

  private record Located(
      Instance.Id id,
      User.Id owner,
      Instance.Ref ref,
      Provider provider,
      Endpoint endpoint,
      KeyPlacement placement,
      boolean enabled,
      KeyPolicy keyPolicy)
      implements KeyedInstance {
    @Override
    public CredentialSettings credential() {
      return CredentialSettings.ApiKey.PLAIN;
    }

    @Override
    public SentSettings sent() {
      return SentSettings.NONE;
    }

    @Override
    public Audience audience() {
      return Audience.SHARED;
    }
  }
}
