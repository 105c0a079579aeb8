package io.claviger.application.projects;

import static io.claviger.application.Outcomes.because;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AShare;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shares.GivenShare;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Shares of a project are given and ended by its owner. Members can leave. */
class ProjectSharesTest {
  private final ProjectFixture p = new ProjectFixture();
  private final Project project = p.bobsProject("corpus", p.bobs);
  private final User dan = p.w.user("dan");
  private final Projects projects = p.w.projects;

  @Test
  void the_owner_makes_somebody_a_member() {
    Outcome<GivenShare> outcome = share(p.bob, p.carol, Role.WRITER);

    assertThat(outcome)
        .isEqualTo(
            Outcome.done(
                new GivenShare(
                    AShare.with(p.carol)
                        .role(Role.WRITER)
                        .givenBy(p.bob)
                        .createdAt(p.w.claviger.clock().instant())
                        .build(),
                    true,
                    true,
                    Optional.empty())));
    assertThat(p.find(p.carol, project).role()).contains(Role.WRITER);
    assertThat(p.w.recorded()).containsExactly("project.share done bob/corpus [carol]");
  }

  @Test
  void another_role_replaces_the_one_before() {
    Outcome<GivenShare> first = share(p.bob, p.carol, Role.WRITER);
    Outcome<GivenShare> second = share(p.bob, p.carol, Role.READER);

    assertThat(first).isNotEqualTo(second);
    assertThat(second.orThrow().created()).isFalse();
    assertThat(second.orThrow().share().version()).isEqualTo(first.orThrow().share().version() + 1);
    assertThat(p.find(p.carol, project).role()).contains(Role.READER);
  }

  @Test
  void a_change_gives_another_role_or_keeps_the_one_that_is_there() {
    long first = share(p.bob, p.carol, Role.READER).orThrow().share().version();
    p.w.forget();

    assertThat(change(p.bob, p.carol, Field.of(Role.WRITER)).orThrow().share().version())
        .isEqualTo(first + 1);
    assertThat(change(p.bob, p.carol, Field.absent()).orThrow().changed()).isFalse();
    assertThat(p.find(p.carol, project).role()).contains(Role.WRITER);
    assertThat(p.w.recorded()).containsExactly("project.share done bob/corpus [carol]");
  }

  @Test
  void a_change_is_for_the_owner_and_of_members() {
    Field<Role> writer = Field.of(Role.WRITER);
    assertThat(because(change(p.bob, p.carol, writer))).isEqualTo("not_found");
    assertThat(because(change(p.bob, p.bob, writer))).isEqualTo("not_found");
    p.w.member(project, p.carol, Role.READER);

    assertThat(because(change(p.bob, p.carol, Field.of(Role.OWNER))))
        .isEqualTo("/role not_allowed");
    assertThat(because(change(p.carol, p.carol, writer))).isEqualTo("forbidden");
    assertThat(because(change(p.root, p.carol, writer))).isEqualTo("forbidden");
    assertThat(because(change(dan, p.carol, writer))).isEqualTo("not_found");
    assertThat(
            because(
                projects.changeShare(
                    w(p.bob),
                    project.ref(),
                    GranteeName.user(p.carol.handle()),
                    Precondition.version(7),
                    writer,
                    Field.absent())))
        .isEqualTo("precondition_failed");
  }

  @Test
  void the_same_role_again_changes_nothing() {
    p.w.member(project, p.carol, Role.READER);
    p.w.forget();
    Outcome<GivenShare> first = share(p.bob, p.carol, Role.READER);
    Outcome<GivenShare> again = share(p.bob, p.carol, Role.READER);

    assertThat(again.orThrow().share()).isEqualTo(first.orThrow().share());
    assertThat(p.w.recorded()).isEmpty();
  }

  @Test
  void a_project_has_one_owner() {
    assertThat(because(share(p.bob, p.carol, Role.OWNER))).isEqualTo("/role not_allowed");
    assertThat(because(share(p.bob, p.bob, Role.READER))).isEqualTo("/user not_shareable");
    assertThat(because(share(p.bob, "_system"))).isEqualTo("/user not_shareable");
  }

  @Test
  void who_does_not_exist_becomes_no_member() {
    assertThat(because(share(p.bob, "nobody"))).isEqualTo("/user unknown_reference");
  }

  @Test
  void members_and_administrators_give_no_membership() {
    p.w.member(project, p.carol, Role.WRITER);

    assertThat(because(share(p.carol, dan, Role.READER))).isEqualTo("forbidden");
    assertThat(because(share(p.carol, p.carol, Role.WRITER))).isEqualTo("forbidden");
    assertThat(because(share(p.root, dan, Role.READER))).isEqualTo("forbidden");
    assertThat(because(share(p.root, p.root, Role.READER))).isEqualTo("forbidden");
  }

  @Test
  void to_who_is_no_member_there_is_nothing_to_share() {
    assertThat(because(share(dan, p.carol, Role.READER))).isEqualTo("not_found");
    assertThat(because(end(dan, p.carol))).isEqualTo("not_found");
    assertThat(because(find(p.w.as(dan), p.carol))).isEqualTo("not_found");
  }

