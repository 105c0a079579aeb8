package io.claviger.application.models;

import static io.claviger.application.Outcomes.because;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.models.ModelConfigs.ModelConfigCommand;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.models.ModelConfig;
import org.junit.jupiter.api.Test;

class PatchModelTest {
  private final CatalogueFixture k = new CatalogueFixture();
  private final Wiring w = k.w;
  private final Instance one = k.runnable("one");
  private final Instance two = k.runnable("two");
  private final ModelConfigView first =
      k.created(ModelWriteBuilder.openAi("first").contextLimit(7).on(one));
  private final ModelConfigView second = k.created(ModelWriteBuilder.openAi("second").on(two));

  @Test
  void absent_fields_keep_what_is_there() {
    ModelConfigView after = k.patched(first, ModelWriteBuilder.of().displayName("New"));

    assertThat(after.model().settings().displayName().value()).isEqualTo("New");
    assertThat(after.model().settings().contextLimit().orElseThrow().value()).isEqualTo(7);
    assertThat(after.service()).contains(one.ref());
    assertThat(after.model().isDefault()).isTrue();
  }

  @Test
  void a_change_says_who_made_it_when_and_counts() {
    ModelConfig after = k.patched(first, ModelWriteBuilder.of().displayName("New")).model();

    assertThat(after.createdBy()).contains(k.root.handle());
    assertThat(after.updatedBy()).contains(k.other.handle());
    assertThat(after.createdAt()).isEqualTo(first.model().createdAt());
    assertThat(after.updatedAt()).isEqualTo(w.claviger.clock().instant());
    assertThat(after.version()).isEqualTo(first.model().version() + 1);
    assertThat(w.recorded()).containsExactly("model.update done openai/first [display_name]");
  }

  @Test
  void what_changes_nothing_leaves_no_trace() {
    ModelWriteBuilder same =
        ModelWriteBuilder.openAi("first")
            .displayName("first")
            .contextLimit(7)
            .on(one)
            .isDefault(true);

    assertThat(k.patched(first, same).model()).isEqualTo(first.model());
    assertThat(w.recorded()).isEmpty();
  }

  @Test
  void a_service_is_named_anew_or_taken_away() {
    assertThat(k.patched(second, ModelWriteBuilder.of().on(one)).service()).contains(one.ref());
    assertThat(k.patched(second, ModelWriteBuilder.of().unbound()).service()).isEmpty();
    assertThat(w.recorded())
        .containsExactly(
            "model.update done openai/second [service]",
            "model.update done openai/second [service]");
  }

  @Test
  void what_it_is_rebound_to_is_system_level_enabled_and_of_its_provider() {
    Instance users = w.stored(AnInstance.of(k.root, "u").build());
    Instance disabled = w.stored(AnInstance.systemLevel("d").disabled().build());
    Instance others = w.stored(AnInstance.systemLevel("c").provider(Provider.COHERE).build());

    assertThat(because(k.patch(first, ModelWriteBuilder.of().on(users))))
        .isEqualTo("/service not_allowed");
    assertThat(because(k.patch(first, ModelWriteBuilder.of().on(disabled))))
        .isEqualTo("/service service_disabled");
    assertThat(because(k.patch(first, ModelWriteBuilder.of().on(others))))
        .isEqualTo("/service provider_differs");
    assertThat(because(k.patch(first, ModelWriteBuilder.of().on("_system/none"))))
        .isEqualTo("/service unknown_reference");
    assertThat(w.claviger.modelConfigs().find(first.model().id())).contains(first.model());
  }

  @Test
  void a_service_that_was_disabled_since_may_be_sent_back() {
    w.claviger
        .instances()
        .update(
            AnInstance.systemLevel("one")
                .id(one.id())
                .apiKeySetAt(one.createdAt())
                .disabled()
                .build(),
            new SecretChange.Keep(),
            new SecretChange.Keep());

    assertThat(k.patched(first, ModelWriteBuilder.of().on(one).displayName("New")).service())
        .contains(one.ref());
  }

