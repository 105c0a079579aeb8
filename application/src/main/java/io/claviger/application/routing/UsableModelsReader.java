package io.claviger.application.routing;

import io.claviger.application.gateway.ContextReader;
import io.claviger.application.gateway.port.CallContexts.CallContext;
import io.claviger.application.routing.port.RoutingContexts;
import io.claviger.domain.accounts.TokenHash;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Reads {@link UsableModels} for the cache. */
final class UsableModelsReader
    implements ContextReader<UsableModelsReader.AllModels, UsableModels> {
  /** A token has one entry. */
  enum AllModels {
    OF_THE_TOKEN
  }

  private final RoutingContexts contexts;
  private final UsableModelsAssembly assembly;

  UsableModelsReader(RoutingContexts contexts, UsableModelsAssembly assembly) {
    this.contexts = contexts;
    this.assembly = assembly;
  }

  @Override
  public Optional<CallContext<UsableModels>> read(TokenHash token, AllModels asked, Instant now) {
    return contexts
        .gather(token, now)
        .map(
            found ->
                new CallContext<>(
                    found.token(),
                    found.user(),
                    found
                        .target()
                        .map(c -> assembly.of(found.user(), Optional.of(found.token()), c, now))));
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
