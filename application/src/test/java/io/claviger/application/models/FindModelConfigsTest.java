package io.claviger.application.models;

import static io.claviger.application.Outcomes.because;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.models.ModelStatus;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.sharing.Audience;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The catalogue as administrators see it. */
class FindModelConfigsTest {
  private final CatalogueFixture k = new CatalogueFixture();
  private final Wiring w = k.w;

  @Test
  void each_entry_says_what_it_is_bound_to_and_its_status() {
    Instance alive = k.runnable("alive");
    Instance dead = k.keyless("dead");
    Instance users =
        w.stored(
            AnInstance.systemLevel("users").keyPolicy(new KeyPolicy(false, true, false)).build());
    Instance lent =
        k.keys.withKey(AnInstance.systemLevel("lent").audience(Audience.SHARED), Wiring.CANARY);
    Instance lentKeyless =
        w.stored(AnInstance.systemLevel("void").audience(Audience.SHARED).build());
    k.created(ModelWriteBuilder.openAi("runnable").on(alive));
    k.created(ModelWriteBuilder.openAi("disabled").on(alive).enabled(false));
    k.created(ModelWriteBuilder.openAi("keyless").on(dead));
    k.created(ModelWriteBuilder.openAi("users").on(users));
    k.created(ModelWriteBuilder.of().provider(Provider.MISTRAL).model("homeless"));
    k.created(ModelWriteBuilder.openAi("lent").on(lent));
    k.created(ModelWriteBuilder.openAi("void").on(lentKeyless));

    assertThat(listed(10).items())
        .extracting(ModelConfigView::status)
        .containsExactly(
            ModelStatus.RUNNABLE,
            ModelStatus.DISABLED,
            ModelStatus.MISSING_API_KEY,
            ModelStatus.USER_API_KEY_REQUIRED,
            ModelStatus.NO_INSTANCE,
            ModelStatus.SHARE_REQUIRED,
            ModelStatus.MISSING_API_KEY);
    assertThat(listed(10).items())
        .extracting(ModelConfigView::service)
        .containsExactly(
            Optional.of(alive.ref()),
            Optional.of(alive.ref()),
            Optional.of(dead.ref()),
            Optional.of(users.ref()),
            Optional.empty(),
            Optional.of(lent.ref()),
            Optional.of(lentKeyless.ref()));
  }

  @Test
  void pages_skip_and_repeat_nothing() {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      all.add(CatalogueFixture.name(k.created(ModelWriteBuilder.openAi("m" + i)).model()));
    }

    List<String> paged = new ArrayList<>();
    Page<ModelConfigView, TimeCursor> page = listed(2);
    while (page.next().isPresent()) {
      paged.addAll(names(page));
      page = listed(new PageRequest<>(page.next(), 2));
    }
    paged.addAll(names(page));

    assertThat(paged).isEqualTo(all);
  }

  @Test
  void administrators_alone_see_the_catalogue() {
    ModelConfig.Id id = k.created(ModelWriteBuilder.openAi("gpt")).model().id();

    for (Actor other : new Actor[] {w.as(k.alice), w.using(k.root), w.using(k.alice)}) {
      assertThat(because(w.modelConfigs.find(other, id))).isEqualTo("forbidden");
      assertThat(because(w.modelConfigs.list(other, first(10)))).isEqualTo("forbidden");
    }
  }

  @Test
  void what_is_not_there_is_not_found() {
    ModelConfig.Id none = new ModelConfig.Id(w.claviger.ids().next());

    assertThat(because(w.modelConfigs.find(w.as(k.root), none))).isEqualTo("not_found");
  }

  @Test
  void a_status_follows_the_service() {
    Instance service = k.keyless("s");
    ModelConfigView model = k.created(ModelWriteBuilder.openAi("gpt").on(service));
    assertThat(k.status(model)).isEqualTo(ModelStatus.MISSING_API_KEY);

    w.claviger.deploymentKeys().put(Provider.OPENAI, "sk-deployment-key");
    assertThat(k.status(model)).isEqualTo(ModelStatus.RUNNABLE);
  }

  private Page<ModelConfigView, TimeCursor> listed(int limit) {
    return listed(first(limit));
  }

  private Page<ModelConfigView, TimeCursor> listed(PageRequest<TimeCursor> request) {
    Outcome<Page<ModelConfigView, TimeCursor>> outcome = w.modelConfigs.list(w.as(k.root), request);
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    return outcome.orThrow();
  }

  private static PageRequest<TimeCursor> first(int limit) {
    return new PageRequest<>(Optional.empty(), limit);
  }

  private static List<String> names(Page<ModelConfigView, TimeCursor> page) {
    return page.items().stream().map(v -> CatalogueFixture.name(v.model())).toList();
  }
}
