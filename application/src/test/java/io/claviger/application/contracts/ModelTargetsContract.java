package io.claviger.application.contracts;

import static io.claviger.application.shared.ConcurrencyConflict.How.REFERENCE_GONE;
import static io.claviger.application.shared.ConcurrencyConflict.How.TAKEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.application.builders.AModelConfig;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.instances.port.InstanceStore.VisibleInstance;
import io.claviger.application.models.port.ModelConfigStore;
import io.claviger.application.shared.StillReferenced;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.models.FailureMode;
import io.claviger.domain.models.ModelAlias;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.models.ModelTarget;
import io.claviger.domain.routing.CatalogueName;
import io.claviger.domain.standards.WireFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link ModelConfigStore} promises of names and targets, and who reads them. */
@SuppressWarnings("NullAway.Init") // set before each test
public abstract class ModelTargetsContract extends PortContract {
  private User root;
  private Instance one;
  private Instance two;
  private Instance claude;

  @BeforeEach
  void fill() {
    root = stored(AUser.called("root").administrator());
    one = stored(AnInstance.systemLevel("one").createdAt(NOW).build());
    two = stored(AnInstance.systemLevel("two").provider(Provider.OPENAI_COMPAT).build());
    claude = stored(AnInstance.systemLevel("claude").provider(Provider.ANTHROPIC).build());
  }

  @Test
  void names_and_targets_are_found_as_stored_and_replaced() {
    ModelConfig model =
        inserted(
            AModelConfig.of("gpt")
                .boundTo(one)
                .called("fast")
                .onFailure(FailureMode.NEXT)
                .then(two, "gpt-b")
                .then(one, "gpt-c"));
    assertThat(ports.modelConfigs().find(model.id())).contains(model);
    assertThat(model.targets()).hasSize(3);

    ModelConfig changed =
        AModelConfig.of("gpt")
            .id(model.id())
            .boundTo(one)
            .then(one, "gpt-c")
            .version(2)
            .createdBy(root)
            .build();
    ports.modelConfigs().update(changed, root.id());
    assertThat(ports.modelConfigs().find(model.id())).contains(changed);
  }

  @Test
  void targets_are_those_of_one_model() {
    ModelConfig first = inserted(AModelConfig.of("a").boundTo(one).then(two, "b").createdAt(NOW));
    ModelConfig second =
        inserted(AModelConfig.of("c").boundTo(two).then(one, "d").createdAt(NOW.plusSeconds(1)));
    ModelConfig third =
        inserted(AModelConfig.of("e").boundTo(one).then(one, "f").createdAt(NOW.plusSeconds(2)));

    assertThat(ports.modelConfigs().find(first.id())).contains(first);
    assertThat(ports.modelConfigs().live(none(), 9)).containsExactly(first, second, third);
    assertThat(ports.modelConfigs().servedBy(two.id())).containsExactly(first, second);
    ModelConfig changed =
        AModelConfig.of("a").id(first.id()).boundTo(one).version(2).createdBy(root).build();
    ports.modelConfigs().update(changed, root.id());
    assertThat(ports.modelConfigs().find(second.id())).contains(second);

    ports.modelConfigs().delete(first.id(), root.id(), NOW);
    assertThat(ports.modelConfigs().findDeleted(first.id()).orElseThrow().model().route().further())
        .isEmpty();
    assertThat(ports.modelConfigs().deleteBoundTo(one.id(), root.id(), NOW)).containsExactly(third);
    assertThat(ports.modelConfigs().live(none(), 9)).containsExactly(second);
    assertThat(ports.modelConfigs().names(WireFormat.OPENAI))
        .containsExactly(second.route().name());
  }

  @Test
  void two_live_models_of_a_format_never_have_one_name() {
    ModelConfig gone = inserted(AModelConfig.of("a").called("n"));
    ports.modelConfigs().delete(gone.id(), root.id(), NOW);
    ModelConfig first = inserted(AModelConfig.of("b").called("n"));
    ModelConfig other = inserted(AModelConfig.of("c").boundTo(claude).called("n"));
    ModelConfig third = inserted(AModelConfig.of("d"));

    assertLost(TAKEN, () -> inserted(AModelConfig.of("e").called("n")));
    assertLost(
        TAKEN,
        () ->
            ports
                .modelConfigs()
                .update(AModelConfig.of("d").id(third.id()).called("n").build(), root.id()));
    assertThat(ports.modelConfigs().names(WireFormat.OPENAI))
        .containsExactlyInAnyOrder(first.route().name(), new ModelAlias("d"));
    assertThat(ports.modelConfigs().names(WireFormat.ANTHROPIC))
        .containsExactly(other.route().name());
  }

