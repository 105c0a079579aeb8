package io.claviger.persistence;

import static io.claviger.persistence.ConcurrentAttempts.DONE;
import static io.claviger.persistence.ConcurrentAttempts.many;
import static io.claviger.persistence.ConcurrentAttempts.manyBehind;
import static io.claviger.persistence.ConcurrentAttempts.oneAgainstMany;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Outcomes;
import io.claviger.application.accounts.AccessTokens.IssuedToken;
import io.claviger.application.accounts.AccessTokens.NewToken;
import io.claviger.application.accounts.Lockout;
import io.claviger.application.accounts.OwnToken.NarrowerToken;
import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.accounts.TokenAcceptance;
import io.claviger.application.accounts.port.EndedCredentials;
import io.claviger.application.budgetreports.BudgetReports;
import io.claviger.application.budgetreports.BudgetReports.NewRaise;
import io.claviger.application.budgets.BudgetReservations;
import io.claviger.application.builders.ABudget;
import io.claviger.application.builders.AGroup;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.definitions.DefinitionWriteBuilder;
import io.claviger.application.fakes.SeededRandomBytes;
import io.claviger.application.identity.Identities;
import io.claviger.application.identity.OidcSettings;
import io.claviger.application.instances.InstanceWriteBuilder;
import io.claviger.application.limits.port.AssignedLimitsStore.StoredLimits;
import io.claviger.application.oauth.DeviceGrants.DeviceGrantStart.Begun;
import io.claviger.application.oauth.DeviceGrants.Granting;
import io.claviger.application.oauth.DeviceGrants.Requester;
import io.claviger.application.projects.Projects.ProjectCommand;
import io.claviger.application.scim.ScimTokens;
import io.claviger.application.scim.ScimUsers;
import io.claviger.application.sessions.LocalSignIn;
import io.claviger.application.sessions.NewSession;
import io.claviger.application.sessions.SessionActor;
import io.claviger.application.sessions.Sessions;
import io.claviger.application.sessions.SignInLinks;
import io.claviger.application.sessions.SignedIn;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.application.trusts.TrustedIssuers;
import io.claviger.application.trusts.Trusts;
import io.claviger.application.trusts.Trusts.TrustContent;
import io.claviger.application.webhooks.Webhooks;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenBinding;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetAccount;
import io.claviger.domain.budgets.BudgetHolder;
import io.claviger.domain.budgets.BudgetReference;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.fields.FieldWrites;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupMember;
import io.claviger.domain.groups.GroupRole;
import io.claviger.domain.identity.Identity;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.identity.LinkedIdentity;
import io.claviger.domain.identity.Subject;
import io.claviger.domain.identity.UnfollowedGroups;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.oauth.RefreshToken;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.LimitsWrite;
import io.claviger.domain.projects.Project;
import io.claviger.domain.scim.ScimSettings;
import io.claviger.domain.scim.ScimToken;
import io.claviger.domain.scim.ScimUser;
import io.claviger.domain.sessions.BrowserSecret;
import io.claviger.domain.sessions.SignInMethod;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Share;
import io.claviger.domain.trusts.RequiredClaims;
import io.claviger.domain.trusts.SubjectPattern;
import io.claviger.domain.trusts.TrustTerms;
import io.claviger.domain.webhooks.Webhook;
import io.claviger.domain.webhooks.WebhookUrl;
import io.claviger.persistence.budgets.JdbcBudgetStates;
import io.claviger.persistence.budgets.JdbcHolderDirectory;
import io.claviger.persistence.sessions.JdbcSignInLinks;
import io.claviger.testkit.Race;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * An intruder uses all stolen credentials while an administrator ends all credentials. No
 * credential survives, not even one that the intruder creates meanwhile.
 */
