package io.claviger.imports.litellm;

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
import io.claviger.domain.sharing.Audience;
import io.claviger.imports.litellm.crypto.SaltKey;
import io.claviger.imports.litellm.jdbc.LiteLlmDatabase;
import io.claviger.imports.litellm.rules.AccessPlan;
import io.claviger.imports.litellm.rules.AccessTranslation;
import io.claviger.imports.litellm.rules.LiteLlmContent;
import io.claviger.imports.litellm.rules.LiteLlmContent.OldCredential;
import io.claviger.imports.litellm.rules.LiteLlmContent.OldDeployment;
import io.claviger.imports.litellm.rules.LiteLlmContent.OldTerms;
import io.claviger.imports.litellm.rules.ModelTranslation;
import io.claviger.imports.litellm.rules.ModelTranslation.PlannedModel;
import io.claviger.imports.litellm.rules.ModelTranslation.PlannedService;
import io.claviger.imports.shared.Arrivals;
import io.claviger.imports.shared.HereStores;
import io.claviger.imports.shared.ImportSource;
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
import io.claviger.imports.shared.KnownHere;
import io.claviger.imports.shared.ReportBuilder;
import io.claviger.imports.shared.ReportReason;
import io.claviger.imports.shared.SourceKey;
import io.claviger.imports.shared.SourceSnapshot;
import io.claviger.imports.shared.UnreadableSource;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What is imported from a LiteLLM: its database, and its file {@code config.yaml}. */
public final class LiteLlmSource implements ImportSource {
  private static final String PROGRAM = "litellm";
  private static final String MASTER_KEY = "LITELLM_MASTER_KEY";
  private static final String VARIABLE = "os.environ/";

  private final SourceSnapshot snapshot;
  private final SaltKey saltKey;
  private final ConfigFile config;
  private final HereStores here;
  private final Wish wish;
  private final Instant now;
  private final Set<String> renamedServices = new HashSet<>();
  private int sealed;
  private int opened;

  /**
   * What the operator wishes.
   *
   * @param known who people and groups there are here
   * @param renames new handles, by names or ids there; of services, by the handles that they get
   * @param variables the values of {@code os.environ/…}
   * @param administrators whether LiteLLM's administrators become administrators
   * @param allowWider whether what is bounded there in a way that can't be said here comes without
   *     that bound
   * @param compatibleEndpoints whether providers of other formats are also called where they take
   *     calls in OpenAI's
   * @param lifetime after which the imported tokens end at the latest
   */
  public record Wish(
      KnownHere known,
      Map<String, Handle> renames,
      Map<String, String> variables,
      boolean administrators,
      boolean allowWider,
      boolean compatibleEndpoints,
      Duration lifetime) {
    /** Hides the values of variables. */
    @Override
    public String toString() {
      return "Wish[hidden]";
    }
  }

  public LiteLlmSource(
      SourceSnapshot snapshot,
      SaltKey saltKey,
      ConfigFile config,
      HereStores here,
      Wish wish,
      Instant now) {
    this.snapshot = snapshot;
    this.saltKey = saltKey;
    this.config = config;
    this.here = here;
    this.wish = wish;
    this.now = now;
  }

  @Override
  public String program() {
    return PROGRAM;
  }

  @Override
  public String identity() {
    return snapshot.identity();
  }

  @Override
  public List<? extends Incoming> incoming(ReportBuilder report) {
    LiteLlmContent content = content(new LiteLlmDatabase(snapshot));
    if (sealed > 0 && opened == 0) {
      throw new WrongSourceKey(
          "none of the %d encrypted values opens with the given salt key, so it is the wrong one; nothing was imported"
              .formatted(sealed));
    }
    ModelTranslation.Result models =
        ModelTranslation.translate(content, wish.variables(), wish.compatibleEndpoints(), report);
    AccessPlan access =
        AccessTranslation.translate(
            content,
            models,
            new AccessTranslation.Wish(
                wish.known(),
                wish.renames(),
                wish.administrators(),
                wish.allowWider(),
                wish.lifetime(),
                masterKey(),
                now),
            report);
    List<Incoming> all = new ArrayList<>();
    all.addAll(services(models));
    Map<String, Provider> providers = new HashMap<>();
    models.services().forEach(each -> providers.put(each.name(), each.place().provider()));
    models.models().forEach(model -> all.add(new BudgetedModel(here, model(model), providers)));
    all.addAll(people(access));
    all.addAll(rights(access));
    demandKnownNames(access);
    return all;
  }

