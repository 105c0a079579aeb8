package io.claviger.application.routing;

import io.claviger.application.gateway.CallTarget;
import io.claviger.application.gateway.port.CallContexts.TokenUser;
import io.claviger.application.keys.KeyDecisions;
import io.claviger.application.routing.UsableModels.DatedList;
import io.claviger.application.routing.port.ModelListStore.FetchedModelList;
import io.claviger.application.routing.port.ModelListStore.ListOf;
import io.claviger.application.routing.port.RoutingContexts.RoutableInstance;
import io.claviger.application.routing.port.RoutingContexts.RoutingContext;
import io.claviger.application.routing.port.RoutingContexts.SeenService;
import io.claviger.application.routing.port.RoutingContexts.ThroughProject;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenRestriction;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.EffectiveDefault;
import io.claviger.domain.instances.EffectiveDefault.Choice;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.CallLimits;
import io.claviger.domain.policy.KeyDecision;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.routing.CatalogueName;
import io.claviger.domain.routing.ModelCandidate;
import io.claviger.domain.routing.ModelList;
import io.claviger.domain.routing.ModelRouter;
import io.claviger.domain.routing.RoutingRank;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Builds {@link UsableModels} from the rows that were read. */
final class UsableModelsAssembly {
  private final KeyDecisions decisions;

  UsableModelsAssembly(KeyDecisions decisions) {
    this.decisions = decisions;
  }

  /**
   * Determines what the caller may do with each of the services.
   *
   * @param token the presented token; empty if the caller is in the same process
   * @param lists model lists that providers returned for everybody or for this caller
   */
  UsableModels of(
      TokenUser caller,
      Optional<AccessToken> token,
      RoutingContext context,
      List<FetchedModelList> lists,
      Instant now) {
    Map<ListOf, FetchedModelList> listed = new HashMap<>();
    lists.forEach(list -> listed.put(list.of(), list));
    List<CandidateAccess> seen =
        context.services().stream()
            .map(service -> new CandidateAccess(caller, service, context.callersLimits(), now))
            .filter(CandidateAccess::isSeen)
            .toList();
    boolean restricted = token.flatMap(AccessToken::restriction).isPresent();
    Optional<Instance.Ref> chosen = effectiveDefault(seen);
    List<ModelCandidate> candidates = new ArrayList<>();
    Map<Instance.Id, CallTarget> targets = new HashMap<>();
    Map<Instance.Id, DatedList> dated = new HashMap<>();
    for (CandidateAccess access : seen) {
      RoutingRank rank =
          restricted || chosen.equals(Optional.of(access.service().instance().ref()))
              ? RoutingRank.DEFAULT
              : rank(caller.id(), access.service());
      RoutableInstance instance = access.service().instance();
      KeyDecision key = key(access);
      Optional<FetchedModelList> list = list(access, key, listed);
      boolean takesUnlisted =
          restricted || (rank == RoutingRank.DEFAULT && access.service().choice().ownDefault());
      ModelCandidate candidate = candidate(access, token, rank, list, key, takesUnlisted);
      candidates.add(candidate);
      targets.put(instance.id(), access.target());
      list.filter(l -> candidate.mayList())
          .ifPresent(
              l -> dated.put(instance.id(), new DatedList(l.of(), instance.format(), l.at())));
    }
    return new UsableModels(
        new ModelRouter(context.catalogue(), candidates),
        targets,
        dated,
        seen.stream().flatMap(CandidateAccess::expiries).min(Comparator.naturalOrder()),
        subjects(token.flatMap(AccessToken::restriction), context, seen),
        RoutingWeight.of(context.catalogue(), candidates, context.groups().size()));
  }

  /**
   * Returns the ids by which the change feed names the things on which the result depends. The
   * change feed reports new system-level services and catalogue changes under the id of {@code
   * _system}. The feed reports a group's new share under the id of the group. A restricted token
   * depends on its service or project even if the caller can't see it now.
   */
  private static Set<UUID> subjects(
      Optional<TokenRestriction> restriction, RoutingContext context, List<CandidateAccess> seen) {
    Set<UUID> subjects = new HashSet<>();
    restriction.ifPresent(only -> subjects.add(only.id()));
    context.groups().forEach(group -> subjects.add(group.value()));
    subjects.add(User.Id.SYSTEM.value());
    for (CandidateAccess access : seen) {
      subjects.add(access.service().instance().id().value());
      access
          .service()
          .project()
          .map(ThroughProject::project)
          .ifPresent(
              project -> {
                subjects.add(project.id().value());
                subjects.add(project.owner().value());
              });
    }
    return subjects;
  }

