package io.claviger.application.routing;

import io.claviger.application.gateway.port.CallContexts.TokenUser;
import io.claviger.application.routing.port.ModelListStore;
import io.claviger.application.routing.port.RoutingContexts;
import io.claviger.application.routing.port.RoutingContexts.RoutingContext;
import io.claviger.application.shared.Actor;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.routing.CalledName;
import io.claviger.domain.routing.ModelRoute;
import io.claviger.domain.routing.RouteExplanation;
import io.claviger.domain.standards.WireFormat;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

final class ModelResolutionReader implements ModelResolutions {
  private final RoutingContexts contexts;
  private final ModelListStore modelLists;
  private final UsableModelsAssembly assembly;
  private final InstantSource clock;

  ModelResolutionReader(
      RoutingContexts contexts,
      ModelListStore modelLists,
      UsableModelsAssembly assembly,
      InstantSource clock) {
    this.contexts = contexts;
    this.modelLists = modelLists;
    this.assembly = assembly;
    this.clock = clock;
  }

  @Override
  public Resolution explain(Actor actor, WireFormat format, CalledName name) {
    Instant now = clock.instant();
    RoutingContext context =
        contexts.of(actor.id(), actor.token().flatMap(AccessToken::restriction), now);
    TokenUser caller = new TokenUser(actor.id(), actor.handle(), actor.administrator());
    UsableModels models =
        assembly.of(
            caller, actor.token(), context, modelLists.lists(actor.id(), context.ids()), now);
    RouteExplanation explained = RouteExplanation.of(models.router(), format, name.value());
    Optional<ModelRoute.Target> first = explained.route().map(ModelRoute::first);
    return new Resolution(
        format,
        name,
        first.map(to -> models.shownName(to.service().id())),
        first.flatMap(to -> to.service().ref()),
        first.map(ModelRoute.Target::model),
        first.flatMap(to -> to.service().key().source()),
        explained.reason(),
        explained.steps());
  }
}