  private void demandKnownNames(AccessPlan access) {
    Optional<String> unknown =
        wish.renames().keySet().stream()
            .filter(name -> !access.renamed().contains(name) && !renamedServices.contains(name))
            .sorted()
            .findFirst();
    if (unknown.isPresent()) {
      throw new UnreadableSource("--rename: nothing that comes is named " + unknown.get());
    }
    if (wish.known().unused().isPresent()) {
      throw new UnreadableSource(
          "--same: nobody and no group that comes is named " + wish.known().unused().get());
    }
  }

  private LiteLlmContent content(LiteLlmDatabase database) {
    List<OldDeployment> deployments = new ArrayList<>(config.deployments());
    for (LiteLlmDatabase.Stored stored : database.deployments()) {
      Set<String> closed = new TreeSet<>();
      deployments.add(
          new OldDeployment(
              stored.id(),
              stored.alias(),
              open(stored, closed),
              closed,
              stored.inGroups(),
              stored.blocked()));
    }
    Map<String, OldCredential> credentials = new HashMap<>(config.credentials());
    for (LiteLlmDatabase.Stored stored : database.credentials()) {
      Set<String> closed = new TreeSet<>();
      Map<String, String> values = open(stored, closed);
      credentials.put(stored.id(), new OldCredential(values, closed));
    }
    Map<String, OldTerms> budgets = database.budgets();
    Map<String, Long> hidden = new HashMap<>(database.hidden());
    config.hidden().forEach(what -> hidden.merge(what, 1L, Long::sum));
    return new LiteLlmContent(
        deployments,
        credentials,
        database.users(),
        database.groups(budgets),
        database.members(),
        database.keys(),
        budgets,
        database.accessGroups(),
        database.spoken(),
        hidden);
  }

  /** Opens what is encrypted, and counts it, so that a wrong salt key is noticed. */
  private Map<String, String> open(LiteLlmDatabase.Stored stored, Set<String> closed) {
    Map<String, String> values = new HashMap<>();
    stored
        .texts()
        .forEach(
            (name, text) -> {
              switch (saltKey.open(text)) {
                case SaltKey.Opened.Plain plain -> values.put(name, plain.text());
                case SaltKey.Opened.Unsealed unsealed -> {
                  sealed++;
                  opened++;
                  values.put(name, unsealed.text());
                }
                case SaltKey.Opened.Closed none -> {
                  sealed++;
                  boolean unused = closed.add(name);
                }
              }
            });
    return values;
  }

