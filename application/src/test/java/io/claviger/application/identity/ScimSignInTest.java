package io.claviger.application.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.atIndex;

import io.claviger.application.Outcomes;
import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.ScimPush;
import io.claviger.application.groups.Groups;
import io.claviger.application.identity.port.IdentityProvider;
import io.claviger.application.scim.ScimCaller;
import io.claviger.application.scim.ScimGroups;
import io.claviger.application.scim.ScimTokens;
import io.claviger.application.scim.ScimUsers;
import io.claviger.application.scim.port.ScimGroupStore;
import io.claviger.application.scim.port.ScimTokenStore;
import io.claviger.application.scim.port.ScimUserStore;
import io.claviger.application.sessions.NewSession;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.DisplayName;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.scim.ScimSettings;
import io.claviger.domain.scim.ScimSubject;
import io.claviger.domain.scim.ScimToken;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Sign-ins while the identity provider keeps its users by SCIM. */
final class ScimSignInTest {
  private static final APerson ALICE = APerson.called("alice");
  private static final Handle ALICE_HANDLE = new Handle("alice");
  private static final ScimSettings ADMINISTERING =
      new ScimSettings(ScimSubject.DEFAULT, false, Optional.of("admins"));

  private SignInWorld world = new SignInWorld(ScimSettings.DEFAULT);
  private ScimToken token = token();

  private static ScimToken token() {
    return new ScimToken(
        new ScimToken.Id(UUID.randomUUID()),
        new TokenName("idp"),
        SignInWorld.ISSUER,
        Instant.EPOCH,
        Optional.empty());
  }

  private ScimCaller on(ScimSettings settings) {
    world = new SignInWorld(settings);
    return on();
  }

  private ScimCaller on() {
    world.ports.scimTokens().insert(token, new TokenHash(new byte[32]));
    return new ScimCaller(token, "192.0.2.9", "scim");
  }

  private ScimUsers users() {
    return ScimUsers.of(
        world.ports.scimUsers(),
        world.stores,
        ScimSettings.DEFAULT,
        SignInWorld.MAX_AGE,
        world.changes);
  }

  private ScimGroups groups(ScimSettings settings) {
    return groups(world.ports.scimGroups(), settings);
  }

  private ScimGroups groups(ScimGroupStore store, ScimSettings settings) {
    return ScimGroups.of(
        store,
        world.ports.groups(),
        world.ports.scimUsers(),
        world.stores,
        settings,
        world.changes);
  }

  private static ScimUsers.Person person(String name, String externalId, boolean active) {
    return ScimPush.person(name + "@lab.example", externalId, active);
  }

  private UUID provision(ScimCaller caller, String name) {
    return Outcomes.done(users().create(caller, person(name, "subject-" + name, true)))
        .user()
        .id()
        .value();
  }

  private SignInResult.Reason refused(APerson person) {
    return ((SignInResult.Refused) world.attempt(person)).reason();
  }

  /** The issuer names the person by SCIM as the claim of the sign-in did. */
  @Test
  void scim_gives_it_back_to_who_signed_in_before_scim_was_on() {
    NewSession unused = world.signIn(ALICE);
    world.ports.users().delete(world.user("alice").id());

    UUID back = provision(on(), "alice");

    assertThat(world.user("alice").id().value()).isEqualTo(back);
  }

  /** An identity provider may choose any names for its people. */
  @Test
  void it_goes_to_nobody_whose_name_there_is_no_subject() {
    NewSession unused = world.signIn(ALICE);
    world.ports.users().delete(world.user("alice").id());

    User other = Outcomes.done(users().create(on(), person("alice", "Zoë", true))).user();

    assertThat(other.handle().value()).startsWith("u-");
  }

  @Test
  void a_provisioned_person_signs_in_as_the_user_whom_scim_made() {
    UUID id = provision(on(), "alice");

    NewSession session = world.signIn(ALICE);

    assertThat(world.isSignedIn(session)).isTrue();
    assertThat(world.user("alice").id().value()).isEqualTo(id);
    assertThat(world.ports.identities().find(ALICE.identity())).isPresent();
    assertThat(world.isSignedIn(world.signIn(ALICE))).isTrue();
  }

