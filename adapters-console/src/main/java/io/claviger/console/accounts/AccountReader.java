package io.claviger.console.accounts;

import io.claviger.application.accounts.Users;
import io.claviger.application.accounts.port.ServiceAccount;
import io.claviger.application.defaults.DefaultServices;
import io.claviger.application.identity.Identities;
import io.claviger.application.identity.SignIn;
import io.claviger.application.instances.InstanceView;
import io.claviger.application.instances.Instances;
import io.claviger.application.instances.port.InstanceFilter;
import io.claviger.application.limits.AssignedLimits;
import io.claviger.application.sessions.SessionActor;
import io.claviger.application.sessions.Sessions;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Refusal;
import io.claviger.console.limits.LimitWords;
import io.claviger.console.page.Area;
import io.claviger.console.page.Fact;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Links;
import io.claviger.console.page.Numbers;
import io.claviger.console.page.Paging;
import io.claviger.console.page.ServiceAddress;
import io.claviger.domain.accounts.Responsible;
import io.claviger.domain.accounts.User;
import io.claviger.domain.identity.LinkedIdentity;
import io.claviger.domain.instances.EffectiveDefault;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.sessions.Session;
import io.claviger.web.pages.BasicAccountPages;
import io.claviger.web.pages.Visit;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.CursorFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what the page of the viewer's own account shows, except the access tokens. */
public final class AccountReader {
  /**
   * The query parameter that says where the page begins in the list of services for which callers
   * can store keys of their own.
   */
  private static final String KEYS = "keys";

  private final Users users;
  private final AssignedLimits assignedLimits;
  private final Sessions sessions;
  private final Identities identities;
  private final Optional<SignIn> signIn;
  private final Instances instances;
  private final DefaultServices defaults;

  public AccountReader(
      Users users,
      AssignedLimits assignedLimits,
      Sessions sessions,
      Identities identities,
      Optional<SignIn> signIn,
      Instances instances,
      DefaultServices defaults) {
    this.users = users;
    this.assignedLimits = assignedLimits;
    this.sessions = sessions;
    this.identities = identities;
    this.signIn = signIn;
    this.instances = instances;
    this.defaults = defaults;
  }

  List<Fact> facts(SessionActor who) {
    User user = users.me(who.actor());
    List<Fact> facts = new ArrayList<>();
    facts.add(new Fact("Handle", user.handle().value()));
    facts.addAll(Fact.of(user.values(), User.fieldsOf(user.kind())));
    facts.add(new Fact("Signed in", BasicAccountPages.how(who.session().method())));
    Limits limits =
        Problems.valueOf(assignedLimits.ofUser(who.actor(), who.actor().handle())).limits();
    if (!limits.isNone()) {
      facts.add(new Fact("Limits", String.join("; ", LimitWords.of(limits))));
    }
    return facts;
  }

  AccountView.Default defaultService(Actor actor, FormState form) {
    Optional<EffectiveDefault> chosen = found(defaults.find(actor, actor.handle()));
    return new AccountView.Default(
        chosen.map(one -> one.service().toString()).orElse(null),
        chosen.filter(one -> one.source() == EffectiveDefault.Source.OWN).isPresent(),
        form);
  }

  /**
   * Reads the services for which callers can store keys of their own. The page's address says where
   * the list begins.
   */
  AccountView.OwnKeys ownKeys(Visit visit) {
    Actor actor = visit.signedIn().actor();
    Page<InstanceView, Instance.Ref> page =
        Problems.valueOf(
            instances.list(
                actor,
                actor.handle(),
                InstanceFilter.NONE.withOwnKeys(),
                Paging.asked(visit, KEYS, CursorFormat.INSTANCE)));
    return new AccountView.OwnKeys(
        page.items().stream()
            .map(view -> view.instance().ref())
            .map(
                ref ->
                    new AccountView.OwnKey(
                        ref.toString(), ServiceAddress.path(ref) + "/key#own-key"))
            .toList(),
        Paging.next(page, KEYS, CursorFormat.INSTANCE, Links.to(AccountPages.PATH)));
  }

