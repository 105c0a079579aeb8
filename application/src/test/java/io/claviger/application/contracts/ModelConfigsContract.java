package io.claviger.application.contracts;

import static io.claviger.application.shared.ConcurrencyConflict.How.REFERENCE_GONE;
import static io.claviger.application.shared.ConcurrencyConflict.How.TAKEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.claviger.application.builders.AModelConfig;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.models.port.ModelConfigStore;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.models.DeletedModel;
import io.claviger.domain.models.FailureMode;
import io.claviger.domain.models.ModelConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What {@link ModelConfigStore} promises of the catalogue itself; of the services that its models
 * run on, see {@link ModelServicesContract}.
 */
@SuppressWarnings("NullAway.Init") // set before each test
public abstract class ModelConfigsContract extends PortContract {
  private User root;
  private User other;

  @BeforeEach
  void fill() {
    root = stored(AUser.called("root").administrator());
    other = stored(AUser.called("second").administrator());
  }

  @Test
  void a_model_is_found_as_stored() {
    Instance service = stored(AnInstance.systemLevel("s").provider(Provider.COHERE).build());
    ModelConfig full =
        inserted(
            AModelConfig.of("embed-v4.0")
                .boundTo(service)
                .displayName("Embeddings, the large ones")
                .disabled()
                .contextLimit(128_000)
                .compressionThreshold(0)
                .asDefault()
                .createdAt(NOW));
    ModelConfig bare = inserted(AModelConfig.of("gpt"));

    assertThat(ports.modelConfigs().find(full.id())).contains(full);
    assertThat(ports.modelConfigs().find(bare.id())).contains(bare);
    assertThat(ports.modelConfigs().find(new ModelConfig.Id(ports.ids().next()))).isEmpty();
  }

  @Test
  void an_update_replaces_everything_but_the_creation() {
    Instance service = stored(AnInstance.systemLevel("s").provider(Provider.GOOGLE).build());
    ModelConfig before = inserted(AModelConfig.of("gpt").contextLimit(7).createdAt(NOW));

    AModelConfig changed =
        AModelConfig.of("gemini")
            .id(before.id())
            .boundTo(service)
            .displayName("New")
            .disabled()
            .compressionThreshold(100)
            .asDefault()
            .version(2);
    ports
        .modelConfigs()
        .update(changed.createdAt(NOW.plusSeconds(9)).createdBy(other).build(), other.id());

    assertThat(ports.modelConfigs().find(before.id()))
        .contains(
            changed
                .createdAt(NOW)
                .updatedAt(NOW.plusSeconds(9))
                .createdBy(root)
                .updatedBy(other)
                .build());
  }

  @Test
  void who_wrote_a_model_is_forgotten_with_them() {
    ModelConfig model = inserted(AModelConfig.of("gpt"));
    ModelConfig changed = AModelConfig.of("gpt").id(model.id()).createdBy(root).build();
    ports.modelConfigs().update(changed, other.id());
    ModelConfig deleted = inserted(AModelConfig.of("gone"));
    ports.modelConfigs().delete(deleted.id(), other.id(), NOW);

    ports.users().delete(other.id());
    assertThat(ports.modelConfigs().find(model.id()).orElseThrow())
        .satisfies(m -> assertThat(m.createdBy()).contains(root.handle()))
        .satisfies(m -> assertThat(m.updatedBy()).isEmpty());
    ports.users().delete(root.id());
    assertThat(ports.modelConfigs().find(model.id()).orElseThrow().createdBy()).isEmpty();
  }

  @Test
  void models_are_listed_by_creation_time_then_id() {
    ModelConfig late = inserted(AModelConfig.of("late").createdAt(NOW.plusNanos(1000)));
    ModelConfig high = inserted(withId("f0000000-0000-7000-8000-000000000000"));
    ModelConfig middle = inserted(withId("70000000-0000-7000-f000-000000000000"));
    ModelConfig low = inserted(withId("70000000-0000-7000-8000-000000000000"));
    ModelConfig early = inserted(AModelConfig.of("early").createdAt(NOW.minusSeconds(1)));

    assertThat(live()).containsExactly(early, low, middle, high, late);
  }

  @Test
  void pages_skip_and_repeat_nothing() {
    for (int i = 0; i < 5; i++) {
      inserted(AModelConfig.of("m" + i).createdAt(NOW.plusSeconds(i / 2)));
    }

    for (int size = 1; size <= 6; size++) {
      assertThat(pages(size)).isEqualTo(live());
    }
  }

  @Test
  void a_deleted_model_is_never_seen_again() {
    Instance service = stored(AnInstance.systemLevel("s").build());
    ModelConfig gone = inserted(AModelConfig.of("gone").boundTo(service).asDefault());
    ModelConfig stays = inserted(AModelConfig.of("stays"));

    ports.modelConfigs().delete(gone.id(), other.id(), NOW);

    assertThat(ports.modelConfigs().find(gone.id())).isEmpty();
    assertThat(live()).containsExactly(stays);
    assertThat(ports.modelConfigs().deleteBoundTo(service.id(), root.id(), NOW)).isEmpty();
    assertThat(ports.modelConfigs().deleteUnboundOf(Provider.OPENAI, root.id(), NOW))
        .containsExactly(stays);
  }