  @Test
  void who_had_access_before_is_recovered_by_a_sign_in_that_scim_links() {
    User boss = world.add(AUser.called("boss").administrator().build());
    NewSession before = world.signIn(ALICE);
    User alice = world.user("alice");
    world.addToken(alice);
    Instance service = world.addServiceWithKeyOf(alice);

    NewSession session = takeOver(boss, alice);

    assertThat(session.session().user()).isEqualTo(alice.id());
    assertThat(world.isSignedIn(before)).isFalse();
    assertThat(world.ports.accessTokens().listOf(alice.id(), Optional.empty(), 9)).isEmpty();
    assertThat(world.ports.userKeys().find(service.id(), alice.id())).isEmpty();
    assertThat(linkedAs())
        .contains(
            List.of("recovery", SignInWorld.ISSUER.value(), "access_tokens", "api_keys"),
            atIndex(1));
  }

  @Test
  void who_had_no_token_but_signed_in_before_is_recovered_too() {
    User boss = world.add(AUser.called("boss").administrator().build());
    NewSession before = world.signIn(ALICE);
    User alice = world.user("alice");
    Instance service = world.addServiceWithKeyOf(alice);

    NewSession session = takeOver(boss, alice);

    assertThat(session.session().user()).isEqualTo(alice.id());
    assertThat(world.isSignedIn(before)).isFalse();
    assertThat(world.ports.userKeys().find(service.id(), alice.id())).isEmpty();
    assertThat(linkedAs())
        .contains(List.of("recovery", SignInWorld.ISSUER.value(), "api_keys"), atIndex(1));
  }

  @Test
  void whom_scim_made_and_who_never_had_access_is_not_recovered() {
    ScimCaller caller = on();
    provision(caller, "alice");
    Instance service = world.addServiceWithKeyOf(world.user("alice"));

    NewSession session = world.signIn(ALICE);

    assertThat(world.isSignedIn(session)).isTrue();
    assertThat(world.ports.userKeys().find(service.id(), world.user("alice").id())).isPresent();
    assertThat(linkedAs()).containsExactly(List.of(SignInWorld.ISSUER.value()));
  }

  /** The identity provider has no reason to send the members of a group again. */
  @Test
  void groups_that_scim_sent_outlast_the_identity() {
    User boss = world.add(AUser.called("boss").administrator().build());
    ScimCaller caller = on();
    UUID alice = provision(caller, "alice");
    ScimGroups.View unusedGroup =
        Outcomes.done(
            groups(ScimSettings.DEFAULT)
                .create(caller, new DisplayName("research"), Optional.empty(), Set.of(alice)));
    NewSession unused = world.signIn(ALICE);
    AccessToken unusedToken = world.addToken(world.user("alice"));

    Outcomes.done(world.identities.unlink(SignInWorld.as(boss), ALICE_HANDLE));
    assertThat(world.ports.syncedGroups().of(new User.Id(alice))).containsExactly("research");

    assertThat(world.isSignedIn(world.signIn(ALICE))).isTrue();
    assertThat(linkedAs().getLast()).contains("recovery");
    assertThat(world.ports.syncedGroups().of(new User.Id(alice))).containsExactly("research");
  }

  @Test
  void whom_an_administrator_has_unlinked_need_not_sign_in_after_scim_has_ended() {
    User boss = world.add(AUser.called("boss").administrator().build());
    UUID alice = provision(on(), "alice");
    NewSession unused = world.signIn(ALICE);
    Outcomes.done(world.identities.unlink(SignInWorld.as(boss), ALICE_HANDLE));
    assertThat(world.ports.scimTokens().delete(token.id())).isTrue();

    UnfollowedPeople others =
        new UnfollowedPeople(
            Optional.of(new Issuer("https://new.example")),
            world.ports.identities(),
            world.changes,
            world.ports.clock());

    assertThat(others.demandSignIns()).isZero();
    assertThat(world.ports.identities().signInDue(new User.Id(alice))).isEmpty();
  }

  /** An administrator lets SCIM say that a person of their own is the user. */
  private NewSession takeOver(User boss, User user) {
    ScimCaller caller = on();
    Outcomes.done(
        users()
            .update(
                caller,
                user.id().value(),
                was -> person(user.handle().value(), "subject-mallory", true)));
    Outcomes.done(world.identities.unlink(SignInWorld.as(boss), user.handle()));
    return world.signIn(APerson.called("mallory"));
  }

