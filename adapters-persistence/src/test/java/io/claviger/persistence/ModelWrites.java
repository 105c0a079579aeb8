package io.claviger.persistence;

import io.claviger.application.models.ModelConfigView;
import io.claviger.application.models.ModelConfigs.ModelConfigCommand;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.Field;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.models.ModelConfigId;
import io.claviger.domain.models.ModelWrite;

/** Writes of the model catalogue, all about models of OpenAI, and what each came to. */
final class ModelWrites {
  private static final ModelWrite NOTHING =
      new ModelWrite(
          Field.absent(),
          Field.absent(),
          Field.absent(),
          Field.absent(),
          Field.absent(),
          Field.absent());

  private final RacingUseCases use;
  private final User by;

  /**
   * @param by an administrator
   */
  ModelWrites(RacingUseCases use, User by) {
    this.use = use;
    this.by = by;
  }

  /** Bound to the oldest enabled service there is. */
  String create(String model) {
    return create(model, Field.absent(), Field.absent());
  }

  String create(String model, InstanceRef service) {
    return create(model, Field.of(service), Field.absent());
  }

  String createDefault(String model) {
    return create(model, Field.absent(), Field.of(true));
  }

  String makeDefault(ModelConfig model) {
    return patch(model, new ModelConfigCommand(NOTHING, Field.of(true), Field.absent()));
  }

  String bind(ModelConfig model, InstanceRef service) {
    return patch(model, new ModelConfigCommand(NOTHING, Field.absent(), Field.of(service)));
  }

  String disable(ModelConfig model) {
    ModelWrite disabled =
        new ModelWrite(
            Field.absent(),
            Field.absent(),
            Field.absent(),
            Field.of(false),
            Field.absent(),
            Field.absent());
    return patch(model, new ModelConfigCommand(disabled, Field.absent(), Field.absent()));
  }

  String delete(ModelConfig model) {
    return switch (use.modelConfigs.delete(RacingUseCases.as(by), model.id(), Precondition.NONE)) {
      case Outcome.Done<ModelConfigId> deleted -> ConcurrentAttempts.DONE;
      case Outcome.Refused<ModelConfigId> refused -> refused.why().code();
    };
  }

  private String create(String model, Field<InstanceRef> service, Field<Boolean> isDefault) {
    ModelWrite write =
        new ModelWrite(
            Field.of(Provider.OPENAI),
            Field.of(new ModelName(model)),
            Field.absent(),
            Field.absent(),
            Field.absent(),
            Field.absent());
    ModelConfigCommand command = new ModelConfigCommand(write, isDefault, service);
    return said(use.modelConfigs.create(RacingUseCases.as(by), command));
  }

  private String patch(ModelConfig model, ModelConfigCommand command) {
    return said(use.modelConfigs.patch(RacingUseCases.as(by), model.id(), Precondition.NONE, command));
  }

  private static String said(Outcome<ModelConfigView> outcome) {
    return switch (outcome) {
      case Outcome.Done<ModelConfigView> written -> ConcurrentAttempts.DONE;
      case Outcome.Refused<ModelConfigView> refused -> refused.why().code();
    };
  }
}