  private static Optional<Instance.Ref> effectiveDefault(List<CandidateAccess> seen) {
    return EffectiveDefault.of(
            choice(seen, access -> access.service().choice().ownDefault()),
            choice(seen, access -> access.service().choice().systemDefault()))
        .map(EffectiveDefault::service);
  }

  private static Optional<Choice> choice(
      List<CandidateAccess> seen, Predicate<CandidateAccess> chosen) {
    return seen.stream()
        .filter(chosen)
        .findFirst()
        .map(
            access -> {
              RoutableInstance instance = access.service().instance();
              return new Choice(instance.ref(), instance.enabled(), access.mayUse());
            });
  }

  private static RoutingRank rank(User.Id caller, SeenService service) {
    if (service.instance().owner().equals(caller)) {
      return RoutingRank.OWN;
    }
    if (service.instance().isSystemLevel()) {
      return RoutingRank.SYSTEM;
    }
    return service.choice().accepted() ? RoutingRank.ACCEPTED : RoutingRank.BY_REFERENCE_ONLY;
  }

  private KeyDecision key(CandidateAccess access) {
    RoutableInstance instance = access.service().instance();
    return KeyDecision.decide(
        decisions.untried(access.mayUse(), instance, instance.hasUserKey(), instance.hasApiKey()));
  }

  private static Optional<FetchedModelList> list(
      CandidateAccess access, KeyDecision key, Map<ListOf, FetchedModelList> listed) {
    RoutableInstance instance = access.service().instance();
    Optional<User.Id> listedFor =
        key == KeyDecision.USER ? Optional.of(access.caller().id()) : Optional.empty();
    return Optional.ofNullable(listed.get(new ListOf(instance.id(), listedFor)))
        .filter(list -> list.endpoint().equals(instance.endpoint()));
  }

  private static ModelCandidate candidate(
      CandidateAccess access,
      Optional<AccessToken> token,
      RoutingRank rank,
      Optional<FetchedModelList> list,
      KeyDecision key,
      boolean takesUnlisted) {
    RoutableInstance instance = access.service().instance();
    CallLimits limits = access.limits(token);
    return new ModelCandidate(
        instance.id(),
        access.ref(),
        access.former(),
        instance.format(),
        rank,
        instance.createdAt(),
        instance.model(),
        named(access),
        list.map(FetchedModelList::models),
        limits.models(),
        key,
        takesUnlisted,
        limits.storage().lent(instance.storage()).kinds(),
        instance.format().api().modelList().paths().stream()
            .anyMatch(path -> limits.allow("GET", path)));
  }

  /**
   * Returns the models that are listed by exact name in the limits of the service and of its
   * shares. The limits of the token and of the caller are ignored.
   */
  private static Set<String> named(CandidateAccess access) {
    return access.limitsOfService().models().orElse(Set.of()).stream()
        .filter(pattern -> !pattern.isOpen())
        .map(ModelPattern::value)
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * An upper bound for the memory of {@link UsableModels}, in bytes. Lists of models are counted
   * for each caller, although callers share the lists.
   */
  private static final class RoutingWeight {
    /**
     * The size of a service in bytes, with its map entries, and with its ids among the ids of the
     * things on which the result depends.
     */
    private static final int SERVICE = 1_900;

    /** The size of a former reference in bytes, with its entry in the index of references. */
    private static final int FORMER = 500;

    /** The size of a catalogue entry in bytes, without its targets. */
    private static final int NAME = 400;

    private static final int TARGET = 200;

    /**
     * The size of a group's id in bytes. The id is stored among the ids of the things on which the
     * result depends, and in the cache's index.
     */
    private static final int GROUP = 400;

    private RoutingWeight() {}

    static long of(List<CatalogueName> catalogue, List<ModelCandidate> candidates, int groups) {
      return (long) GROUP * groups
          + catalogue.stream().mapToLong(RoutingWeight::of).sum()
          + candidates.stream().mapToLong(RoutingWeight::of).sum();
    }

    private static long of(CatalogueName name) {
      return NAME
          + 2L * name.name().length()
          + name.targets().stream().mapToLong(t -> TARGET + 2L * t.model().value().length()).sum();
    }

    private static long of(ModelCandidate service) {
      return SERVICE
          + (long) FORMER * service.former().size()
          + 2L * service.model().value().length()
          + texts(service.named())
          + texts(service.allowed().orElse(Set.of()).stream().map(ModelPattern::value).toList())
          + service.listed().map(ModelList::weight).orElse(0L);
    }

    private static long texts(Collection<String> models) {
      return models.stream().mapToLong(model -> ModelList.NAME_WEIGHT + 2L * model.length()).sum();
    }
  }
}
