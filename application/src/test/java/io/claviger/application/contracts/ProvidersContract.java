package io.claviger.application.contracts;

import static io.claviger.application.shared.ConcurrencyConflict.How.REFERENCE_GONE;
import static io.claviger.application.shared.ConcurrencyConflict.How.TAKEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.application.builders.ADefinition;
import io.claviger.application.builders.AModelConfig;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.shared.StillReferenced;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.EndpointTemplate;
import io.claviger.domain.definitions.ListedProvider;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.definitions.ProviderContent;
import io.claviger.domain.definitions.ProviderContent.Trait;
import io.claviger.domain.definitions.SettingPattern;
import io.claviger.domain.fairness.LimitHeaders;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.names.CallerField;
import io.claviger.domain.standards.WireFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What {@link io.claviger.application.providers.port.ProviderStore} promises. */
public abstract class ProvidersContract extends PortContract {
  private static final ProviderContent PLAIN = ProviderContent.of(WireFormat.OPENAI);
  private static final ProviderContent FULL =
      new ProviderContent(
          WireFormat.COHERE,
          Optional.of(new Handle("cohere")),
          Optional.empty(),
          Optional.of(
              new EndpointTemplate(
                  "https://{region}.llm.example.org/v1/{project}",
                  List.of(
                      new EndpointTemplate.Setting(
                          "region",
                          EndpointTemplate.Kind.LABEL,
                          20,
                          Optional.empty(),
                          Optional.empty()),
                      new EndpointTemplate.Setting(
                          "project",
                          EndpointTemplate.Kind.SEGMENT,
                          9,
                          Optional.empty(),
                          Optional.empty()),
                      new EndpointTemplate.Setting(
                          "api_version",
                          EndpointTemplate.Kind.QUERY,
                          20,
                          Optional.of("api-version"),
                          Optional.of(new SettingPattern("[0-9]{4}-.*"))),
                      new EndpointTemplate.Setting(
                          "team",
                          EndpointTemplate.Kind.HEADER,
                          256,
                          Optional.of("X-Team"),
                          Optional.empty())))),
          Optional.of("together_ai"),
          LimitHeaders.ANTHROPIC,
          Set.of(CallerField.CHAT_STORE, CallerField.PROMPT_CACHE_KEY),
          Set.of(Trait.STREAMS_ASKED, Trait.HALVES_BATCHES));

  @Test
  void those_that_the_program_knows_are_there() {
    assertThat(ports.providers().list(Optional.empty(), 200).stream().map(ListedProvider::provider))
        .containsAll(Provider.known());
    ListedProvider groq = ports.providers().find(handle("groq")).orElseThrow();
    assertThat(groq.isDefined()).isFalse();
    assertThat(groq.provider().content()).isEqualTo(Provider.GROQ.content());
  }

  @Test
  void a_provider_is_found_as_stored() {
    ListedProvider stored = insert("house", FULL);

    for (Optional<ListedProvider> found :
        List.of(
            ports.providers().find(handle("house")),
            ports.providers().lock(handle("house")),
            ports.providers().hold(handle("house")))) {
      assertThat(found).contains(stored);
      assertThat(found.orElseThrow().provider().content()).isEqualTo(FULL);
    }
    assertThat(ports.providers().find(handle("other"))).isEmpty();
    assertThat(ports.providers().list(Optional.of(handle("groq")), 2).getFirst()).isEqualTo(stored);
    assertThat(ports.transactions().inTransaction(ports.providers()::lockAndCount))
        .isEqualTo(ports.providers().list(Optional.empty(), 200).size());
  }

  @Test
  void a_handle_is_taken_once() {
    assertLost(TAKEN, () -> insert("openai", PLAIN));
  }

  @Test
  void a_known_one_is_replaced_and_comes_back() {
    ListedProvider before = ports.providers().find(handle("groq")).orElseThrow();
    Provider mine = Provider.of("groq", FULL);
    ports.providers().update(new ListedProvider(mine, true, 2, before.createdAt(), NOW));

    ListedProvider replaced = ports.providers().find(handle("groq")).orElseThrow();
    assertThat(replaced.isDefined()).isTrue();
    assertThat(replaced.provider().content()).isEqualTo(FULL);

    ports.providers().update(new ListedProvider(Provider.GROQ, false, 3, before.createdAt(), NOW));
    assertThat(ports.providers().find(handle("groq")).orElseThrow().provider().content())
        .isEqualTo(Provider.GROQ.content());
  }

  @Test
  void services_are_of_the_provider_as_it_is_said_to_be_now() {
    User alice = user("alice");
    insert("house", PLAIN);
    Instance instance = stored(AnInstance.of(alice, "i").provider(Provider.of("house")).build());
    assertThat(provider(instance, alice).content()).isEqualTo(PLAIN);

    ports
        .providers()
        .update(new ListedProvider(Provider.of("house", FULL), true, 2, NOW, NOW.plusSeconds(1)));

    assertThat(provider(instance, alice).content()).isEqualTo(FULL);
  }

  @Test
  void what_is_gone_can_not_be_updated_deleted_or_used() {
    User alice = user("alice");
    assertLost(
        REFERENCE_GONE,
        () ->
            ports
                .providers()
                .update(new ListedProvider(Provider.of("gone", PLAIN), true, 1, NOW, NOW)));
    assertLost(REFERENCE_GONE, () -> ports.providers().delete(handle("gone")));
    assertLost(
        REFERENCE_GONE,
        () -> stored(AnInstance.of(alice, "i").provider(Provider.of("gone")).build()));
    assertLost(
        REFERENCE_GONE,
        () -> stored(ADefinition.of(alice, "d").provider(Provider.of("gone")).build()));
  }

  @Test
  void one_in_use_is_not_deleted() {
    User alice = user("alice");
    insert("house", PLAIN);
    Definition definition =
        stored(ADefinition.of(alice, "d").provider(Provider.of("house")).build());
    assertStillInUse();
    ports.definitions().delete(definition.id());

    Instance instance = stored(AnInstance.of(alice, "i").provider(Provider.of("house")).build());
    assertStillInUse();
    ports.instances().delete(instance.id());

    User root = stored(AUser.called("root").administrator());
    ports
        .modelConfigs()
        .insert(AModelConfig.of("m").provider(Provider.of("house")).build(), root.id());
    assertStillInUse();
    assertThat(ports.modelConfigs().deleteUnboundOf(Provider.of("house"), root.id(), NOW))
        .hasSize(1);

    ports.providers().delete(handle("house"));
    assertThat(ports.providers().find(handle("house"))).isEmpty();
  }

  private Provider provider(Instance instance, User viewer) {
    return ports
        .instances()
        .find(instance.id(), viewer.id(), NOW)
        .orElseThrow()
        .instance()
        .provider();
  }

  private void assertStillInUse() {
    assertThatExceptionOfType(StillReferenced.class)
        .isThrownBy(() -> ports.providers().delete(handle("house")));
  }

  private ListedProvider insert(String handle, ProviderContent content) {
    ListedProvider provider = new ListedProvider(Provider.of(handle, content), true, 1, NOW, NOW);
    ports.providers().insert(provider);
    return provider;
  }
}