  List<AccountView.SessionLine> sessions(SessionActor who) {
    return Problems.valueOf(
            this.sessions.list(
                who.actor(),
                who.actor().handle(),
                new PageRequest<Session.Id>(Optional.empty(), Session.MOST)))
        .items()
        .stream()
        .map(session -> line(session, who))
        .toList();
  }

  private static AccountView.SessionLine line(Session session, SessionActor who) {
    return new AccountView.SessionLine(
        session.id().value().toString(),
        session.userAgent().isEmpty() ? "–" : session.userAgent(),
        session.address(),
        session.signedInAt().toString(),
        session.seenAt().toString(),
        session.id().equals(who.id()));
  }

  AccountView.@Nullable IdentitySection identity(Actor actor) {
    Optional<LinkedIdentity> linked = found(identities.find(actor, actor.handle()));
    if (signIn.isEmpty() && linked.isEmpty()) {
      return null;
    }
    return new AccountView.IdentitySection(
        linked.map(AccountReader::account).orElse(null),
        // If no identity provider is configured, nobody has to sign in with an account of an
        // identity provider.
        signIn.isPresent() && linked.filter(LinkedIdentity::userMadeByProvider).isPresent(),
        linked.map(own -> own.unfollowed().sentences()).orElse(List.of()));
  }

  private static AccountView.LinkedAccount account(LinkedIdentity linked) {
    return new AccountView.LinkedAccount(
        linked.identity().issuer().value(),
        linked.identity().subject().value(),
        linked.linkedAt().toString(),
        linked.signedInAt().map(Object::toString).orElse(null));
  }

  private static <T> Optional<T> found(Outcome<T> outcome) {
    return outcome instanceof Outcome.Refused<T> refused
            && refused.why() instanceof Refusal.NotFound
        ? Optional.empty()
        : Optional.of(Problems.valueOf(outcome));
  }

  /**
   * The page of the viewer's own account.
   *
   * @param identity the account at the identity provider; null if the viewer has none there and
   *     can't link one
   * @param serviceAccounts the first few service accounts for which the viewer is responsible
   */
  public record AccountView(
      List<Fact> facts,
      Tokens tokens,
      Default defaultService,
      OwnKeys ownKeys,
      ServiceAccountsView serviceAccounts,
      List<SessionLine> sessions,
      @Nullable IdentitySection identity) {
    public AccountView {
      facts = List.copyOf(facts);
      sessions = List.copyOf(sessions);
    }

    /**
     * The access tokens of one user.
     *
     * @param path the path of the page that shows the tokens; the page's forms are sent to paths
     *     below this path
     * @param mayMake whether the page offers to create an access token
     * @param narrows the name of the token with which the viewer signed in, if the page offers to
     *     create narrower tokens; null otherwise
     * @param fresh the text of the token that was just created; null if no token was created
     * @param next the address of the page with further tokens; null if there are none
     */
    public record Tokens(
        String path,
        boolean mayMake,
        @Nullable String narrows,
        List<TokenLine> lines,
        @Nullable String next,
        @Nullable String fresh,
        FormState form) {
      public Tokens {
        lines = List.copyOf(lines);
      }

      @Override
      public String toString() {
        return "Tokens[" + lines.size() + "]";
      }
    }

    /**
     * One access token.
     *
     * @param only the single service or project for which the token works; null if it works for all
     *     of them
     * @param narrower whether the token was made from another token, and therefore ends together
     *     with that token
     * @param limits the limits of the token, each as a phrase
     * @param ofUser whether the token can use all objects that its user has stored, although it has
     *     fewer rights than its user
     * @param lastUsedAt when the token was last used; null if it was never used (all times are in
     *     ISO 8601)
     * @param presented whether the viewer signed in with this token; if so, revoking the token ends
     *     this session
     * @param importedFrom the other system that issued the token; null if Claviger issued the token
     * @param importedServices the names, separated by commas, of the only services for which an
     *     imported token works; null if the token works for all services, or if Claviger issued it
     * @param boundTo the only networks or certificate from which the token is accepted, as a
     *     phrase; null if it is accepted from everywhere
     * @param strayAt when the token was last presented from a place where it is not accepted; null
     *     if it was never presented from such a place
     * @param strayFrom the place from which the token was presented at {@code strayAt}; null if
     *     {@code strayAt} is null
     */
    public record TokenLine(
        String id,
        String name,
        String scope,
        @Nullable String only,
        boolean narrower,
        List<String> limits,
        boolean ofUser,
        String createdAt,
        @Nullable String expiresAt,
        @Nullable String lastUsedAt,
        boolean presented,
        @Nullable String importedFrom,
        @Nullable String importedServices,
        @Nullable String boundTo,
        @Nullable String strayAt,
        @Nullable String strayFrom) {
      public TokenLine {
        limits = List.copyOf(limits);
      }
    }

    /**
     * The default service.
     *
     * @param service the default service; null if the viewer has none
     * @param own whether the viewer chose this service; false if it is the default for all users
     */
    public record Default(@Nullable String service, boolean own, FormState form) {}

    /**
     * A page of the services for which callers can store keys of their own.
     *
     * @param next the address of the page with further services; null if there are none
     */
    public record OwnKeys(List<OwnKey> services, @Nullable String next) {
      public OwnKeys {
        services = List.copyOf(services);
      }
    }

    /** A service for which callers can store keys of their own. */
    public record OwnKey(String service, String path) {}

    /**
     * A browser in which the viewer is signed in.
     *
     * @param current whether this is the viewer's present session
     */
    public record SessionLine(
        String id,
        String browser,
        String address,
        String signedInAt,
        String seenAt,
        boolean current) {}

    /**
     * The viewer's account at the identity provider, as the page shows it.
     *
     * @param linked the linked account; null if no account is linked
     * @param needed whether the viewer's access tokens would be refused some days after the account
     *     was unlinked
     * @param leftOut sentences about the groups of which the viewer is a member at the identity
     *     provider, but not in Claviger
     */
    public record IdentitySection(
        @Nullable LinkedAccount linked, boolean needed, List<String> leftOut) {
      public IdentitySection {
        leftOut = List.copyOf(leftOut);
      }
    }

    /**
     * A linked account of the identity provider.
     *
     * @param signedInAt when somebody last signed in with the account; null if nobody has signed in
     *     with it (all times are in ISO 8601)
     */
    public record LinkedAccount(
        String issuer, String subject, String linkedAt, @Nullable String signedInAt) {}
  }

