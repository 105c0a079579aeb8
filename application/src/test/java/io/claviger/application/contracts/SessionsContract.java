package io.claviger.application.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.application.accounts.port.CredentialStore;
import io.claviger.application.accounts.port.EndedCredentials;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.identity.port.IdentityStore;
import io.claviger.application.identity.port.SignInStore.PendingSignIn;
import io.claviger.application.sessions.port.SessionStore;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenBinding;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.accounts.User;
import io.claviger.domain.groups.Group;
import io.claviger.domain.identity.GroupsClaim;
import io.claviger.domain.identity.Identity;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.identity.LinkedIdentity;
import io.claviger.domain.identity.ReturnPath;
import io.claviger.domain.identity.Subject;
import io.claviger.domain.identity.UnfollowedGroups;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.oauth.DeviceAuthorization;
import io.claviger.domain.oauth.DeviceAuthorization.UserDecision;
import io.claviger.domain.oauth.UserCode;
import io.claviger.domain.policy.InheritedLimits;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.scim.ScimToken;
import io.claviger.domain.scim.ScimUser;
import io.claviger.domain.sessions.Session;
import io.claviger.domain.sessions.SignInMethod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every store of sessions and identities does. */
public abstract class SessionsContract extends PortContract {
  private static final Issuer ISSUER = new Issuer("https://id.example");
  private static final Instant LATER = NOW.plusSeconds(3_600);

  @Test
  void an_identity_is_found_by_its_exact_subject_and_by_its_user() {
    User alice = user("alice");
    LinkedIdentity linked = link(alice, "a");

    assertThat(ports.identities().find(linked.identity()).orElseThrow().identity())
        .isEqualTo(linked);
    assertThat(ports.identities().findOf(alice.id()).orElseThrow().handle())
        .isEqualTo(alice.handle());
    assertThat(ports.identities().find(identity("A"))).isEmpty();
    Identity ofOther = new Identity(new Issuer("https://other.example"), new Subject("a"));
    assertThat(ports.identities().find(ofOther)).isEmpty();
  }

  @Test
  void groups_that_were_left_out_are_kept_with_the_identity() {
    LinkedIdentity linked = link(user("alice"), "a");
    UnfollowedGroups unfollowed =
        UnfollowedGroups.of(
            new GroupsClaim.TooMany(), List.of("nul \0 and \u202E", "g".repeat(1_000)));
    LinkedIdentity changed =
        new LinkedIdentity(
            linked.identity(),
            linked.user(),
            false,
            false,
            linked.linkedAt(),
            Optional.of(NOW),
            unfollowed,
            false);

    ports.identities().update(changed, Optional.empty());

    assertThat(ports.identities().findOf(linked.user()).orElseThrow().identity())
        .isEqualTo(changed);
  }

  @Test
  void an_identity_has_one_user_and_a_user_one_identity() {
    User alice = user("alice");
    User bob = user("bob");
    link(alice, "a");

    assertThatExceptionOfType(ConcurrencyConflict.class).isThrownBy(() -> link(bob, "a"));
    assertThatExceptionOfType(ConcurrencyConflict.class).isThrownBy(() -> link(alice, "b"));
  }

  @Test
  void sessions_end_with_the_identity_that_they_began_with() {
    User alice = user("alice");
    link(alice, "a");
    Session openId = start(alice, new SignInMethod.OpenId(identity("a"), Optional.empty()), 1);
    Session other = start(alice, new SignInMethod.Link(), 2);

    assertThat(ports.identities().delete(alice.id())).isTrue();

    assertThat(listed(alice)).containsExactly(other.id()).doesNotContain(openId.id());
    assertThat(ports.identities().delete(alice.id())).isFalse();
  }