  @Test
  void deleted_models_are_listed_with_who_and_when_the_last_one_first() {
    Instance service = stored(AnInstance.systemLevel("s").build());
    ModelConfig first = inserted(AModelConfig.of("first").boundTo(service).asDefault());
    ModelConfig last = inserted(AModelConfig.of("last"));
    ModelConfig middle = inserted(AModelConfig.of("middle"));
    ModelConfig unused = inserted(AModelConfig.of("live"));
    ports.modelConfigs().delete(first.id(), other.id(), NOW);
    ports.modelConfigs().delete(last.id(), root.id(), NOW.plusSeconds(2));
    ports.modelConfigs().delete(middle.id(), root.id(), NOW.plusSeconds(1));

    List<DeletedModel> all = ports.modelConfigs().deleted(Optional.empty(), 9);
    assertThat(all)
        .extracting(gone -> gone.model().id())
        .containsExactly(last.id(), middle.id(), first.id());
    DeletedModel oldest = all.get(2);
    assertThat(oldest.deletedBy()).contains(other.handle());
    assertThat(oldest.at()).isEqualTo(NOW);
    assertThat(oldest.model().instance()).isEmpty();
    assertThat(oldest.model().isDefault()).isFalse();
    assertThat(oldest.model().version()).isEqualTo(first.version() + 1);
    assertThat(ports.modelConfigs().findDeleted(first.id())).contains(oldest);
    assertThat(ports.modelConfigs().findDeleted(unused.id())).isEmpty();
    TimeCursor after = new TimeCursor(NOW.plusSeconds(1), middle.id().value());
    assertThat(ports.modelConfigs().deleted(Optional.of(after), 9)).containsExactly(oldest);
    assertThat(ports.modelConfigs().deleted(Optional.empty(), 1)).containsExactly(all.get(0));

    ports.users().delete(other.id());
    assertThat(ports.modelConfigs().findDeleted(first.id()).orElseThrow().deletedBy()).isEmpty();
  }

  @Test
  void a_deleted_model_is_restored_as_given_once() {
    ModelConfig model = inserted(AModelConfig.of("gpt").createdAt(NOW));
    ports.modelConfigs().delete(model.id(), root.id(), NOW);
    ModelConfig restored =
        AModelConfig.of("gpt").id(model.id()).createdAt(NOW).createdBy(root).version(3).build();

    ports.modelConfigs().restore(restored, root.id());

    assertThat(live()).containsExactly(restored);
    assertThat(ports.modelConfigs().deleted(Optional.empty(), 9)).isEmpty();
    assertLost(REFERENCE_GONE, () -> ports.modelConfigs().restore(restored, root.id()));
  }

  @Test
  void a_restored_model_is_stored_as_given_and_alone() {
    ModelConfig model = inserted(AModelConfig.of("gpt").createdAt(NOW));
    ModelConfig other = inserted(AModelConfig.of("other").createdAt(NOW));
    for (ModelConfig each : List.of(model, other)) {
      ports.modelConfigs().delete(each.id(), root.id(), NOW);
    }
    ModelConfig given =
        AModelConfig.of("embed")
            .id(model.id())
            .provider(Provider.COHERE)
            .called("name")
            .onFailure(FailureMode.NEXT)
            .displayName("New")
            .disabled()
            .contextLimit(9)
            .compressionThreshold(5)
            .asDefault()
            .version(3)
            .createdAt(NOW)
            .updatedAt(NOW.plusSeconds(9))
            .createdBy(root)
            .updatedBy(this.other)
            .build();

    ports.modelConfigs().restore(given, this.other.id());

    assertThat(live()).containsExactly(given);
    assertThat(ports.modelConfigs().deleted(Optional.empty(), 9))
        .extracting(gone -> gone.model().id())
        .containsExactly(other.id());
  }

  @Test
  void a_deleted_model_whose_name_was_given_away_is_not_restored() {
    ModelConfig model = inserted(AModelConfig.of("gpt"));
    ports.modelConfigs().delete(model.id(), root.id(), NOW);
    ModelConfig unused = inserted(AModelConfig.of("gpt"));

    assertLost(
        TAKEN,
        () ->
            ports
                .modelConfigs()
                .restore(
                    AModelConfig.of("gpt").id(model.id()).createdBy(root).version(3).build(),
                    root.id()));
    assertThat(ports.modelConfigs().findDeleted(model.id())).isPresent();
  }

  @Test
  void what_is_gone_can_not_be_updated_or_deleted() {
    ModelConfig gone = inserted(AModelConfig.of("gone"));
    ports.modelConfigs().delete(gone.id(), root.id(), NOW);
    ModelConfig never = AModelConfig.of("never").build();

    for (ModelConfig absent : List.of(gone, never)) {
      assertLost(REFERENCE_GONE, () -> ports.modelConfigs().update(absent, root.id()));
      assertLost(REFERENCE_GONE, () -> ports.modelConfigs().delete(absent.id(), root.id(), NOW));
    }
  }

