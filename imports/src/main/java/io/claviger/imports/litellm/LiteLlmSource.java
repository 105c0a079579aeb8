package io.claviger.imports.litellm;

import io.claviger.domain.Sha256;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.domain.retention.RetentionPolicy;
import io.claviger.imports.litellm.crypto.SaltKey;
import io.claviger.imports.litellm.jdbc.LiteLlmDatabase;
import io.claviger.imports.litellm.rules.AccessPlan;
import io.claviger.imports.litellm.rules.AccessTranslation;
import io.claviger.imports.litellm.rules.LiteLlmContent;
import io.claviger.imports.litellm.rules.LiteLlmContent.OldCredential;
import io.claviger.imports.litellm.rules.LiteLlmContent.OldDeployment;
import io.claviger.imports.litellm.rules.LiteLlmContent.OldTerms;
import io.claviger.imports.litellm.rules.LiteLlmContent.OldUser;
import io.claviger.imports.litellm.rules.ModelTranslation;
import io.claviger.imports.shared.EarlierService;
import io.claviger.imports.shared.HandleMapping;
import io.claviger.imports.shared.ImportSource;
import io.claviger.imports.shared.ImportedKind;
import io.claviger.imports.shared.Incoming;
import io.claviger.imports.shared.ReportBuilder;
import io.claviger.imports.shared.ReportReason;
import io.claviger.imports.shared.SourceSnapshot;
import io.claviger.imports.shared.TargetStores;
import io.claviger.imports.shared.UnreadableSource;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The source of an import from LiteLLM: LiteLLM's database and its file {@code config.yaml}. */
public final class LiteLlmSource implements ImportSource {
  static final String PROGRAM = "litellm";
  private static final String MASTER_KEY = "LITELLM_MASTER_KEY";
  private static final String STORES_MODELS = "STORE_MODEL_IN_DB";

  private final SourceSnapshot snapshot;
  private final SaltKey saltKey;
  private final ConfigFile config;
  private final TargetStores stores;
  private final Wish wish;
  private final Instant now;
  private Optional<Planned> planned = Optional.empty();
  private int sealed;
  private int opened;

  /** The plan that determines how usage is read. */
  private record Planned(AccessPlan access, ModelTranslation.Result models) {}

  /**
   * The operator's choices.
   *
   * @param known the operator's statements about which of Claviger's users and groups correspond to
   *     which of LiteLLM's users and groups
   * @param renames the new handles: of users and groups, keyed by their LiteLLM names or ids; and
   *     of services, keyed by the handles that they would otherwise get
   * @param variables the values of the variables that the configuration references as {@code
   *     os.environ/…}
   * @param administrators whether LiteLLM's administrators become administrators of Claviger
   * @param allowWider if true, a thing with a limit that Claviger does not support is imported
   *     without that limit; if false, it is not imported
   * @param compatibleEndpoints whether providers of other formats are also called at their endpoint
   *     for OpenAI's format, if they have one
   * @param lifetime the maximum lifetime of imported tokens
   * @param usageSince the first day whose usage is imported; empty to import no usage
   * @param retention the operator's bounds for how long usage is kept
   */
  public record Wish(
      HandleMapping known,
      Map<String, Handle> renames,
      Map<String, String> variables,
      boolean administrators,
      boolean allowWider,
      boolean compatibleEndpoints,
      Duration lifetime,
      Optional<LocalDate> usageSince,
      RetentionPolicy retention) {
    /** Returns a text without the values of the variables, because they might be secrets. */
    @Override
    public String toString() {
      return "Wish[hidden]";
    }
  }

  public LiteLlmSource(
      SourceSnapshot snapshot,
      SaltKey saltKey,
      ConfigFile config,
      TargetStores stores,
      Wish wish,
      Instant now) {
    this.snapshot = snapshot;
    this.saltKey = saltKey;
    this.config = config;
    this.stores = stores;
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
    LiteLlmContent content = content(new LiteLlmDatabase(snapshot), report);
    if (sealed > 0 && opened == 0) {
      throw new WrongSourceKey(
          "none of the %d encrypted values opens with the given salt key, so it is the wrong one; nothing was imported"
              .formatted(sealed));
    }
    List<EarlierService> earlierServices = stores.servicesFrom(identity(), now);
    ModelTranslation.Result models =
        ModelTranslation.translate(
                content, variables(), wish.compatibleEndpoints(), wish.allowWider(), report)
            .recognizing(earlierServices);
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
    LiteLlmIncoming things = new LiteLlmIncoming(stores, wish.renames(), now);
    all.addAll(things.services(models, earlierServices));
    all.addAll(things.models(models));
    all.addAll(things.people(access));
    all.addAll(things.rights(access, models));
    demandKnownNames(access, things.renamed());
    remarkEndedTokens(content, report);
    planned = Optional.of(new Planned(access, models));
    return all;
  }

