package io.claviger.application.contracts;

import static io.claviger.application.shared.ConcurrencyConflict.How.REFERENCE_GONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.application.builders.AModelConfig;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.builders.Seen;
import io.claviger.application.instances.port.InstanceStore.VisibleInstance;
import io.claviger.application.models.port.ModelConfigStore;
import io.claviger.application.shared.StillReferenced;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.SealedKeys;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.sharing.Audience;
import io.claviger.domain.sharing.Share;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link ModelConfigStore} promises of the services that models are bound to and run on. */
@SuppressWarnings("NullAway.Init") // set before each test
public abstract class ModelServicesContract extends PortContract {
  private User alice;

  @BeforeEach
  void fill() {
    alice = user("alice");
  }

  @Test
  void a_model_is_bound_to_a_system_level_service_of_its_provider_that_is_there() {
    Instance users = stored(AnInstance.of(alice, "users").build());
    Instance others = stored(AnInstance.systemLevel("others").provider(Provider.COHERE).build());
    Instance gone = AnInstance.systemLevel("gone").build();
    AModelConfig openAi = AModelConfig.of("gpt");

    for (Instance unfit : new Instance[] {users, others, gone}) {
      assertLost(
          REFERENCE_GONE, () -> inserted(openAi.boundTo(unfit).provider(Provider.OPENAI).build()));
    }
    assertThat(ports.modelConfigs().live(none(), 10)).isEmpty();
  }

  @Test
  void a_bound_model_stays_with_the_provider_of_its_service() {
    Instance service = stored(AnInstance.systemLevel("s").build());
    ModelConfig model = inserted(AModelConfig.of("gpt").boundTo(service).build());
    AModelConfig changed = AModelConfig.of("gpt").id(model.id()).boundTo(service).version(2);

    assertLost(REFERENCE_GONE, () -> update(changed.provider(Provider.COHERE).build()));
    update(AModelConfig.of("gpt").id(model.id()).provider(Provider.COHERE).version(2).build());

    assertThat(ports.modelConfigs().find(model.id()).orElseThrow().instance()).isEmpty();
  }

  @Test
  void a_model_is_rebound_to_nothing_unfit() {
    ModelConfig model = inserted(AModelConfig.of("gpt").build());
    Instance users = stored(AnInstance.of(alice, "users").build());

    assertLost(
        REFERENCE_GONE,
        () -> update(AModelConfig.of("gpt").id(model.id()).boundTo(users).version(2).build()));
  }

  @Test
  void a_service_that_a_model_is_bound_to_stays_and_stays_at_its_provider() {
    Instance service = stored(AnInstance.systemLevel("s").build());
    ModelConfig model = inserted(AModelConfig.of("gpt").boundTo(service).build());
    Instance moved =
        AnInstance.systemLevel("s").id(service.id()).provider(Provider.COHERE).version(2).build();
    Instance disabled = AnInstance.systemLevel("s").id(service.id()).disabled().version(2).build();

    assertThatExceptionOfType(StillReferenced.class)
        .isThrownBy(() -> ports.instances().delete(service.id()));
    assertThatExceptionOfType(StillReferenced.class)
        .isThrownBy(() -> ports.instances().update(moved, KEEP, KEEP));
    ports.instances().update(disabled, KEEP, KEEP);

    assertThat(ports.instances().find(service.id(), alice.id(), NOW))
        .contains(Seen.of(disabled, none()));
    assertThat(ports.modelConfigs().find(model.id())).isPresent();
  }

  @Test
  void a_deleted_model_keeps_no_service() {
    Instance one = stored(AnInstance.systemLevel("one").build());
    Instance other = stored(AnInstance.systemLevel("other").build());
    ModelConfig first = inserted(AModelConfig.of("first").boundTo(one).build());
    inserted(AModelConfig.of("second").boundTo(other).build());

    ports.modelConfigs().delete(first.id(), alice.id(), NOW);
    ports.modelConfigs().deleteBoundTo(other.id(), alice.id(), NOW);
    Instance moved =
        AnInstance.systemLevel("one").id(one.id()).provider(Provider.COHERE).version(2).build();
    ports.instances().update(moved, KEEP, KEEP);
    ports.instances().delete(one.id());
    ports.instances().delete(other.id());

    assertThat(ports.instances().find(one.id(), alice.id(), NOW)).isEmpty();
    assertThat(ports.instances().find(other.id(), alice.id(), NOW)).isEmpty();
  }

  @Test
  void a_shared_service_comes_with_the_viewers_share() {
    Instance lent =
        stored(AnInstance.systemLevel("lent").audience(Audience.SHARED).createdAt(NOW).build());
    inserted(AModelConfig.of("unbound").build());
    User bob = user("bob");
    Share share = shared(lent, AShare.with(bob).givenBy(alice).build(), alice);

    assertThat(ports.modelConfigs().services(bob.id(), NOW))
        .containsExactly(Seen.of(lent, Optional.of(share)));
    assertThat(ports.modelConfigs().services(User.Id.SYSTEM, NOW))
        .containsExactly(Seen.of(lent, none()));
  }

