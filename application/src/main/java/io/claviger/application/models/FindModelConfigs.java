package io.claviger.application.models;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.models.ModelConfigId;

/** Shows administrators the model catalogue, each entry with its status. */
public interface FindModelConfigs {
  Outcome find(Actor actor, ModelConfigId id);

  /** All entries, by creation time, then id. */
  ListOutcome list(Actor actor, PageRequest<TimeCursor> page);

  /** One entry, or why not. */
  sealed interface Outcome {
    record Found(ModelConfigView view) implements Outcome {}

    record Refused(Refusal why) implements Outcome {}
  }

  /** A page of entries, or why not. */
  sealed interface ListOutcome {
    record Listed(Page<ModelConfigView, TimeCursor> page) implements ListOutcome {}

    record Refused(Refusal why) implements ListOutcome {}
  }
}