  @Test
  void there_is_one_default_at_most() {
    ModelConfig first = inserted(AModelConfig.of("first").asDefault());
    ModelConfig second = inserted(AModelConfig.of("second"));

    assertLost(TAKEN, () -> inserted(AModelConfig.of("third").asDefault()));
    assertLost(
        TAKEN,
        () -> update(AModelConfig.of("second").id(second.id()).asDefault().version(2).build()));

    update(AModelConfig.of("first").id(first.id()).asDefault().version(2).build());
    assertThat(live())
        .filteredOn(ModelConfig::isDefault)
        .extracting(ModelConfig::id)
        .containsExactly(first.id());
  }

  @Test
  void the_place_of_the_default_is_free_once_it_is_given_up() {
    ModelConfig first = inserted(AModelConfig.of("first").asDefault());
    update(AModelConfig.of("first").id(first.id()).version(2).build());

    ModelConfig second = inserted(AModelConfig.of("second").asDefault());
    ports.modelConfigs().delete(second.id(), root.id(), NOW);
    ModelConfig third = inserted(AModelConfig.of("third").asDefault());

    assertThat(live()).filteredOn(ModelConfig::isDefault).containsExactly(third);
  }

  @Test
  void the_unbound_models_of_a_provider_are_deleted_and_told() {
    Instance service = stored(AnInstance.systemLevel("s").build());
    ModelConfig bound = inserted(AModelConfig.of("bound").boundTo(service));
    ModelConfig younger = inserted(AModelConfig.of("younger").createdAt(NOW.plusSeconds(1)));
    ModelConfig elder = inserted(AModelConfig.of("elder").asDefault().createdAt(NOW).disabled());
    ModelConfig others = inserted(AModelConfig.of("others").provider(Provider.COHERE));

    assertThat(ports.modelConfigs().deleteUnboundOf(Provider.OPENAI, other.id(), NOW))
        .containsExactly(elder, younger);

    assertThat(live()).containsExactlyInAnyOrder(bound, others);
    assertDeletedBy(other, elder, younger);
  }

  private void assertDeletedBy(User author, ModelConfig... models) {
    for (ModelConfig each : models) {
      DeletedModel deleted = ports.modelConfigs().findDeleted(each.id()).orElseThrow();
      assertThat(deleted.deletedBy()).contains(author.handle());
      assertThat(deleted.at()).isEqualTo(NOW);
      assertThat(deleted.model().version()).isEqualTo(each.version() + 1);
      assertThat(deleted.model().isDefault()).isFalse();
    }
  }

  @Test
  void the_models_bound_to_a_service_are_deleted_and_told() {
    Instance service = stored(AnInstance.systemLevel("s").build());
    Instance sibling = stored(AnInstance.systemLevel("sibling").build());
    ModelConfig younger =
        inserted(AModelConfig.of("younger").boundTo(service).createdAt(NOW.plusSeconds(1)));
    ModelConfig elder =
        inserted(AModelConfig.of("elder").boundTo(service).asDefault().createdAt(NOW));
    ModelConfig siblings = inserted(AModelConfig.of("siblings").boundTo(sibling));
    ModelConfig unbound = inserted(AModelConfig.of("unbound"));

    assertThat(ports.modelConfigs().deleteBoundTo(service.id(), other.id(), NOW))
        .containsExactly(elder, younger);

    assertThat(live()).containsExactlyInAnyOrder(siblings, unbound);
    assertDeletedBy(other, elder, younger);
  }

  @Test
  void what_fails_leaves_the_catalogue_as_it_was() {
    ModelConfig model = inserted(AModelConfig.of("gpt").asDefault());

    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                ports
                    .transactions()
                    .inTransaction(
                        () -> {
                          ports.modelConfigs().lock();
                          ports.modelConfigs().delete(model.id(), root.id(), NOW);
                          ModelConfig unused = inserted(AModelConfig.of("new").asDefault());
                          throw new IllegalStateException("undone");
                        }));

    assertThat(live()).containsExactly(model);
  }

  private ModelConfig inserted(AModelConfig builder) {
    ModelConfig model = builder.createdBy(root).build();
    ports.modelConfigs().insert(model, root.id());
    return model;
  }

  private void update(ModelConfig model) {
    ports.modelConfigs().update(model, root.id());
  }

  private static AModelConfig withId(String id) {
    return AModelConfig.of("m")
        .called(id)
        .id(new ModelConfig.Id(UUID.fromString(id)))
        .createdAt(NOW);
  }

  private List<ModelConfig> live() {
    return ports.modelConfigs().live(none(), 100);
  }

  private List<ModelConfig> pages(int size) {
    List<ModelConfig> all = new ArrayList<>();
    Optional<TimeCursor> after = Optional.empty();
    List<ModelConfig> page = ports.modelConfigs().live(after, size);
    while (!page.isEmpty()) {
      all.addAll(page);
      ModelConfig last = page.get(page.size() - 1);
      after = Optional.of(new TimeCursor(last.createdAt(), last.id().value()));
      page = ports.modelConfigs().live(after, size);
    }
    return all;
  }
}