  @Test
  void targets_are_system_level_services_of_the_format() {
    User alice = user("alice");
    Instance privately = stored(AnInstance.of(alice, "s").build());

    assertLost(
        REFERENCE_GONE, () -> inserted(AModelConfig.of("a").boundTo(one).then(privately, "b")));
    assertLost(REFERENCE_GONE, () -> inserted(AModelConfig.of("a").boundTo(one).then(claude, "b")));
    assertLost(
        REFERENCE_GONE,
        () ->
            inserted(
                AModelConfig.of("a")
                    .boundTo(one)
                    .then(AnInstance.systemLevel("never").build(), "b")));
  }

  @Test
  void a_service_that_is_a_target_can_neither_be_deleted_nor_change_its_format() {
    ModelConfig model = inserted(AModelConfig.of("a").boundTo(one).then(two, "b"));
    assertThat(model.targets()).hasSize(2);

    assertThatExceptionOfType(StillReferenced.class)
        .isThrownBy(() -> ports.instances().delete(two.id()));
    for (Instance target : List.of(one, two)) {
      assertThatExceptionOfType(StillReferenced.class)
          .isThrownBy(() -> ports.instances().update(speaking(target, "ollama"), KEEP, KEEP));
    }
    ports.instances().update(speaking(two, "none"), KEEP, KEEP);
    assertThat(ports.modelConfigs().find(model.id())).contains(model);
  }

  @Test
  void the_models_of_a_service_are_those_with_any_such_target() {
    ModelConfig first = inserted(AModelConfig.of("a").boundTo(one).then(two, "b"));
    ModelConfig second = inserted(AModelConfig.of("c").boundTo(two).createdAt(NOW));
    ModelConfig third = inserted(AModelConfig.of("d"));

    assertThat(ports.modelConfigs().servedBy(two.id())).containsExactlyInAnyOrder(first, second);
    assertThat(ports.modelConfigs().servedBy(one.id())).containsExactly(first);
    assertThat(ports.modelConfigs().services(root.id(), NOW))
        .extracting(VisibleInstance::instance)
        .contains(one, two);
    assertThat(third.targets()).isEmpty();
  }

  @Test
  void a_deleted_model_leaves_its_targets_alone() {
    ModelConfig model = inserted(AModelConfig.of("a").boundTo(one).then(two, "b"));
    ModelConfig other = inserted(AModelConfig.of("c").boundTo(one).then(two, "d"));

    ports.modelConfigs().delete(model.id(), root.id(), NOW);
    assertThat(ports.modelConfigs().deleteBoundTo(one.id(), root.id(), NOW)).containsExactly(other);
    ports.instances().delete(two.id());
    assertThat(ports.modelConfigs().live(none(), 9)).isEmpty();
  }

  @Test
  void the_format_of_a_standard_is_told() {
    assertThat(ports.modelConfigs().formatOf(new Handle("gemini"))).isEqualTo(WireFormat.GEMINI);
  }

  @Test
  void routing_reads_enabled_models_with_their_targets_in_order() {
    User alice = user("alice");
    Instance younger =
        stored(AnInstance.systemLevel("younger").createdAt(NOW.plusSeconds(1)).build());
    ModelConfig fast =
        inserted(
            AModelConfig.of("gpt")
                .boundTo(one)
                .called("fast")
                .onFailure(FailureMode.NEXT)
                .then(two, "b")
                .then(one, "c")
                .createdAt(NOW));
    ModelConfig unbound = inserted(AModelConfig.of("free").createdAt(NOW.plusSeconds(1)));
    ModelConfig disabled = inserted(AModelConfig.of("off").boundTo(one).disabled());
    ModelConfig homeless = inserted(AModelConfig.of("none").provider(Provider.COHERE));

    assertThat(ports.routingContexts().of(alice.id(), none(), NOW).catalogue())
        .containsExactly(
            new CatalogueName(WireFormat.OPENAI, "fast", fast.targets(), FailureMode.NEXT),
            new CatalogueName(
                WireFormat.OPENAI,
                "free",
                List.of(
                    new ModelTarget(one.id(), new ModelName("free")),
                    new ModelTarget(younger.id(), new ModelName("free"))),
                FailureMode.NONE));
    assertThat(List.of(unbound, disabled, homeless)).hasSize(3);
  }

  private static Instance speaking(Instance instance, String standard) {
    return AnInstance.systemLevel(instance.ref().handle().value())
        .id(instance.id())
        .provider(instance.provider())
        .apiStandard(standard)
        .createdAt(instance.createdAt())
        .build();
  }

  private ModelConfig inserted(AModelConfig builder) {
    ModelConfig model = builder.createdBy(root).build();
    boolean unused =
        ports
            .transactions()
            .inTransaction(
                () -> {
                  ports.modelConfigs().insert(model, root.id());
                  return true;
                });
    return model;
  }
}