  @Test
  void the_provider_changes_with_the_service_or_without_one() {
    Instance others = w.stored(AnInstance.systemLevel("c").provider(Provider.COHERE).build());
    ModelWriteBuilder cohere = ModelWriteBuilder.of().provider(Provider.COHERE);

    assertThat(because(k.patch(first, cohere))).isEqualTo("/service provider_differs");
    assertThat(k.patched(first, cohere.on(others)).service()).contains(others.ref());
    assertThat(
            k.patched(second, ModelWriteBuilder.of().provider(Provider.COHERE).unbound())
                .model()
                .settings()
                .provider())
        .isEqualTo(Provider.COHERE);
  }

  @Test
  void another_becomes_the_default_in_place_of_the_one_that_is() {
    assertThat(k.patched(second, ModelWriteBuilder.of().isDefault(true)).model().isDefault())
        .isTrue();

    assertThat(k.defaults()).containsExactly("second");
    assertThat(w.recorded())
        .containsExactly(
            "model.update done openai/first [is_default]",
            "model.update done openai/second [is_default]");
  }

  @Test
  void the_default_can_not_be_given_up_without_another() {
    assertThat(because(k.patch(first, ModelWriteBuilder.of().isDefault(false))))
        .isEqualTo("/is_default default_required");
    assertThat(k.defaults()).containsExactly("first");
  }

  @Test
  void one_that_becomes_the_default_and_changes_otherwise_is_changed_once() {
    ModelConfig after =
        k.patched(second, ModelWriteBuilder.of().displayName("New").isDefault(true)).model();

    assertThat(after.version()).isEqualTo(second.model().version() + 1);
    assertThat(w.recorded())
        .containsExactly(
            "model.update done openai/first [is_default]",
            "model.update done openai/second [display_name, is_default]");
  }

  @Test
  void one_that_is_disabled_may_say_that_it_is_the_default_no_more() {
    assertThat(
            k.patched(first, ModelWriteBuilder.of().enabled(false).isDefault(false))
                .model()
                .isDefault())
        .isFalse();

    assertThat(k.defaults()).containsExactly("second");
  }

  @Test
  void a_disabled_one_can_not_be_made_the_default() {
    assertThat(because(k.patch(second, ModelWriteBuilder.of().enabled(false).isDefault(true))))
        .isEqualTo("/is_default not_allowed");
    assertThat(k.patched(second, ModelWriteBuilder.of().enabled(false)).model().isDefault())
        .isFalse();
    assertThat(because(k.patch(second, ModelWriteBuilder.of().isDefault(true))))
        .isEqualTo("/is_default not_allowed");
    assertThat(k.patched(second, ModelWriteBuilder.of().enabled(true).isDefault(true)).model())
        .satisfies(m -> assertThat(m.isDefault()).isTrue());
  }

  @Test
  void a_precondition_is_held() {
    ModelConfigs models = w.modelConfigs;
    ModelConfig.Id id = first.model().id();
    ModelWriteBuilder change = ModelWriteBuilder.of().displayName("New");
    long version = first.model().version();

    assertThat(
            because(
                models.patch(
                    w.as(k.root), id, Precondition.version(version + 1), change.command())))
        .isEqualTo("precondition_failed");
    assertThat(
            CatalogueFixture.written(
                    models.patch(w.as(k.root), id, Precondition.version(version), change.command()))
                .model()
                .version())
        .isEqualTo(version + 1);
  }

  @Test
  void administrators_alone_change_models_and_only_live_ones() {
    ModelConfigs models = w.modelConfigs;
    ModelConfigCommand change = ModelWriteBuilder.of().displayName("New").command();
    ModelConfig.Id none = new ModelConfig.Id(w.claviger.ids().next());

    assertThat(because(models.patch(w.as(k.alice), first.model().id(), Precondition.NONE, change)))
        .isEqualTo("forbidden");
    assertThat(
            because(models.patch(w.using(k.root), first.model().id(), Precondition.NONE, change)))
        .isEqualTo("forbidden");
    assertThat(because(models.patch(w.as(k.root), none, Precondition.NONE, change)))
        .isEqualTo("not_found");
    k.delete(second);
    assertThat(because(models.patch(w.as(k.root), second.model().id(), Precondition.NONE, change)))
        .isEqualTo("not_found");
  }
}
