package io.claviger.imports.litellm.rules;

import io.claviger.application.accounts.ImportedTokens;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.definitions.Provider;
import io.claviger.imports.litellm.rules.AccessPlan.Holder;
import io.claviger.imports.litellm.rules.AccessPlan.PlannedToken;
import io.claviger.imports.litellm.rules.LiteLlmContent.OldKey;
import io.claviger.imports.litellm.rules.LiteLlmContent.OldTerms;
import io.claviger.imports.litellm.rules.LiteLlmContent.OldUser;
import io.claviger.imports.litellm.rules.LiteLlmContent.Spoken;
import io.claviger.imports.litellm.rules.ModelTranslation.Place;
import io.claviger.imports.litellm.rules.TermsTranslation.Translated;
import io.claviger.imports.shared.HandleMapping;
import io.claviger.imports.shared.ImportedKind;
import io.claviger.imports.shared.IncomingToken;
import io.claviger.imports.shared.ReportBuilder;
import io.claviger.imports.shared.ReportReason;
import io.claviger.imports.shared.UnreadableSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Decides which tokens, shares and limits users and groups get. Nobody gets more rights or higher
 * limits in Claviger than in LiteLLM. If Claviger can't allow exactly the same, the import allows
 * less, or reports that it leaves the thing out.
 */
public final class AccessTranslation {
  /** The form of LiteLLM's hash of a key. A text of another form does not identify a key. */
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  private static final Pattern BEGINNING = Pattern.compile("[!-~]{3,8}");
  private static final String USUAL_BEGINNING = "sk-";

  /**
   * The row in which some releases keep the budget of the whole proxy. The row stands for no
   * person.
   */
  private static final String PROXY = "litellm-proxy-budget";

  /** The rows in which LiteLLM keeps the budget of the whole proxy, depending on the release. */
  private static final Set<String> OF_ALL_CALLS = Set.of(PROXY, "default_user_id");

  private final LiteLlmContent content;
  private final ModelTranslation.Result models;
  private final Wish wish;
  private final ReportBuilder report;
  private final PeopleTranslation people;
  private final ShareTranslation lending;
  private final Map<String, OldUser> oldUsers;
  private final List<PlannedToken> tokens = new ArrayList<>();
  private final Map<String, Long> withoutCounterpart = new TreeMap<>();
  private final Set<String> presented = new HashSet<>();

  /**
   * The operator's choices.
   *
   * @param administrators whether LiteLLM's administrators become administrators of Claviger
   * @param allowWider if true, a thing with a limit that Claviger does not support is imported
   *     without that limit; if false, it is not imported
   * @param lifetime the maximum lifetime of imported tokens
   * @param masterKey the hexadecimal SHA-256 of LiteLLM's master key; empty if unknown
   */
  public record Wish(
      HandleMapping known,
      Map<String, Handle> renames,
      boolean administrators,
      boolean allowWider,
      Duration lifetime,
      Optional<String> masterKey,
      Instant now) {}

  private AccessTranslation(
      LiteLlmContent content, ModelTranslation.Result models, Wish wish, ReportBuilder report) {
    this.content = content;
    this.models = models;
    this.wish = wish;
    this.report = report;
    this.people = new PeopleTranslation(wish, report);
    this.lending =
        new ShareTranslation(models, wish, content.zone(), people, withoutCounterpart, report);
    this.oldUsers = new HashMap<>();
    content.users().forEach(user -> oldUsers.putIfAbsent(user.id(), user));
  }

  /**
   * @throws UnreadableSource if LiteLLM limits all calls in a way that Claviger does not support,
   *     unless the operator allows importing without these limits
   */
  public static AccessPlan translate(
      LiteLlmContent content, ModelTranslation.Result models, Wish wish, ReportBuilder report) {
    return new AccessTranslation(content, models, wish, report).translate();
  }

