package io.claviger.application.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.builders.AModelConfig;
import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.Seeds;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.models.Models.RunnableModel;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.projects.Project;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The models that a user can run. */
class FindModelsTest {
  private static final KeyPolicy USERS = new KeyPolicy(false, true, false);

  private final CatalogueFixture k = new CatalogueFixture();
  private final Wiring w = k.w;

  @Test
  void a_bound_model_runs_where_its_service_is_enabled_and_has_a_key() {
    Instance alive = k.runnable("alive");
    Instance dead = k.keyless("dead");
    k.created(ModelWriteBuilder.openAi("runs").on(alive));
    k.created(ModelWriteBuilder.openAi("lacks-a-key").on(dead));
    k.created(ModelWriteBuilder.openAi("disabled").on(alive).enabled(false));

    assertThat(k.runnableBy(k.alice)).containsExactly("runs");
    disable(alive);
    assertThat(k.runnableBy(k.alice)).isEmpty();
  }

  @Test
  void an_unbound_model_runs_on_the_oldest_service_of_its_provider_that_can_run_it() {
    Instance unused = k.keyless("oldest");
    Instance disabled = k.runnable("disabled");
    Instance younger =
        k.keys.withKey(
            AnInstance.systemLevel("younger").createdAt(Seeds.SEEDED_AT.plusSeconds(1)),
            Wiring.CANARY);
    k.created(ModelWriteBuilder.openAi("unbound").unbound());

    assertThat(runnable(w.as(k.alice)).items())
        .singleElement()
        .satisfies(r -> assertThat(r.service()).isEqualTo(disabled.ref()));
    disable(disabled);
    assertThat(runnable(w.as(k.alice)).items())
        .singleElement()
        .satisfies(r -> assertThat(r.service()).isEqualTo(younger.ref()))
        .satisfies(r -> assertThat(r.source()).isEqualTo(KeySource.CENTRAL));
  }

  @Test
  void a_users_own_key_makes_a_model_run_for_them_alone() {
    Instance service = w.stored(AnInstance.systemLevel("s").keyPolicy(USERS).build());
    k.created(ModelWriteBuilder.openAi("gpt"));
    k.keys.ofUser(service, k.alice, Wiring.CANARY);

    assertThat(runnable(w.as(k.alice)).items())
        .singleElement()
        .satisfies(r -> assertThat(r.source()).isEqualTo(KeySource.USER));
    assertThat(k.runnableBy(k.root)).isEmpty();
  }

  @Test
  void the_deployments_key_makes_models_run() {
    k.keyless("s");
    k.created(ModelWriteBuilder.openAi("gpt"));
    assertThat(k.runnableBy(k.alice)).isEmpty();

    w.claviger.deploymentKeys().put(Provider.OPENAI, "sk-deployment-key");

    assertThat(k.runnableBy(k.alice)).containsExactly("gpt");
  }

  @Test
  void a_key_that_does_not_open_makes_nothing_run() {
    Instance other = k.runnable("other");
    Instance service = k.runnable("s");
    k.created(ModelWriteBuilder.openAi("gpt").on(service));
    w.claviger
        .instances()
        .update(
            service,
            new SecretChange.Replace(
                w.claviger
                    .instances()
                    .find(other.id(), User.Id.SYSTEM, w.claviger.clock().instant())
                    .orElseThrow()
                    .keys()
                    .apiKey()
                    .orElseThrow()),
            new SecretChange.Keep());

    assertThat(k.runnableBy(k.alice)).isEmpty();
  }

  @Test
  void a_restricted_token_shows_the_models_of_its_own_service_alone() {
    Instance one = k.runnable("one");
    Instance other = k.runnable("other");
    k.created(ModelWriteBuilder.openAi("ones").on(one));
    k.created(ModelWriteBuilder.openAi("others").on(other));
    Project project = w.stored(AProject.of(k.alice, "p").using(one).build());

    assertThat(names(runnable(w.with(k.alice, AToken.of(k.alice).onlyFor(other).build()))))
        .containsExactly("others");
    assertThat(names(runnable(w.with(k.alice, AToken.of(k.alice).onlyFor(project).build()))))
        .isEmpty();
  }

  @Test
  void a_token_that_only_uses_shows_them() {
    k.runnable("s");
    k.created(ModelWriteBuilder.openAi("gpt"));

    assertThat(names(runnable(w.using(k.alice)))).containsExactly("gpt");
  }

  @Test
  void pages_skip_and_repeat_nothing_however_many_cannot_run_in_between() {
    k.runnable("s");
    Instance dead = k.keyless("dead");
    List<ModelConfig> run = new ArrayList<>();
    for (int i = 0; i < 450; i++) {
      boolean runs = i % 100 == 0 || i > 445;
      ModelConfig model = stored(i, runs, dead);
      if (runs) {
        run.add(model);
      }
    }

    for (int size : new int[] {1, 2, 3, 9, 200}) {
      assertThat(pages(size)).isEqualTo(run.stream().map(CatalogueFixture::name).toList());
    }
  }

  @Test
  void all_models_of_a_service_run_and_none_prints_its_key() {
    k.runnable("s");
    for (int i = 0; i < 10; i++) {
      k.created(ModelWriteBuilder.openAi("m" + i));
    }

    assertThat(k.runnableBy(k.alice)).hasSize(10);
    assertThat(runnable(w.as(k.alice)).toString()).doesNotContain(Wiring.CANARY);
  }

  private ModelConfig stored(int number, boolean runs, Instance dead) {
    AModelConfig builder =
        AModelConfig.of("m" + number).createdAt(Seeds.SEEDED_AT.plusSeconds(number / 7));
    ModelConfig model = (runs ? builder : builder.boundTo(dead)).build();
    w.claviger.modelConfigs().insert(model, k.root.id());
    return model;
  }

  private List<String> pages(int size) {
    List<String> all = new ArrayList<>();
    Optional<TimeCursor> after = Optional.empty();
    do {
      Page<RunnableModel, TimeCursor> page =
          w.models.list(w.as(k.alice), new PageRequest<>(after, size)).orThrow();
      all.addAll(names(page));
      after = page.next();
    } while (after.isPresent());
    return all;
  }

  private Page<RunnableModel, TimeCursor> runnable(Actor actor) {
    return w.models.list(actor, new PageRequest<>(Optional.empty(), 200)).orThrow();
  }

  private static List<String> names(Page<RunnableModel, TimeCursor> page) {
    return page.items().stream().map(r -> CatalogueFixture.name(r.model())).toList();
  }

  private void disable(Instance service) {
    AnInstance disabled =
        AnInstance.systemLevel(service.ref().handle().value()).id(service.id()).disabled();
    w.claviger
        .instances()
        .update(
            service.apiKeySetAt().map(disabled::apiKeySetAt).orElse(disabled).build(),
            new SecretChange.Keep(),
            new SecretChange.Keep());
  }
}
