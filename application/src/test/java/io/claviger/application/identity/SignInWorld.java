package io.claviger.application.identity;

import io.claviger.application.Outcomes;
import io.claviger.application.accounts.TokenAcceptance;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.InMemoryPorts;
import io.claviger.application.fakes.Seeds;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.sessions.LocalSignIn;
import io.claviger.application.sessions.NewSession;
import io.claviger.application.sessions.SessionActor;
import io.claviger.application.sessions.Sessions;
import io.claviger.application.sessions.SignedIn;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.port.Transactions;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.identity.GroupSelection;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.identity.LinkedIdentity;
import io.claviger.domain.identity.UnfollowedGroups;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.keys.UserKey;
import io.claviger.domain.scim.ScimSettings;
import io.claviger.domain.sessions.BrowserSecret;
import io.claviger.domain.sessions.SignInMethod;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Supplier;

/** Sign-in on in-memory ports, with an identity provider that answers what a test says. */
final class SignInWorld {
  /** The failures of the next transactions of changes. */
  final Queue<RuntimeException> failures = new ArrayDeque<>();

  static final Issuer ISSUER = new Issuer("https://id.example");
  static final Duration MAX_AGE = Duration.ofDays(7);
  private static final String ADDRESS = "192.0.2.1";

  final InMemoryPorts ports = new InMemoryPorts();
  final ScriptedProvider provider = new ScriptedProvider();
  final Identities.Stores stores;
  final AuditedChanges changes;
  final Sessions sessions;
  final Identities identities;
  final SignIn signIn;
  final IdentityRefresh refresh;

  private final OidcSettings settings;
  private final ScimSettings scim;
  private Duration ahead = Duration.ZERO;

  /** Transactions of changes, of which the next ones fail. */
  private final class Failing implements Transactions {
    @Override
    public <T> T inTransaction(Supplier<T> work) {
      RuntimeException failure = failures.poll();
      if (failure != null) {
        throw failure;
      }
      return ports.transactions().inTransaction(work);
    }
  }

  SignInWorld() {
    this(Set.of());
  }

  /** A world in which only members of these groups may sign in, unless there are none. */
  SignInWorld(Set<String> allowed) {
    this(allowed, GroupSelection.ALL);
  }

  /** A world that follows only some of the groups. */
  static SignInWorld following(GroupSelection followed) {
    return new SignInWorld(Set.of(), followed);
  }

  private SignInWorld(Set<String> allowed, GroupSelection followed) {
    this(allowed, followed, ScimSettings.DEFAULT);
  }

  /** A world whose identity provider may keep its users by SCIM. */
  SignInWorld(ScimSettings scim) {
    this(Set.of(), GroupSelection.ALL, scim);
  }

  private SignInWorld(Set<String> allowed, GroupSelection followed, ScimSettings scim) {
    changes =
        new AuditedChanges(
            new Failing(),
            ports.auditTrail(),
            ports.credentials(),
            ports.ids(),
            () -> ports.clock().instant().plus(ahead));
    stores = ports.identityStores();
    sessions =
        Sessions.of(
            ports.sessions(),
            ports.signInLinks(),
            ports.users(),
            new TokenAcceptance(Optional.empty()),
            new LocalSignIn(true),
            ports.randomBytes(),
            changes);
    identities = Identities.of(stores, MAX_AGE, changes);
    settings = settings(allowed, followed);
    this.scim = scim;
    SignInFeature feature = feature(ports.sealer());
    signIn = feature.signIn();
    refresh = feature.refresh();
    int unused = refresh.refreshDue(Runnable::run);
  }

  private SignInFeature feature(Sealer sealer) {
    return SignInFeature.of(
        settings,
        provider,
        ports.signIns(),
        stores,
        sealer,
        ports.randomBytes(),
        ports.scimUsers(),
        scim,
        changes,
        ports.clock());
  }

  /** The questions of a node that has other encryption keys. */
  IdentityRefresh refreshWith(Sealer sealer) {
    return feature(sealer).refresh();
  }

  /** From now on, the clock of the node differs from the clock of the database by this time. */
  void setClockAhead(Duration time) {
    ahead = time;
  }

  private static OidcSettings settings(Set<String> allowed, GroupSelection followed) {
    return new OidcSettings(
        ISSUER,
        new OidcSettings.Client("claviger", Optional.empty(), URI.create("https://c.example/")),
        OidcSettings.DEFAULT_SCOPES,
        new OidcSettings.Claims(
            "preferred_username", Optional.empty(), Optional.of("groups"), followed),
        Optional.of("admins"),
        allowed,
        MAX_AGE);
  }

