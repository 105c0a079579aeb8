package io.claviger.imports.litellm.rules;

import io.claviger.domain.budgets.BudgetZone;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.imports.litellm.rules.AccessPlan.Holder;
import io.claviger.imports.litellm.rules.AccessPlan.PlannedLimits;
import io.claviger.imports.litellm.rules.AccessPlan.PlannedShare;
import io.claviger.imports.litellm.rules.LiteLlmContent.OldGroup;
import io.claviger.imports.litellm.rules.LiteLlmContent.OldTerms;
import io.claviger.imports.litellm.rules.LiteLlmContent.OldUser;
import io.claviger.imports.litellm.rules.ModelTranslation.Place;
import io.claviger.imports.litellm.rules.ModelTranslation.Target;
import io.claviger.imports.litellm.rules.TermsTranslation.Translated;
import io.claviger.imports.shared.ImportedKind;
import io.claviger.imports.shared.ReportBuilder;
import io.claviger.imports.shared.ReportReason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Decides which models teams, organizations and users may use, and how much. If one of them may use
 * nothing in LiteLLM, remembers the reason.
 */
final class ShareTranslation {
  final Map<String, ModelScope> scopesOfGroups = new HashMap<>();
  final Map<String, PlannedShare> shares = new LinkedHashMap<>();
  final List<PlannedLimits> limits = new ArrayList<>();
  final Map<String, Refusal> closedGroups = new HashMap<>();
  final Map<String, Refusal> closedUsers = new HashMap<>();
  private final ModelTranslation.Result models;
  private final AccessTranslation.Wish wish;
  private final BudgetZone zone;
  private final ReportBuilder report;
  private final PeopleTranslation people;
  private final Map<String, Long> withoutCounterpart;
  private final Map<String, Map<String, PlannedShare>> sharesOfGroups = new HashMap<>();
  private final Set<Refused> withoutShare = new HashSet<>();

  ShareTranslation(
      ModelTranslation.Result models,
      AccessTranslation.Wish wish,
      BudgetZone zone,
      PeopleTranslation people,
      Map<String, Long> withoutCounterpart,
      ReportBuilder report) {
    this.models = models;
    this.wish = wish;
    this.zone = zone;
    this.people = people;
    this.withoutCounterpart = withoutCounterpart;
    this.report = report;
  }

  /** A service that a holder does not get. */
  private record Refused(String service, Holder holder) {}

  /** The reason why somebody gets no share or no token. */
  record Refusal(ReportReason why, String detail) {
    Refusal of(String whose) {
      return new Refusal(why, detail.isEmpty() ? whose : whose + ": " + detail);
    }
  }

  /**
   * Shares a team's models with the team's group. If a single service serves all these models, the
   * team's limits become the pooled limits of the share. With several services, each share gets the
   * team's rates. The team's budget then becomes a limit on all calls of the members. If each share
   * had the budget, it could be spent once per service.
   */
  void lend(OldGroup group) {
    group.extras().forEach(what -> withoutCounterpart.merge(what, 1L, Long::sum));
    if (!group.aliases().isEmpty()) {
      withoutCounterpart.merge("names of models of one team", 1L, Long::sum);
    }
    ModelScope scope =
        ModelScope.of(group.models(), models)
            .and(group.parent().map(scopesOfGroups::get).orElse(ModelScope.ALL))
            .without(group.aliases(), models);
    scopesOfGroups.put(group.name(), scope);
    Translated terms = translated(group.name(), ImportedKind.GROUP, group.terms());
    Holder holder = new Holder(true, group.name());
    Optional<Refusal> closed = closed(group, terms);
    if (closed.isPresent()) {
      closedGroups.put(group.name(), closed.get());
      ImportedKind kind = group.organization() ? ImportedKind.GROUP_LIMITS : ImportedKind.SHARE;
      report.countFound(kind);
      report.addLeftOut(kind, group.name(), closed.get().why(), closed.get().detail());
      return;
    }
    if (group.organization()) {
      limitAll(holder, terms);
      return;
    }
    Set<String> services = scope.services(models);
    boolean one = services.size() == 1;
    if (!one && !services.isEmpty() && !terms.limits().isNone()) {
      report.addRemark(
          ImportedKind.GROUP,
          group.name(),
          ReportReason.LIMIT_OF_EACH_SERVICE,
          "rates count at each of %d services, the budget counts all calls of the members"
              .formatted(services.size()));
      limitAll(holder, budgetsOf(terms));
    }
    Limits pooled = one ? terms.limits() : terms.limits().with(Budgets.NONE);
    for (String service : services) {
      Optional<Limits> each = limitedTo(scope, service, holder);
      if (each.isEmpty()) {
        tooManyModels(holder, service);
        continue;
      }
      PlannedShare share =
          new PlannedShare(service, holder, each.get(), pooled, one ? terms.spent() : 0);
      sharesOfGroups.computeIfAbsent(group.name(), g -> new HashMap<>()).put(service, share);
      PlannedShare unused = shares.put(share.name(), share);
    }
  }