  /** The hash of LiteLLM's own key, which its table of keys may have too. */
  private Optional<String> masterKey() {
    return config
        .masterKey()
        .map(
            text ->
                text.startsWith(VARIABLE)
                    ? wish.variables().getOrDefault(text.substring(VARIABLE.length()), "")
                    : text)
        .or(() -> Optional.ofNullable(wish.variables().get(MASTER_KEY)))
        .filter(text -> !text.isEmpty())
        .map(LiteLlmSource::sha256);
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Services are called after their provider, with a number from the second one on. */
  private List<Incoming> services(ModelTranslation.Result models) {
    Map<String, PlannedModel> first = new HashMap<>();
    models.models().forEach(m -> m.targets().forEach(t -> first.putIfAbsent(t.service(), m)));
    Map<String, Integer> numbers = new HashMap<>();
    List<Incoming> services = new ArrayList<>();
    for (PlannedService service : models.services()) {
      String base =
          PROGRAM
              + "-"
              + service.place().provider().wireName()
              + (service.compatible() ? "-compatible" : "");
      int number = numbers.merge(base, 1, Integer::sum);
      String name = number == 1 ? base : base + "-" + number;
      boolean unused = wish.renames().containsKey(name) && renamedServices.add(name);
      // A server that asks for no key there may ask for one.
      boolean keyWithoutPlace =
          service.key().isPresent() && service.place().provider().defaultPlacement().isNone();
      services.add(
          new IncomingService(
              here,
              service.name(),
              name,
              new IncomingService.Fields(
                  Optional.ofNullable(wish.renames().get(name)).orElseGet(() -> new Handle(name)),
                  service.place().provider(),
                  keyWithoutPlace ? Provider.OPENAI.defaultStandard() : service.place().standard(),
                  Audience.SHARED,
                  service.place().endpoint(),
                  first.containsKey(service.name())
                      ? target(first.get(service.name()), service.name())
                      : new ModelName(service.place().model()),
                  new DisplayName(name),
                  true,
                  KeyPolicy.DEFAULT),
              () -> key(service),
              now));
    }
    return services;
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
   * A model whose calls imported budgets count. LiteLLM allows calls that have no price, and does
   * not count them, so these budgets do the same. The report names the models.
   *
   * @param providers of the services, by their ids there
   */
  private record BudgetedModel(
      HereStores here, IncomingModel model, Map<String, Provider> providers) implements Incoming {
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
                  !here.isPriced(
                      id,
                      providers.getOrDefault(target.service(), Provider.OPENAI),
                      target.model()))
          .isPresent();
    }
  }

  private IncomingModel model(PlannedModel model) {
    return new IncomingModel(
        here,
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
    String name = model.alias().value().strip();
    return new DisplayName(
        name.length() <= DisplayName.MAX_LENGTH
            ? name
            : name.substring(0, name.offsetByCodePoints(0, DisplayName.MAX_LENGTH / 2)));
  }

  private List<Incoming> people(AccessPlan access) {
    List<Incoming> all = new ArrayList<>();
    access
        .users()
        .forEach(
            user ->
                all.add(
                    new IncomingUser(
                        here,
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
                      here, group.name(), group.known(), group.handle(), group.displayName()));
            });
    access
        .accounts()
        .forEach(
            account ->
                all.add(
                    new IncomingAccount(
                        here,
                        account.name(),
                        account.handle(),
                        account.displayName(),
                        account.group(),
                        groups.getOrDefault(account.group(), account.handle()))));
    return all;
  }

  private List<Incoming> rights(AccessPlan access) {
    Set<String> accounts = new HashSet<>();
    access.accounts().forEach(account -> accounts.add(account.name()));
    List<Incoming> all = new ArrayList<>();
    access
        .members()
        .forEach(
            member ->
                all.add(
                    new IncomingMember(
                        here,
                        member.group(),
                        kind(accounts, member.user()),
                        member.user(),
                        member.manages() ? GroupRole.MANAGER : GroupRole.MEMBER)));
    access
        .shares()
        .forEach(
            share ->
                all.add(
                    new IncomingShare(
                        here,
                        share.service(),
                        share.holder().group()
                            ? ImportedKind.GROUP
                            : kind(accounts, share.holder().name()),
                        share.holder().name(),
                        share.limits(),
                        share.pooled(),
                        share.spent())));
    access
        .limits()
        .forEach(
            limits ->
                all.add(
                    new IncomingLimits(
                        here,
                        limits.holder().group(),
                        limits.holder().name(),
                        limits.limits(),
                        limits.spent())));
    access
        .tokens()
        .forEach(
            token ->
                all.add(
                    new IncomingToken(
                        here,
                        token.hash(),
                        kind(accounts, token.owner()),
                        token.owner(),
                        token.name(),
                        new AccessToken.Imported(PROGRAM, new TokenPrefix(token.beginning())),
                        token.limits(),
                        token.expiresAt(),
                        token.spent())));
    return all;
  }

  private static ImportedKind kind(Set<String> accounts, String user) {
    return accounts.contains(user) ? ImportedKind.SERVICE_ACCOUNT : ImportedKind.USER;
  }
}
