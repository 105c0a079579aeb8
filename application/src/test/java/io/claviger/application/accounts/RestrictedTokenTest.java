package io.claviger.application.accounts;

import static io.claviger.application.Outcomes.because;
import static io.claviger.application.Outcomes.codes;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.accounts.TokenRestriction;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RestrictedTokenTest {
  private final Wiring w = new Wiring();
  private final User root = w.administrator("root");
  private final User alice = w.user("alice");
  private final User bob = w.user("bob");
  private final Instance own = w.stored(AnInstance.of(alice, "own").build());
  private final Instance foreign = w.stored(AnInstance.of(bob, "foreign").build());

  @Test
  void a_token_restricted_to_a_service_is_of_scope_use() {
    AccessToken token = issued(issue(alice, alice, own, Optional.empty()));

    assertThat(token.scope()).isEqualTo(TokenScope.USE);
    assertThat(token.restriction())
        .contains(new TokenRestriction.ToService(own.id().value(), "alice/own"));
  }

  @Test
  void a_restricted_token_never_manages() {
    assertThat(codes(issue(alice, alice, own, Optional.of(TokenScope.MANAGE))))
        .containsExactly("/scope not_allowed");
  }

  @Test
  void a_token_can_be_restricted_to_a_shared_service() {
    Share unused = w.stored(foreign, AShare.with(alice).givenBy(bob).build());

    assertThat(issued(issue(alice, alice, foreign, Optional.empty())).restriction()).isPresent();
  }

  @Test
  void a_service_that_its_user_cannot_see_is_no_restriction() {
    assertThat(codes(issue(alice, alice, foreign, Optional.empty())))
        .containsExactly("/service unknown_reference");
  }

  @Test
  void a_service_that_does_not_exist_is_told_in_the_same_words() {
    Outcome<AccessTokens.IssuedToken> missing =
        w.accessTokens.issue(
            w.as(alice),
            alice.handle(),
            AccountCommands.tokenFor(Instance.Ref.of("bob/nothing"), Optional.empty()));

    assertThat(missing).isEqualTo(issue(alice, alice, foreign, Optional.empty()));
  }

  @Test
  void an_administrator_restricts_a_users_first_token_to_what_that_user_sees() {
    assertThat(issued(issue(root, alice, own, Optional.empty())).restriction()).isPresent();
  }

  @Test
  void an_administrator_restricts_no_users_token_to_what_that_user_cannot_see() {
    assertThat(codes(issue(root, alice, foreign, Optional.empty())))
        .containsExactly("/service unknown_reference");
  }

  @Test
  void a_restricted_token_goes_with_its_service() {
    AccessToken token = issued(issue(alice, alice, own, Optional.empty()));
    w.claviger.instances().delete(own.id());

    assertThat(w.claviger.accessTokens().listOf(alice.id(), Optional.empty(), 9))
        .doesNotContain(token);
  }

  @Test
  void a_token_restricted_to_a_project_is_of_scope_use_and_names_it() {
    Project project = w.stored(AProject.of(alice, "p").build());

    AccessToken token = issued(issue(alice, project.ref()));

    assertThat(token.scope()).isEqualTo(TokenScope.USE);
    assertThat(token.restriction())
        .contains(new TokenRestriction.ToProject(project.id().value(), "alice/p"));
    assertThat(w.claviger.accessTokens().listOf(alice.id(), Optional.empty(), 9))
        .containsExactly(token);
  }

  @Test
  void a_member_restricts_a_token_to_a_project() {
    Project project = w.stored(AProject.of(bob, "p").build());
    w.member(project, alice, Role.READER);

    assertThat(issued(issue(alice, project.ref())).restriction()).isPresent();
  }

  @Test
  void a_project_that_its_user_cannot_see_is_no_restriction() {
    Project hidden = w.stored(AProject.of(bob, "p").build());

    assertThat(codes(issue(alice, hidden.ref()))).containsExactly("/project unknown_reference");
    assertThat(issue(alice, hidden.ref())).isEqualTo(issue(alice, Project.Ref.of("bob/none")));
    assertThat(codes(issue(root, alice, hidden.ref())))
        .containsExactly("/project unknown_reference");
  }

  @Test
  void a_token_is_restricted_to_a_service_or_a_project_not_both() {
    Project project = w.stored(AProject.of(alice, "p").build());
    AccessTokens.NewToken both =
        new AccessTokens.NewToken(
            new TokenName("both"),
            Optional.empty(),
            Optional.empty(),
            Optional.of(own.ref()),
            Optional.of(project.ref()),
            Limits.NONE,
            false);

    assertThat(codes(w.accessTokens.issue(w.as(alice), alice.handle(), both)))
        .containsExactly("/project not_allowed");
  }

  @Test
  void a_token_restricted_to_a_project_goes_with_it() {
    Project project = w.stored(AProject.of(alice, "p").build());
    AccessToken token = issued(issue(alice, project.ref()));
    w.claviger.projects().delete(project.id());

    assertThat(w.claviger.accessTokens().listOf(alice.id(), Optional.empty(), 9))
        .doesNotContain(token);
  }

  @Test
  void a_token_restricted_to_a_project_shows_no_service() {
    Project project = w.stored(AProject.of(alice, "p").using(own).build());
    AccessToken token = issued(issue(alice, project.ref()));

    assertThat(because(w.instances.find(w.with(alice, token), own.ref()))).isEqualTo("not_found");
  }

  private Outcome<AccessTokens.IssuedToken> issue(User whose, Project.Ref project) {
    return issue(whose, whose, project);
  }

  private Outcome<AccessTokens.IssuedToken> issue(User actor, User whose, Project.Ref project) {
    return w.accessTokens.issue(w.as(actor), whose.handle(), AccountCommands.tokenFor(project));
  }

  private Outcome<AccessTokens.IssuedToken> issue(
      User actor, User whose, Instance service, Optional<TokenScope> scope) {
    return w.accessTokens.issue(
        w.as(actor), whose.handle(), AccountCommands.tokenFor(service.ref(), scope));
  }

  private static AccessToken issued(Outcome<AccessTokens.IssuedToken> outcome) {
    return outcome.orThrow().token();
  }
}