  @Test
  void the_owner_ends_a_membership() {
    p.w.member(project, p.carol, Role.READER);

    assertThat(end(p.bob, p.carol)).isInstanceOf(Outcome.Done.class);

    assertThat(because(p.w.projects.find(p.w.as(p.carol), project.ref()))).isEqualTo("not_found");
    assertThat(p.w.recorded()).containsExactly("project.unshare done bob/corpus [carol]");
  }

  @Test
  void ending_what_is_not_there_is_no_error() {
    assertThat(end(p.bob, p.carol)).isInstanceOf(Outcome.Done.class);
    assertThat(p.w.recorded()).isEmpty();
  }

  @Test
  void a_member_leaves() {
    p.w.member(project, p.carol, Role.READER);

    assertThat(end(p.carol, p.carol)).isInstanceOf(Outcome.Done.class);
    assertThat(p.w.claviger.projectShares().find(project.id(), p.carol.id())).isEmpty();
  }

  @Test
  void a_member_ends_nobody_elses_and_an_administrator_nobodys() {
    p.w.member(project, p.carol, Role.WRITER);
    p.w.member(project, dan, Role.READER);

    assertThat(because(end(p.carol, dan))).isEqualTo("forbidden");
    assertThat(because(end(p.root, dan))).isEqualTo("forbidden");
  }

  @Test
  void preconditions_hold() {
    p.w.member(project, p.carol, Role.READER);

    assertThat(
            because(
                projects.share(
                    p.w.as(p.bob),
                    project.ref(),
                    GranteeName.user(p.carol.handle()),
                    Precondition.CREATE_ONLY,
                    Role.WRITER,
                    Field.absent())))
        .isEqualTo("precondition_failed");
    assertThat(
            because(
                projects.endShare(
                    p.w.as(p.bob),
                    project.ref(),
                    GranteeName.user(p.carol.handle()),
                    Precondition.version(9))))
        .isEqualTo("precondition_failed");
  }

  @Test
  void owner_writers_and_administrators_see_the_members() {
    p.w.member(project, p.carol, Role.WRITER);
    p.w.member(project, dan, Role.READER);

    for (User one : List.of(p.bob, p.carol, p.root)) {
      assertThat(members(one)).containsExactly("carol WRITER", "dan READER");
      assertThat(find(p.w.as(one), dan)).isInstanceOf(Outcome.Done.class);
    }
    assertThat(because(find(p.w.as(p.bob), p.alice))).isEqualTo("not_found");
  }

  @Test
  void readers_do_not() {
    p.w.member(project, dan, Role.READER);

    assertThat(because(find(p.w.as(dan), dan))).isEqualTo("forbidden");
    assertThat(because(listed(dan))).isEqualTo("forbidden");
  }

  @Test
  void a_token_of_scope_use_neither_sees_nor_gives_membership() {
    assertThat(because(find(p.w.using(p.bob), p.carol))).isEqualTo("forbidden");
    assertThat(
            because(
                projects.share(
                    p.w.using(p.bob),
                    project.ref(),
                    GranteeName.user(p.carol.handle()),
                    Precondition.NONE,
                    Role.READER,
                    Field.absent())))
        .isEqualTo("forbidden");
  }

  @Test
  void membership_gives_nothing_of_the_service() {
    Outcome<GivenShare> unused = share(p.bob, p.carol, Role.WRITER);

    assertThat(because(p.w.instances.find(p.w.as(p.carol), p.bobs.ref()))).isEqualTo("not_found");
    assertThat(p.w.claviger.shares().listOf(p.bobs.id(), Optional.empty(), 9)).isEmpty();
  }

  private Outcome<GivenShare> share(User actor, User with, Role role) {
    return projects.share(
        w(actor),
        project.ref(),
        GranteeName.user(with.handle()),
        Precondition.NONE,
        role,
        Field.absent());
  }

  private Outcome<GivenShare> share(User actor, String with) {
    return projects.share(
        w(actor),
        project.ref(),
        GranteeName.user(new Handle(with)),
        Precondition.NONE,
        Role.READER,
        Field.absent());
  }

  private Outcome<GivenShare> change(User actor, User whose, Field<Role> role) {
    return projects.changeShare(
        w(actor),
        project.ref(),
        GranteeName.user(whose.handle()),
        Precondition.NONE,
        role,
        Field.absent());
  }

  private Outcome<GranteeName> end(User actor, User whose) {
    return projects.endShare(
        w(actor), project.ref(), GranteeName.user(whose.handle()), Precondition.NONE);
  }

  private Outcome<Share> find(Actor actor, User whose) {
    return projects.findShare(actor, project.ref(), GranteeName.user(whose.handle()));
  }

  private Outcome<Page<Share, GranteeName>> listed(User actor) {
    return projects.listShares(w(actor), project.ref(), new PageRequest<>(Optional.empty(), 50));
  }

  private List<String> members(User actor) {
    assertThat(listed(actor)).isInstanceOf(Outcome.Done.class);
    return listed(actor).orThrow().items().stream()
        .map(s -> s.grantee().name() + " " + s.terms().role())
        .toList();
  }

  private Actor w(User user) {
    return p.w.as(user);
  }
}
