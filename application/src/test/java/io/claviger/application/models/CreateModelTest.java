package io.claviger.application.models;

import static io.claviger.application.Outcomes.because;
import static io.claviger.application.Outcomes.codes;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.Seeds;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.models.ModelStatus;
import io.claviger.domain.policy.KeyPolicy;
import org.junit.jupiter.api.Test;

class CreateModelTest {
  private final CatalogueFixture k = new CatalogueFixture();
  private final Wiring w = k.w;

  @Test
  void a_model_says_what_was_given_and_who_created_it_when() {
    Instance service = k.runnable("s");

    ModelConfigView view =
        k.created(
            ModelWriteBuilder.openAi("gpt")
                .displayName("GPT")
                .contextLimit(128_000)
                .compressionThreshold(80)
                .on(service));

    ModelConfig model = view.model();
    assertThat(w.claviger.modelConfigs().find(model.id())).contains(model);
    assertThat(model.settings().displayName().value()).isEqualTo("GPT");
    assertThat(model.settings().contextLimit().orElseThrow().value()).isEqualTo(128_000);
    assertThat(model.settings().compressionThreshold().orElseThrow().value()).isEqualTo(80);
    assertThat(model.instance()).contains(service.id());
    assertThat(model.createdBy()).contains(k.root.handle());
    assertThat(model.updatedBy()).contains(k.root.handle());
    assertThat(model.createdAt()).isEqualTo(Seeds.SEEDED_AT.plusSeconds(1));
    assertThat(view.service()).contains(service.ref());
    assertThat(view.status()).isEqualTo(ModelStatus.RUNNABLE);
  }

  @Test
  void without_a_word_it_is_bound_to_the_oldest_enabled_system_level_service_of_its_provider() {
    w.stored(AnInstance.systemLevel("a-disabled").disabled().build());
    w.stored(AnInstance.of(k.root, "a-users").build());
    w.stored(AnInstance.systemLevel("a-others").provider(Provider.COHERE).build());
    w.stored(AnInstance.systemLevel("a-younger").createdAt(Seeds.SEEDED_AT.plusNanos(1)).build());
    Instance oldest = k.keyless("z");

    assertThat(k.created(ModelWriteBuilder.openAi("gpt")).service()).contains(oldest.ref());
  }

  @Test
  void where_there_is_none_it_stays_unbound() {
    w.stored(AnInstance.systemLevel("disabled").disabled().build());

    ModelConfigView view = k.created(ModelWriteBuilder.openAi("gpt"));

    assertThat(view.service()).isEmpty();
    assertThat(view.status()).isEqualTo(ModelStatus.NO_INSTANCE);
  }

  @Test
  void null_leaves_it_unbound() {
    k.runnable("s");

    ModelConfigView view = k.created(ModelWriteBuilder.openAi("gpt").unbound());

    assertThat(view.model().instance()).isEmpty();
    assertThat(view.status()).isEqualTo(ModelStatus.RUNNABLE);
  }

  @Test
  void what_it_is_bound_to_is_system_level_enabled_and_of_its_provider() {
    Instance users = w.stored(AnInstance.of(k.root, "u").build());
    Instance disabled = w.stored(AnInstance.systemLevel("d").disabled().build());
    Instance others = w.stored(AnInstance.systemLevel("c").provider(Provider.COHERE).build());

    assertThat(refused(users)).isEqualTo("/service not_allowed");
    assertThat(refused(disabled)).isEqualTo("/service service_disabled");
    assertThat(refused(others)).isEqualTo("/service provider_differs");
    assertThat(because(k.create(k.root, ModelWriteBuilder.openAi("gpt").on("_system/none"))))
        .isEqualTo("/service unknown_reference");
    assertThat(k.live()).isEmpty();
  }

