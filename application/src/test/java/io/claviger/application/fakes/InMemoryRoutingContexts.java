package io.claviger.application.fakes;

import io.claviger.application.fakes.Tables.ShareKey;
import io.claviger.application.fakes.Tables.StoredInstance;
import io.claviger.application.gateway.port.CallContexts.CallContext;
import io.claviger.application.gateway.port.CallContexts.CalledProject;
import io.claviger.application.routing.port.RoutingContexts;
import io.claviger.application.routing.port.RoutingContexts.RoutableInstance;
import io.claviger.domain.CreationOrder;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.TokenRestriction;
import io.claviger.domain.accounts.User;
import io.claviger.domain.credentials.CredentialSettings;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceSettings;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.models.ModelTarget;
import io.claviger.domain.projects.Project;
import io.claviger.domain.routing.CatalogueName;
import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.transfers.FormerReference;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** {@link RoutingContexts} in memory. */
public final class InMemoryRoutingContexts implements RoutingContexts {
  private final InMemoryTransactions transactions;

  public InMemoryRoutingContexts(InMemoryTransactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public Optional<CallContext<RoutingContext>> gather(TokenHash token, Instant now) {
    return transactions.read(
        t ->
            InMemoryAccessTokens.presented(t, token)
                .map(
                    p ->
                        new CallContext<>(
                            p.token(),
                            InMemoryCallContexts.caller(p.user()),
                            Optional.of(
                                context(
                                    t,
                                    p.user().id(),
                                    p.token().restriction(),
                                    i -> p.token().allowsService(i.id().value()),
                                    now)))));
  }

  @Override
  public RoutingContext of(User.Id user, Optional<TokenRestriction> restriction, Instant now) {
    return transactions.read(t -> context(t, user, restriction, i -> true, now));
  }

  private static RoutingContext context(
      Tables tables,
      User.Id user,
      Optional<TokenRestriction> restriction,
      Predicate<Instance> allowed,
      Instant now) {
    List<SeenService> services = services(tables, user, restriction, allowed, now);
    Set<Instance.Id> seen =
        services.stream().map(s -> s.instance().id()).collect(Collectors.toSet());
    List<CatalogueName> catalogue =
        tables.models.values().stream()
            .map(Tables.StoredModel::model)
            .filter(model -> model.settings().enabled())
            .sorted(CreationOrder.of(ModelConfig::createdAt, m -> m.id().value()))
            .map(model -> name(tables, model, seen))
            .filter(name -> !name.targets().isEmpty())
            .toList();
    return new RoutingContext(
        services, catalogue, Set.of(), InMemoryAssignedLimits.of(tables, user));
  }

  private static CatalogueName name(Tables tables, ModelConfig model, Set<Instance.Id> seen) {
    List<ModelTarget> targets =
        model.instance().isPresent()
            ? model.targets()
            : InMemoryModelConfigs.services(tables, model)
                .map(i -> new ModelTarget(i.instance().id(), model.settings().model()))
                .toList();
    return new CatalogueName(
        model.route().format(),
        model.route().name().value(),
        targets.stream().filter(target -> seen.contains(target.service())).toList(),
        model.route().onFailure());
  }

  private static List<SeenService> services(
      Tables tables,
      User.Id user,
      Optional<TokenRestriction> restriction,
      Predicate<Instance> allowed,
      Instant now) {
    if (restriction.isEmpty()) {
      return tables.instances.values().stream()
          .filter(i -> allowed.test(i.instance()))
          .filter(i -> InMemoryInstances.role(tables, i.instance(), user, now).isPresent())
          .sorted(
              Comparator.comparing((StoredInstance i) -> place(tables, i.instance(), user))
                  .thenComparing(StoredInstance::instance, Instance.OLDEST_FIRST))
          .limit(MOST_SERVICES)
          .map(i -> seen(tables, i, user, Optional.empty(), now))
          .toList();
    }
    return switch (restriction.get()) {
      case TokenRestriction.ToService one ->
          List.of(
              seen(
                  tables,
                  tables.requireInstance(new Instance.Id(one.id())),
                  user,
                  Optional.empty(),
                  now));
      case TokenRestriction.ToProject one -> {
        Project project = tables.requireProject(new Project.Id(one.id()));
        yield project.instance().map(tables::requireInstance).stream()
            .map(i -> seen(tables, i, user, Optional.of(through(tables, project, user, now)), now))
            .toList();
      }
    };
  }

  static int place(Tables tables, Instance instance, User.Id user) {
    if (instance.owner().equals(user)) {
      return 1;
    }
    if (instance.isSystemLevel()) {
      return 2;
    }
    return tables.bareNames.contains(new ShareKey<>(instance.id(), user)) ? 3 : 4;
  }

  private static ThroughProject through(Tables tables, Project project, User.Id user, Instant now) {
    return new ThroughProject(
        new CalledProject(project.id(), project.owner(), project.ref(), project.limits()),
        tables.membership(project.id(), user),
        project
            .instance()
            .flatMap(id -> InMemoryCallContexts.held(tables, id, project.owner(), now)),
        project.isOpen());
  }

  private static SeenService seen(
      Tables tables,
      StoredInstance stored,
      User.Id user,
      Optional<ThroughProject> project,
      Instant now) {
    Instance instance = tables.joined(stored.instance());
    Optional<Instance.Id> id = Optional.of(instance.id());
    return new SeenService(
        routable(tables, instance, user),
        InMemoryCallContexts.held(tables, instance.id(), user, now),
        new CallerChoice(
            id.equals(Optional.ofNullable(tables.defaults.get(user))),
            id.equals(Optional.ofNullable(tables.defaults.get(User.Id.SYSTEM))),
            tables.bareNames.contains(new ShareKey<>(instance.id(), user))),
        project,
        former(tables, instance.id(), now));
  }

  private static FormerNames former(Tables tables, Instance.Id instance, Instant now) {
    List<FormerReference> left =
        tables.formerReferences.getOrDefault(instance.value(), List.of()).stream()
            .filter(former -> former.until().isAfter(now))
            .toList();
    return new FormerNames(
        left.stream()
            .map(former -> new Instance.Ref(former.owner(), former.handle()))
            .collect(Collectors.toSet()),
        left.stream().map(FormerReference::until).min(Comparator.naturalOrder()));
  }

  private static RoutableInstance routable(Tables tables, Instance instance, User.Id user) {
    Handle standard = instance.settings().fields().apiStandard();
    return routable(
        instance,
        Objects.requireNonNull(tables.standards.get(standard)).format(),
        instance.hasApiKey(),
        tables.userKeys.containsKey(new Tables.UserKeyAt(instance.id(), user)));
  }

  /**
   * A service as routing knows it.
   *
   * @param apiKey whether it has a key
   * @param userKey whether the caller has a key of their own for it
   */
  public static RoutableInstance routable(
      Instance instance, WireFormat format, boolean apiKey, boolean userKey) {
    InstanceSettings settings = instance.settings();
    return new RoutableInstance(
        instance.id(),
        instance.owner(),
        instance.ref(),
        instance.provider(),
        instance.endpoint(),
        instance.placement(),
        format,
        settings.fields().model(),
        instance.enabled(),
        instance.keyPolicy(),
        settings.limits(),
        apiKey,
        userKey,
        instance.createdAt(),
        settings.inAll(),
        settings.storage(),
        CredentialSettings.stored(instance.credential().kind(), Map.of()),
        instance.audience());
  }
}
