package io.claviger.imports.litellm;

import io.claviger.domain.Characters;
import io.claviger.domain.DisplayName;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenPrefix;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.groups.GroupRole;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.models.FailureMode;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.sharing.Audience;
import io.claviger.imports.litellm.rules.AccessPlan;
import io.claviger.imports.litellm.rules.ModelScope;
import io.claviger.imports.litellm.rules.ModelTranslation;
import io.claviger.imports.litellm.rules.ModelTranslation.PlannedModel;
import io.claviger.imports.litellm.rules.ModelTranslation.PlannedService;
import io.claviger.imports.shared.Arrivals;
import io.claviger.imports.shared.EarlierService;
import io.claviger.imports.shared.ImportedKind;
import io.claviger.imports.shared.Incoming;
import io.claviger.imports.shared.IncomingAccount;
import io.claviger.imports.shared.IncomingGroup;
import io.claviger.imports.shared.IncomingLimits;
import io.claviger.imports.shared.IncomingMember;
import io.claviger.imports.shared.IncomingModel;
import io.claviger.imports.shared.IncomingService;
import io.claviger.imports.shared.IncomingShare;
import io.claviger.imports.shared.IncomingToken;
import io.claviger.imports.shared.IncomingUser;
import io.claviger.imports.shared.ReportReason;
import io.claviger.imports.shared.SourceKey;
import io.claviger.imports.shared.TargetStores;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The users, groups, services and other things to import from LiteLLM, in the order of their
 * creation.
 */
final class LiteLlmIncoming {
  private final TargetStores stores;
  private final Map<String, Handle> renames;
  private final Instant now;
  private final Set<String> renamedServices = new HashSet<>();

  /**
   * @param renames the new handles of services, keyed by the handles that they would otherwise get
   */
  LiteLlmIncoming(TargetStores stores, Map<String, Handle> renames, Instant now) {
    this.stores = stores;
    this.renames = renames;
    this.now = now;
  }

  /**
   * Returns the services. A service has its provider's name. A provider's second and further
   * services have a number after the name.
   *
   * @param earlierServices the services that earlier runs have created, oldest first. These
   *     services have the first numbers, so that a new service gets none of them
   */
  List<Incoming> services(ModelTranslation.Result models, List<EarlierService> earlierServices) {
    Map<String, PlannedModel> first = new HashMap<>();
    models.models().forEach(m -> m.targets().forEach(t -> first.putIfAbsent(t.service(), m)));
    Map<String, String> names = names(models.services(), earlierServices);
    List<Incoming> services = new ArrayList<>();
    for (PlannedService service : models.services()) {
      String name = names.getOrDefault(service.name(), service.name());
      boolean unused = renames.containsKey(name) && renamedServices.add(name);
      // A server can ask for a key although the servers of its provider usually ask for none.
      boolean keyWithoutPlace =
          service.key().isPresent() && service.place().provider().defaultPlacement().isNone();
      services.add(
          new IncomingService(
              stores,
              service.name(),
              name,
              new IncomingService.Fields(
                  Optional.ofNullable(renames.get(name)).orElseGet(() -> new Handle(name)),
                  service.place().provider(),
                  keyWithoutPlace ? Provider.OPENAI.defaultStandard() : service.place().standard(),
                  Audience.SHARED,
                  service.place().endpoint(),
                  first.containsKey(service.name())
                      ? target(first.get(service.name()), service.name())
                      : new ModelName(service.place().model()),
                  new DisplayName(name),
                  true,
                  KeyPolicy.DEFAULT,
                  limits(models.modelsOf(service.name()))),
              () -> key(service),
              now));
    }
    return services;
  }

  /** Returns the names that services get, keyed by their names in the journal of imports. */
  private static Map<String, String> names(
      List<PlannedService> services, List<EarlierService> earlierServices) {
    Map<String, String> bases = new LinkedHashMap<>();
    earlierServices.forEach(
        earlier ->
            earlier
                .place()
                .map(at -> base(at.provider(), earlier.name().endsWith("/compatible")))
                .ifPresent(base -> bases.put(earlier.name(), base)));
    services.forEach(
        service ->
            bases.put(service.name(), base(service.place().provider(), service.compatible())));
    Map<String, Integer> numbers = new HashMap<>();
    Map<String, String> names = new HashMap<>();
    bases.forEach(
        (service, base) -> {
          int number = numbers.merge(base, 1, Integer::sum);
          String unused = names.put(service, number == 1 ? base : base + "-" + number);
        });
    return names;
  }