  @Test
  void the_oldest_sessions_make_room() {
    User alice = user("alice");
    List<Session.Id> begun =
        IntStream.range(0, 4).mapToObj(n -> start(alice, new SignInMethod.Link(), n).id()).toList();

    assertThat(ports.sessions().deleteOldest(alice.id(), 3)).isEqualTo(1);

    assertThat(listed(alice)).isEqualTo(begun.subList(1, 4));
    assertThat(ports.sessions().listOf(alice.id(), NOW, Optional.of(begun.get(1)), 1))
        .extracting(Session::id)
        .containsExactly(begun.get(2));
  }

  @Test
  void sessions_of_a_session_of_the_provider_end_alone() {
    User alice = user("alice");
    link(alice, "a");
    start(alice, new SignInMethod.OpenId(identity("a"), Optional.of("laptop")), 1);
    Session phone = start(alice, new SignInMethod.OpenId(identity("a"), Optional.of("phone")), 2);

    assertThat(ports.sessions().deleteOf(new Issuer("https://other.example"), "laptop")).isZero();
    assertThat(ports.sessions().deleteOf(ISSUER, "laptop")).isEqualTo(1);
    assertThat(listed(alice)).containsExactly(phone.id());
    Session unused = start(alice, new SignInMethod.OpenId(identity("a"), Optional.empty()), 3);
    assertThat(ports.sessions().deleteUnnamedOf(identity("b"))).isZero();
    assertThat(ports.sessions().deleteUnnamedOf(identity("a"))).isEqualTo(1);
    assertThat(listed(alice)).containsExactly(phone.id());
    assertThat(ports.sessions().deleteOf(identity("a"))).isEqualTo(1);
  }

  @Test
  void a_session_is_listed_and_ended_only_for_its_own_user() {
    User alice = user("alice");
    User bob = user("bob");
    Session hers = start(alice, new SignInMethod.Link(), 1);
    Session other = start(alice, new SignInMethod.Link(), 2);
    Session his = start(bob, new SignInMethod.Link(), 3);

    assertThat(ports.sessions().delete(bob.id(), hers.id())).isFalse();
    assertThat(listed(alice)).containsExactly(hers.id(), other.id());
    assertThat(listed(bob)).containsExactly(his.id());

    assertThat(ports.sessions().delete(alice.id(), hers.id())).isTrue();
    assertThat(listed(alice)).containsExactly(other.id());
    assertThat(ports.sessions().deleteOldest(alice.id(), 0)).isEqualTo(1);
    assertThat(listed(bob)).containsExactly(his.id());
  }

  @Test
  void sessions_of_another_identity_go_on() {
    User alice = user("alice");
    User bob = user("bob");
    User carol = user("carol");
    Identity elsewhere = new Identity(new Issuer("https://other.example"), new Subject("a"));
    LinkedIdentity unused = linked(carol, elsewhere);
    Session hersElsewhere = start(carol, new SignInMethod.OpenId(elsewhere, Optional.of("s")), 3);
    link(alice, "a");
    link(bob, "b");
    Session hers = start(alice, new SignInMethod.OpenId(identity("a"), Optional.of("s")), 1);
    Session his = start(bob, new SignInMethod.OpenId(identity("b"), Optional.of("t")), 2);

    assertThat(ports.sessions().deleteOf(identity("c"))).isZero();
    assertThat(ports.sessions().deleteOf(identity("a"))).isEqualTo(1);

    assertThat(listed(alice)).isEmpty();
    assertThat(listed(bob)).containsExactly(his.id()).doesNotContain(hers.id());
    assertThat(listed(carol)).containsExactly(hersElsewhere.id());
  }

  @Test
  void sessions_that_have_ended_are_neither_listed_nor_kept() {
    User alice = user("alice");
    Instant now = databaseNow();
    Duration minute = Duration.ofMinutes(1);
    Session live =
        insert(
            alice,
            now.minus(Session.LONGEST).plus(minute),
            now.minus(Session.LONGEST_IDLE).plus(minute),
            1);
    Session tooLong = insert(alice, now.minus(Session.LONGEST).minus(minute), now, 2);
    Session tooIdle =
        insert(
            alice, now.minus(Duration.ofDays(1)), now.minus(Session.LONGEST_IDLE).minus(minute), 3);

    assertThat(ports.sessions().listOf(alice.id(), now, Optional.empty(), 10))
        .extracting(Session::id)
        .containsExactly(live.id())
        .doesNotContain(tooLong.id(), tooIdle.id());
    assertThat(ports.sessions().deleteEnded()).isEqualTo(2);
    assertThat(ports.sessions().find(hash(1))).isPresent();
  }

