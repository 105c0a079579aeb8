package io.claviger.application.identity;

import static io.claviger.application.Outcomes.because;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.accounts.AccessTokens;
import io.claviger.application.accounts.AccessTokens.NewToken;
import io.claviger.application.accounts.Lockout;
import io.claviger.application.accounts.OwnToken;
import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.accounts.TokenAcceptance;
import io.claviger.application.accounts.Users;
import io.claviger.application.accounts.port.EndedCredentials;
import io.claviger.application.builders.AGroup;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AUser;
import io.claviger.application.fakes.InMemoryPorts;
import io.claviger.application.fakes.NoTargets;
import io.claviger.application.groups.Groups;
import io.claviger.application.oauth.DeviceGrants;
import io.claviger.application.oauth.DeviceSignIn;
import io.claviger.application.projects.ProjectReferences;
import io.claviger.application.sessions.SessionActor;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.application.trusts.TrustedIssuers;
import io.claviger.application.trusts.Trusts;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.AddressNet;
import io.claviger.domain.accounts.CallerOrigin;
import io.claviger.domain.accounts.CertificateThumbprint;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.Responsible;
import io.claviger.domain.accounts.ResponsibleName;
import io.claviger.domain.accounts.TokenBinding;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import io.claviger.domain.accounts.UserKind;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.fields.FieldWrites;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupRole;
import io.claviger.domain.identity.Identity;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.identity.Subject;
import io.claviger.domain.policy.InheritedLimits;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.LimitsWrite;
import io.claviger.domain.policy.TokenRate;
import io.claviger.domain.sessions.Session;
import io.claviger.domain.sessions.SignInMethod;
import io.claviger.domain.trusts.RequiredClaims;
import io.claviger.domain.trusts.SubjectPattern;
import io.claviger.domain.trusts.TrustTerms;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every kind of credential and everything that makes another credential: what is made never does
 * more or lasts longer than what it is made with.
 */
class NarrowCredentialsTest {
  private static final Limits FIVE = new Limits(Optional.of(5), Optional.empty(), Optional.empty());
  private static final TokenBinding BINDING =
      new TokenBinding(List.of(AddressNet.parse("192.0.2.0/24").orElseThrow()), Optional.empty());
  private static final String REFUSED = "refused";
  private static final String WITHIN = "within";
  private static final String UNLIMITED = "unlimited";

  /**
   * The credentials with which an administrator can act. The administrator is also responsible for
   * a service account.
   */
  private enum Credential {
    SESSION(true),
    TOKEN(true),
    SESSION_OF_TOKEN(true),
    TOKEN_WITH_LIMITS(false),
    TOKEN_WITH_END(false),
    TOKEN_THAT_INHERITED_LIMITS(false),
    BOUND_TOKEN(false),
    SESSION_OF_BOUND_TOKEN(false),
    TOKEN_OF_DEVICE(false),
    SESSION_OF_TOKEN_WITH_LIMITS(false),
    SESSION_OF_TOKEN_WITH_END(false),
    TOKEN_OF_SCOPE_USE(false),
    NARROWER_TOKEN(false);

    private final boolean unlimited;

    Credential(boolean unlimited) {
      this.unlimited = unlimited;
    }

    /**
     * Whether a credential that is made with this credential is narrow even if the request does not
     * ask for this.
     */
    boolean passesOn() {
      return this == TOKEN_THAT_INHERITED_LIMITS
          || this == BOUND_TOKEN
          || this == SESSION_OF_BOUND_TOKEN;
    }

    boolean uses() {
      return this == TOKEN_OF_SCOPE_USE || this == NARROWER_TOKEN;
    }
  }

