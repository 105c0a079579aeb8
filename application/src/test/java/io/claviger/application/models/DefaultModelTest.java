package io.claviger.application.models;

import static io.claviger.application.Outcomes.because;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.fakes.InMemoryModelConfigs.Deleted;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.models.ModelConfig;
import org.junit.jupiter.api.Test;

/** While there are models, exactly one is the default, also after deletions. */
class DefaultModelTest {
  private final CatalogueFixture k = new CatalogueFixture();
  private final Wiring w = k.w;
  private final Instance dead = k.keyless("dead");
  private final Instance alive = k.runnable("alive");
  private final ModelConfigView first = k.created(ModelWriteBuilder.openAi("first").on(alive));
  private final ModelConfigView unusable = k.created(ModelWriteBuilder.openAi("unusable").on(dead));
  private final ModelConfigView usable = k.created(ModelWriteBuilder.openAi("usable").on(alive));
  private final ModelConfigView younger = k.created(ModelWriteBuilder.openAi("younger").on(alive));

  @Test
  void when_the_default_is_deleted_the_oldest_usable_one_follows() {
    k.delete(first);

    assertThat(k.defaults()).containsExactly("usable");
  }

  @Test
  void when_the_default_is_disabled_the_oldest_usable_one_follows() {
    assertThat(k.patched(first, ModelWriteBuilder.of().enabled(false)).model().isDefault())
        .isFalse();

    assertThat(k.defaults()).containsExactly("usable");
    assertThat(w.recorded())
        .containsExactly(
            "model.update done openai/first [enabled]",
            "model.update done openai/first [is_default]",
            "model.update done openai/usable [is_default]");
  }

  @Test
  void one_that_is_unbound_stays_the_default_while_a_service_of_its_provider_can_run_it() {
    k.delete(usable);
    ModelConfigView unbound = k.patched(first, ModelWriteBuilder.of().unbound());

    // The oldest service of its provider has no key, so it runs on the next one.
    assertThat(unbound.model().isDefault()).isTrue();
    assertThat(k.defaults()).containsExactly("first");
  }

  @Test
  void one_that_is_rebound_stays_the_default() {
    assertThat(k.patched(first, ModelWriteBuilder.of().on(dead)).model().isDefault()).isTrue();

    assertThat(k.defaults()).containsExactly("first");
  }

  @Test
  void where_none_is_usable_the_oldest_live_one_follows() {
    k.delete(usable);
    k.delete(younger);

    k.delete(first);

    assertThat(k.defaults()).containsExactly("unusable");
  }

  @Test
  void where_none_is_usable_and_the_default_is_the_oldest_it_stays() {
    k.delete(usable);
    k.delete(younger);

    assertThat(k.patched(first, ModelWriteBuilder.of().enabled(false)).model().isDefault())
        .isTrue();
    assertThat(k.defaults()).containsExactly("first");
  }

  @Test
  void another_that_is_disabled_or_deleted_leaves_the_default_alone() {
    k.delete(younger);
    assertThat(k.patched(usable, ModelWriteBuilder.of().enabled(false)).model().isDefault())
        .isFalse();

    assertThat(k.defaults()).containsExactly("first");
  }

  @Test
  void the_last_one_leaves_none() {
    for (ModelConfigView model : new ModelConfigView[] {first, unusable, usable, younger}) {
      k.delete(model);
      assertThat(k.defaults()).hasSize(k.live().isEmpty() ? 0 : 1);
    }

    assertThat(k.created(ModelWriteBuilder.openAi("new")).model().isDefault()).isTrue();
  }

  @Test
  void a_deleted_model_stays_on_record_with_who_deleted_it_and_when() {
    k.delete(first);

    Deleted kept = w.claviger.modelConfigs().deleted().get(0);
    assertThat(kept.model().id()).isEqualTo(first.model().id());
    assertThat(kept.model().isDefault()).isFalse();
    assertThat(kept.model().instance()).isEmpty();
    assertThat(kept.author()).contains(k.other.id());
    assertThat(kept.at()).isEqualTo(w.claviger.clock().instant());
    assertThat(w.recorded())
        .containsExactly(
            "model.delete done openai/first []", "model.update done openai/usable [is_default]");
    assertThat(w.events().get(0).target().owner()).contains(User.Id.SYSTEM);
  }

  @Test
  void a_deleted_model_is_seen_by_nobody_again() {
    k.delete(first);

    assertThat(k.live()).containsExactly("unusable", "usable", "younger");
    assertThat(because(w.modelConfigs.find(w.as(k.root), first.model().id())))
        .isEqualTo("not_found");
    assertThat(k.runnableBy(k.alice)).doesNotContain("first");
    assertThat(because(delete(first))).isEqualTo("not_found");
  }

  @Test
  void administrators_alone_delete_models() {
    ModelConfigs models = w.modelConfigs;

    assertThat(because(models.delete(w.as(k.alice), first.model().id(), Precondition.NONE)))
        .isEqualTo("forbidden");
    assertThat(because(models.delete(w.using(k.root), first.model().id(), Precondition.NONE)))
        .isEqualTo("forbidden");
    assertThat(because(models.delete(w.as(k.root), first.model().id(), Precondition.version(99))))
        .isEqualTo("precondition_failed");
    assertThat(k.live()).contains("first");
  }

  private Outcome<ModelConfig.Id> delete(ModelConfigView model) {
    return w.modelConfigs.delete(w.as(k.root), model.model().id(), Precondition.NONE);
  }
}