  private Optional<Refusal> closed(OldGroup group, Translated terms) {
    if (group.blocked()) {
      return Optional.of(new Refusal(ReportReason.BLOCKED, ""));
    }
    if (!terms.isUsable()) {
      return Optional.of(new Refusal(ReportReason.NOTHING_ALLOWED, ""));
    }
    return group
        .parent()
        .map(closedGroups::get)
        .map(of -> of.of("its organization"))
        .or(() -> beyond(ImportedKind.GROUP, group.name(), group.bounds()));
  }

  /**
   * Refuses a thing with limits that Claviger does not support, unless the operator allows
   * importing it without these limits.
   */
  Optional<Refusal> beyond(ImportedKind kind, String name, Set<String> bounds) {
    if (bounds.isEmpty()) {
      return Optional.empty();
    }
    String which = String.join(", ", new TreeSet<>(bounds));
    if (!wish.allowWider()) {
      return Optional.of(new Refusal(ReportReason.LIMIT_NOT_CARRIED, which));
    }
    report.addRemark(kind, name, ReportReason.WIDER_HERE, which);
    return Optional.empty();
  }

  private static Translated budgetsOf(Translated terms) {
    return new Translated(Limits.of(terms.limits().budgets()), terms.spent(), terms.remarks());
  }

  /**
   * Returns limits that allow only those models of a service that are in the scope; empty if these
   * models are too many for a limit. If all models are in the scope, the service's own limits name
   * the models, unless the models are too many.
   */
  private Optional<Limits> limitedTo(ModelScope scope, String service, Holder holder) {
    Optional<Set<ModelPattern>> patterns = scope.patterns(models, Optional.of(service));
    if (patterns.isEmpty() && models.modelsOf(service).size() > ModelScope.MOST) {
      Set<String> bounds = Set.of("a list of more than %d models".formatted(ModelScope.MOST));
      return beyond(ImportedKind.SHARE, service + " " + holder.name(), bounds).isPresent()
          ? Optional.empty()
          : Optional.of(Limits.NONE);
    }
    return patterns.filter(all -> all.size() > ModelScope.MOST).isPresent()
        ? Optional.empty()
        : Optional.of(new Limits(Optional.empty(), patterns, Optional.empty()));
  }

  private void tooManyModels(Holder holder, String service) {
    if (withoutShare.add(new Refused(service, holder))) {
      report.countFound(ImportedKind.SHARE);
      report.addLeftOut(
          ImportedKind.SHARE, service + " " + holder.name(), ReportReason.TOO_MANY_MODELS);
    }
  }

  /**
   * Sets limits on all calls of a user. Claviger can't limit only some of a user's calls, except
   * the calls with one token.
   */
  void limit(OldUser user) {
    Translated terms = translated(user.id(), ImportedKind.USER, user.terms());
    Optional<Refusal> closed =
        terms.isUsable()
            ? beyond(ImportedKind.USER, user.id(), user.bounds())
            : Optional.of(new Refusal(ReportReason.NOTHING_ALLOWED, ""));
    if (closed.isPresent()) {
      // This refusal does not apply to the user's calls as a member of a team.
      closedUsers.put(user.id(), closed.get());
      report.countFound(ImportedKind.LIMITS);
      report.addLeftOut(ImportedKind.LIMITS, user.id(), closed.get().why(), closed.get().detail());
      return;
    }
    limitAll(new Holder(false, user.id()), terms);
  }

  private void limitAll(Holder holder, Translated terms) {
    ImportedKind kind = holder.group() ? ImportedKind.GROUP : ImportedKind.USER;
    if (terms.limits().isNone()) {
      return;
    }
    report.addRemark(kind, holder.name(), ReportReason.LIMIT_OF_ALL_CALLS, "");
    limits.add(new PlannedLimits(holder, terms.limits(), terms.spent()));
  }

  /** Whether a user's or group's limits of all calls are planned. */
  boolean limitsAll(Holder holder) {
    return limits.stream().anyMatch(planned -> planned.holder().equals(holder));
  }

  private Translated translated(String name, ImportedKind kind, OldTerms terms) {
    Translated translated = TermsTranslation.translate(terms, Optional.empty(), zone, wish.now());
    remarkReset(name, kind, terms, translated);
    return translated;
  }

  void remarkReset(String name, ImportedKind kind, OldTerms terms, Translated translated) {
    if (translated.remarks().contains(TermsTranslation.Remark.RESET_DIFFERS)) {
      report.addRemark(
          kind,
          name,
          ReportReason.RESET_DIFFERS,
          terms.duration().filter(SpendWindow::isDuration).orElse("?")
              + terms.resetsAt().map(at -> "; the next reset in LiteLLM is at " + at).orElse(""));
    }
  }