@SuppressWarnings("NullAway.Init") // set before each test
final class LockoutRacesTest {
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();
  private static final RacingUseCases USE = new RacingUseCases(PORTS);
  private static final Requester DEVICE = new Requester("192.0.2.9", "device");
  private static final Identity INTRUDER =
      new Identity(RacingSignIns.ISSUER, new Subject("intruder"));
  private static final Identity OWNER = new Identity(RacingSignIns.ISSUER, new Subject("owner"));
  private static final AuditedChanges CHANGES = RacingUseCases.changes(PORTS);
  private static final JdbcSignInLinks LINK_STORE = new JdbcSignInLinks(PORTS.database());
  private static final Sessions SESSIONS =
      Sessions.of(
          PORTS.sessions(),
          LINK_STORE,
          PORTS.users(),
          new TokenAcceptance(Optional.empty()),
          new LocalSignIn(true),
          new SeededRandomBytes(71),
          CHANGES);
  private static final SignInLinks LINKS =
      SignInLinks.of(
          LINK_STORE, PORTS.users(), new LocalSignIn(true), new SeededRandomBytes(72), CHANGES);
  private static final Identities.Stores STORES = PORTS.identityStores();
  private static final Identities IDENTITIES =
      Identities.of(STORES, OidcSettings.DEFAULT_MAX_AGE, CHANGES);
  private static final Webhooks WEBHOOKS =
      Webhooks.of(
          PORTS.users(),
          PORTS.groups(),
          PORTS.webhooks(),
          PORTS.credentials(),
          url -> false,
          RacingUseCases.SEALER,
          new SeededRandomBytes(73),
          CHANGES);
  private static final Trusts TRUSTS =
      Trusts.of(
          PORTS.users(), PORTS.trusts(), PORTS.trustedIssuers(), PORTS.credentials(), CHANGES);
  private static final TrustedIssuers TRUSTED_ISSUERS =
      TrustedIssuers.of(
          PORTS.trustedIssuers(), Optional.empty(), Optional.empty(), PORTS.credentials(), CHANGES);
  private static final ScimTokens SCIM_TOKENS =
      ScimTokens.of(
          PORTS.scimTokens(),
          PORTS.credentials(),
          new SeededRandomBytes(74),
          new RejectedTokens(PORTS.auditTrail(), PORTS.ids(), PORTS.accessTokens()),
          Optional.empty(),
          CHANGES);
  private static final ScimUsers SCIM_USERS =
      ScimUsers.of(
          PORTS.scimUsers(), STORES, ScimSettings.DEFAULT, OidcSettings.DEFAULT_MAX_AGE, CHANGES);
  private static final BudgetReports BUDGETS =
      BudgetReports.of(
          new BudgetReports.Stores(
              PORTS.callContexts(),
              PORTS.instances(),
              PORTS.shares(),
              PORTS.users(),
              PORTS.accessTokens(),
              PORTS.groups(),
              PORTS.assignedLimits(),
              new JdbcBudgetStates(PORTS.database()),
              new JdbcHolderDirectory(PORTS.database())),
          new BudgetReservations(PORTS.budgetLedger(), System::nanoTime),
          CHANGES);
  private static final RacingSignIns SIGN_INS = new RacingSignIns(PORTS);

  private Actor administrator;
  private User alice;
  private SessionActor session;
  private RefreshToken refreshToken;
  private Begun approved;
  private Begun waiting;
  private BrowserSecret link;

  @BeforeEach
  void begin() {
    RacingUseCases.begin(PORTS);
    User boss = AUser.called("boss").administrator().build();
    PORTS.users().insert(boss);
    administrator = RacingUseCases.as(boss);
    alice = AUser.called("alice").build();
    PORTS.users().insert(alice);
    PORTS
        .identities()
        .insert(
            new LinkedIdentity(
                INTRUDER,
                alice.id(),
                false,
                false,
                Instant.now(),
                Optional.empty(),
                UnfollowedGroups.NONE,
                false));
    session = found(started(new SignedIn(alice.id(), new SignInMethod.Link())).orThrow());
    Begun redeemed = begunAndApproved();
    refreshToken =
        ((Granting.Granted) USE.deviceGrants.redeem(redeemed.deviceCode(), DEVICE)).refreshToken();
    assertThat(issue(as(alice))).isEqualTo(DONE);
    approved = begunAndApproved();
    waiting = begun();
    link = LINKS.make(alice.handle()).orThrow();
    assertThat(setWebhook(administrator)).isEqualTo(DONE);
  }