  @Test
  void a_sessions_use_is_recorded_once_a_minute_and_for_no_other_session() {
    User alice = user("alice");
    Session used = start(alice, new SignInMethod.Link(), 1);
    Session other = start(alice, new SignInMethod.Link(), 2);
    Instant next = NOW.plus(SessionStore.USE_GRAIN);

    ports.sessions().recordUse(used.id(), next.minusSeconds(1));
    assertThat(seenAt(1)).isEqualTo(NOW);
    ports.sessions().recordUse(used.id(), next);
    assertThat(seenAt(1)).isEqualTo(next);

    assertThat(seenAt(2)).isEqualTo(other.seenAt());
  }

  /** A session that began with a token must never act with all rights of its user. */
  @Test
  void a_tokens_session_is_found_with_its_token_or_not_at_all() {
    User alice = user("alice");
    AccessToken manages = AToken.of(alice).build();
    AccessToken uses = AToken.of(alice).scope(TokenScope.USE).build();
    ports.accessTokens().save(manages, hash(11));
    ports.accessTokens().save(uses, hash(12));
    start(alice, new SignInMethod.Token(manages.id()), 1);
    start(alice, new SignInMethod.Token(uses.id()), 2);

    SessionStore.UserSession found = ports.sessions().find(hash(1)).orElseThrow();
    assertThat(found.token()).contains(manages);
    assertThat(found.tokenHash()).contains(hash(11));
    assertThat(ports.sessions().find(hash(2))).isEmpty();

    assertThat(ports.accessTokens().delete(alice.id(), manages.id())).isTrue();
    assertThat(ports.sessions().find(hash(1))).isEmpty();
  }

  @Test
  void who_is_locked_out_loses_all_credentials_and_nobody_else_loses_one() {
    User alice = withCredentials("alice", 1);
    User bob = withCredentials("bob", 2);

    EndedCredentials ended = ports.credentials().endAll(alice.id(), NOW);

    assertThat(ended.accessTokens()).isEqualTo(2);
    assertThat(ended.sessions()).isEqualTo(1);
    assertThat(ended.identityIssuer()).contains(ISSUER.value());
    assertThat(ended.administratorByGroup()).isTrue();
    assertThat(ended.deviceCodes()).isEqualTo(1);
    assertThat(ended.pendingLinks()).isEqualTo(1);
    assertThat(kept(alice, 1)).isEmpty();
    assertThat(kept(bob, 2)).containsExactlyElementsOf(ALL_KEPT);
    assertThat(ports.credentials().endAll(alice.id(), NOW)).isEqualTo(EndedCredentials.NONE);
  }

  @Test
  void a_suspension_ends_what_would_still_work_and_nothing_of_anybody_else() {
    User alice = withCredentials("alice", 1);
    User bob = withCredentials("bob", 2);

    EndedCredentials ended = ports.credentials().endForSuspension(alice.id());

    assertThat(ended.accessTokens()).isEqualTo(1);
    assertThat(ended.sessions()).isEqualTo(1);
    assertThat(ended.deviceCodes()).isEqualTo(1);
    assertThat(ended.pendingLinks()).isEqualTo(1);
    assertThat(kept(alice, 1))
        .containsExactly("token", "identity", "administrator", "sign-in due", "membership");
    assertThat(kept(bob, 2)).containsExactlyElementsOf(ALL_KEPT);
  }