  @Override
  public Iterator<? extends Incoming> further(ReportBuilder report) {
    if (planned.isEmpty() || wish.usageSince().isEmpty()) {
      return Collections.emptyIterator();
    }
    return LiteLlmUsageReader.since(
        wish.usageSince().get(),
        stores.keptSince(wish.retention(), now),
        LocalDate.ofInstant(now, ZoneOffset.UTC),
        snapshot,
        stores,
        planned.get().access(),
        planned.get().models(),
        report);
  }

  /**
   * Adds a remark to the report about each imported token whose key was deleted, replaced or
   * blocked in LiteLLM, or whose user was deactivated there.
   */
  private void remarkEndedTokens(LiteLlmContent content, ReportBuilder report) {
    Set<String> deactivated =
        content.users().stream()
            .filter(OldUser::deactivated)
            .map(OldUser::id)
            .collect(Collectors.toSet());
    Set<String> accepted =
        content.keys().stream()
            .filter(key -> !key.blocked() && key.user().filter(deactivated::contains).isEmpty())
            .filter(key -> key.expires().map(now::isBefore).orElse(true))
            .map(key -> key.token().toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    stores
        .tokensFrom(identity(), now)
        .forEach(
            (hash, words) -> {
              if (!accepted.contains(hash)) {
                report.addRemark(
                    ImportedKind.TOKEN,
                    words,
                    ReportReason.ENDED_THERE,
                    "if the key must not work any more, revoke the token in Claviger");
              }
            });
  }

  private void demandKnownNames(AccessPlan access, Set<String> renamedServices) {
    Optional<String> unknown =
        wish.renames().keySet().stream()
            .filter(name -> !access.renamed().contains(name) && !renamedServices.contains(name))
            .sorted()
            .findFirst();
    if (unknown.isPresent()) {
      throw new UnreadableSource("--rename: no imported thing is named " + unknown.get());
    }
    if (wish.known().unused().isPresent()) {
      throw new UnreadableSource(
          "--same: no imported user or group is named " + wish.known().unused().get());
    }
  }

  private LiteLlmContent content(LiteLlmDatabase database, ReportBuilder report) {
    ConfigFile whole = withStored(database.settings());
    boolean storesModels = storesModels(whole);
    List<OldDeployment> deployments = new ArrayList<>();
    config.deployments().forEach(entry -> deployments.add(entry.named(id(entry))));
    for (LiteLlmDatabase.Stored stored : database.deployments()) {
      if (!storesModels) {
        report.countFound(ImportedKind.MODEL);
        report.addLeftOut(
            ImportedKind.MODEL,
            stored.alias() + " (" + stored.id() + ")",
            ReportReason.NO_COUNTERPART,
            "LiteLLM does not call models of its database (store_model_in_db)");
        continue;
      }
      Set<String> closed = new TreeSet<>();
      deployments.add(
          new OldDeployment(
              stored.id(),
              stored.alias(),
              open(stored, closed),
              closed,
              stored.inGroups(),
              stored.ofTeam(),
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
    whole.hidden().forEach(what -> hidden.merge(what, 1L, Long::sum));
    Set<String> bounds = new TreeSet<>(whole.bounds());
    bounds.addAll(database.bounds());
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
        hidden,
        whole.shadowed(),
        bounds,
        whole.zone().orElse(BudgetZone.UTC));
  }

  /** A variable of LiteLLM's environment has precedence over the same variable in the file. */
  private Map<String, String> variables() {
    Map<String, String> all = new HashMap<>(config.variables());
    all.putAll(wish.variables());
    return all;
  }

  /**
   * Whether LiteLLM calls the models in its database. If neither its settings nor its environment
   * say so, the models in the database are assumed to be in use.
   */
  private boolean storesModels(ConfigFile settings) {
    return settings.storesModels().orElse(true)
        || Boolean.parseBoolean(wish.variables().getOrDefault(STORES_MODELS, ""));
  }

  /** Returns the id of an entry in the file. The id does not depend on the other entries. */
  private String id(OldDeployment entry) {
    return entry.id().substring(0, entry.id().lastIndexOf('/') + 1)
        + saltKey.mark(ModelTranslation.identity(entry));
  }

  private ConfigFile withStored(Map<String, String> settings) {
    try {
      return config.with(settings);
    } catch (ConfigFile.Unreadable e) {
      throw new UnreadableSource("settings in its table LiteLLM_Config are not JSON objects");
    }
  }

  /** Decrypts the encrypted texts and counts them, so that a wrong salt key is noticed. */
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

  /** Returns the hash of LiteLLM's own key, which might also be in LiteLLM's table of keys. */
  private Optional<String> masterKey() {
    return config
        .masterKey()
        .map(
            text ->
                text.startsWith(ModelTranslation.VARIABLE)
                    ? variables()
                        .getOrDefault(text.substring(ModelTranslation.VARIABLE.length()), "")
                    : text)
        .or(() -> Optional.ofNullable(variables().get(MASTER_KEY)))
        .filter(text -> !text.isEmpty())
        .map(Sha256::hex);
  }
}
