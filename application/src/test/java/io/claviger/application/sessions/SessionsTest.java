package io.claviger.application.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Outcomes;
import io.claviger.application.accounts.TokenAcceptance;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AUser;
import io.claviger.application.fakes.InMemoryPorts;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.PageRequest;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.AddressNet;
import io.claviger.domain.accounts.TokenBinding;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import io.claviger.domain.identity.Identity;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.identity.Subject;
import io.claviger.domain.sessions.BrowserSecret;
import io.claviger.domain.sessions.Session;
import io.claviger.domain.sessions.SignInMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How sessions begin and end. */
class SessionsTest {
  private final InMemoryPorts ports = new InMemoryPorts();
  private final Sessions sessions = sessions(Optional.empty());
  private final User alice = AUser.called("alice").build();

  SessionsTest() {
    ports.users().insert(alice);
  }

  /** Returns the sessions of a node with this token in its environment. */
  private Sessions sessions(Optional<TokenHash> environment) {
    return sessions(environment, new LocalSignIn(true));
  }

  private Sessions sessions(Optional<TokenHash> environment, LocalSignIn local) {
    return Sessions.of(
        ports.sessions(),
        ports.signInLinks(),
        ports.users(),
        new TokenAcceptance(environment),
        local,
        ports.randomBytes(),
        ports.auditedChanges());
  }

  @Test
  void the_51st_session_ends_the_oldest() {
    List<NewSession> begun = new ArrayList<>();
    for (int i = 0; i <= Session.MOST; i++) {
      begun.add(start(new SignInMethod.Link()));
    }

    assertThat(isLive(begun.get(0))).isFalse();
    assertThat(begun.subList(1, begun.size())).allMatch(this::isLive);
    assertThat(listed()).hasSize(Session.MOST);
  }

  @Test
  void a_session_ends_after_eight_hours_without_use() {
    NewSession used = start(new SignInMethod.Link());
    NewSession unused = start(new SignInMethod.Link());
    ports.clock().advance(Duration.ofHours(7));
    assertThat(isLive(used)).isTrue();
    ports.clock().advance(Duration.ofHours(1));

    assertThat(isLive(used)).isTrue();
    assertThat(isLive(unused)).isFalse();
    assertThat(listed()).extracting(Session::id).containsExactly(used.session().id());
    assertThat(sessions.removeEnded()).isEqualTo(1);
  }

  @Test
  void a_session_ends_after_seven_days_however_much_it_is_used() {
    NewSession session = start(new SignInMethod.Link());
    for (int hours = 4; hours < 7 * 24; hours += 4) {
      ports.clock().advance(Duration.ofHours(4));
      assertThat(isLive(session)).isTrue();
    }
    ports.clock().advance(Duration.ofHours(4));
    assertThat(isLive(session)).isFalse();
  }

  @Test
  void a_pasted_tokens_session_acts_with_the_token_and_ends_when_it_expires() {
    AccessToken token = save(AToken.of(alice).expiresAt(ports.clock().instant().plusSeconds(60)));
    NewSession session = start(new SignInMethod.Token(token.id()));
    assertThat(find(session).orElseThrow().actor().token()).contains(token);

    ports.clock().advance(Duration.ofSeconds(60));

    assertThat(isLive(session)).isFalse();
  }

  @Test
  void a_pasted_tokens_session_ends_when_the_token_is_revoked() {
    AccessToken token = save(AToken.of(alice));
    NewSession session = start(new SignInMethod.Token(token.id()));

    assertThat(ports.accessTokens().delete(alice.id(), token.id())).isTrue();

    assertThat(isLive(session)).isFalse();
  }

  /** The operator replaces a token in the environment because somebody else may know it. */
  @Test
  void a_session_ends_when_its_token_is_no_longer_in_the_environment() {
    TokenHash hash = TokenText.presented("from the environment").hash();
    AccessToken token = AToken.of(alice).origin(AccessToken.Origin.ENVIRONMENT).build();
    ports.accessTokens().save(token, hash);
    NewSession session = start(new SignInMethod.Token(token.id()));

    assertThat(isLiveOn(sessions(Optional.of(hash)), session)).isTrue();
    assertThat(isLiveOn(sessions(Optional.of(TokenText.presented("another").hash())), session))
        .isFalse();
    assertThat(isLive(session)).isFalse();
  }

  private static boolean isLiveOn(Sessions node, NewSession session) {
    return node.find(session.secret(), "192.0.2.1", "request").isPresent();
  }

