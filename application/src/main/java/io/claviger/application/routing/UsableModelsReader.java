package io.claviger.application.routing;

import io.claviger.application.gateway.ContextReader;
import io.claviger.application.gateway.port.CallContexts.CallContext;
import io.claviger.application.routing.port.ModelListStore;
import io.claviger.application.routing.port.RoutingContexts;
import io.claviger.application.routing.port.RoutingContexts.RoutingContext;
import io.claviger.domain.accounts.TokenHash;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

final class UsableModelsReader
    implements ContextReader<UsableModelsReader.AllModels, UsableModels> {
  /**
   * The name in the cache's key. The name has a single value, because each token has only one cache
   * entry.
   */
  enum AllModels {
    OF_THE_TOKEN
  }

  private final RoutingContexts contexts;
  private final ModelListStore modelLists;
  private final UsableModelsAssembly assembly;

  UsableModelsReader(
      RoutingContexts contexts, ModelListStore modelLists, UsableModelsAssembly assembly) {
    this.contexts = contexts;
    this.modelLists = modelLists;
    this.assembly = assembly;
  }

  @Override
  public Optional<CallContext<UsableModels>> read(TokenHash token, AllModels asked, Instant now) {
    return contexts
        .gather(token, now)
        .map(
            found ->
                new CallContext<>(
                    found.token(), found.user(), found.target().map(c -> models(found, c, now))));
  }

  private UsableModels models(CallContext<?> of, RoutingContext context, Instant now) {
    return assembly.of(
        of.user(),
        Optional.of(of.token()),
        context,
        modelLists.lists(of.user().id(), context.ids()),
        now);
  }

  @Override
  public Set<UUID> subjects(UsableModels target) {
    return target.subjects();
  }

  @Override
  public long weight(UsableModels target) {
    return target.weight();
  }

  @Override
  public boolean holdsAt(UsableModels target, Instant now) {
    return target.holdsAt(now);
  }
}