  SignIn.SignInStart.Started begun() {
    if (signIn.begin("/console", false, ADDRESS) instanceof SignIn.SignInStart.Started started) {
      return started;
    }
    throw new AssertionError("not begun");
  }

  SignInResult finish(SignIn.SignInStart.Started begun, Optional<BrowserSecret> binding) {
    return signIn.finish(answer(begun), binding, Optional.empty(), ADDRESS, "request");
  }

  /**
   * Returns the parameters that the identity provider sends through the browser when it has signed
   * a person in.
   */
  static SignIn.Callback answer(SignIn.SignInStart.Started begun) {
    return new SignIn.Callback(
        Optional.of(begun.location().getQuery().substring("state=".length())),
        Optional.of("code"),
        Optional.empty(),
        Optional.empty());
  }

  SignInResult attempt(APerson person) {
    provider.person = () -> person;
    SignIn.SignInStart.Started begun = begun();
    return finish(begun, Optional.of(begun.binding()));
  }

  /** Signs a person in and returns their browser's session. */
  NewSession signIn(APerson person) {
    if (attempt(person) instanceof SignInResult.Completed completed) {
      return Outcomes.done(sessions.start(completed.who(), ADDRESS, "browser", "request"));
    }
    throw new AssertionError("not signed in");
  }

  /** A user links a person in a browser in which they signed in just now. */
  SignInResult.Linked link(User user, APerson person) {
    if (attemptLink(user, person) instanceof SignInResult.Linked linked) {
      return linked;
    }
    throw new AssertionError("not linked");
  }

  SignInResult attemptLink(User user, APerson person) {
    return attemptLink(user, () -> person);
  }

  /** A user tries to link whomever the identity provider answers for. */
  SignInResult attemptLink(User user, Supplier<APerson> person) {
    provider.person = person;
    NewSession started =
        Outcomes.done(
            sessions.start(
                new SignedIn(user.id(), new SignInMethod.Link()), ADDRESS, "browser", "request"));
    SessionActor session = sessions.find(started.secret(), ADDRESS, "request").orElseThrow();
    if (signIn.beginLink(session, "/console", ADDRESS)
        instanceof SignIn.SignInStart.Started begun) {
      return signIn.finish(
          answer(begun), Optional.of(begun.binding()), Optional.of(session), ADDRESS, "request");
    }
    throw new AssertionError("not begun");
  }

  /** Stores a link of a person to a user who has not signed in as that person. */
  void addLink(User user, APerson person) {
    ports
        .identities()
        .insert(
            new LinkedIdentity(
                person.identity(),
                user.id(),
                false,
                false,
                ports.clock().instant(),
                Optional.empty(),
                UnfollowedGroups.NONE,
                false));
  }

  boolean isSignedIn(NewSession session) {
    return sessions.find(session.secret(), ADDRESS, "request").isPresent();
  }

  Optional<User> find(String handle) {
    return ports.users().find(new Handle(handle));
  }

  User user(String handle) {
    return find(handle).orElseThrow();
  }

  User add(User user) {
    ports.users().insert(user);
    return user;
  }

  /** Adds a system-level service, for which the user has stored a key of their own. */
  Instance addServiceWithKeyOf(User user) {
    Instance service = AnInstance.systemLevel("common").build();
    ports.instances().insert(service, new SecretChange.Keep(), new SecretChange.Keep());
    try (Secret key = Secret.apiKey("sk-0123456789".getBytes(StandardCharsets.US_ASCII))) {
      SealedValue sealed =
          ports.sealer().seal(key, KeyBinding.ofApiKey(service.id(), service.destination()));
      boolean unused =
          ports.userKeys().save(new UserKey(service.id(), user.id(), Seeds.SEEDED_AT), sealed);
    }
    return service;
  }

  AccessToken addToken(User user) {
    AccessToken token = AToken.of(user).build();
    ports.accessTokens().save(token, TokenText.presented("token of " + user.handle()).hash());
    return token;
  }

  /** Lets a quarter of an hour pass, and asks the identity provider about everybody who is due. */
  void passQuarterHour() {
    ports.clock().advance(PersonSync.REFRESH_INTERVAL);
    int unused = refresh.refreshDue(Runnable::run);
  }

  List<AuditEvent.Action> recorded() {
    return ports.auditEvents().stream().map(AuditEvent::action).toList();
  }

  static Actor as(User user) {
    return new Actor(
        user.id(), user.handle(), user.administrator(), Optional.empty(), ADDRESS, "request");
  }
}