  private AccessPlan translate() {
    boundAll();
    content.users().stream().filter(user -> !user.id().equals(PROXY)).forEach(people::add);
    content.groups().forEach(people::add);
    content.members().forEach(people::bind);
    content.members().stream()
        .sorted(Comparator.comparing(member -> !member.ofOrganization()))
        .forEach(people::add);
    content.groups().stream()
        .filter(group -> people.groups.containsKey(group.name()))
        .forEach(lending::lend);
    content.users().stream()
        .filter(user -> people.users.containsKey(user.id()))
        .forEach(lending::limit);
    // A key can add its user to a team, and the user's shares depend on all of the user's teams.
    List<Wanted> wanted = content.keys().stream().flatMap(key -> wanted(key).stream()).toList();
    wanted.stream().filter(Wanted::isPersonal).forEach(this::lend);
    wanted.forEach(this::add);
    content.hidden().forEach((what, count) -> withoutCounterpart.merge(what, count, Long::sum));
    withoutCounterpart.forEach(
        (what, count) ->
            report.addRemark(
                ImportedKind.TOKEN, what, ReportReason.NOT_IMPORTED, count + " of them"));
    return new AccessPlan(
        List.copyOf(people.users.values()),
        List.copyOf(people.groups.values()),
        List.copyOf(people.members),
        List.copyOf(people.accounts.values()),
        List.copyOf(lending.shares.values()),
        List.copyOf(lending.limits),
        List.copyOf(tokens),
        people.renamed());
  }

  private void boundAll() {
    Set<String> bounds = new TreeSet<>(content.bounds());
    if (content.users().stream()
        .filter(user -> OF_ALL_CALLS.contains(user.id()))
        .anyMatch(user -> user.terms().budget().filter(most -> most.signum() != 0).isPresent())) {
      boolean unused = bounds.add(LiteLlmContent.BUDGET_OF_ALL);
    }
    if (lending.beyond(ImportedKind.TOKEN, "all keys", bounds).isPresent()) {
      throw new UnreadableSource(
          "LiteLLM limits all calls in a way that Claviger does not support (%s); with --allow-wider, such limits are left out"
              .formatted(String.join(", ", bounds)));
    }
  }

  /**
   * A key that is replaced by a token if nothing prevents this.
   *
   * @param name the key's name in reports
   * @param scope the models that the key may call
   * @param terms the key's limits in LiteLLM
   */
  private record Wanted(
      OldKey key, String name, ModelScope scope, OldTerms terms, Translated translated) {
    /** Whether the key belongs to a user and to no team. */
    boolean isPersonal() {
      return key.user().isPresent() && key.team().isEmpty();
    }
  }

  /**
   * Adds a key's user to the key's team and organization. If the key can't be imported, reports
   * this and returns empty.
   */
  private Optional<Wanted> wanted(OldKey key) {
    String name = named(key);
    Optional<ReportReason> refused = refused(key);
    if (refused.isPresent()) {
      leaveOut(name, refused.get(), "");
      return Optional.empty();
    }
    OldTerms terms = termsOf(key);
    ModelScope scope = scopeOf(key);
    if (scope.isNothing() || scope.places(models).isEmpty()) {
      leaveOut(name, ReportReason.MODELS_UNKNOWN, "");
      return Optional.empty();
    }
    if (!scope.isNamable(models)) {
      leaveOut(name, ReportReason.TOO_MANY_MODELS, "");
      return Optional.empty();
    }
    Translated translated =
        TermsTranslation.translate(
            terms, scope.patterns(models, Optional.empty()), content.zone(), wish.now());
    if (!translated.isUsable()) {
      leaveOut(name, ReportReason.NOTHING_ALLOWED, "");
      return Optional.empty();
    }
    Optional<ShareTranslation.Refusal> closed = closed(key, name);
    if (closed.isPresent()) {
      leaveOut(name, closed.get().why(), closed.get().detail());
      return Optional.empty();
    }
    return joins(key, name)
        ? Optional.of(new Wanted(key, name, scope, terms, translated))
        : Optional.empty();
  }

  private void lend(Wanted wanted) {
    lending.lend(
        Objects.requireNonNull(
            oldUsers.get(wanted.key().user().orElseThrow()), "only known users are lent to"),
        wanted.scope());
  }