  /**
   * The request was authenticated while the user still was an administrator, and then waited for a
   * lock.
   */
  @Test
  void who_is_no_administrator_any_more_makes_nobody_an_administrator() {
    User eve = AUser.called("eve").administrator().build();
    PORTS.users().insert(eve);
    assertThat(administers(administrator, eve, false)).isEqualTo(DONE);

    assertThat(administers(RacingUseCases.as(eve), eve, true)).isEqualTo("forbidden");
    assertThat(administers(RacingUseCases.as(eve), alice, true)).isEqualTo("forbidden");
    assertThat(administers(administrator, alice, true)).isEqualTo(DONE);
  }

  private static String administers(Actor actor, User user, boolean administrator) {
    return said(
        USE.users.update(
            actor,
            user.handle(),
            Precondition.NONE,
            FieldWrites.NONE.with(User.ADMINISTRATOR, Field.of(administrator))));
  }

  @Test
  void a_recovery_says_what_it_has_ended() {
    EndedCredentials ended = recovered().ended().orElseThrow();

    assertThat(ended)
        .isEqualTo(
            new EndedCredentials(
                2,
                1,
                Optional.of(INTRUDER.issuer().value()),
                false,
                1,
                1,
                0,
                true,
                0,
                List.of(),
                0));
    assertThat(ended.sentence())
        .isEqualTo(
            "This has ended: 2 × access token, 1 session, the link to the identity at"
                + " https://id.example, 1 device sign-in whose token was not fetched yet,"
                + " 1 one-time link, the webhook.");
    assertThat(fields("token.create"))
        .contains("recovery,access_tokens,sessions,identity,device_codes,sign_in_links,webhook");
    assertThat(fields("identity.unlink")).containsExactly("https://id.example");
  }

  @Race.Repeated
  void nothing_that_an_intruder_has_or_makes_survives_a_recovery_token() {
    List<String> outcomes = oneAgainstMany(() -> said(recover()), this::intrude);

    assertThat(outcomes.getFirst()).isEqualTo(DONE);
    assertThat(PORTS.webhooks().find(alice.id())).isEmpty();
    assertThat(tokens()).singleElement().matches(t -> t.origin() == AccessToken.Origin.RECOVERY);
    assertNobodyIsIn();
    assertThat(PORTS.identities().findOf(alice.id())).isEmpty();
  }

  @Race.Repeated
  void nothing_that_an_intruder_has_or_makes_survives_another_identity() {
    List<String> outcomes =
        oneAgainstMany(
            () -> said(IDENTITIES.assign(administrator, alice.handle(), OWNER)), this::intrude);

    assertThat(outcomes.getFirst()).isEqualTo(DONE);
    assertThat(PORTS.webhooks().find(alice.id())).isEmpty();
    assertThat(tokens()).isEmpty();
    assertNobodyIsIn();
    assertThat(PORTS.identities().findOf(alice.id()).orElseThrow().identity().identity())
        .isEqualTo(OWNER);
  }

  /** Whoever has a SCIM token says whose identity it is. */
  @Race.Repeated
  void nothing_that_an_intruder_has_or_makes_survives_an_identity_that_scim_names() {
    assertThat(said(IDENTITIES.unlink(administrator, alice.handle()))).isEqualTo(DONE);
    provision(alice, OWNER);
    RacingSignIns.Begun begun = SIGN_INS.begun();

    List<String> outcomes =
        oneAgainstMany(() -> SIGN_INS.outcome(begun, "alice owner"), this::intrude);

    assertThat(outcomes.getFirst()).isEqualTo("Completed");
    assertThat(PORTS.webhooks().find(alice.id())).isEmpty();
    assertThat(tokens()).isEmpty();
    assertNobodyIsIn();
    assertThat(PORTS.identities().findOf(alice.id()).orElseThrow().identity().identity())
        .isEqualTo(OWNER);
    assertThat(fields("identity.link")).singleElement().asString().startsWith("recovery,");
  }