  private List<List<String>> linkedAs() {
    return world.ports.auditEvents().stream()
        .filter(event -> event.action() == AuditAction.IDENTITY_LINK)
        .map(event -> event.fields())
        .toList();
  }

  @Test
  void somebody_whom_scim_did_not_make_is_refused_and_becomes_no_user() {
    ScimCaller caller = on();
    provision(caller, "alice");

    assertThat(refused(APerson.called("mallory"))).isEqualTo(SignInResult.Reason.NOT_ALLOWED);
    assertThat(refused(APerson.called("subject-alice"))).isEqualTo(SignInResult.Reason.NOT_ALLOWED);
    assertThat(world.find("mallory")).isEmpty();
  }

  @Test
  void who_signed_in_before_is_taken_over_by_the_same_subject_alone() {
    NewSession before = world.signIn(ALICE);
    User user = world.user("alice");
    ScimCaller caller = on();

    assertThat(refused(ALICE)).isEqualTo(SignInResult.Reason.NOT_ALLOWED);
    assertThat(provision(caller, "alice")).isEqualTo(user.id().value());
    assertThat(world.isSignedIn(before)).isTrue();
    assertThat(world.isSignedIn(world.signIn(ALICE))).isTrue();
  }

  @Test
  void scim_gives_the_handle_of_a_deleted_user_back_to_the_same_person_alone() {
    ScimCaller caller = on();
    world.ports.users().delete(new User.Id(provision(caller, "alice")));

    User other =
        Outcomes.done(users().create(caller, person("alice", "subject-mallory", true))).user();
    assertThat(other.handle().value()).startsWith("u-");
    world.ports.users().delete(other.id());

    User back =
        Outcomes.done(users().create(caller, person("alice", "subject-alice", true))).user();
    assertThat(back.handle()).isEqualTo(ALICE_HANDLE);
  }

  @Test
  void an_issuer_makes_no_more_users_than_are_kept() {
    ScimCaller caller = on();
    UUID alice = provision(caller, "alice");
    ScimUserStore full =
        (ScimUserStore)
            Proxy.newProxyInstance(
                ScimUserStore.class.getClassLoader(),
                new Class<?>[] {ScimUserStore.class},
                (proxy, method, arguments) ->
                    method.getName().equals("countKept")
                        ? arguments[1]
                        : method.invoke(world.ports.scimUsers(), arguments));
    ScimUsers bounded =
        ScimUsers.of(full, world.stores, ScimSettings.DEFAULT, SignInWorld.MAX_AGE, world.changes);

    assertThat(Outcomes.because(bounded.create(caller, person("bob", "subject-bob", true))))
        .isEqualTo("too_many_users");
    assertThat(world.find("bob")).isEmpty();
    Outcomes.done(bounded.update(caller, alice, same -> person("alice", "subject-alice", true)));
  }

  @Test
  void an_issuer_makes_no_more_groups_than_are_kept() {
    ScimCaller caller = on();
    ScimGroupStore full =
        (ScimGroupStore)
            Proxy.newProxyInstance(
                ScimGroupStore.class.getClassLoader(),
                new Class<?>[] {ScimGroupStore.class},
                (proxy, method, arguments) ->
                    method.getName().equals("countKept")
                        ? arguments[1]
                        : method.invoke(world.ports.scimGroups(), arguments));
    UUID team =
        Outcomes.done(create(world.ports.scimGroups(), caller, "team")).group().id().value();
    UUID unused = Outcomes.done(groups(ScimSettings.DEFAULT).delete(caller, team));

    assertThat(Outcomes.because(create(full, caller, "crew"))).isEqualTo("too_many_groups");
    assertThat(world.ports.groups().find(new Handle("crew"))).isEmpty();
    assertThat(Outcomes.done(create(full, caller, "team")).group().id().value()).isEqualTo(team);
  }

  private Outcome<ScimGroups.View> create(ScimGroupStore store, ScimCaller caller, String name) {
    return groups(store, ScimSettings.DEFAULT)
        .create(caller, new DisplayName(name), Optional.empty(), Set.of());
  }