  @Test
  void an_empty_catalogue_runs_on_nothing() {
    stored(AnInstance.systemLevel("s").build());

    assertThat(ports.modelConfigs().services(alice.id(), NOW)).isEmpty();
  }

  @Test
  void bound_models_run_on_their_services_enabled_or_not() {
    Instance enabled = stored(AnInstance.systemLevel("enabled").createdAt(NOW).build());
    Instance disabled = stored(AnInstance.systemLevel("disabled").disabled().build());
    stored(AnInstance.systemLevel("elder").build());
    inserted(AModelConfig.of("one").boundTo(enabled).build());
    inserted(AModelConfig.of("two").boundTo(enabled).disabled().build());
    inserted(AModelConfig.of("three").boundTo(disabled).build());

    assertThat(ports.modelConfigs().services(alice.id(), NOW))
        .containsExactly(Seen.of(disabled, none()), Seen.of(enabled, none()));
  }

  @Test
  void unbound_models_run_on_the_enabled_services_of_their_provider() {
    stored(AnInstance.of(alice, "users").build());
    stored(AnInstance.systemLevel("disabled").disabled().build());
    Instance younger =
        stored(AnInstance.systemLevel("younger").createdAt(NOW.plusSeconds(1)).build());
    Instance oldest = stored(AnInstance.systemLevel("z-oldest").createdAt(NOW).build());
    stored(AnInstance.systemLevel("mistral").provider(Provider.MISTRAL).build());
    inserted(AModelConfig.of("one").build());
    inserted(AModelConfig.of("two").build());
    inserted(AModelConfig.of("cohere").provider(Provider.COHERE).build());

    assertThat(ports.modelConfigs().services(alice.id(), NOW))
        .containsExactly(Seen.of(oldest, none()), Seen.of(younger, none()));
  }

  @Test
  void a_service_comes_once_however_many_models_run_on_it() {
    Instance service = stored(AnInstance.systemLevel("s").build());
    inserted(AModelConfig.of("bound").boundTo(service).build());
    inserted(AModelConfig.of("unbound").build());

    assertThat(ports.modelConfigs().services(alice.id(), NOW))
        .containsExactly(Seen.of(service, none()));
  }

  @Test
  void services_come_by_creation_time_then_id() {
    Instance late = stored(AnInstance.systemLevel("a").createdAt(NOW.plusSeconds(1)).build());
    Instance high =
        stored(InstanceListsContract.withId("high", "f0000000-0000-7000-8000-0a0000000000"));
    Instance low =
        stored(InstanceListsContract.withId("low", "70000000-0000-7000-8000-0a0000000000"));
    for (Instance service : new Instance[] {late, high, low}) {
      inserted(AModelConfig.of("m").called("m of " + service.ref()).boundTo(service).build());
    }

    assertThat(ports.modelConfigs().services(alice.id(), NOW))
        .extracting(VisibleInstance::instance)
        .containsExactly(low, high, late);
  }

  @Test
  void a_deleted_model_runs_on_nothing() {
    Instance service = stored(AnInstance.systemLevel("s").build());
    ModelConfig bound = inserted(AModelConfig.of("bound").boundTo(service).build());
    ModelConfig unbound = inserted(AModelConfig.of("unbound").build());

    ports.modelConfigs().delete(bound.id(), alice.id(), NOW);
    ports.modelConfigs().delete(unbound.id(), alice.id(), NOW);

    assertThat(ports.modelConfigs().services(alice.id(), NOW)).isEmpty();
  }

  @Test
  void a_service_is_seen_with_the_viewers_key_and_choice() {
    Instance service = AnInstance.systemLevel("s").apiKeySetAt(NOW).headerNames("X-One").build();
    SealedValue key = sealed(service, "sk-0123456789");
    SealedValue headers = sealed(service, "X-One:secret");
    ports.instances().insert(service, replace(key), replace(headers));
    SealedValue own = userKey(service, alice);
    boolean unused = ports.defaultServices().choose(alice.id(), service.id());
    inserted(AModelConfig.of("gpt").build());

    assertThat(ports.modelConfigs().services(alice.id(), NOW))
        .containsExactly(
            Seen.of(
                service,
                none(),
                new SealedKeys(Optional.of(key), Optional.of(headers), Optional.of(own)),
                true));
    assertThat(ports.modelConfigs().services(User.Id.SYSTEM, NOW))
        .containsExactly(
            Seen.of(
                service,
                none(),
                new SealedKeys(Optional.of(key), Optional.of(headers), none()),
                false));
  }

  private ModelConfig inserted(ModelConfig model) {
    ports.modelConfigs().insert(model, alice.id());
    return model;
  }

  private void update(ModelConfig model) {
    ports.modelConfigs().update(model, alice.id());
  }
}