  private static String base(Provider provider, boolean compatible) {
    return LiteLlmSource.PROGRAM + "-" + provider.wireName() + (compatible ? "-compatible" : "");
  }

  /**
   * Returns limits that allow only the models that LiteLLM calls through a service. The limits
   * apply to callers whose shares name no models. If there are too many models for a limit, all
   * models are allowed.
   */
  private static Limits limits(Set<ModelPattern> models) {
    return new Limits(
        Optional.empty(),
        Optional.of(models).filter(all -> all.size() <= ModelScope.MOST),
        Optional.empty());
  }

  private static ModelName target(PlannedModel model, String service) {
    return model.targets().stream()
        .filter(target -> target.service().equals(service))
        .findFirst()
        .orElseThrow()
        .model();
  }

  private static SourceKey key(PlannedService service) {
    if (service.key().isEmpty()) {
      return new SourceKey.Absent();
    }
    try {
      return new SourceKey.Usable(
          Secret.apiKey(service.key().get().getBytes(StandardCharsets.UTF_8)));
    } catch (InvalidValue e) {
      return new SourceKey.Unusable();
    }
  }

  /**
   * A model that is reported if Claviger has no price for it. LiteLLM allows calls of models
   * without a price, and does not charge them to any budget. Imported budgets are not charged for
   * such calls either, so the report names the models.
   *
   * @param providers the providers of the services for the model, keyed by the services' ids in
   *     LiteLLM
   */
  private record BudgetedModel(
      TargetStores stores, IncomingModel model, Map<String, Provider> providers)
      implements Incoming {
    @Override
    public ImportedKind kind() {
      return model.kind();
    }

    @Override
    public String id() {
      return model.id();
    }

    @Override
    public String label() {
      return model.label();
    }

    @Override
    public List<Needed> needed() {
      return model.needed();
    }

    @Override
    public Made make(Arrivals arrivals) {
      Made made = model.make(arrivals);
      if (made instanceof Made.New) {
        model.fields().targets().stream()
            .filter(target -> isUnpriced(arrivals, target))
            .map(target -> target.model().value())
            .distinct()
            .forEach(name -> arrivals.addRemark(kind(), label(), ReportReason.UNPRICED, name));
      }
      return made;
    }

    private boolean isUnpriced(Arrivals arrivals, IncomingModel.Target target) {
      return arrivals
          .find(ImportedKind.SERVICE, target.service())
          .filter(
              id ->
                  !stores.isPriced(
                      id,
                      providers.getOrDefault(target.service(), Provider.OPENAI),
                      target.model()))
          .isPresent();
    }
  }

  List<Incoming> models(ModelTranslation.Result models) {
    Map<String, Provider> providers = new HashMap<>();
    models.services().forEach(each -> providers.put(each.name(), each.place().provider()));
    List<Incoming> all = new ArrayList<>();
    models.models().forEach(model -> all.add(new BudgetedModel(stores, model(model), providers)));
    return all;
  }

  /** Returns the handles that services would have got if the operator had not replaced them. */
  Set<String> renamed() {
    return renamedServices;
  }

  private IncomingModel model(PlannedModel model) {
    return new IncomingModel(
        stores,
        model.name(),
        model.alias().value(),
        new IncomingModel.Fields(
            Optional.of(model.alias()),
            model.targets().stream()
                .map(target -> new IncomingModel.Target(target.service(), target.model()))
                .toList(),
            model.targets().size() > 1 ? FailureMode.NEXT : FailureMode.NONE,
            displayName(model),
            true,
            Optional.empty(),
            Optional.empty()),
        now);
  }

  private static DisplayName displayName(PlannedModel model) {
    return new DisplayName(Characters.first(DisplayName.MAX_LENGTH, model.alias().value().strip()));
  }