  private void add(Wanted wanted) {
    Optional<String> owner = owner(wanted);
    if (owner.isEmpty()) {
      return;
    }
    OldKey key = wanted.key();
    Translated translated = wanted.translated();
    Set<String> services = wanted.scope().services(models);
    // A token's limits contain only names of models, and another service of the token might have
    // models with the same names.
    if (lending.reachesOthers(owner.get(), wanted.scope(), services)) {
      Optional<ShareTranslation.Refusal> refused =
          lending.beyond(ImportedKind.TOKEN, wanted.name(), Set.of("the services of its models"));
      if (refused.isPresent()) {
        leaveOut(wanted.name(), refused.get().why(), refused.get().detail());
        return;
      }
    }
    lending.remarkReset(wanted.name(), ImportedKind.TOKEN, wanted.terms(), translated);
    FormatConflicts.remark(key, wanted.name(), wanted.scope(), content, models, report);
    key.extras().forEach(what -> withoutCounterpart.merge(what, 1L, Long::sum));
    if (!key.aliases().isEmpty()) {
      withoutCounterpart.merge("names of models of one key", 1L, Long::sum);
    }
    tokens.add(
        new PlannedToken(
            new TokenHash(HexFormat.of().parseHex(key.token())),
            owner.get(),
            tokenName(key),
            beginning(key),
            services,
            translated.limits(),
            ImportedTokens.expiry(wish.now(), wish.lifetime(), key.expires()),
            translated.spent(),
            limitedBy(key),
            pool(key)));
  }

  /**
   * Returns the pooled limits of the shares of a key's team, which also limit the key in LiteLLM.
   * Empty if there are none, or if the operator allows importing without limits.
   */
  private Optional<IncomingToken.Pool> pool(OldKey key) {
    return teamOf(key)
        .filter(team -> !wish.allowWider())
        .map(team -> new IncomingToken.Pool(team, lending.pooled(team)))
        .filter(pool -> !pool.limits().isEmpty());
  }

  /**
   * Returns the users and groups whose limits of all calls also limit a key in LiteLLM. A user's
   * budget does not limit the user's keys for teams. Empty if the operator allows importing without
   * limits.
   */
  private Set<Holder> limitedBy(OldKey key) {
    if (wish.allowWider()) {
      return Set.of();
    }
    Stream<Holder> user =
        key.user().map(oldUsers::get).stream()
            .filter(of -> key.team().isEmpty() || of.terms().hasRates())
            .map(of -> new Holder(false, of.id()));
    Stream<Holder> groups =
        Stream.of(
                teamOf(key).stream(),
                teamOf(key).flatMap(people::parentOf).stream(),
                organizationOf(key).stream())
            .flatMap(each -> each)
            .map(of -> new Holder(true, of));
    return Stream.concat(user, groups)
        .filter(lending::limitsAll)
        .collect(Collectors.toUnmodifiableSet());
  }

  private void leaveOut(String name, ReportReason why, String detail) {
    report.countFound(ImportedKind.TOKEN);
    report.addLeftOut(ImportedKind.TOKEN, name, why, detail);
  }

  private Optional<ReportReason> refused(OldKey key) {
    if (!HASH.matcher(key.token()).matches()) {
      return Optional.of(ReportReason.NOT_A_HASH);
    }
    if (wish.masterKey().equals(Optional.of(key.token()))) {
      return Optional.of(ReportReason.MASTER_KEY);
    }
    if (!presented.add(key.token())) {
      return Optional.of(ReportReason.DUPLICATE);
    }
    if (key.dashboard()) {
      return Optional.of(ReportReason.DASHBOARD);
    }
    if (key.blocked() || key.user().map(oldUsers::get).filter(OldUser::deactivated).isPresent()) {
      return Optional.of(ReportReason.BLOCKED);
    }
    return key.expires().filter(at -> !at.isAfter(wish.now())).map(at -> ReportReason.EXPIRED);
  }

  private OldTerms termsOf(OldKey key) {
    OldTerms shared =
        key.budget()
            .map(id -> content.budgets().getOrDefault(id, OldTerms.NONE))
            .orElse(OldTerms.NONE);
    return key.terms().orElse(shared);
  }

