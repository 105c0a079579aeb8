package io.claviger.persistence;

import static io.claviger.persistence.ConcurrentAttempts.code;

import io.claviger.application.builders.AModelConfig;
import io.claviger.application.models.ModelWriteBuilder;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.models.ModelConfig;
import java.util.List;
import java.util.Optional;

/** Writes of the model catalogue, for models of OpenAI, each with its outcome as text. */
final class ModelWrites {
  private final PostgresPorts ports;
  private final RacingUseCases use;
  private final User actor;

  /**
   * @param actor an administrator
   */
  ModelWrites(PostgresPorts ports, RacingUseCases use, User actor) {
    this.ports = ports;
    this.use = use;
    this.actor = actor;
  }

  /** Stores a model that no service has. The one of number 0 is the default. */
  ModelConfig unbound(int n) {
    ModelConfig model =
        (n == 0 ? AModelConfig.of("m-" + n).asDefault() : AModelConfig.of("m-" + n)).build();
    ports.modelConfigs().insert(model, actor.id());
    return model;
  }

  List<ModelConfig> live() {
    return ports.modelConfigs().live(Optional.empty(), 100);
  }

  /** Creates a model, which is bound to the oldest enabled service. */
  String create(String model) {
    return create(ModelWriteBuilder.openAi(model));
  }

  String create(String model, Instance.Ref service) {
    return create(ModelWriteBuilder.openAi(model).on(service.toString()));
  }

  String createDefault(String model) {
    return create(ModelWriteBuilder.openAi(model).isDefault(true));
  }

  String makeDefault(ModelConfig model) {
    return patch(model, ModelWriteBuilder.of().isDefault(true));
  }

  String bind(ModelConfig model, Instance.Ref service) {
    return patch(model, ModelWriteBuilder.of().on(service.toString()));
  }

  String disable(ModelConfig model) {
    return patch(model, ModelWriteBuilder.of().enabled(false));
  }

  String delete(ModelConfig model) {
    return code(use.modelConfigs.delete(RacingUseCases.as(actor), model.id(), Precondition.NONE));
  }

  String restore(ModelConfig model) {
    return code(use.modelConfigs.restore(RacingUseCases.as(actor), model.id()));
  }

  private String create(ModelWriteBuilder write) {
    return code(use.modelConfigs.create(RacingUseCases.as(actor), write.command()));
  }

  private String patch(ModelConfig model, ModelWriteBuilder write) {
    return code(
        use.modelConfigs.patch(
            RacingUseCases.as(actor), model.id(), Precondition.NONE, write.command()));
  }
}