  List<Incoming> people(AccessPlan access) {
    List<Incoming> all = new ArrayList<>();
    access
        .users()
        .forEach(
            user ->
                all.add(
                    new IncomingUser(
                        stores,
                        user.name(),
                        user.name(),
                        user.known(),
                        Optional.of(user.handle()),
                        Optional.of(user.displayName().value()),
                        user.email(),
                        user.administrator(),
                        now)));
    Map<String, Handle> groups = new HashMap<>();
    access
        .groups()
        .forEach(
            group -> {
              groups.put(group.name(), group.handle());
              all.add(
                  new IncomingGroup(
                      stores, group.name(), group.known(), group.handle(), group.displayName()));
            });
    access
        .accounts()
        .forEach(
            account ->
                all.add(
                    new IncomingAccount(
                        stores,
                        account.name(),
                        account.handle(),
                        account.displayName(),
                        account.group(),
                        groups.getOrDefault(account.group(), account.handle()))));
    return all;
  }

  List<Incoming> rights(AccessPlan access, ModelTranslation.Result models) {
    Map<String, Limits> ofServices = new HashMap<>();
    models.services().forEach(s -> ofServices.put(s.name(), limits(models.modelsOf(s.name()))));
    Set<String> accounts = new HashSet<>();
    access.accounts().forEach(account -> accounts.add(account.name()));
    List<Incoming> all = new ArrayList<>();
    access.members().forEach(member -> all.add(member(member, accounts)));
    access
        .shares()
        .forEach(
            share ->
                all.add(
                    share(
                        share,
                        ofServices.getOrDefault(share.service(), Limits.NONE).models(),
                        accounts)));
    access
        .limits()
        .forEach(
            limits ->
                all.add(
                    new IncomingLimits(
                        stores,
                        limits.holder().group(),
                        limits.holder().name(),
                        limits.limits(),
                        limits.spent())));
    access.tokens().forEach(token -> all.add(token(token, accounts)));
    return all;
  }

  /**
   * @param accounts the names of the service accounts
   */
  private Incoming member(AccessPlan.PlannedMember member, Set<String> accounts) {
    return new IncomingMember(
        stores,
        member.group(),
        kind(accounts, member.user()),
        member.user(),
        member.manages() ? GroupRole.MANAGER : GroupRole.MEMBER);
  }

  private Incoming share(
      AccessPlan.PlannedShare share, Optional<Set<ModelPattern>> models, Set<String> accounts) {
    AccessPlan.Holder holder = share.holder();
    return new IncomingShare(
        stores,
        share.service(),
        holder.group() ? ImportedKind.GROUP : kind(accounts, holder.name()),
        holder.name(),
        share.limits(),
        models,
        share.pooled(),
        share.spent());
  }

  private Incoming token(AccessPlan.PlannedToken token, Set<String> accounts) {
    return new IncomingToken(
        stores,
        token.hash(),
        kind(accounts, token.owner()),
        token.owner(),
        token.name(),
        new AccessToken.Imported(LiteLlmSource.PROGRAM, new TokenPrefix(token.beginning())),
        token.services(),
        token.limits(),
        token.expiresAt(),
        token.spent(),
        token.limitedBy().stream()
            .flatMap(holder -> limitedBy(holder, token.owner()).stream())
            .toList(),
        token.pool());
  }

  /**
   * Returns what has to exist so that the limits of a user or group apply to a token. A group's
   * limits count only the calls of its members.
   */
  private static List<Incoming.Needed> limitedBy(AccessPlan.Holder holder, String owner) {
    return holder.group()
        ? List.of(
            new Incoming.Needed(
                ImportedKind.GROUP_LIMITS, holder.name(), ReportReason.LIMIT_NOT_CARRIED),
            new Incoming.Needed(
                ImportedKind.GROUP_MEMBER,
                IncomingMember.id(holder.name(), owner),
                ReportReason.LIMIT_NOT_CARRIED))
        : List.of(
            new Incoming.Needed(
                ImportedKind.LIMITS, holder.name(), ReportReason.LIMIT_NOT_CARRIED));
  }

  private static ImportedKind kind(Set<String> accounts, String user) {
    return accounts.contains(user) ? ImportedKind.SERVICE_ACCOUNT : ImportedKind.USER;
  }
}
