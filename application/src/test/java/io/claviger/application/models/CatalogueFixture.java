package io.claviger.application.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.StoredKeys;
import io.claviger.application.Wiring;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.models.ModelStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The model catalogue with two administrators and a user. Each write happens a second after the one
 * before.
 */
public final class CatalogueFixture {
  public final Wiring w;
  public final StoredKeys keys;
  final User root;
  final User other;
  final User alice;

  public CatalogueFixture() {
    w = new Wiring();
    keys = new StoredKeys(w);
    root = w.administrator("root");
    other = w.administrator("second");
    alice = w.user("alice");
  }

  /** A system-level service of OpenAI that everybody can call. */
  Instance runnable(String handle) {
    return keys.withKey(AnInstance.systemLevel(handle), Wiring.CANARY);
  }

  /** A system-level service without a key. */
  Instance keyless(String handle) {
    return w.stored(AnInstance.systemLevel(handle).build());
  }

  Outcome<ModelConfigView> create(User actor, ModelWriteBuilder write) {
    w.claviger.clock().advance(Duration.ofSeconds(1));
    return w.modelConfigs.create(w.as(actor), write.command());
  }

  public ModelConfigView created(ModelWriteBuilder write) {
    ModelConfigView view = written(create(root, write));
    w.forget();
    return view;
  }

  Outcome<ModelConfigView> patch(ModelConfigView model, ModelWriteBuilder write) {
    w.claviger.clock().advance(Duration.ofSeconds(1));
    return w.modelConfigs.patch(
        w.as(other), model.model().id(), Precondition.NONE, write.command());
  }

  ModelConfigView patched(ModelConfigView model, ModelWriteBuilder write) {
    return written(patch(model, write));
  }

  void delete(ModelConfigView model) {
    assertThat(w.modelConfigs.delete(w.as(other), model.model().id(), Precondition.NONE))
        .isEqualTo(Outcome.done(model.model().id()));
  }

  static ModelConfigView written(Outcome<ModelConfigView> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    return outcome.orThrow();
  }

  /** Names of all live models, oldest first. */
  public List<String> live() {
    return w.claviger.modelConfigs().live(Optional.empty(), 1000).stream()
        .map(CatalogueFixture::name)
        .toList();
  }

  /** Names of the default models. There must never be more than one. */
  public List<String> defaults() {
    return w.claviger.modelConfigs().live(Optional.empty(), 1000).stream()
        .filter(ModelConfig::isDefault)
        .map(CatalogueFixture::name)
        .toList();
  }

  /** Names of the models that a user can run. */
  List<String> runnableBy(User user) {
    return w
        .models
        .list(w.as(user), new PageRequest<>(Optional.empty(), PageRequest.MAX_LIMIT))
        .orThrow()
        .items()
        .stream()
        .map(r -> name(r.model()))
        .toList();
  }

  ModelStatus status(ModelConfigView model) {
    Outcome<ModelConfigView> outcome = w.modelConfigs.find(w.as(root), model.model().id());
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    return outcome.orThrow().status();
  }

  static String name(ModelConfig model) {
    return model.settings().model().value();
  }
}