  private enum Making {
    OWN_TOKEN,
    OWN_TOKEN_AS_NARROW,
    TOKEN_OF_SERVICE_ACCOUNT,
    FIRST_TOKEN,
    RECOVERY_TOKEN,
    USER,
    NARROWER_TOKEN,
    TOKEN_OF_DEVICE,
    REFRESHED_TOKEN_OF_DEVICE,
    OWN_IDENTITY,
    IDENTITY_OF_ANOTHER,
    ACCESS_WITHOUT_IDENTITY,
    TRUST,
    TRUSTED_ISSUER,
    ADMINISTRATOR,
    NEW_ADMINISTRATOR,
    SERVICE_ACCOUNT,
    RESPONSIBLE,
    RESPONSIBLE_AFTER_DELETION,
    RESPONSIBLE_MANAGER
  }

  private final SignInWorld world = new SignInWorld();
  private final InMemoryPorts ports = world.ports;
  private final AuditedChanges changes = ports.auditedChanges();
  private final Lockout lockout = new Lockout(ports.credentials(), ports.userKeys());
  private final RejectedTokens rejected =
      new RejectedTokens(ports.auditTrail(), ports.ids(), ports.accessTokens());
  private final AccessTokens tokens =
      AccessTokens.of(
          ports.users(),
          ports.accessTokens(),
          lockout,
          new NoTargets(),
          ports.randomBytes(),
          new TokenAcceptance(Optional.empty()),
          (hash, now) -> ports.accessTokens().find(hash),
          rejected,
          changes);
  private final OwnToken ownToken =
      OwnToken.of(
          ports.users(), ports.accessTokens(), new NoTargets(), ports.randomBytes(), changes);
  private final Users users =
      Users.of(
          ports.users(),
          ports.accessTokens(),
          lockout,
          new ProjectReferences(ports.projects()),
          ports.randomBytes(),
          changes);
  private final DeviceSignIn devices =
      DeviceSignIn.of(ports.deviceCodes(), ports.credentials(), changes);
  private final DeviceGrants grants =
      DeviceGrants.of(
          ports.users(),
          ports.accessTokens(),
          ports.deviceCodes(),
          ports.refreshTokens(),
          ports.randomBytes(),
          rejected,
          changes);
  private final TrustedIssuers issuers =
      TrustedIssuers.of(
          ports.trustedIssuers(), Optional.empty(), Optional.empty(), ports.credentials(), changes);
  private final Trusts trusts =
      Trusts.of(
          ports.users(), ports.trusts(), ports.trustedIssuers(), ports.credentials(), changes);

  private final User boss = world.add(AUser.called("boss").administrator().build());
  private final User alice = world.add(AUser.called("alice").build());
  private final User bot = world.add(AUser.called("bot").serviceAccountOf(boss).build());