  /** Returns the reason why a valid key allows no calls at all; empty if the key allows calls. */
  private Optional<ShareTranslation.Refusal> closed(OldKey key, String name) {
    Optional<String> team = teamOf(key);
    Optional<String> organization = organizationOf(key);
    return team.map(lending.closedGroups::get)
        .map(of -> of.of("its team"))
        .or(() -> organization.map(lending.closedGroups::get).map(of -> of.of("its organization")))
        .or(
            () ->
                team.isPresent()
                    ? Optional.empty()
                    : key.user().map(lending.closedUsers::get).map(of -> of.of("its user")))
        .or(
            () ->
                key.user()
                    .filter(
                        user ->
                            team.or(() -> organization)
                                .filter(group -> people.isBound(group, user))
                                .isPresent())
                    .map(
                        u ->
                            new ShareTranslation.Refusal(
                                ReportReason.LIMIT_NOT_CARRIED, PeopleTranslation.BOUND)))
        .or(() -> lending.beyond(ImportedKind.TOKEN, name, key.bounds()));
  }

  private static Optional<String> teamOf(OldKey key) {
    return key.team().map(id -> "team/" + id);
  }

  private static Optional<String> organizationOf(OldKey key) {
    return key.organization().map(id -> "organization/" + id);
  }

  /**
   * Returns the models that a key may call: the models in the key's list that the key's team and
   * organization may call too. For a key without a team, the models that the key's user may call
   * are used in place of the team's models. A name that LiteLLM replaces by another name is left
   * out, because Claviger would not replace it.
   */
  private ModelScope scopeOf(OldKey key) {
    ModelScope own = ModelScope.of(key.models(), models);
    return key.team()
        .map(team -> lending.scopesOfGroups.getOrDefault("team/" + team, ModelScope.NONE))
        .or(
            () ->
                key.user().map(oldUsers::get).map(user -> ModelScope.ofUser(user.models(), models)))
        .map(own::and)
        .orElse(own)
        .and(organizationOf(key).map(lending.scopesOfGroups::get).orElse(ModelScope.ALL))
        .without(key.aliases(), models);
  }

  /**
   * Adds a key's user to the key's team and organization. If one of them is missing, reports this
   * and returns false.
   */
  private boolean joins(OldKey key, String name) {
    Optional<String> team = teamOf(key);
    Optional<String> organization = organizationOf(key);
    if (Stream.concat(team.stream(), organization.stream())
        .anyMatch(group -> !people.groups.containsKey(group))) {
      leaveOut(name, ReportReason.GROUP_MISSING, "");
      return false;
    }
    if (key.user().isEmpty() && team.isEmpty()) {
      leaveOut(name, ReportReason.OWNER_MISSING, "it has neither user nor team");
      return false;
    }
    if (key.user().filter(user -> !people.users.containsKey(user)).isPresent()) {
      leaveOut(name, ReportReason.OWNER_MISSING, "");
      return false;
    }
    key.user()
        .ifPresent(
            user -> {
              // The user becomes a member, because the limits of an organization count the calls of
              // its members.
              organization.ifPresent(of -> people.add(of, user, false));
              // The user becomes a member, because a user who calls with a key of the team uses
              // what the team may use.
              team.ifPresent(of -> people.add(of, user, false));
            });
    return true;
  }