  @Test
  void no_sign_in_ends_what_scim_suspended() {
    ScimCaller caller = on();
    UUID id = provision(caller, "alice");
    NewSession session = world.signIn(ALICE);

    Outcomes.done(users().update(caller, id, unused -> person("alice", "subject-alice", false)));

    assertThat(world.isSignedIn(session)).isFalse();
    assertThat(world.user("alice").suspended()).isTrue();
    assertThat(refused(ALICE)).isEqualTo(SignInResult.Reason.NOT_ALLOWED);
    assertThat(world.user("alice").suspended()).isTrue();
    boolean unused = world.ports.scimTokens().delete(token.id());
    assertThat(refused(ALICE)).as("when SCIM is off").isEqualTo(SignInResult.Reason.NOT_ALLOWED);
    on();
    Outcomes.done(users().update(caller, id, also -> person("alice", "subject-alice", true)));
    assertThat(world.isSignedIn(world.signIn(ALICE))).isTrue();
  }

  /** A former provider with a token could change the people of the present provider. */
  @Test
  void tokens_of_a_former_provider_are_neither_accepted_nor_made() {
    User boss = world.add(AUser.called("boss").administrator().build());
    Issuer former = new Issuer("https://former.example");
    TokenName name = new TokenName("idp");
    ScimTokens.CreatedScimToken made =
        Outcomes.done(tokens(Optional.of(former)).create(SignInWorld.as(boss), name, former));
    ScimTokens now = tokens(Optional.of(SignInWorld.ISSUER));

    assertThat(now.authenticate(made.text(), "192.0.2.9", "scim"))
        .isEqualTo(new ScimTokens.Authentication.OfFormerIssuer());
    assertThat(now.accepts(made.token())).isFalse();
    assertThat(Outcomes.because(now.create(SignInWorld.as(boss), name, former)))
        .isEqualTo("/issuer not_allowed");
    assertThat(Outcomes.because(now.create(SignInWorld.as(boss), name, SignInWorld.ISSUER)))
        .isEqualTo("other_scim_issuer");
    for (Optional<Issuer> signIn : List.of(Optional.of(former), Optional.<Issuer>empty())) {
      assertThat(tokens(signIn).authenticate(made.text(), "192.0.2.9", "scim"))
          .isInstanceOf(ScimTokens.Authentication.Accepted.class);
    }
  }