  @Test
  void everything_that_is_wrong_with_a_service_is_told_at_once() {
    Instance wrong =
        w.stored(AnInstance.of(k.root, "u").provider(Provider.COHERE).disabled().build());

    assertThat(codes(k.create(k.root, ModelWriteBuilder.openAi("gpt").on(wrong))))
        .containsExactly(
            "/service not_allowed", "/service service_disabled", "/service provider_differs");
  }

  @Test
  void provider_and_model_are_needed() {
    assertThat(codes(k.create(k.root, ModelWriteBuilder.of())))
        .containsExactly("/provider required", "/model required");
  }

  @Test
  void administrators_alone_create_models() {
    assertThat(because(k.create(k.alice, ModelWriteBuilder.openAi("gpt")))).isEqualTo("forbidden");
    assertThat(
            because(
                w.modelConfigs.create(w.using(k.root), ModelWriteBuilder.openAi("gpt").command())))
        .isEqualTo("forbidden");
  }

  @Test
  void the_first_one_is_the_default_and_stays_it() {
    assertThat(k.created(ModelWriteBuilder.openAi("first").enabled(false)).model().isDefault())
        .isTrue();
    assertThat(k.created(ModelWriteBuilder.openAi("second")).model().isDefault()).isFalse();

    assertThat(k.defaults()).containsExactly("first");
  }

  @Test
  void the_first_one_is_the_default_even_if_it_says_otherwise() {
    assertThat(k.created(ModelWriteBuilder.openAi("first").isDefault(false)).model().isDefault())
        .isTrue();
  }

  @Test
  void a_new_one_can_take_the_place_of_the_default() {
    k.created(ModelWriteBuilder.openAi("first"));

    ModelConfig second = k.created(ModelWriteBuilder.openAi("second").isDefault(true)).model();

    assertThat(second.isDefault()).isTrue();
    assertThat(second.version()).isEqualTo(1);
    assertThat(k.defaults()).containsExactly("second");
  }

  @Test
  void a_disabled_one_can_not() {
    k.created(ModelWriteBuilder.openAi("first"));

    assertThat(
            because(
                k.create(
                    k.root, ModelWriteBuilder.openAi("second").enabled(false).isDefault(true))))
        .isEqualTo("/is_default not_allowed");
    assertThat(k.live()).containsExactly("first");
  }

  @Test
  void a_creation_is_on_record_with_whom_the_default_goes_to() {
    k.created(ModelWriteBuilder.openAi("first"));

    Outcome<ModelConfigView> unused =
        k.create(k.root, ModelWriteBuilder.openAi("second").isDefault(true));

    assertThat(w.recorded())
        .containsExactly(
            "model.update done openai/first [is_default]", "model.create done openai/second []");
    assertThat(w.events())
        .extracting(AuditEvent::target)
        .allSatisfy(t -> assertThat(t.owner()).contains(User.Id.SYSTEM));
  }

  @Test
  void a_refusal_is_on_record() {
    Outcome<ModelConfigView> forbidden = k.create(k.alice, ModelWriteBuilder.openAi("gpt"));
    Outcome<ModelConfigView> incomplete = k.create(k.root, ModelWriteBuilder.of());

    assertThat(forbidden).isNotEqualTo(incomplete);
    assertThat(w.recorded())
        .containsExactly(
            "model.create refused openai/gpt [forbidden]", "model.create refused ?/? [required]");
  }

  @Test
  void a_status_is_that_of_who_has_no_key_of_their_own_whoever_looks() {
    Instance service =
        w.stored(AnInstance.systemLevel("s").keyPolicy(new KeyPolicy(false, true, false)).build());
    k.keys.ofUser(service, k.root, Wiring.CANARY);

    assertThat(k.created(ModelWriteBuilder.openAi("gpt")).status())
        .isEqualTo(ModelStatus.USER_API_KEY_REQUIRED);
  }

  private String refused(Instance service) {
    return because(k.create(k.root, ModelWriteBuilder.openAi("gpt").on(service)));
  }
}
