package io.claviger.application.models;

import io.claviger.application.models.port.ModelConfigStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.models.ModelConfigId;

final class FindModelConfigsService implements FindModelConfigs {
  private final ModelConfigStore models;
  private final Catalogue catalogue;

  FindModelConfigsService(ModelConfigStore models, Catalogue catalogue) {
    this.models = models;
    this.catalogue = catalogue;
  }

  @Override
  public Outcome find(Actor actor, ModelConfigId id) {
    try {
      demandMayLook(actor);
      ModelConfig model = models.find(id).orElseThrow(RefusedException::notFound);
      return new Outcome.Found(catalogue.statuses().view(model));
    } catch (RefusedException e) {
      return new Outcome.Refused(e.refusal());
    }
  }

  @Override
  public ListOutcome list(Actor actor, PageRequest<TimeCursor> page) {
    try {
      demandMayLook(actor);
      Page<ModelConfig, TimeCursor> live =
          Page.of(
              models.live(page.after(), page.limit() + 1),
              page.limit(),
              FindModelConfigsService::position);
      ModelStatuses statuses = catalogue.statuses();
      return new ListOutcome.Listed(live.map(statuses::view));
    } catch (RefusedException e) {
      return new ListOutcome.Refused(e.refusal());
    }
  }

  static TimeCursor position(ModelConfig model) {
    return new TimeCursor(model.createdAt(), model.id().value());
  }

  private static void demandMayLook(Actor actor) {
    actor.demandManage();
    Catalogue.demandAdministrator(actor);
  }
}