  /**
   * Shares services with a user, unless the shares of the user's groups already give the user the
   * same models. If such a user got a share of their own, the user's calls would no longer count
   * against the group's pooled limits. If the user may call too many models for a limit, the share
   * allows only the models that the user's keys need.
   */
  void lend(OldUser user, ModelScope scope) {
    ModelScope all = ModelScope.ofUser(user.models(), models);
    for (String service : scope.services(models)) {
      Optional<Set<ModelPattern>> needed = scope.patterns(models, Optional.of(service));
      List<PlannedShare> given = byGroups(user.id(), service);
      // The user's calls could use any of these shares.
      if (!given.isEmpty()
          && given.stream().allMatch(share -> covers(share.limits().models(), needed))) {
        continue;
      }
      Holder holder = new Holder(false, user.id());
      Optional<PlannedShare> earlier =
          Optional.ofNullable(shares.get(PlannedShare.name(service, holder)));
      if (earlier.filter(share -> covers(share.limits().models(), needed)).isPresent()) {
        continue;
      }
      Optional<Limits> each = limitedTo(all, service, holder).or(() -> neededBy(needed, earlier));
      if (each.isEmpty()) {
        tooManyModels(holder, service);
        continue;
      }
      PlannedShare share = new PlannedShare(service, holder, each.get(), Limits.NONE, 0);
      if (!given.isEmpty() && earlier.isEmpty()) {
        report.addRemark(ImportedKind.SHARE, share.name(), ReportReason.OWN_SHARE_LEAVES_POOL, "");
      }
      PlannedShare unused = shares.put(share.name(), share);
    }
  }

  /** Returns the pooled limits of a team's shares, keyed by service. */
  Map<String, Limits> pooled(String team) {
    Map<String, Limits> pooled = new HashMap<>();
    sharesOfGroups
        .getOrDefault(team, Map.of())
        .forEach(
            (service, share) -> {
              if (!share.pooled().isNone()) {
                Limits unused = pooled.put(service, share.pooled());
              }
            });
    return pooled;
  }

  private List<PlannedShare> byGroups(String user, String service) {
    return people.groupsOf(user).stream()
        .map(group -> sharesOfGroups.getOrDefault(group, Map.of()).get(service))
        .filter(Objects::nonNull)
        .toList();
  }

  /**
   * Whether a user's calls of these models use a team's shares, or shares that have the same
   * effect. A call does not say for which team it is made: the user's own share is used first, and
   * otherwise the share of any of the user's groups. So another share would charge the calls to
   * another pool, or refuse them.
   */
  boolean usesSharesOf(String team, String user, ModelScope scope) {
    return scope.services(models).stream()
        .allMatch(service -> usesShareOf(team, user, service, scope));
  }

  /**
   * Whether the names of a scope's models also allow models that are not in the scope, but have the
   * same names at their providers.
   *
   * @param owner the user or service account whose shares allow the models
   * @param services the only services that can be used
   */
  boolean reachesOthers(String owner, ModelScope scope, Set<String> services) {
    Optional<Set<ModelPattern>> names = scope.patterns(models, Optional.empty());
    if (names.isEmpty()) {
      return false;
    }
    Set<Target> allowed = targets(scope);
    return targets(ModelScope.ALL).stream()
        .filter(target -> services.contains(target.service()) && !allowed.contains(target))
        .filter(target -> ModelPattern.anyMatches(names.get(), target.model().value()))
        .anyMatch(target -> allows(owner, target));
  }

  private Set<Target> targets(ModelScope scope) {
    return scope.places(models).stream().map(Place::target).collect(Collectors.toSet());
  }

  private boolean allows(String owner, Target target) {
    return held(owner, target.service()).stream()
        .map(share -> share.limits().models())
        .anyMatch(
            named ->
                named.isEmpty() || ModelPattern.anyMatches(named.get(), target.model().value()));
  }

  private List<PlannedShare> held(String user, String service) {
    List<PlannedShare> held = new ArrayList<>(byGroups(user, service));
    Optional.ofNullable(shares.get(PlannedShare.name(service, new Holder(false, user))))
        .ifPresent(held::add);
    return held;
  }

  private boolean usesShareOf(String team, String user, String service, ModelScope scope) {
    List<PlannedShare> held = held(user, service);
    Holder holder = new Holder(true, team);
    if (held.stream().allMatch(share -> share.holder().equals(holder))) {
      return true;
    }
    Optional<Set<ModelPattern>> needed = scope.patterns(models, Optional.of(service));
    return held.stream().anyMatch(share -> share.holder().equals(holder))
        && held.stream()
            .allMatch(share -> share.pooled().isNone() && covers(share.limits().models(), needed));
  }

  /**
   * Returns limits that allow only the models that a user's keys need. Empty if the given key needs
   * all models, or if the needed models are too many for a limit.
   *
   * @param needed the models that the given key needs; empty if the key needs all models
   * @param earlier the share that the user's other keys need
   */
  private static Optional<Limits> neededBy(
      Optional<Set<ModelPattern>> needed, Optional<PlannedShare> earlier) {
    return needed
        .map(
            models -> {
              Set<ModelPattern> all = new HashSet<>(models);
              earlier.flatMap(share -> share.limits().models()).ifPresent(all::addAll);
              return all;
            })
        .filter(all -> all.size() <= ModelScope.MOST)
        .map(Limits.NONE::with);
  }

  private static boolean covers(
      Optional<Set<ModelPattern>> given, Optional<Set<ModelPattern>> needed) {
    return given.isEmpty() || (needed.isPresent() && ModelPattern.cover(given.get(), needed.get()));
  }
}
