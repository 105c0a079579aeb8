package io.claviger.application.fakes;

import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.fakes.Tables.StoredInstance;
import io.claviger.application.gateway.port.CallContexts;
import io.claviger.application.gateway.port.CallContexts.CalledProject;
import io.claviger.application.gateway.port.CallContexts.TokenUser;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Responsible;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.User;
import io.claviger.domain.fairness.CapacityPolicy;
import io.claviger.domain.fairness.ProviderLimits;
import io.claviger.domain.instances.CallableInstance;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceSettings;
import io.claviger.domain.projects.Project;
import io.claviger.domain.projects.ProjectAction;
import io.claviger.domain.projects.ProjectPermissions;
import io.claviger.domain.projects.ProjectRelationship;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.HeldShares;
import io.claviger.domain.sharing.HeldShares.Grant;
import io.claviger.domain.sharing.Permissions;
import io.claviger.domain.sharing.Relationship;
import io.claviger.domain.standards.ApiStandard;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;

/** {@link CallContexts} in memory. */
public final class InMemoryCallContexts implements CallContexts {
  private final InMemoryTransactions transactions;

  public InMemoryCallContexts(InMemoryTransactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public Optional<CallContext<ServiceContext>> gather(
      TokenHash token, Instance.Ref service, Instant now) {
    return gather(
        token,
        (t, presented) ->
            t.instance(service)
                .filter(i -> isGoodFor(presented.token(), i.instance()))
                .filter(i -> sees(t, presented.user(), i.instance(), now))
                .map(i -> target(t, i, presented.user().id(), now)));
  }

  @Override
  public Optional<CallContext<ProjectContext>> gather(
      TokenHash token, Project.Ref project, Instant now) {
    return gather(
        token,
        (t, presented) ->
            t.project(project)
                .filter(p -> isGoodFor(presented.token(), p))
                .filter(p -> sees(t, presented.user(), p))
                .map(p -> target(t, p, presented.user().id(), now)));
  }

  @Override
  public Optional<ServiceContext> find(Instance.Ref service, User.Id caller, Instant now) {
    return transactions.read(t -> t.instance(service).map(i -> target(t, i, caller, now)));
  }

  @Override
  public List<ServiceContext> usableBy(
      User.Id caller, Optional<Instance.Ref> after, int limit, Instant now) {
    return transactions.read(
        t ->
            t.instances.values().stream()
                .filter(i -> after.isEmpty() || i.instance().ref().compareTo(after.get()) > 0)
                .filter(i -> InMemoryInstances.role(t, i.instance(), caller, now).isPresent())
                .sorted(Comparator.comparing(i -> i.instance().ref()))
                .limit(limit)
                .map(i -> target(t, i, caller, now))
                .toList());
  }

  private <T> Optional<CallContext<T>> gather(
      TokenHash token, BiFunction<Tables, AccessTokenStore.Presented, Optional<T>> target) {
    return transactions.read(
        t ->
            InMemoryAccessTokens.presented(t, token)
                .map(p -> new CallContext<>(p.token(), caller(p.user()), target.apply(t, p))));
  }

  static TokenUser caller(User user) {
    return new TokenUser(
        user.id(),
        user.handle(),
        user.administrator(),
        user.suspendedAt(),
        Optional.empty(),
        user.responsible().map(Responsible::uuid));
  }

  private static boolean isGoodFor(AccessToken token, Instance instance) {
    return token.allowsService(instance.id().value());
  }

  private static boolean isGoodFor(AccessToken token, Project project) {
    return token.allowsProject(project.id().value());
  }

  private static boolean sees(Tables tables, User user, Instance instance, Instant now) {
    HeldShares shares = tables.held(instance.id(), user.id(), now);
    return Permissions.allows(
        Relationship.of(
            user.id(), user.administrator(), instance.owner(), instance.audience(), shares, now),
        Action.SEE);
  }

  private static boolean sees(Tables tables, User user, Project project) {
    return ProjectPermissions.allows(
        ProjectRelationship.of(
            user.id(),
            user.administrator(),
            project.owner(),
            tables.membership(project.id(), user.id()),
            project.isOpen()),
        ProjectAction.SEE);
  }

  private static CallableInstance callable(Tables tables, Instance instance, long headersVersion) {
    InstanceSettings settings = instance.settings();
    return new CallableInstance(
        instance.id(),
        instance.owner(),
        instance.ref(),
        instance.provider(),
        instance.endpoint(),
        instance.placement(),
        settings.organization(),
        settings.timeout(),
        settings.enabled(),
        settings.keyPolicy(),
        settings.limits(),
        instance.apiKeySetAt(),
        headersVersion,
        settings.streamUsage(),
        settings.promptCache(),
        settings.attribution(),
        settings.storage(),
        1,
        settings.inAll(),
        capacity(tables, instance),
        instance.credential(),
        instance.audience(),
        settings.connections(),
        settings.sent());
  }

  private static CapacityPolicy capacity(Tables tables, Instance instance) {
    CapacityPolicy own = instance.settings().capacity();
    ProviderLimits lowest =
        tables.instances.values().stream()
            .map(StoredInstance::instance)
            .filter(other -> own.group().isPresent() && other.owner().equals(instance.owner()))
            .map(other -> other.settings().capacity())
            .filter(other -> other.group().equals(own.group()))
            .map(CapacityPolicy::stated)
            .reduce(own.stated(), ProviderLimits::and);
    return new CapacityPolicy(lowest, own.group(), own.maxWait(), own.onTooManyRequests());
  }

  private static Optional<UUID> responsible(Tables tables, User.Id user) {
    return Optional.ofNullable(tables.users.get(user))
        .flatMap(User::responsible)
        .map(Responsible::uuid);
  }

  private static ProjectContext target(
      Tables tables, Project project, User.Id caller, Instant now) {
    return new ProjectContext(
        new CalledProject(project.id(), project.owner(), project.ref(), project.limits()),
        tables.membership(project.id(), caller),
        project.instance().map(id -> target(tables, tables.requireInstance(id), caller, now)),
        project.instance().flatMap(id -> held(tables, id, project.owner(), now)),
        responsible(tables, project.owner()),
        project.isOpen());
  }

  private static ServiceContext target(
      Tables tables, StoredInstance stored, User.Id caller, Instant now) {
    Instance instance = tables.joined(stored.instance());
    ApiStandard standard =
        Objects.requireNonNull(tables.standards.get(instance.settings().fields().apiStandard()));
    return new ServiceContext(
        callable(tables, instance, stored.headersVersion()),
        standard.callable(),
        held(tables, instance.id(), caller, now),
        tables.keys(stored, caller),
        Optional.ofNullable(tables.userKeys.get(new Tables.UserKeyAt(instance.id(), caller)))
            .map(key -> key.key().setAt()),
        InMemoryAssignedLimits.of(tables, caller),
        responsible(tables, caller));
  }

  static Optional<HeldShare> held(Tables tables, Instance.Id instance, User.Id user, Instant now) {
    HeldShares shares = tables.held(instance, user, now);
    return shares
        .grant(now)
        .map(
            grant ->
                new HeldShare(
                    grant.terms(),
                    shares.role(now).orElseThrow(),
                    giver(tables, instance, grant),
                    grant
                        .group()
                        .map(
                            byGroup ->
                                new HoldingGroup(
                                    byGroup.group(),
                                    byGroup.handle(),
                                    byGroup.terms().pooledLimits()))));
  }

  private static Optional<Giver> giver(Tables tables, Instance.Id instance, Grant grant) {
    return grant
        .giver()
        .flatMap(
            giver ->
                tables
                    .share(instance, giver)
                    .map(
                        share -> new Giver(giver, share.terms().limits(), share.terms().weight())));
  }
}