  private static void provision(User user, Identity identity) {
    Instant now = Instant.now();
    PORTS
        .scimTokens()
        .insert(
            new ScimToken(
                new ScimToken.Id(PORTS.ids().next()),
                new TokenName("idp"),
                identity.issuer(),
                now,
                Optional.empty()),
            new TokenHash(new byte[32]));
    PORTS
        .scimUsers()
        .insert(
            new ScimUser(
                user.id(),
                identity.issuer(),
                new ScimUser.Names(
                    Optional.of(identity.subject().value()),
                    user.handle().value(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty()),
                true,
                Optional.empty(),
                now,
                now));
  }

  @Race.Repeated
  void after_a_suspension_only_the_tokens_are_left_that_are_refused_meanwhile() {
    List<String> outcomes = oneAgainstMany(() -> suspend(alice), this::intrude);
    User suspended = PORTS.users().find(alice.handle()).orElseThrow();
    PORTS.users().update(suspended.withSuspension(Optional.empty(), Instant.now()));

    assertThat(outcomes.getFirst()).isEqualTo(DONE);
    assertThat(tokens()).noneMatch(token -> token.refreshableUntil().isPresent());
    assertNobodyIsIn();
  }

  /**
   * The user's requests were authenticated before the suspension, and then waited for it to be
   * committed.
   */
  @Race.Repeated
  void who_was_suspended_meanwhile_gives_nobody_access() {
    User mallory = PORTS.stored(AUser.called("mallory").build());
    User eve = PORTS.stored(AUser.called("eve").administrator().build());
    User bot = PORTS.stored(AUser.called("bot").serviceAccountOf(mallory).build());
    List<Supplier<String>> gifts = gifts(as(mallory), as(eve), bot);

    List<String> outcomes =
        manyBehind(
            PORTS,
            () -> {
              suspend(mallory);
              suspend(eve);
            },
            n ->
                n == 0
                    ? said(SCIM_USERS.resume(as(eve), eve.handle()))
                    : gifts.get(n % gifts.size()).get());

    assertThat(outcomes).containsOnly("forbidden");
    assertThat(PORTS.accessTokens().listOf(bot.id(), Optional.empty(), 100)).isEmpty();
    assertThat(PORTS.trusts().count(bot.id())).isZero();
    for (User each : List.of(mallory, eve)) {
      assertThat(said(SCIM_USERS.resume(administrator, each.handle()))).isEqualTo(DONE);
    }
    assertThat(gifts).as("after the suspension").allMatch(gift -> gift.get().equals(DONE));
  }

  /**
   * The user's requests were authenticated and permitted before the suspension, and then waited for
   * a lock.
   */
  @Race.Repeated
  void who_was_suspended_meanwhile_changes_nothing() {
    User mallory = PORTS.stored(AUser.called("mallory").build());
    User eve = PORTS.stored(AUser.called("eve").administrator().build());
    List<Supplier<String>> kinds =
        Stream.of(mallory, eve)
            .flatMap(user -> all(user).stream().map(kind -> kind.by(as(user))))
            .toList();

    List<String> outcomes =
        manyBehind(
            PORTS,
            () -> {
              suspend(mallory);
              suspend(eve);
              // All changes wait at the latest when they are recorded.
              execute("lock table audit_events in exclusive mode");
            },
            n -> kinds.get(n % kinds.size()).get());

    assertThat(outcomes).containsOnly("forbidden");
    for (User each : List.of(mallory, eve)) {
      assertThat(said(SCIM_USERS.resume(administrator, each.handle()))).isEqualTo(DONE);
    }
    assertThat(kinds).extracting(Supplier::get).as("after the suspension").containsOnly(DONE);
  }

  @Race.Repeated
  void who_was_demoted_meanwhile_changes_nothing_as_administrator() {
    User eve = PORTS.stored(AUser.called("eve").administrator().build());
    List<Supplier<String>> kinds = all(eve).stream().map(kind -> kind.by(as(eve))).toList();

    List<String> outcomes =
        manyBehind(PORTS, () -> demote(eve), n -> kinds.get(n % kinds.size()).get());

    assertThat(outcomes).containsOnly("forbidden");
    assertThat(administers(administrator, eve, true)).isEqualTo(DONE);
    assertThat(kinds).extracting(Supplier::get).as("again administrator").containsOnly(DONE);
  }

  @Race.Repeated
  void whose_token_or_session_ended_meanwhile_changes_nothing() {
    User eve = PORTS.stored(AUser.called("eve").administrator().build());
    Actor withToken = withToken(as(eve));
    Actor signedIn = signedIn(eve);
    List<Kind> kinds = kindsOfChanges(eve);

    List<String> outcomes =
        manyBehind(
            PORTS,
            () -> {
              assertThat(PORTS.accessTokens().delete(eve.id(), withToken.tokenId().orElseThrow()))
                  .isTrue();
              assertThat(PORTS.sessions().delete(eve.id(), signedIn.session().orElseThrow()))
                  .isTrue();
            },
            n -> kinds.get(n / 2 % kinds.size()).by(n % 2 == 0 ? withToken : signedIn).get());

    assertThat(outcomes).containsOnly("forbidden");
    assertThat(kinds).extracting(kind -> kind.by(as(eve)).get()).containsOnly(DONE);
  }

  @Race.Repeated
  void who_end_each_others_tokens_and_sessions_do_not_block_each_other() {
    User eve = PORTS.stored(AUser.called("eve").administrator().build());
    List<Actor> tokens = Stream.of(administrator, as(eve)).map(this::withToken).toList();
    List<Actor> sessions = List.of(signedIn(eve), signedIn(eve));
    long before = PORTS.deadlocks();

    List<String> outcomes =
        many(
            n -> {
              Actor actor = (n % 4 < 2 ? tokens : sessions).get(n % 2);
              Actor other = (n % 4 < 2 ? tokens : sessions).get(1 - n % 2);
              return said(
                  n % 4 < 2
                      ? USE.accessTokens.revoke(
                          actor, other.handle(), other.tokenId().orElseThrow())
                      : SESSIONS.end(actor, other.handle(), other.session().orElseThrow()));
            });

    assertThat(outcomes).containsOnly(DONE, "not_found");
    assertThat(PORTS.deadlocks()).isEqualTo(before);
  }

  private static Actor signedIn(User user) {
    return found(started(new SignedIn(user.id(), new SignInMethod.Link())).orThrow()).actor();
  }

  private Actor withToken(Actor actor) {
    return with(stored(AToken.of(PORTS.users().find(actor.handle()).orElseThrow())), actor);
  }

  private static AccessToken stored(AToken wanted) {
    AccessToken token = wanted.build();
    UUID id = token.id().value();
    byte[] hash = new byte[32];
    ByteBuffer unused =
        ByteBuffer.wrap(hash)
            .putLong(id.getMostSignificantBits())
            .putLong(id.getLeastSignificantBits());
    PORTS.accessTokens().save(token, new TokenHash(hash));
    return token;
  }

  private static Actor with(AccessToken token, Actor actor) {
    return new Actor(
        actor.id(),
        actor.handle(),
        actor.administrator(),
        Optional.of(token),
        actor.address(),
        actor.requestId(),
        actor.session());
  }

  private static void demote(User user) {
    User locked = PORTS.users().lock(user.handle()).orElseThrow();
    PORTS.users().update(locked.withAdministrator(false, Instant.now()));
  }

  @Test
  void who_was_suspended_meanwhile_does_not_delete_their_account() {
    User mallory = PORTS.stored(AUser.called("mallory").build());
    String suspended = suspend(mallory);

    assertThat(suspended).isEqualTo(DONE);
    assertThat(said(USE.users.delete(as(mallory), mallory.handle(), Precondition.NONE, true)))
        .isEqualTo("forbidden");
    assertThat(PORTS.users().find(mallory.handle())).isPresent();
  }

  /** A kind of change that a user may make. */
  private interface Kind {
    Outcome<?> made(Actor actor);

    default Supplier<String> by(Actor actor) {
      return () -> said(made(actor));
    }
  }

  private List<Kind> all(User user) {
    return Stream.concat(kindsOfChanges(user).stream(), kindsOfCredentials(user).stream()).toList();
  }

  private List<Kind> kindsOfChanges(User user) {
    Instance service = PORTS.stored(AnInstance.of(user, "gpt").build());
    Group team = AGroup.called("team-of-" + user.handle().value());
    PORTS.groups().insert(team);
    PORTS
        .groups()
        .putMember(
            team.id(), new GroupMember(user.id(), user.handle(), GroupRole.MANAGER, Instant.now()));
    Budget budget = ABudget.tokens(1_000).build();
    PORTS
        .assignedLimits()
        .save(
            team.id(),
            true,
            new StoredLimits(Limits.of(new Budgets(List.of(budget))), 1),
            Instant.now());
    String pool =
        BudgetReference.of(
            new BudgetAccount(BudgetHolder.group(team.id().value()).account(), budget.key()));
    List<Kind> kinds =
        List.of(
            actor ->
                USE.sharing.share(
                    actor,
                    service.ref(),
                    GranteeName.user(alice.handle()),
                    Precondition.NONE,
                    Share.Terms.reader()),
            actor ->
                USE.groups.putMember(
                    actor, team.handle(), alice.handle(), GroupRole.MEMBER, Field.absent()),
            actor ->
                USE.projects.put(
                    actor,
                    Project.Ref.of(user.handle().value() + "/" + UUID.randomUUID()),
                    Precondition.NONE,
                    new ProjectCommand(FieldWrites.NONE, Field.absent(), false)),
            actor ->
                USE.instances.patch(
                    actor,
                    service.ref(),
                    Precondition.NONE,
                    InstanceWriteBuilder.of().displayName(UUID.randomUUID().toString()).command()),
            actor ->
                USE.definitions.put(
                    actor,
                    Definition.Ref.of(user.handle().value() + "/" + UUID.randomUUID()),
                    Precondition.NONE,
                    DefinitionWriteBuilder.openAi().command()));
    Kind raise =
        actor ->
            BUDGETS.raise(
                actor, pool, new NewRaise(BigDecimal.ONE, Instant.now().plus(Duration.ofHours(1))));
    return user.administrator() ? Stream.concat(kinds.stream(), Stream.of(raise)).toList() : kinds;
  }

  /** Returns the changes that check the actor's credential before anything else. */
  private static List<Kind> kindsOfCredentials(User user) {
    AccessToken token = stored(AToken.of(user));
    return List.of(
        actor ->
            WEBHOOKS.save(
                actor,
                GranteeName.user(user.handle()),
                Precondition.NONE,
                WebhookUrl.of("https://mallory.example/" + UUID.randomUUID()),
                Webhook.Choice.USUAL),
        actor ->
            USE.ownToken.narrow(
                with(token, actor),
                new NarrowerToken(
                    new TokenName("narrower"),
                    Optional.empty(),
                    Optional.empty(),
                    LimitsWrite.ABSENT,
                    Field.absent(),
                    TokenBinding.NONE)));
  }

  /** Each gives somebody access that stays, even if the giver leaves. */
  private List<Supplier<String>> gifts(Actor responsible, Actor boss, User account) {
    Handle ci = new Handle("ci");
    TrustTerms terms =
        new TrustTerms(
            new SubjectPattern("repo:acme/app:*"), RequiredClaims.NONE, Duration.ofMinutes(5));
    assertThat(said(saveIssuer(administrator, ci))).isEqualTo(DONE);
    return List.of(
        () -> said(USE.accessTokens.issue(responsible, account.handle(), wanted(false))),
        () ->
            said(
                TRUSTS.save(
                    responsible,
                    account.handle(),
                    new Handle("app"),
                    Precondition.NONE,
                    new TrustContent(ci, terms))),
        () -> said(saveIssuer(boss, new Handle("other"))),
        () -> said(SCIM_TOKENS.create(boss, new TokenName("idp"), INTRUDER.issuer())),
        () -> administers(boss, alice, true));
  }

  @Test
  void an_administrator_makes_no_first_token_for_somebody_who_has_another_way_in() {
    User bob = AUser.called("bob").build();
    PORTS.users().insert(bob);
    assertThat(started(new SignedIn(bob.id(), new SignInMethod.Link())))
        .isInstanceOf(Outcome.Done.class);

    assertThat(Outcomes.because(USE.accessTokens.issue(administrator, bob.handle(), wanted(false))))
        .isEqualTo("forbidden");
  }

  /** One of the actions of an intruder who has stolen credentials. */
  private String intrude(int n) {
    return switch (n % 7) {
      case 0 -> USE.deviceGrants.redeem(approved.deviceCode(), DEVICE).toString();
      case 1 -> said(USE.deviceSignIn.approve(session, waiting.userCode().shown()));
      case 2 -> issue(session.actor());
      case 3 -> USE.deviceGrants.refresh(refreshToken, Optional.empty(), DEVICE).toString();
      case 4 ->
          LINKS
              .present(link)
              .map(LockoutRacesTest::started)
              .map(LockoutRacesTest::said)
              .orElse("no");
      case 5 -> setWebhook(session.actor());
      default ->
          said(
              started(
                  new SignedIn(alice.id(), new SignInMethod.OpenId(INTRUDER, Optional.empty()))));
    };
  }

  private void assertNobodyIsIn() {
    assertThat(count("sessions where user_id = ?")).isZero();
    assertThat(count("device_codes where user_id = ?")).isZero();
    assertThat(count("sign_in_links where user_id = ?")).isZero();
    assertThat(USE.deviceGrants.redeem(approved.deviceCode(), DEVICE))
        .isInstanceOf(Granting.Refused.class);
    assertThat(USE.deviceGrants.redeem(waiting.deviceCode(), DEVICE))
        .isInstanceOf(Granting.Refused.class);
    assertThat(USE.deviceGrants.refresh(refreshToken, Optional.empty(), DEVICE))
        .isInstanceOf(Granting.Refused.class);
    assertThat(SESSIONS.find(link, "192.0.2.1", "request")).isEmpty();
  }

  private Outcome<IssuedToken> recover() {
    return USE.accessTokens.issue(administrator, alice.handle(), wanted(true));
  }

  private IssuedToken recovered() {
    return recover().orThrow();
  }

  /** Suspends a user, like a refresh after which the provider no longer knows the person. */
  private static String suspend(User user) {
    Lockout lockout = new Lockout(PORTS.credentials(), PORTS.userKeys());
    PORTS
        .transactions()
        .inTransaction(
            () -> {
              User locked = PORTS.users().lock(user.handle()).orElseThrow();
              PORTS
                  .users()
                  .update(locked.withSuspension(Optional.of(Instant.now()), Instant.now()));
              return lockout.suspend(locked);
            });
    return DONE;
  }

  private static Outcome<?> saveIssuer(Actor actor, Handle name) {
    return TRUSTED_ISSUERS.save(
        actor, name, Precondition.NONE, new Issuer("https://" + name.value() + ".example"));
  }

  /** With another address each time, so that it is a new webhook. */
  private String setWebhook(Actor actor) {
    return said(
        WEBHOOKS.save(
            actor,
            GranteeName.user(alice.handle()),
            Precondition.NONE,
            WebhookUrl.of("https://intruder.example/" + UUID.randomUUID()),
            Webhook.Choice.USUAL));
  }

  private static String issue(Actor actor) {
    return said(USE.accessTokens.issue(actor, actor.handle(), wanted(false)));
  }

  private static NewToken wanted(boolean recovery) {
    return new NewToken(
        new TokenName("one"),
        Optional.of(TokenScope.MANAGE),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Limits.NONE,
        recovery);
  }

  private static Begun begun() {
    return (Begun) USE.deviceGrants.begin(TokenScope.USE, DEVICE);
  }

  private Begun begunAndApproved() {
    Begun device = begun();
    assertThat(said(USE.deviceSignIn.approve(session, device.userCode().shown()))).isEqualTo(DONE);
    return device;
  }

  private static Outcome<NewSession> started(SignedIn who) {
    return SESSIONS.start(who, "192.0.2.1", "browser", "request");
  }

  private static SessionActor found(NewSession started) {
    return SESSIONS.find(started.secret(), "192.0.2.1", "request").orElseThrow();
  }

  private static Actor as(User user) {
    return RacingUseCases.as(user);
  }

  private List<AccessToken> tokens() {
    return PORTS.accessTokens().listOf(alice.id(), Optional.empty(), 100);
  }

  private int count(String of) {
    return PORTS
        .sql()
        .sql("select count(*) from " + of)
        .param(alice.id().value())
        .query(Integer.class)
        .single();
  }

  private static void execute(String statement) {
    int unused = PORTS.database().jdbc().sql(statement).update();
  }

  private static List<String> fields(String action) {
    return PORTS
        .sql()
        .sql("select array_to_string(fields, ',') from audit_events where action = ?")
        .param(action)
        .query(String.class)
        .list();
  }

  private static String said(Outcome<?> outcome) {
    return outcome instanceof Outcome.Done ? DONE : Outcomes.because(outcome);
  }
}