  @Test
  void somebody_acts_only_with_their_own_credentials_and_rights() {
    User alice = withCredentials("alice", 1);
    User bob = user("bob");
    Session his = start(bob, new SignInMethod.Link(), 4);
    AccessToken token = AToken.of(bob).build();
    ports.accessTokens().save(token, hash(14));
    CredentialStore credentials = ports.credentials();

    assertThat(credentials.hold(bob.id(), false, Optional.of(token.id()), Optional.empty()))
        .isTrue();
    assertThat(credentials.hold(bob.id(), false, Optional.empty(), Optional.of(his.id()))).isTrue();
    assertThat(credentials.hold(alice.id(), true, Optional.empty(), Optional.empty())).isTrue();
    assertThat(credentials.hold(bob.id(), true, Optional.empty(), Optional.empty())).isFalse();
    assertThat(credentials.hold(alice.id(), false, Optional.of(token.id()), Optional.empty()))
        .isFalse();
    assertThat(credentials.hold(alice.id(), false, Optional.empty(), Optional.of(his.id())))
        .isFalse();
    ports.users().update(bob.withSuspension(Optional.of(NOW), NOW));
    assertThat(credentials.hold(bob.id(), false, Optional.of(token.id()), Optional.empty()))
        .isFalse();
  }

  private static final List<String> ALL_KEPT =
      List.of(
          "session",
          "pending link",
          "token",
          "device token",
          "device code",
          "identity",
          "administrator",
          "sign-in due",
          "membership");

  /**
   * Stores a user with a credential of each kind. Users with different numbers have different
   * credentials.
   */
  private User withCredentials(String name, int number) {
    User user = stored(AUser.called(name).administrator());
    link(user, name);
    ports.identities().setAdministersByGroup(user.id(), true);
    ports.identities().setSignInDue(user.id(), Optional.of(LATER));
    assertThat(ports.syncedGroups().replaceMemberships(user.id(), ISSUER, List.of("team"), NOW))
        .isEmpty();
    Session session = start(user, new SignInMethod.Link(), number);
    assertThat(
            ports
                .signIns()
                .insert(
                    new PendingSignIn(
                        hash(30 + number),
                        hash(40 + number),
                        ReturnPath.of("/console/account"),
                        Optional.of(session.id())),
                    "192.0.2.0/24"))
        .isTrue();
    ports.accessTokens().save(AToken.of(user).build(), hash(10 + number));
    ports.accessTokens().save(device(user), hash(20 + number));
    DeviceAuthorization device = deviceCode(number);
    ports.deviceCodes().insert(device, hash(50 + number));
    ports
        .deviceCodes()
        .recordAnswer(
            device.id(), new UserDecision.Approved(user.id(), user.handle(), Optional.empty()));
    return user;
  }

  private AccessToken device(User user) {
    return new AccessToken(
        new AccessToken.Id(ports.ids().next()),
        user.id(),
        new TokenName("device"),
        TokenScope.USE,
        AccessToken.Provenance.of(AccessToken.Origin.DEVICE),
        none(),
        Limits.NONE,
        InheritedLimits.NONE,
        NOW,
        Optional.of(NOW.plusSeconds(60)),
        none(),
        Optional.of(LATER),
        TokenBinding.NONE,
        none());
  }

  private DeviceAuthorization deviceCode(int number) {
    return new DeviceAuthorization(
        ports.ids().next(),
        new UserCode("BBBBBBB" + (number == 1 ? "B" : "C")),
        TokenScope.USE,
        "192.0.2.9",
        NOW,
        NOW.plus(DeviceAuthorization.LIFETIME),
        DeviceAuthorization.INTERVAL,
        none(),
        none());
  }

