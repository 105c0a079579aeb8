package io.claviger.domain.instances;

import static io.claviger.domain.instances.Samples.ALICE;
import static io.claviger.domain.instances.Samples.STORED;
import static io.claviger.domain.instances.Samples.THEN;
import static io.claviger.domain.instances.Samples.instance;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.policy.KeyCandidates;
import io.claviger.domain.policy.KeyCandidates.KeyCandidate;
import io.claviger.domain.standards.KeyPlacement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class InstanceTest {
  private static Instance at(
      User.Id owner, Provider provider, String standard, String endpoint, KeyPlacement placement) {
    DefinitionFields fields =
        new DefinitionFields(
            STORED.fields().description(),
            provider,
            new Handle(standard),
            Endpoint.of(endpoint),
            new ModelName("m"),
            Optional.empty(),
            Optional.empty());
    return instance(owner, withFields(fields), placement);
  }

  private static InstanceSettings withFields(DefinitionFields fields) {
    return new InstanceSettings(
        STORED.definition(), fields, STORED.keyPolicy(), STORED.limits(), STORED.own());
  }

  private static Instance openAi(User.Id owner) {
    return at(owner, Provider.OPENAI, "openai", "https://api.openai.com/v1", KeyPlacement.BEARER);
  }

  private static Instance storing(
      Instance instance, List<HeaderName> headers, Optional<Instant> apiKeySetAt) {
    return new Instance(
        instance.id(),
        instance.owner(),
        instance.ref(),
        instance.settings(),
        instance.placement(),
        instance.definitionRef(),
        headers,
        apiKeySetAt,
        instance.endpointSetBy(),
        instance.headersSetBy(),
        instance.version(),
        instance.createdAt(),
        instance.updatedAt());
  }

  private static boolean takesDeploymentKey(Instance instance, boolean given) {
    return instance
        .keyCandidates(true, KeyCandidate.ABSENT, KeyCandidate.ABSENT, given, true)
        .deploymentKey();
  }

  @Test
  void a_key_goes_to_the_endpoint_as_the_standard_places_it() {
    assertThat(openAi(ALICE).destination())
        .isEqualTo(new Destination(Endpoint.of("https://api.openai.com/v1"), KeyPlacement.BEARER));
  }

  @Test
  void a_deployment_key_goes_to_a_system_level_instance_at_the_providers_default() {
    assertThat(takesDeploymentKey(openAi(User.Id.SYSTEM), true)).isTrue();
  }

  @Test
  void no_deployment_key_goes_anywhere_where_none_is_given() {
    assertThat(takesDeploymentKey(openAi(User.Id.SYSTEM), false)).isFalse();
  }

  @Test
  void no_deployment_key_goes_to_a_users_instance() {
    assertThat(takesDeploymentKey(openAi(ALICE), true)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "openai, openai, https://api.openai.com",
    "openai, openai, https://api.openai.com:8443/v1",
    "openai, openai, http://api.openai.com/v1",
    "openai, openai, https://evil.example/v1",
    "mistral, openai, https://api.openai.com/v1",
    "azure, azure-openai, https://x.openai.azure.com",
    "openai-compat, openai, https://api.openai.com/v1"
  })
  void no_deployment_key_goes_anywhere_but_to_the_providers_default(
      Provider provider, String standard, String endpoint) {
    Instance instance = at(User.Id.SYSTEM, provider, standard, endpoint, KeyPlacement.BEARER);
    assertThat(takesDeploymentKey(instance, true)).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void the_state_of_the_stored_keys_is_passed_on(KeyCandidate user) {
    for (KeyCandidate central : KeyCandidate.values()) {
      for (boolean mayUse : new boolean[] {false, true}) {
        for (boolean headersOpen : new boolean[] {false, true}) {
          assertThat(openAi(ALICE).keyCandidates(mayUse, user, central, false, headersOpen))
              .isEqualTo(
                  new KeyCandidates(
                      mayUse,
                      STORED.enabled(),
                      false,
                      STORED.keyPolicy(),
                      user,
                      central,
                      false,
                      headersOpen));
        }
      }
    }
  }

  @Test
  void an_instance_whose_standard_places_no_key_is_keyless() {
    Instance ollama =
        at(ALICE, Provider.OLLAMA, "none", "http://localhost:11434/v1", KeyPlacement.NONE);
    assertThat(
            ollama
                .keyCandidates(true, KeyCandidate.ABSENT, KeyCandidate.ABSENT, false, true)
                .keyless())
        .isTrue();
  }

  @Test
  void an_instance_has_a_key_when_one_was_set() {
    Instance without = openAi(ALICE);
    Instance with = storing(without, List.of(), Optional.of(THEN));
    assertThat(without.hasApiKey()).isFalse();
    assertThat(with.hasApiKey()).isTrue();
  }

  @Test
  void only_what_the_built_in_user_owns_is_system_level() {
    assertThat(openAi(User.Id.SYSTEM).isSystemLevel()).isTrue();
    assertThat(openAi(ALICE).isSystemLevel()).isFalse();
  }

  @Test
  void what_is_done_to_the_list_of_names_afterwards_does_not_change_the_instance() {
    Instance instance = openAi(ALICE);
    List<HeaderName> names = new ArrayList<>(List.of(new HeaderName("x-a")));
    Instance with = storing(instance, names, Optional.empty());
    names.clear();
    assertThat(with.customHeaderNames()).hasSize(1);
  }
}