  /**
   * The service accounts for which the viewer is responsible.
   *
   * @param next the address of the page with further service accounts; null if there are none
   */
  public record ServiceAccountsView(List<Line> accounts, @Nullable String next) {
    public ServiceAccountsView {
      accounts = List.copyOf(accounts);
    }

    /**
     * A service account.
     *
     * @param group the name, with its {@code @}, of the group whose managers are responsible; null
     *     if the viewer is responsible
     * @param liveTokens the number of access tokens of the account that are still valid
     * @param oldestToken the age in words of the oldest token that has not expired; null if there
     *     is no such token
     * @param oldestTokenAt when the oldest token was created (all times are in ISO 8601)
     * @param lastUsedAt when one of the account's tokens was last used; null if none was used
     */
    public record Line(
        String handle,
        String displayName,
        @Nullable String group,
        boolean suspended,
        int liveTokens,
        @Nullable String oldestToken,
        @Nullable String oldestTokenAt,
        @Nullable String lastUsedAt) {

      static Line of(ServiceAccount one, Instant now) {
        User account = one.account();
        return new Line(
            account.handle().value(),
            account.displayName().value(),
            account
                .responsible()
                .filter(Responsible.GroupManagers.class::isInstance)
                .map(Responsible::name)
                .orElse(null),
            account.suspended(),
            one.liveTokens(),
            one.oldestTokenAt().map(at -> age(Duration.between(at, now))).orElse(null),
            one.oldestTokenAt().map(Instant::toString).orElse(null),
            one.lastUsedAt().map(Instant::toString).orElse(null));
      }

      public String path() {
        return Area.PEOPLE.path(handle);
      }

      private static String age(Duration age) {
        long days = age.toDays();
        return days < 1 ? "less than a day" : Numbers.counted(Math.toIntExact(days), "day", "days");
      }
    }
  }
}