  /** The operator might switch local sign-in off because somebody has got a link or a token. */
  @Test
  void without_local_sign_in_only_roots_session_goes_on_without_the_identity_provider() {
    User root = AUser.called("root").build();
    ports.users().insert(root);
    AccessToken token = save(AToken.of(alice));
    NewSession openId =
        start(
            new SignInMethod.OpenId(
                new Identity(new Issuer("https://id.example"), new Subject("a")),
                Optional.empty()));
    NewSession pasted = start(new SignInMethod.Token(token.id()));
    NewSession linked = start(new SignInMethod.Link());
    NewSession roots =
        Outcomes.done(
            sessions.start(
                new SignedIn(root.id(), new SignInMethod.Link()), "192.0.2.1", "b", "r"));
    Sessions off = sessions(Optional.empty(), new LocalSignIn(false));

    assertThat(List.of(openId, roots)).allMatch(session -> isLiveOn(off, session));
    assertThat(List.of(pasted, linked)).noneMatch(session -> isLiveOn(off, session));
    assertThat(List.of(openId, pasted, linked, roots)).allMatch(this::isLive);
  }

  /** A one-time link lets somebody in whose identity has to be linked again. */
  @Test
  void only_a_one_time_links_session_goes_on_when_the_next_sign_in_is_due() {
    AccessToken token = save(AToken.of(alice));
    NewSession pasted = start(new SignInMethod.Token(token.id()));
    NewSession openId =
        start(
            new SignInMethod.OpenId(
                new Identity(new Issuer("https://id.example"), new Subject("a")),
                Optional.empty()));
    NewSession linked = start(new SignInMethod.Link());
    ports
        .identities()
        .setSignInDue(alice.id(), Optional.of(ports.clock().instant().plusSeconds(60)));
    ports.clock().advance(Duration.ofSeconds(59));
    assertThat(List.of(pasted, openId, linked)).allMatch(this::isLive);

    ports.clock().advance(Duration.ofSeconds(1));

    assertThat(isLive(pasted)).isFalse();
    assertThat(isLive(openId)).isFalse();
    assertThat(isLive(linked)).isTrue();
  }

  @Test
  void a_token_of_scope_use_carries_no_session() {
    AccessToken token = save(AToken.of(alice).scope(TokenScope.USE));
    assertThat(isLive(start(new SignInMethod.Token(token.id())))).isFalse();
  }

  @Test
  void a_suspended_user_has_no_session_and_begins_none() {
    NewSession session = start(new SignInMethod.Link());
    ports
        .users()
        .update(alice.withSuspension(Optional.of(ports.clock().instant()), alice.createdAt()));

    assertThat(isLive(session)).isFalse();
    assertThat(
            Outcomes.because(
                sessions.start(
                    new SignedIn(alice.id(), new SignInMethod.Link()), "192.0.2.1", "b", "r")))
        .isEqualTo("forbidden");
  }

  @Test
  void a_service_account_begins_no_session_with_a_token_of_scope_manage() {
    User program = AUser.called("ci-bot").serviceAccountOf(alice).build();
    ports.users().insert(program);
    AccessToken token = save(AToken.of(program).scope(TokenScope.MANAGE));

    assertThat(
            Outcomes.because(
                sessions.start(
                    new SignedIn(program.id(), new SignInMethod.Token(token.id())),
                    "192.0.2.1",
                    "b",
                    "r")))
        .isEqualTo("forbidden");
  }

  @Test
  void a_signed_out_browser_and_an_unknown_secret_are_nobody() {
    NewSession session = start(new SignInMethod.Link());
    sessions.end(find(session).orElseThrow());

    assertThat(isLive(session)).isFalse();
    assertThat(sessions.find(BrowserSecret.presented("guess"), "192.0.2.1", "r")).isEmpty();
  }

  @Test
  void two_sessions_have_different_secrets_and_page_tokens() {
    SessionActor one = find(start(new SignInMethod.Link())).orElseThrow();
    SessionActor other = find(start(new SignInMethod.Link())).orElseThrow();
    assertThat(one.pageToken()).isNotEqualTo(other.pageToken());
  }

  @Test
  void what_a_browser_calls_itself_is_cut_and_cleaned() {
    NewSession session =
        Outcomes.done(
            sessions.start(
                new SignedIn(alice.id(), new SignInMethod.Link()),
                "192.0.2.1",
                "a\u0007" + "b".repeat(300),
                "r"));
    assertThat(session.session().userAgent()).startsWith("a b").hasSize(200);
  }

