package io.claviger.application.models;

import io.claviger.application.models.out.ModelConfigs;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.TimePosition;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.models.ModelConfigId;

final class FindModelConfigsService implements FindModelConfigs {
  private final ModelConfigs models;
  private final Catalogue catalogue;

  FindModelConfigsService(ModelConfigs models, Catalogue catalogue) {
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
  public ListOutcome list(Actor actor, PageRequest<TimePosition> page) {
    try {
      demandMayLook(actor);
      Page<ModelConfig, TimePosition> live =
          Page.of(
              models.live(page.after(), page.limit() + 1),
              page.limit(),
              FindModelConfigsService::position);
      Statuses statuses = catalogue.statuses();
      return new ListOutcome.Listed(live.map(statuses::view));
    } catch (RefusedException e) {
      return new ListOutcome.Refused(e.refusal());
    }
  }

  static TimePosition position(ModelConfig model) {
    return new TimePosition(model.createdAt(), model.id().value());
  }

  private static void demandMayLook(Actor actor) {
    actor.demandManage();
    Catalogue.demandAdministrator(actor);
  }
}