  @Test
  void a_leaked_token_that_others_keep_changing_is_not_said_to_have_ended() {
    ScimTokenStore contended =
        (ScimTokenStore)
            Proxy.newProxyInstance(
                ScimTokenStore.class.getClassLoader(),
                new Class<?>[] {ScimTokenStore.class},
                (proxy, method, arguments) -> {
                  throw new ConcurrencyConflict(
                      ConcurrencyConflict.How.LOCKED, new IllegalStateException("held"));
                });
    ScimTokens tokens = tokens(contended, Optional.of(SignInWorld.ISSUER));

    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> tokens.endLeaked(TokenText.of(new byte[64]), "192.0.2.9", "scim"))
        .extracting(RefusedException::refusal)
        .isEqualTo(Refusal.Conflict.CONCURRENT_CHANGE);
  }

  private ScimTokens tokens(Optional<Issuer> signIn) {
    return tokens(world.ports.scimTokens(), signIn);
  }

  private ScimTokens tokens(ScimTokenStore store, Optional<Issuer> signIn) {
    return ScimTokens.of(
        store,
        world.ports.credentials(),
        world.ports.randomBytes(),
        new RejectedTokens(world.ports.auditTrail(), world.ports.ids(), world.ports.accessTokens()),
        signIn,
        world.changes);
  }

  @Test
  void a_refresh_does_not_end_what_scim_suspended() {
    ScimCaller caller = on();
    UUID id = provision(caller, "alice");
    NewSession unusedSession = world.signIn(ALICE);
    Outcomes.done(users().update(caller, id, unused -> person("alice", "subject-alice", false)));
    world.provider.knows(ALICE);
    world.ports.clock().advance(PersonSync.REFRESH_INTERVAL.multipliedBy(2));

    int unused = world.refresh.refreshDue(Runnable::run);

    assertThat(world.user("alice").suspended()).isTrue();
  }

  @Test
  void only_a_write_that_says_active_ends_what_a_refresh_suspended() {
    ScimCaller caller = on();
    UUID id = provision(caller, "alice");
    NewSession unusedSession = world.signIn(ALICE);
    world.provider.refreshed = IdentityProvider.Refreshed.Ended::new;
    world.ports.clock().advance(PersonSync.REFRESH_INTERVAL.multipliedBy(2));
    int unused = world.refresh.refreshDue(Runnable::run);
    assertThat(world.user("alice").suspended()).isTrue();

    Outcomes.done(
        users()
            .update(
                caller,
                id,
                was ->
                    new ScimUsers.Person(
                        was.names(),
                        was.active(),
                        Optional.of(new DisplayName("Alice L.")),
                        was.email())));
    assertThat(world.user("alice").displayName()).isEqualTo(new DisplayName("Alice L."));
    assertThat(world.user("alice").suspended()).isTrue();

    Outcomes.done(users().update(caller, id, also -> person("alice", "subject-alice", true)));
    assertThat(world.user("alice").suspended()).isFalse();
  }

  @Test
  void who_is_resumed_without_a_sign_in_has_to_sign_in_in_time() {
    for (boolean byScim : List.of(true, false)) {
      ScimCaller caller = on(ScimSettings.DEFAULT);
      User boss = world.add(AUser.called("boss").administrator().build());
      UUID alice = provision(caller, "alice");
      NewSession unused = world.signIn(ALICE);
      User.Id id = world.user("alice").id();
      assertThat(world.ports.identities().signInDue(id)).isEmpty();

      Outcomes.done(users().update(caller, alice, one -> person("alice", "subject-alice", false)));
      world.ports.clock().advance(Duration.ofDays(30));
      if (byScim) {
        Outcomes.done(users().update(caller, alice, one -> person("alice", "subject-alice", true)));
      } else {
        Outcomes.done(users().resume(SignInWorld.as(boss), ALICE_HANDLE));
      }

      assertThat(world.ports.identities().signInDue(id))
          .contains(world.ports.clock().instant().plus(SignInWorld.MAX_AGE));
      NewSession again = world.signIn(ALICE);
      assertThat(world.isSignedIn(again)).isTrue();
      assertThat(world.ports.identities().signInDue(id)).isEmpty();
    }
  }

  @Test
  void nobody_comes_back_under_a_user_name_that_somebody_else_has_got() {
    ScimCaller caller = on();
    User boss = world.add(AUser.called("boss").administrator().build());
    UUID alice = provision(caller, "alice");
    Outcomes.done(users().delete(caller, alice));
    UUID another =
        Outcomes.done(users().create(caller, person("alice", "subject-other", true)))
            .user()
            .id()
            .value();

    assertThat(Outcomes.because(users().resume(SignInWorld.as(boss), ALICE_HANDLE)))
        .isEqualTo("uniqueness");
    assertThat(world.user("alice").suspended()).isTrue();

    Outcomes.done(users().update(caller, another, was -> person("alice-2", "subject-other", true)));
    Outcomes.done(users().resume(SignInWorld.as(boss), ALICE_HANDLE));
    assertThat(world.user("alice").suspended()).isFalse();
  }

  @Test
  void a_resumption_puts_no_sign_in_off_and_asks_none_of_people_without_an_identity() {
    ScimCaller caller = on();
    User boss = world.add(AUser.called("boss").administrator().build());
    UUID alice = provision(caller, "alice");
    UUID bob = provision(caller, "bob");
    NewSession unused = world.signIn(ALICE.online());
    Optional<Instant> due = world.ports.identities().signInDue(world.user("alice").id());
    assertThat(due).isPresent();

    for (UUID each : List.of(alice, bob)) {
      Outcomes.done(
          users()
              .update(
                  caller,
                  each,
                  was ->
                      new ScimUsers.Person(
                          was.names(), Optional.of(false), was.displayName(), was.email())));
    }
    world.ports.clock().advance(Duration.ofDays(1));
    Outcomes.done(users().resume(SignInWorld.as(boss), ALICE_HANDLE));
    Outcomes.done(users().resume(SignInWorld.as(boss), new Handle("bob")));

    assertThat(world.ports.identities().signInDue(new User.Id(alice))).isEqualTo(due);
    assertThat(world.ports.identities().signInDue(new User.Id(bob))).isEmpty();
  }

  @Test
  void the_groups_claim_is_not_read() {
    ScimCaller caller = on();
    provision(caller, "alice");

    NewSession unused = world.signIn(ALICE.in("research", "admins"));

    assertThat(world.user("alice").administrator()).isFalse();
    assertThat(world.ports.syncedGroups().of(world.user("alice").id())).isEmpty();
  }

  @Test
  void administrators_by_a_pushed_group_need_the_setting() {
    for (ScimSettings settings : List.of(ScimSettings.DEFAULT, ADMINISTERING)) {
      ScimCaller caller = on(settings);
      boolean set = settings.administratorGroup().isPresent();
      UUID alice = provision(caller, "alice");
      UUID group =
          Outcomes.done(
                  groups(settings)
                      .create(caller, new DisplayName("admins"), Optional.empty(), Set.of(alice)))
              .group()
              .id()
              .value();

      NewSession unused = world.signIn(ALICE);
      assertThat(world.user("alice").administrator()).isEqualTo(set);
      Outcomes.done(
          groups(settings).update(caller, group, ScimPush.members(Set.of(), Set.of(alice))));
      assertThat(world.user("alice").administrator()).isFalse();
    }
  }

  @Test
  void who_administered_by_a_group_and_comes_back_without_it_does_not_administer() {
    for (boolean resumed : List.of(true, false)) {
      ScimCaller caller = on(ADMINISTERING);
      User boss = world.add(AUser.called("boss").administrator().build());
      UUID alice = provision(caller, "alice");
      UUID group = administrators(caller, alice);
      NewSession unused = world.signIn(ALICE);
      assertThat(world.user("alice").administrator()).isTrue();

      Outcomes.done(users().delete(caller, alice));
      if (resumed) {
        Outcomes.done(users().resume(SignInWorld.as(boss), ALICE_HANDLE));
      } else {
        assertThat(provision(caller, "alice")).isEqualTo(alice);
      }

      assertThat(world.user("alice").suspended()).isFalse();
      assertThat(world.user("alice").administrator()).isFalse();
      assertThat(recordedFor("administrator")).isEqualTo(2);
      if (!resumed) {
        NewSession again = world.signIn(ALICE);
        assertThat(world.user("alice").administrator()).isFalse();
        Outcomes.done(groups(ADMINISTERING).update(caller, group, adding(alice)));
        assertThat(world.isSignedIn(again)).isTrue();
        assertThat(world.user("alice").administrator()).isTrue();
      }
    }
  }

  @Test
  void a_group_that_is_called_otherwise_makes_and_unmakes_administrators_at_once() {
    ScimCaller caller = on(ADMINISTERING);
    User unusedBoss = world.add(AUser.called("boss").administrator().build());
    UUID group = administrators(caller, provision(caller, "alice"));
    NewSession unused = world.signIn(ALICE);
    assertThat(world.user("alice").administrator()).isTrue();

    Outcomes.done(groups(ADMINISTERING).update(caller, group, called("crew")));
    assertThat(world.user("alice").administrator()).as("of another name").isFalse();
    Outcomes.done(groups(ADMINISTERING).update(caller, group, called("admins")));
    assertThat(world.user("alice").administrator()).as("of the old name").isTrue();
    Outcomes.done(
        groups(ADMINISTERING)
            .update(
                caller,
                group,
                new ScimGroups.Change(
                    Optional.empty(), Optional.of("g-1"), Optional.empty(), Set.of(), Set.of())));
    assertThat(world.user("alice").administrator()).as("named by its externalId").isFalse();
    assertThat(recordedFor("external_id")).isEqualTo(1);
  }

  private static ScimGroups.Change called(String name) {
    return new ScimGroups.Change(
        Optional.of(new DisplayName(name)), Optional.empty(), Optional.empty(), Set.of(), Set.of());
  }

  @Test
  void who_is_suspended_and_still_in_the_group_administers_after_the_next_sign_in() {
    ScimCaller caller = on(ADMINISTERING);
    User boss = world.add(AUser.called("boss").administrator().build());
    UUID alice = provision(caller, "alice");
    UUID unusedGroup = administrators(caller, alice);
    NewSession unused = world.signIn(ALICE);

    Outcomes.done(users().update(caller, alice, one -> person("alice", "subject-alice", false)));
    assertThat(world.user("alice").administrator()).isFalse();
    Outcomes.done(users().update(caller, alice, one -> person("alice", "subject-alice", true)));
    assertThat(world.user("alice").administrator()).isFalse();

    NewSession again = world.signIn(ALICE);
    assertThat(world.isSignedIn(again)).isTrue();
    assertThat(world.user("alice").administrator()).isTrue();
    assertThat(world.user("boss")).isEqualTo(boss);
  }

  @Test
  void who_joins_the_group_while_suspended_administers_after_the_next_sign_in() {
    ScimCaller caller = on(ADMINISTERING);
    User unusedBoss = world.add(AUser.called("boss").administrator().build());
    UUID alice = provision(caller, "alice");
    UUID group = administrators(caller, alice);
    NewSession unused = world.signIn(ALICE);

    Outcomes.done(users().update(caller, alice, one -> person("alice", "subject-alice", false)));
    Outcomes.done(
        groups(ADMINISTERING).update(caller, group, ScimPush.members(Set.of(), Set.of(alice))));
    Outcomes.done(groups(ADMINISTERING).update(caller, group, adding(alice)));
    assertThat(world.user("alice").administrator()).as("while suspended").isFalse();
    Outcomes.done(users().update(caller, alice, one -> person("alice", "subject-alice", true)));
    assertThat(world.user("alice").administrator()).as("before the sign-in").isFalse();

    NewSession again = world.signIn(ALICE);
    assertThat(world.isSignedIn(again)).isTrue();
    assertThat(world.user("alice").administrator()).isTrue();
    Outcomes.done(
        groups(ADMINISTERING).update(caller, group, ScimPush.members(Set.of(), Set.of(alice))));
    assertThat(world.user("alice").administrator()).as("out of the group").isFalse();
  }

  @Test
  void whom_scim_made_and_who_unlinks_the_identity_has_to_sign_in_in_time() {
    ScimCaller caller = on();
    UUID id = provision(caller, "alice");
    NewSession unused = world.signIn(ALICE);

    Outcomes.done(world.identities.unlink(SignInWorld.as(world.user("alice")), ALICE_HANDLE));

    assertThat(world.ports.identities().signInDue(new User.Id(id)))
        .contains(world.ports.clock().instant().plus(SignInWorld.MAX_AGE));
  }

  @Test
  void whom_scim_only_took_over_keeps_access_without_the_identity() {
    User alice = world.add(AUser.called("alice").build());
    world.addLink(alice, ALICE);
    world.ports.clock().advance(Duration.ofMinutes(1));
    assertThat(provision(on(), "alice")).isEqualTo(alice.id().value());
    NewSession unused = world.signIn(ALICE);

    Outcomes.done(world.identities.unlink(SignInWorld.as(alice), ALICE_HANDLE));

    assertThat(world.ports.identities().signInDue(alice.id())).isEmpty();
  }

  @Test
  void who_joins_the_group_while_the_provider_is_asked_about_them_administers_by_it() {
    ScimCaller caller = on(ADMINISTERING);
    User unusedBoss = world.add(AUser.called("boss").administrator().build());
    UUID alice = provision(caller, "alice");
    NewSession unused = world.signIn(ALICE);
    world.provider.refreshed =
        () -> {
          UUID unusedGroup = administrators(caller, alice);
          return new IdentityProvider.Refreshed.Ended();
        };

    world.passQuarterHour();

    assertThat(world.user("alice").suspended()).isTrue();
    assertThat(world.user("alice").administrator()).isFalse();
  }

  @Test
  void whom_an_administrator_made_one_stays_one_when_they_come_back() {
    ScimCaller caller = on(ADMINISTERING);
    User boss = world.add(AUser.called("boss").administrator().build());
    UUID alice = provision(caller, "alice");
    NewSession unused = world.signIn(ALICE);
    world.ports.users().update(world.user("alice").withAdministrator(true, Instant.EPOCH));

    Outcomes.done(users().delete(caller, alice));
    assertThat(provision(caller, "alice")).isEqualTo(alice);

    assertThat(world.user("alice").administrator()).isTrue();
    assertThat(world.user("boss")).isEqualTo(boss);
  }

  @Test
  void the_last_administrator_by_a_group_is_not_suspended() {
    ScimCaller caller = on(ADMINISTERING);
    UUID alice = provision(caller, "alice");
    UUID unusedGroup = administrators(caller, alice);
    NewSession session = world.signIn(ALICE);

    assertThat(Outcomes.because(users().delete(caller, alice))).isEqualTo("last_administrator");

    assertThat(world.isSignedIn(session)).isTrue();
    assertThat(world.user("alice").administrator()).isTrue();
  }

  @Test
  void who_administered_by_a_group_that_is_deleted_here_does_not_administer() {
    ScimCaller caller = on(ADMINISTERING);
    User boss = world.add(AUser.called("boss").administrator().build());
    UUID unusedGroup = administrators(caller, provision(caller, "alice"));
    NewSession unused = world.signIn(ALICE);
    assertThat(world.user("alice").administrator()).isTrue();

    Handle deleted = Outcomes.done(deletion(boss));

    assertThat(world.ports.groups().find(deleted)).isEmpty();
    assertThat(world.user("alice").administrator()).isFalse();
    assertThat(world.user("boss")).isEqualTo(boss);
    assertThat(recordedFor("administrator")).as("made one, and no longer").isEqualTo(2);
  }

  @Test
  void the_group_of_the_last_administrator_is_not_deleted_here() {
    ScimCaller caller = on(ADMINISTERING);
    UUID unusedGroup = administrators(caller, provision(caller, "alice"));
    NewSession unused = world.signIn(ALICE);

    assertThat(Outcomes.because(deletion(world.user("alice")))).isEqualTo("last_administrator");

    assertThat(world.ports.groups().find(new Handle("admins"))).isPresent();
    assertThat(world.user("alice").administrator()).isTrue();
  }

  /**
   * With such groups, only the claim decides who is an administrator, even if the group is deleted
   * here.
   */
  @Test
  void a_deletion_here_changes_no_administrator_while_groups_come_by_sign_ins() {
    world = new SignInWorld(ADMINISTERING);
    User boss = world.add(AUser.called("boss").administrator().build());
    NewSession unused = world.signIn(ALICE.in("admins"));

    Handle deleted = Outcomes.done(deletion(boss));

    assertThat(world.ports.groups().find(deleted)).isEmpty();
    assertThat(world.user("alice").administrator()).isTrue();
  }

  private Outcome<Handle> deletion(User actor) {
    return Groups.of(
            world.ports.groups(),
            world.ports.users(),
            world.ports.credentials(),
            new AdministratorGroup(ADMINISTERING, world.ports.scimUsers(), world.stores),
            world.changes)
        .delete(SignInWorld.as(actor), new Handle("admins"), Precondition.NONE);
  }

  private UUID administrators(ScimCaller caller, UUID member) {
    return Outcomes.done(
            groups(ADMINISTERING)
                .create(caller, new DisplayName("admins"), Optional.empty(), Set.of(member)))
        .group()
        .id()
        .value();
  }

  private static ScimGroups.Change adding(UUID member) {
    return ScimPush.members(Set.of(member), Set.of());
  }

  private long recordedFor(String field) {
    return world.ports.auditEvents().stream()
        .filter(event -> event.fields().contains(field))
        .count();
  }

  @Test
  void a_person_whose_identity_and_record_name_two_users_is_refused() {
    User bob = world.add(AUser.called("bob").build());
    ScimCaller caller = on();
    provision(caller, "alice");
    world.addLink(bob, ALICE);

    assertThat(refused(ALICE)).isEqualTo(SignInResult.Reason.IDENTITY_TAKEN);
    assertThat(
            world.ports.auditTrail().events().stream()
                .filter(event -> event.action() == AuditAction.USER_SIGN_IN)
                .map(event -> event.fields()))
        .contains(List.of("identity_taken"));
  }
}