  /** Returns which of the user's stored credentials still exist. */
  private List<String> kept(User user, int number) {
    User now = ports.users().find(user.handle()).orElseThrow();
    Session probe = start(user, new SignInMethod.Link(), 60);
    Optional<Instant> due = ports.sessions().find(hash(60)).orElseThrow().signInDueAt();
    assertThat(ports.sessions().delete(user.id(), probe.id())).isTrue();
    Group team = ports.groups().find(handle("team")).orElseThrow();
    boolean[] isKept = {
      ports.sessions().find(hash(number)).isPresent(),
      ports
          .signIns()
          .take(hash(30 + number), hash(40 + number), Duration.ofDays(10_000))
          .isPresent(),
      ports.accessTokens().find(hash(10 + number)).isPresent(),
      ports.accessTokens().find(hash(20 + number)).isPresent(),
      ports.deviceCodes().find(hash(50 + number)).isPresent(),
      ports.identities().findOf(user.id()).isPresent(),
      now.administrator(),
      due.isPresent(),
      ports.groups().findMember(team.id(), user.id()).isPresent()
    };
    return IntStream.range(0, isKept.length)
        .filter(n -> isKept[n])
        .mapToObj(ALL_KEPT::get)
        .toList();
  }

  @Test
  void what_is_stored_about_one_identity_and_its_user_is_stored_about_no_other() {
    User alice = signedIn("alice", NOW);
    User bob = signedIn("bob", NOW);
    IdentityStore.StoredIdentity his = ports.identities().findOf(bob.id()).orElseThrow();

    ports.identities().setSignInDueUnlessSet(alice.id(), LATER);
    ports.identities().setSignInDueUnlessSet(alice.id(), NOW);
    assertThat(signInDue(alice)).contains(LATER);
    ports.identities().setSignInDue(alice.id(), Optional.of(NOW));
    assertThat(signInDue(alice)).contains(NOW);
    ports
        .identities()
        .update(
            new LinkedIdentity(
                identity("alice"),
                alice.id(),
                false,
                false,
                NOW,
                Optional.of(NOW),
                UnfollowedGroups.NONE,
                false),
            none());
    assertThat(ports.identities().findOf(alice.id()).orElseThrow().refreshDueAt()).isEmpty();
    assertThat(ports.identities().delete(alice.id())).isTrue();
    User carol = user("carol");
    ports
        .identities()
        .insert(
            new LinkedIdentity(
                identity("carol"),
                carol.id(),
                false,
                false,
                NOW,
                Optional.empty(),
                UnfollowedGroups.NONE,
                true));

    assertThat(ports.identities().findOf(carol.id()).orElseThrow().identity().userMadeByProvider())
        .isTrue();
    assertThat(ports.identities().findOf(alice.id())).isEmpty();
    assertThat(ports.identities().findOf(bob.id())).contains(his);
    assertThat(signInDue(bob)).isEmpty();
  }

  @Test
  void identities_that_are_due_are_taken_once_for_their_issuer_and_the_earliest_first() {
    Instant now = databaseNow();
    Instant next = now.plusSeconds(600);
    User last = signedIn("last", now);
    User first = signedIn("first", now.minusSeconds(60));
    User later = signedIn("later", now.plusSeconds(1));
    Issuer other = new Issuer("https://other.example");
    User others = signedIn("others", other, now.minusSeconds(90));

    IdentityStore.DueIdentity taken = ports.identities().takeDue(ISSUER, now, next).orElseThrow();
    assertThat(taken.identity().identity().user()).isEqualTo(first.id());
    assertThat(taken.identity().handle()).isEqualTo(first.handle());
    assertThat(taken.wasDueAt()).isEqualTo(now.minusSeconds(60));
    assertThat(taken.identity().refreshDueAt()).contains(next);
    assertThat(ports.identities().oldestUnanswered(ISSUER)).contains(now.minusSeconds(60));
    assertThat(ports.identities().oldestUnanswered(other)).contains(now.minusSeconds(90));
    assertThat(taker(ISSUER, now, next)).contains(last.id());
    assertThat(taker(ISSUER, now, next)).isEmpty();
    assertThat(ports.identities().findOf(later.id()).orElseThrow().refreshDueAt())
        .contains(now.plusSeconds(1));
    assertThat(taker(other, now, next)).contains(others.id());
    assertThat(ports.identities().oldestUnanswered(ISSUER)).contains(now.minusSeconds(60));

    ports.identities().putBack(taken);
    assertThat(ports.identities().findOf(first.id()).orElseThrow().refreshDueAt())
        .contains(now.minusSeconds(60));
    assertThat(ports.identities().findOf(last.id()).orElseThrow().refreshDueAt()).contains(next);
  }