  /**
   * Returns the owner of the token that replaces a key. If nobody can own the token, reports this
   * and returns empty.
   */
  private Optional<String> owner(Wanted wanted) {
    Optional<String> user = wanted.key().user();
    Optional<String> team = teamOf(wanted.key());
    if (user.isPresent()
        && team.filter(of -> !lending.usesSharesOf(of, user.get(), wanted.scope())).isEmpty()) {
      return user;
    }
    if (user.map(oldUsers::get).filter(of -> of.terms().hasRates()).isPresent()) {
      Optional<ShareTranslation.Refusal> refused =
          lending.beyond(ImportedKind.TOKEN, wanted.name(), Set.of("rates of its user"));
      if (refused.isPresent()) {
        leaveOut(wanted.name(), refused.get().why(), refused.get().detail());
        return Optional.empty();
      }
    }
    Optional<String> account = people.accountOf(team.orElseThrow());
    if (account.isEmpty()) {
      leaveOut(wanted.name(), ReportReason.OWNER_MISSING, "");
      return Optional.empty();
    }
    organizationOf(wanted.key()).ifPresent(of -> people.add(of, account.get(), false));
    user.map(people.users::get)
        .ifPresent(
            of ->
                report.addRemark(
                    ImportedKind.TOKEN,
                    wanted.name(),
                    ReportReason.OWNED_BY_ACCOUNT,
                    "%s instead of %s"
                        .formatted(people.handleOfAccount(account.get()), of.handle())));
    return account;
  }

  private static String beginning(OldKey key) {
    return key.shown()
        .map(shown -> shown.indexOf("...") > 0 ? shown.substring(0, shown.indexOf("...")) : "")
        .filter(text -> BEGINNING.matcher(text).matches())
        .orElse(USUAL_BEGINNING);
  }

  private static TokenName tokenName(OldKey key) {
    try {
      return new TokenName(key.alias().or(key::shown).map(String::strip).orElse(""));
    } catch (InvalidValue e) {
      return new TokenName("imported");
    }
  }

  /**
   * Returns a key's name in reports. The name never contains the whole hash, because the hash
   * identifies the key elsewhere too.
   */
  private static String named(OldKey key) {
    String hash = key.token().length() < 8 ? "?" : key.token().substring(0, 8);
    return key.alias().or(key::shown).orElse("?") + " (" + (isHash(key) ? hash : "?") + ")";
  }

  private static boolean isHash(OldKey key) {
    return HASH.matcher(key.token()).matches();
  }

  /**
   * Finds keys whose clients use another format than the providers of the called models. Claviger
   * does not translate between formats, so these clients have to be changed.
   */
  private static final class FormatConflicts {
    private FormatConflicts() {}

    /**
     * Reports a key if its clients use another format than the providers of the called models. If
     * LiteLLM has recorded no calls with the key, this method assumes that the clients use OpenAI's
     * format, like LiteLLM's own clients.
     */
    static void remark(
        OldKey key,
        String name,
        ModelScope scope,
        LiteLlmContent content,
        ModelTranslation.Result models,
        ReportBuilder report) {
      Set<Spoken> spoken = content.spoken().getOrDefault(key.token(), Set.of());
      Set<String> formats =
          spoken.isEmpty()
              ? Set.of(Provider.OPENAI.defaultFormat().wireName())
              : spoken.stream().map(Spoken::format).collect(Collectors.toSet());
      Set<String> conflicts = new TreeSet<>();
      boolean compatible = true;
      for (String alias : scope.aliases().orElseGet(models.places()::keySet)) {
        Set<Place> places = models.places().getOrDefault(alias, Set.of());
        for (String format : formats) {
          boolean called =
              spoken.isEmpty()
                  || spoken.contains(new Spoken(format, alias))
                  || spoken.contains(new Spoken(format, ""));
          boolean served =
              places.stream().anyMatch(p -> p.provider().format().wireName().equals(format));
          if (called && !served) {
            conflicts.add(
                format
                    + " to "
                    + places.stream()
                        .map(p -> p.provider().provider().wireName())
                        .sorted()
                        .distinct()
                        .collect(Collectors.joining(", ")));
            compatible &=
                format.equals(Provider.OPENAI.defaultFormat().wireName())
                    && places.stream().allMatch(p -> p.provider().compatible().isPresent());
          }
        }
      }
      if (!conflicts.isEmpty()) {
        report.addRemark(
            ImportedKind.TOKEN,
            name,
            ReportReason.OTHER_FORMAT,
            String.join("; ", conflicts)
                + (compatible
                    ? "; --compatible-endpoints uses the endpoints that speak it"
                    : "; no endpoint there speaks it"));
      }
    }
  }
}
