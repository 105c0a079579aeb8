package io.claviger.application.fakes;

import io.claviger.application.gateway.port.CallContexts;
import io.claviger.application.keys.NamingKeys;
import io.claviger.application.keys.SecretOpener.Bound;
import io.claviger.application.keys.port.NamingKeyStore;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.port.RandomBytes;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Contexts of services that were called before, so that each of them has a naming key. */
public record NamedCallContexts(CallContexts contexts, NamingKeys naming) implements CallContexts {
  public NamedCallContexts(
      CallContexts contexts, NamingKeyStore store, Sealer sealer, RandomBytes random) {
    this(contexts, new NamingKeys(store, sealer, random));
  }

  @Override
  public Optional<CallContext<ServiceContext>> gather(
      TokenHash token, Instance.Ref service, Instant now) {
    return contexts
        .gather(token, service, now)
        .map(c -> new CallContext<>(c.token(), c.user(), c.target().map(this::named)));
  }

  @Override
  public Optional<CallContext<ProjectContext>> gather(
      TokenHash token, Project.Ref project, Instant now) {
    return contexts
        .gather(token, project, now)
        .map(c -> new CallContext<>(c.token(), c.user(), c.target().map(this::named)));
  }

  @Override
  public Optional<ServiceContext> find(Instance.Ref service, User.Id caller, Instant now) {
    return contexts.find(service, caller, now).map(this::named);
  }

  @Override
  public List<ServiceContext> usableBy(
      User.Id caller, Optional<Instance.Ref> after, int limit, Instant now) {
    return contexts.usableBy(caller, after, limit, now).stream().map(this::named).toList();
  }

  private ProjectContext named(ProjectContext project) {
    return new ProjectContext(
        project.project(),
        project.membership(),
        project.bound().map(this::named),
        project.ownersShare(),
        project.ownersResponsible(),
        project.opened());
  }

  private ServiceContext named(ServiceContext service) {
    return new ServiceContext(
        service.instance(),
        service.standard(),
        service.share(),
        service.keys().withNamingKey(naming.make(service.instance().id()).map(Bound::value)),
        service.userKeySetAt(),
        service.callersLimits(),
        service.responsible());
  }
}