  @Test
  void a_replaced_token_is_used_for_the_next_request_and_the_last_one_stays_unanswered() {
    Instant now = databaseNow();
    Instant next = now.plusSeconds(600);
    User asked = signedIn("asked", now);
    User other = signedIn("other", now.plusSeconds(1));
    IdentityStore.DueIdentity taken = ports.identities().takeDue(ISSUER, now, next).orElseThrow();
    SealedValue replacement = sealed(AnInstance.systemLevel("any").build(), "next-refresh-token");

    ports.identities().replaceToken(asked.id(), replacement);

    assertThat(taken.token()).isNotEqualTo(replacement);
    assertThat(ports.identities().oldestUnanswered(ISSUER)).contains(now);
    assertThat(ports.identities().takeDue(ISSUER, next, next.plusSeconds(1)))
        .hasValueSatisfying(due -> assertThat(due.token()).isNotEqualTo(replacement))
        .map(due -> due.identity().identity().user())
        .contains(other.id());
    IdentityStore.DueIdentity again =
        ports.identities().takeDue(ISSUER, next, next.plusSeconds(2)).orElseThrow();
    assertThat(again.token()).isEqualTo(replacement);
    assertThat(again.uncertain()).isTrue();
  }

  /** Without this rule, a clock that was ahead would delay the request about a person for days. */
  @Test
  void an_identity_whose_turn_is_too_far_away_is_taken_when_no_other_is_due() {
    Instant now = databaseNow();
    Instant next = now.plusSeconds(600);
    Instant far = now.plus(IdentityStore.LATEST).plusSeconds(300);
    User ahead = signedIn("ahead", far);
    User due = signedIn("due", now);
    User soon = signedIn("soon", now.plus(IdentityStore.LATEST).minusSeconds(300));
    Issuer other = new Issuer("https://other.example");
    User others = signedIn("others", other, far);

    assertThat(taker(ISSUER, now, next)).contains(due.id());
    assertThat(taker(ISSUER, now, next)).contains(ahead.id());
    assertThat(taker(ISSUER, now, next)).isEmpty();
    assertThat(ports.identities().findOf(soon.id()).orElseThrow().refreshDueAt())
        .contains(now.plus(IdentityStore.LATEST).minusSeconds(300));
    assertThat(taker(other, now, next)).contains(others.id());
  }

  private Optional<User.Id> taker(Issuer issuer, Instant now, Instant next) {
    return ports
        .identities()
        .takeDue(issuer, now, next)
        .map(due -> due.identity().identity().user());
  }

  private Instant seenAt(int secret) {
    return ports.sessions().find(hash(secret)).orElseThrow().session().seenAt();
  }

  private Session insert(User user, Instant signedIn, Instant seen, int secret) {
    Session session =
        new Session(
            new Session.Id(ports.ids().next()),
            user.id(),
            new SignInMethod.Link(),
            "192.0.2.1",
            "b",
            signedIn,
            seen);
    ports.sessions().insert(session, hash(secret));
    return session;
  }

  @Test
  void sessions_that_have_ended_are_removed() {
    User alice = user("alice");
    Instant over = databaseNow().minus(Session.LONGEST_IDLE);
    for (int n = 1; n <= 2; n++) {
      Instant seen = over.plusSeconds(n == 1 ? -60 : 60);
      insert(alice, seen, seen, n);
    }

    assertThat(ports.sessions().deleteEnded()).isEqualTo(1);
    assertThat(ports.sessions().find(hash(1))).isEmpty();
    assertThat(ports.sessions().find(hash(2))).isPresent();
  }