  /** Whoever stole the cookie is elsewhere. */
  @Test
  void a_bound_tokens_session_works_only_where_its_token_does() {
    TokenBinding binding =
        new TokenBinding(List.of(AddressNet.parse("10.0.0.0/8").orElseThrow()), Optional.empty());
    AccessToken token = save(AToken.of(alice).bound(binding));
    NewSession session = start(new SignInMethod.Token(token.id()));

    assertThat(isLive(session)).isFalse();
    assertThat(sessions.find(session.secret(), "10.1.2.3", "request")).isPresent();
  }

  @Test
  void who_began_and_ended_which_session_is_recorded() {
    NewSession first = start(new SignInMethod.Link());
    NewSession second = start(new SignInMethod.Link());
    sessions.end(find(first).orElseThrow());
    assertThat(Outcomes.done(sessions.end(self(), alice.handle(), second.session().id())))
        .isEqualTo(second.session().id());

    assertThat(recorded())
        .containsExactly(
            "session.start of alice by alice done [link]",
            "session.start of alice by alice done [link]",
            "session.end of alice by alice done []",
            "session.end of alice by alice done [" + second.session().id().value() + "]");
    assertThat(isLive(second)).isFalse();
  }

  @Test
  void a_refused_start_is_recorded_with_the_user_whom_it_was_for() {
    ports
        .users()
        .update(alice.withSuspension(Optional.of(ports.clock().instant()), alice.createdAt()));

    assertThat(
            Outcomes.because(
                sessions.start(
                    new SignedIn(alice.id(), new SignInMethod.Link()), "192.0.2.1", "b", "r")))
        .isEqualTo("forbidden");

    assertThat(recorded()).containsExactly("session.start of alice by alice refused [forbidden]");
  }

  private List<String> recorded() {
    return ports.auditEvents().stream()
        .map(
            event ->
                event.action().wireName()
                    + " of "
                    + event.target().ref()
                    + " by "
                    + event.source().actorHandle().orElseThrow()
                    + " "
                    + event.outcome().name().toLowerCase(Locale.ROOT)
                    + " "
                    + event.fields())
        .toList();
  }

  @Test
  void only_a_session_of_the_named_user_can_be_ended() {
    User bob = AUser.called("bob").build();
    ports.users().insert(bob);
    NewSession his =
        Outcomes.done(
            sessions.start(new SignedIn(bob.id(), new SignInMethod.Link()), "192.0.2.1", "b", "r"));

    assertThat(Outcomes.because(sessions.end(self(), alice.handle(), his.session().id())))
        .isEqualTo("not_found");
    assertThat(Outcomes.because(sessions.end(self(), bob.handle(), his.session().id())))
        .isEqualTo("not_found");

    assertThat(isLive(his)).isTrue();
  }

  @Test
  void sessions_are_listed_page_by_page_but_not_with_a_token_that_only_calls() {
    for (int i = 0; i < 3; i++) {
      NewSession unused = start(new SignInMethod.Link());
    }
    AccessToken uses = save(AToken.of(alice).scope(TokenScope.USE));
    Actor caller =
        new Actor(alice.id(), alice.handle(), false, Optional.of(uses), "192.0.2.1", "request");

    var first =
        Outcomes.done(
            sessions.list(self(), alice.handle(), new PageRequest<>(Optional.empty(), 2)));
    assertThat(first.items()).hasSize(2);
    var second =
        Outcomes.done(sessions.list(self(), alice.handle(), new PageRequest<>(first.next(), 2)));
    assertThat(second.items()).hasSize(1).doesNotContainAnyElementsOf(first.items());
    assertThat(second.next()).isEmpty();
    assertThat(
            Outcomes.because(
                sessions.list(caller, alice.handle(), new PageRequest<>(Optional.empty(), 2))))
        .isEqualTo("forbidden");
  }

  private AccessToken save(AToken builder) {
    AccessToken token = builder.build();
    ports.accessTokens().save(token, TokenText.presented(token.id().toString()).hash());
    return token;
  }

  private NewSession start(SignInMethod method) {
    return Outcomes.done(
        sessions.start(new SignedIn(alice.id(), method), "192.0.2.1", "browser", "request"));
  }

  private Optional<SessionActor> find(NewSession session) {
    return sessions.find(session.secret(), "192.0.2.1", "request");
  }

  private boolean isLive(NewSession session) {
    return find(session).isPresent();
  }

  private List<Session> listed() {
    return Outcomes.done(
            sessions.list(self(), alice.handle(), new PageRequest<>(Optional.empty(), 200)))
        .items();
  }

  private Actor self() {
    return new Actor(alice.id(), alice.handle(), false, Optional.empty(), "192.0.2.1", "request");
  }
}