  static Stream<Arguments> combinations() {
    List<Arguments> all = new ArrayList<>();
    for (Credential credential : Credential.values()) {
      for (Making making : Making.values()) {
        all.add(Arguments.of(credential, making));
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("combinations")
  void what_is_made_is_no_broader_than_what_it_is_made_with(Credential with, Making making) {
    SessionActor actor = actor(with);

    assertThat(made(making, actor)).isEqualTo(expected(with, making));
  }

  /** The request was running when an administrator ended all credentials. */
  @ParameterizedTest
  @EnumSource(Making.class)
  void nothing_is_made_with_a_token_that_has_ended(Making making) {
    SessionActor actor = actor(Credential.TOKEN);
    EndedCredentials ended = ports.credentials().endAll(boss.id(), ports.clock().instant());
    assertThat(ended.accessTokens()).isPositive();

    assertThat(made(making, actor)).isEqualTo(REFUSED);
  }

  @Test
  void a_bound_sign_in_is_refused_elsewhere_and_does_not_end() {
    DeviceGrants.Requester there = new DeviceGrants.Requester("192.0.2.9", "request");
    DeviceGrants.Requester elsewhere = new DeviceGrants.Requester("198.51.100.9", "request");
    DeviceGrants.DeviceGrantStart.Begun begun =
        (DeviceGrants.DeviceGrantStart.Begun) grants.begin(TokenScope.USE, there);
    assertThat(devices.approve(actor(Credential.SESSION_OF_BOUND_TOKEN), begun.userCode().shown()))
        .isInstanceOf(Outcome.Done.class);
    DeviceGrants.Granting.Granted first =
        (DeviceGrants.Granting.Granted) grants.redeem(begun.deviceCode(), there);

    assertThat(grants.refresh(first.refreshToken(), Optional.empty(), elsewhere))
        .isEqualTo(new DeviceGrants.Granting.Refused(DeviceGrants.Why.TOKEN_BOUND));
    assertThat(grants.refresh(first.refreshToken(), Optional.empty(), there))
        .isInstanceOf(DeviceGrants.Granting.Granted.class);
  }

  private static String expected(Credential with, Making making) {
    if (making == Making.NARROWER_TOKEN) {
      return with == Credential.SESSION ? REFUSED : WITHIN;
    }
    if (with.uses()) {
      return REFUSED;
    }
    return switch (making) {
      case OWN_TOKEN, TOKEN_OF_SERVICE_ACCOUNT, FIRST_TOKEN, RECOVERY_TOKEN ->
          with.unlimited || with.passesOn() ? WITHIN : REFUSED;
      case OWN_TOKEN_AS_NARROW, USER, TOKEN_OF_DEVICE, REFRESHED_TOKEN_OF_DEVICE, NARROWER_TOKEN ->
          WITHIN;
      case OWN_IDENTITY,
          IDENTITY_OF_ANOTHER,
          ACCESS_WITHOUT_IDENTITY,
          TRUST,
          TRUSTED_ISSUER,
          ADMINISTRATOR,
          RESPONSIBLE,
          RESPONSIBLE_AFTER_DELETION,
          RESPONSIBLE_MANAGER ->
          with.unlimited ? UNLIMITED : REFUSED;
      case NEW_ADMINISTRATOR, SERVICE_ACCOUNT -> with.unlimited ? WITHIN : REFUSED;
    };
  }

  /** As at the API and the gateway, the certificate counts and not only the address. */
  @Test
  void a_device_is_refreshed_only_with_the_certificate_to_which_it_is_bound() {
    DeviceGrants.Requester without = new DeviceGrants.Requester("192.0.2.9", "request");
    CertificateThumbprint certificate =
        new CertificateThumbprint("bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg0");
    DeviceGrants.Requester with =
        new DeviceGrants.Requester(
            new CallerOrigin("192.0.2.9", Optional.of(certificate)), "request");
    DeviceGrants.Granting.Granted first = granted(actor(Credential.SESSION), without).orElseThrow();
    ports
        .accessTokens()
        .save(
            first.token().bound(new TokenBinding(List.of(), Optional.of(certificate))),
            first.text().hash());

    assertThat(grants.refresh(first.refreshToken(), Optional.empty(), without))
        .isEqualTo(new DeviceGrants.Granting.Refused(DeviceGrants.Why.TOKEN_BOUND));
    rejected.flush(ports.clock().instant());
    assertThat(ports.auditTrail().events().getLast().action()).isEqualTo(AuditAction.TOKEN_BOUND);
    assertThat(grants.refresh(first.refreshToken(), Optional.empty(), with))
        .isInstanceOf(DeviceGrants.Granting.Granted.class);
  }

  private String made(Making making, SessionActor who) {
    Actor actor = who.actor();
    return switch (making) {
      case OWN_TOKEN -> token(actor, boss, wanted(Limits.NONE, Optional.empty(), false));
      case OWN_TOKEN_AS_NARROW ->
          token(
              actor,
              boss,
              wanted(
                  actor.token().map(AccessToken::limits).orElse(Limits.NONE),
                  actor.token().flatMap(AccessToken::expiresAt),
                  false));
      case TOKEN_OF_SERVICE_ACCOUNT ->
          token(actor, bot, wanted(Limits.NONE, Optional.empty(), false));
      case FIRST_TOKEN -> token(actor, alice, wanted(Limits.NONE, Optional.empty(), false));
      case RECOVERY_TOKEN -> token(actor, alice, wanted(Limits.NONE, Optional.empty(), true));
      case USER -> created(actor, UserKind.PERSON, FieldWrites.NONE);
      case NARROWER_TOKEN -> narrower(actor);
      case TOKEN_OF_DEVICE -> device(who, false);
      case REFRESHED_TOKEN_OF_DEVICE -> device(who, true);
      case OWN_IDENTITY -> linked(who);
      case IDENTITY_OF_ANOTHER ->
          unlimited(
              world.identities.assign(
                  actor, alice.handle(), new Identity(SignInWorld.ISSUER, new Subject("mallory"))));
      case ACCESS_WITHOUT_IDENTITY -> {
        SignInResult.Linked unused = world.link(alice, APerson.called("alice"));
        yield unlimited(world.identities.unlink(actor, alice.handle()));
      }
      case TRUST -> trust(actor);
      case TRUSTED_ISSUER ->
          unlimited(
              issuers.save(
                  actor, new Handle("ci"), Precondition.NONE, new Issuer("https://ci.example")));
      case ADMINISTRATOR ->
          unlimited(
              users.update(
                  actor,
                  alice.handle(),
                  Precondition.NONE,
                  FieldWrites.NONE.with(User.ADMINISTRATOR, Field.of(true))));
      case NEW_ADMINISTRATOR ->
          created(
              actor, UserKind.PERSON, FieldWrites.NONE.with(User.ADMINISTRATOR, Field.of(true)));
      case SERVICE_ACCOUNT ->
          created(
              actor,
              UserKind.SERVICE,
              FieldWrites.NONE.with(
                  User.RESPONSIBLE, Field.of(ResponsibleName.of(alice.handle().value()))));
      case RESPONSIBLE ->
          unlimited(
              users.update(
                  actor,
                  bot.handle(),
                  Precondition.NONE,
                  FieldWrites.NONE.with(
                      User.RESPONSIBLE, Field.of(ResponsibleName.of(alice.handle().value())))));
      case RESPONSIBLE_AFTER_DELETION -> {
        User unused = world.add(AUser.called("deploy").serviceAccountOf(alice).build());
        yield unlimited(users.delete(actor, alice.handle(), Precondition.NONE, true));
      }
      case RESPONSIBLE_MANAGER -> manager(actor);
    };
  }

  private String manager(Actor actor) {
    Group ops = AGroup.called("ops");
    ports.groups().insert(ops);
    User unused =
        world.add(
            AUser.called("deploy")
                .serviceAccountOf(new Responsible.GroupManagers(ops.id().value(), ops.handle()))
                .build());
    return unlimited(
        Groups.of(
                ports.groups(),
                ports.users(),
                ports.credentials(),
                ports.administratorGroup(),
                changes)
            .putMember(actor, ops.handle(), alice.handle(), GroupRole.MANAGER, Field.absent()));
  }

  private String token(Actor actor, User user, NewToken wanted) {
    return switch (tokens.issue(actor, user.handle(), wanted)) {
      case Outcome.Done<AccessTokens.IssuedToken> done -> within(done.value().token(), actor);
      case Outcome.Refused<AccessTokens.IssuedToken> refused -> REFUSED;
    };
  }

  private String created(Actor actor, UserKind kind, FieldWrites fields) {
    return switch (users.create(actor, new Users.NewUser(new Handle("new"), kind, fields))) {
      case Outcome.Done<Users.CreatedUser> done ->
          within(stored(done.value().accessToken()), actor);
      case Outcome.Refused<Users.CreatedUser> refused -> REFUSED;
    };
  }

  private String narrower(Actor actor) {
    OwnToken.NarrowerToken wanted =
        new OwnToken.NarrowerToken(
            new TokenName("child"),
            Optional.empty(),
            Optional.empty(),
            LimitsWrite.ABSENT,
            Field.absent(),
            TokenBinding.NONE);
    return switch (ownToken.narrow(actor, wanted)) {
      case Outcome.Done<AccessTokens.IssuedToken> done -> within(done.value().token(), actor);
      case Outcome.Refused<AccessTokens.IssuedToken> refused -> REFUSED;
    };
  }

  private String device(SessionActor who, boolean refreshed) {
    DeviceGrants.Requester device = new DeviceGrants.Requester("192.0.2.9", "request");
    Optional<DeviceGrants.Granting.Granted> granted = granted(who, device);
    if (refreshed) {
      granted =
          granted
              .map(first -> grants.refresh(first.refreshToken(), Optional.empty(), device))
              .filter(DeviceGrants.Granting.Granted.class::isInstance)
              .map(DeviceGrants.Granting.Granted.class::cast);
    }
    return granted.map(last -> within(stored(last.text()), who.actor())).orElse(REFUSED);
  }

  private Optional<DeviceGrants.Granting.Granted> granted(
      SessionActor who, DeviceGrants.Requester device) {
    DeviceGrants.DeviceGrantStart.Begun begun =
        (DeviceGrants.DeviceGrantStart.Begun) grants.begin(TokenScope.MANAGE, device);
    return devices.approve(who, begun.userCode().shown()) instanceof Outcome.Done
            && grants.redeem(begun.deviceCode(), device)
                instanceof DeviceGrants.Granting.Granted granted
        ? Optional.of(granted)
        : Optional.empty();
  }

  private String linked(SessionActor who) {
    APerson person = APerson.called("mallory");
    world.provider.person = () -> person;
    if (!(world.signIn.beginLink(who, "/console", "192.0.2.1")
        instanceof SignIn.SignInStart.Started begun)) {
      return REFUSED;
    }
    SignInResult result =
        world.signIn.finish(
            SignInWorld.answer(begun),
            Optional.of(begun.binding()),
            Optional.of(who),
            "192.0.2.1",
            "request");
    return result instanceof SignInResult.Linked ? UNLIMITED : REFUSED;
  }

  private String trust(Actor actor) {
    assertThat(
            issuers.save(
                SignInWorld.as(boss),
                new Handle("ci"),
                Precondition.NONE,
                new Issuer("https://ci.example")))
        .isInstanceOf(Outcome.Done.class);
    return unlimited(
        trusts.save(
            actor,
            bot.handle(),
            new Handle("main"),
            Precondition.NONE,
            new Trusts.TrustContent(
                new Handle("ci"),
                new TrustTerms(
                    new SubjectPattern("job"),
                    new RequiredClaims(Map.of()),
                    Duration.ofMinutes(5)))));
  }

  private static String unlimited(Outcome<?> outcome) {
    if (outcome instanceof Outcome.Done) {
      return UNLIMITED;
    }
    assertThat(because(outcome)).isEqualTo("forbidden");
    return REFUSED;
  }

  /** A credential of the boss, in a browser that was signed in just now. */
  private SessionActor actor(Credential kind) {
    Instant now = ports.clock().instant();
    Optional<AccessToken> token =
        switch (kind) {
          case SESSION -> Optional.empty();
          case TOKEN, SESSION_OF_TOKEN -> Optional.of(AToken.of(boss).build());
          case TOKEN_WITH_LIMITS, SESSION_OF_TOKEN_WITH_LIMITS ->
              Optional.of(AToken.of(boss).limits(FIVE).build());
          case TOKEN_WITH_END, SESSION_OF_TOKEN_WITH_END ->
              Optional.of(AToken.of(boss).expiresAt(now.plus(Duration.ofHours(1))).build());
          case TOKEN_THAT_INHERITED_LIMITS ->
              Optional.of(
                  AToken.of(boss).inheritedRates(new TokenRate(UUID.randomUUID(), 3)).build());
          case BOUND_TOKEN, SESSION_OF_BOUND_TOKEN ->
              Optional.of(AToken.of(boss).bound(BINDING).build());
          case TOKEN_OF_DEVICE -> Optional.of(ofDevice(now));
          case TOKEN_OF_SCOPE_USE -> Optional.of(AToken.of(boss).scope(TokenScope.USE).build());
          case NARROWER_TOKEN -> Optional.of(narrowed(now));
        };
    token.ifPresent(
        one ->
            ports
                .accessTokens()
                .save(one, TokenText.presented("token " + one.id().value()).hash()));
    Session session =
        new Session(
            new Session.Id(UUID.randomUUID()),
            boss.id(),
            token
                .<SignInMethod>map(one -> new SignInMethod.Token(one.id()))
                .orElseGet(SignInMethod.Link::new),
            "192.0.2.1",
            "browser",
            now,
            now);
    ports.sessions().insert(session, TokenText.presented(session.id().value().toString()).hash());
    return new SessionActor(
        session,
        new Actor(
            boss.id(),
            boss.handle(),
            true,
            token,
            "192.0.2.1",
            "request",
            Optional.of(session.id())),
        "page");
  }

  private AccessToken ofDevice(Instant now) {
    AccessToken like = AToken.of(boss).build();
    return new AccessToken(
        like.id(),
        boss.id(),
        like.name(),
        TokenScope.MANAGE,
        AccessToken.Provenance.of(AccessToken.Origin.DEVICE),
        Optional.empty(),
        Limits.NONE,
        InheritedLimits.NONE,
        now,
        Optional.of(now.plus(Duration.ofHours(12))),
        Optional.empty(),
        Optional.of(now.plus(Duration.ofDays(30))),
        TokenBinding.NONE,
        Optional.empty());
  }

  private AccessToken narrowed(Instant now) {
    AccessToken parent = AToken.of(boss).build();
    ports.accessTokens().save(parent, TokenText.presented("parent").hash());
    AccessToken like = AToken.of(boss).build();
    return new AccessToken(
        like.id(),
        boss.id(),
        like.name(),
        TokenScope.USE,
        new AccessToken.Provenance(
            AccessToken.Origin.NARROWED,
            Optional.of(parent.id()),
            Optional.empty(),
            Optional.empty()),
        Optional.empty(),
        FIVE,
        InheritedLimits.NONE,
        now,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        TokenBinding.NONE,
        Optional.empty());
  }

  private AccessToken stored(TokenText text) {
    return ports.accessTokens().find(text.hash()).orElseThrow().token();
  }

  private static NewToken wanted(Limits limits, Optional<Instant> expiry, boolean recovery) {
    return new NewToken(
        new TokenName("made"),
        Optional.of(TokenScope.MANAGE),
        expiry,
        Optional.empty(),
        Optional.empty(),
        limits,
        recovery);
  }

  /**
   * Returns {@link #WITHIN} unless the made token permits more or lasts longer than the token with
   * which it was made.
   */
  private static String within(AccessToken made, Actor with) {
    if (with.token().isEmpty()) {
      return WITHIN;
    }
    AccessToken own = with.token().get();
    assertThat(made.limits().fitWithin(own.limits())).as("limits").isTrue();
    assertThat(made.inherited().rates()).as("rates").containsAll(own.inherited().rates());
    assertThat(made.binding()).as("binding").isEqualTo(own.binding());
    if (own.scope() == TokenScope.USE) {
      assertThat(made.scope()).isEqualTo(TokenScope.USE);
    }
    // A device sign-in may be refreshed, and what was approved with one ends with its first expiry.
    own.expiresAt()
        .ifPresent(end -> assertThat(made.expiresAt().orElseThrow()).isBeforeOrEqualTo(end));
    return WITHIN;
  }
}