  @Test
  void a_session_is_found_with_the_time_of_the_next_sign_in() {
    User alice = user("alice");
    Session unused = start(alice, new SignInMethod.Link(), 1);
    assertThat(ports.sessions().find(hash(1)).orElseThrow().signInDueAt()).isEmpty();

    ports.identities().setSignInDue(alice.id(), Optional.of(NOW));

    assertThat(ports.sessions().find(hash(1)).orElseThrow().signInDueAt()).contains(NOW);
  }

  @Test
  void people_of_an_issuer_whom_nobody_asks_must_sign_in() {
    Issuer other = new Issuer("https://new.example");
    User root = stored(AUser.called("root").administrator());
    User asked = signedIn("asked", NOW.plusSeconds(1));
    User left = signedIn("left", NOW);
    User suspended = signedIn("suspended", NOW);
    ports.users().update(suspended.withSuspension(Optional.of(NOW), NOW));
    User due = signedIn("due", NOW);
    ports.identities().setSignInDue(due.id(), Optional.of(NOW));
    User linked = user("linked");
    LinkedIdentity unused = link(linked, "linked");

    assertThat(ports.identities().unfollowed(Optional.of(ISSUER), NOW, 10).number()).isZero();
    for (Optional<Issuer> now : List.of(Optional.of(other), Optional.<Issuer>empty())) {
      assertThat(ports.identities().unfollowed(now, NOW, 1))
          .isEqualTo(new IdentityStore.Unfollowed(2, List.of(due.handle())));
    }
    assertThat(ports.identities().demandSignIns(Optional.of(ISSUER), NOW, LATER, 10)).isEmpty();
    assertThat(ports.identities().demandSignIns(Optional.of(other), NOW, LATER, 10))
        .containsExactly(new IdentityStore.UnfollowedPerson(left.id(), left.handle()));
    assertThat(ports.identities().demandSignIns(Optional.empty(), NOW, LATER, 10)).isEmpty();

    assertThat(signInDue(left)).contains(LATER);
    assertThat(signInDue(due)).contains(NOW);
    for (User user : List.of(root, asked, suspended, linked)) {
      assertThat(signInDue(user)).as(user.handle().value()).isEmpty();
    }
  }

  @Test
  void people_whom_scim_of_a_former_issuer_made_must_sign_in_once_its_tokens_have_ended() {
    Issuer other = new Issuer("https://new.example");
    User made = provisioned("made");
    User released = provisioned("released");
    ports.identities().release(released.id());
    User there = provisioned("there");
    LinkedIdentity unused = linked(there, new Identity(other, new Subject("there")));
    ScimToken token =
        new ScimToken(
            new ScimToken.Id(ports.ids().next()),
            new TokenName("idp"),
            ISSUER,
            NOW,
            Optional.empty());
    ports.scimTokens().insert(token, new TokenHash(new byte[32]));

    assertThat(ports.identities().demandSignIns(Optional.of(other), NOW, LATER, 10)).isEmpty();
    assertThat(ports.scimTokens().delete(token.id())).isTrue();
    for (Optional<Issuer> asked : List.of(Optional.of(ISSUER), Optional.<Issuer>empty())) {
      assertThat(ports.identities().demandSignIns(asked, NOW, LATER, 10)).isEmpty();
    }
    assertThat(ports.identities().unfollowed(Optional.of(other), NOW, 10))
        .isEqualTo(new IdentityStore.Unfollowed(1, List.of(made.handle())));
    assertThat(ports.identities().demandSignIns(Optional.of(other), NOW, LATER, 10))
        .containsExactly(new IdentityStore.UnfollowedPerson(made.id(), made.handle()));
    assertThat(signInDue(made)).contains(LATER);
    assertThat(signInDue(released)).isEmpty();
    assertThat(signInDue(there)).isEmpty();
  }

  /** Stores a user whom SCIM made. */
  private User provisioned(String name) {
    User user = user(name);
    ports
        .scimUsers()
        .insert(
            new ScimUser(
                user.id(),
                ISSUER,
                new ScimUser.Names(
                    Optional.of(name), name, Optional.empty(), Optional.empty(), Optional.empty()),
                true,
                Optional.empty(),
                user.createdAt(),
                user.createdAt()));
    return user;
  }

  @Test
  void the_last_administrators_need_not_sign_in_with_an_issuer_whom_nobody_asks() {
    User alice = signedIn("alice", NOW);
    User bob = signedIn("bob", NOW);
    for (User user : List.of(alice, bob)) {
      ports.users().update(user.withAdministrator(true, NOW));
    }
    User plain = user("plain");
    User suspended = stored(AUser.called("suspended").administrator());
    ports.users().update(suspended.withSuspension(Optional.of(NOW), NOW));
    User due = stored(AUser.called("due").administrator());
    ports.identities().setSignInDue(due.id(), Optional.of(NOW));

    assertThat(ports.identities().demandSignIns(Optional.empty(), NOW, LATER, 10)).isEmpty();

    User root = stored(AUser.called("root").administrator());
    assertThat(ports.identities().demandSignIns(Optional.empty(), NOW, LATER, 1)).hasSize(1);
    assertThat(ports.identities().demandSignIns(Optional.empty(), NOW, LATER, 1)).hasSize(1);
    assertThat(signInDue(alice)).contains(LATER);
    assertThat(signInDue(bob)).contains(LATER);
    assertThat(signInDue(root)).isEmpty();
    assertThat(signInDue(plain)).isEmpty();
  }

  /**
   * Stores a user who has signed in with an identity.
   *
   * @param dueAt when the identity provider is asked about the user
   */
  private User signedIn(String name, Instant dueAt) {
    return signedIn(name, ISSUER, dueAt);
  }

  private User signedIn(String name, Issuer issuer, Instant dueAt) {
    User user = user(name);
    LinkedIdentity linked = linked(user, new Identity(issuer, new Subject(name)));
    ports
        .identities()
        .update(
            new LinkedIdentity(
                linked.identity(),
                user.id(),
                false,
                true,
                NOW,
                Optional.of(NOW),
                UnfollowedGroups.NONE,
                false),
            Optional.of(
                new IdentityStore.Renewal(
                    sealed(AnInstance.systemLevel("any").build(), "refresh-token"), dueAt)));
    return user;
  }

  private Optional<Instant> signInDue(User user) {
    Session session = start(user, new SignInMethod.Link(), 1);
    Optional<Instant> due = ports.sessions().find(hash(1)).orElseThrow().signInDueAt();
    assertThat(ports.sessions().delete(user.id(), session.id())).isTrue();
    return due;
  }

  @Test
  void that_a_user_had_a_session_or_an_identity_is_remembered_after_it_is_gone() {
    User alice = user("alice");
    User bob = user("bob");
    User carol = user("carol");
    assertThat(ports.credentials().everHadAny(alice.id())).isFalse();

    Session session = start(alice, new SignInMethod.Link(), 1);
    link(bob, "b");

    assertThat(ports.sessions().delete(alice.id(), session.id())).isTrue();
    assertThat(ports.identities().delete(bob.id())).isTrue();
    assertThat(ports.credentials().everHadAny(alice.id())).isTrue();
    assertThat(ports.credentials().everHadAny(bob.id())).isTrue();
    assertThat(ports.credentials().everHadAny(carol.id())).isFalse();
  }

  private static Identity identity(String subject) {
    return new Identity(ISSUER, new Subject(subject));
  }

  private LinkedIdentity link(User user, String subject) {
    return linked(user, identity(subject));
  }

  private Session start(User user, SignInMethod method, int secret) {
    Session session =
        new Session(
            new Session.Id(ports.ids().next()), user.id(), method, "192.0.2.1", "b", NOW, NOW);
    ports.sessions().insert(session, hash(secret));
    return session;
  }

  private List<Session.Id> listed(User user) {
    return ports.sessions().listOf(user.id(), NOW, Optional.empty(), 100).stream()
        .map(Session::id)
        .toList();
  }
}
