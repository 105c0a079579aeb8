package io.claviger.application.projects;

import static io.claviger.application.Outcomes.because;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenBinding;
import io.claviger.domain.accounts.TokenRestriction;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.InstanceAccess;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who sees a project, and which fields. */
class FindProjectsTest {
  private final ProjectFixture p = new ProjectFixture();
  private final Project project = p.bobsProject("corpus", p.alices);
  private final Projects projects = p.w.projects;

  @Test
  void who_is_no_member_sees_nothing() {
    assertThat(because(projects.find(p.w.as(p.carol), project.ref()))).isEqualTo("not_found");
    assertThat(projects.find(p.w.as(p.carol), project.ref()))
        .isEqualTo(projects.find(p.w.as(p.carol), Project.Ref.of("bob/none")));
  }

  @Test
  void the_owner_of_the_service_is_no_member_of_what_uses_it() {
    assertThat(because(projects.find(p.w.as(p.alice), project.ref()))).isEqualTo("not_found");
  }

  @ParameterizedTest
  @EnumSource(
      value = Role.class,
      names = {"READER", "WRITER"})
  void a_member_sees_the_project_with_their_role(Role role) {
    p.w.member(project, p.carol, role);

    assertThat(p.find(p.carol, project).role()).contains(role);
  }

  @Test
  void an_administrator_sees_it_without_a_role() {
    ProjectView view = p.find(p.root, project);

    assertThat(view.role()).isEmpty();
    assertThat(view.service()).contains(p.alices.ref());
  }

  @Test
  void members_without_sight_of_the_service_do_not_see_its_name() {
    Share unused = p.share(AShare.with(p.bob).mayReshare());
    p.w.member(project, p.carol, Role.WRITER);

    ProjectView view = p.find(p.carol, project);

    assertThat(view.service()).isEmpty();
    assertThat(view.access()).contains(InstanceAccess.OK);
  }

  @Test
  void members_with_sight_of_the_service_see_its_name() {
    Share unused = p.share(AShare.with(p.carol));
    p.w.member(project, p.carol, Role.READER);

    assertThat(p.find(p.carol, project).service()).contains(p.alices.ref());
  }

  @Test
  void members_whose_sight_of_the_service_has_expired_do_not() {
    Share unused = p.share(AShare.with(p.carol).expiresAt(p.w.claviger.clock().instant()));
    p.w.member(project, p.carol, Role.READER);

    assertThat(p.find(p.carol, project).service()).isEmpty();
  }

  @Test
  void an_owner_who_lost_the_service_reads_that_it_is_revoked_and_not_its_name() {
    Share unused = p.share(AShare.with(p.bob));
    assertThat(p.find(p.bob, project).access()).contains(InstanceAccess.OK);

    p.end(p.bob);

    assertThat(p.find(p.bob, project).access()).contains(InstanceAccess.REVOKED);
    assertThat(p.find(p.bob, project).service()).isEmpty();
    assertThat(p.w.now(project.ref())).isEqualTo(project);
  }

  @Test
  void an_owner_whose_share_has_expired_reads_that_it_is_revoked() {
    Share unused =
        p.share(AShare.with(p.bob).expiresAt(p.w.claviger.clock().instant().plusSeconds(5)));
    p.w.claviger.clock().advance(Duration.ofSeconds(5));

    assertThat(p.find(p.bob, project).access()).contains(InstanceAccess.REVOKED);
  }

  @Test
  void access_is_the_owners_whoever_looks() {
    Share unused = p.share(AShare.with(p.carol));
    p.w.member(project, p.carol, Role.READER);

    assertThat(p.find(p.carol, project).access()).contains(InstanceAccess.REVOKED);
    assertThat(p.find(p.root, project).access()).contains(InstanceAccess.REVOKED);
  }

  @Test
  void a_disabled_service_is_told() {
    Instance off = p.w.stored(AnInstance.of(p.bob, "off").disabled().build());
    Project uses = p.bobsProject("uses-off", off);

    assertThat(p.find(p.bob, uses).access()).contains(InstanceAccess.DISABLED);
  }

  @Test
  void a_lost_service_is_told_before_whether_it_is_disabled() {
    Instance off = AnInstance.of(p.alice, "off").disabled().build();
    p.w.claviger.instances().insert(off, new SecretChange.Keep(), new SecretChange.Keep());

    assertThat(p.find(p.bob, p.bobsProject("uses-off", off)).access())
        .contains(InstanceAccess.REVOKED);
  }

  @Test
  void a_user_lists_their_own_and_those_they_are_a_member_of() {
    Project carols = p.w.stored(AProject.of(p.carol, "z").build());
    Project alices = p.w.stored(AProject.of(p.alice, "a").build());
    Project unused = p.w.stored(AProject.of(p.alice, "hidden").build());
    p.w.member(project, p.carol, Role.READER);
    p.w.member(alices, p.carol, Role.WRITER);

    assertThat(refs(list(p.w.as(p.carol), p.carol, 50)))
        .containsExactly("alice/a", "bob/corpus", "carol/z");
    assertThat(carols.ref().toString()).isEqualTo("carol/z");
  }

  @Test
  void a_page_goes_on_behind_the_one_before() {
    Project second = p.bobsProject("second", p.bobs);

    Page<ProjectView, Project.Ref> page = list(p.w.as(p.bob), p.bob, 1);

    assertThat(refs(page)).containsExactly("bob/corpus");
    Outcome<Page<ProjectView, Project.Ref>> next =
        projects.list(p.w.as(p.bob), p.bob.handle(), new PageRequest<>(page.next(), 1));
    assertThat(refs(next.orThrow())).containsExactly(second.ref().toString());
  }

  @Test
  void anothers_list_is_not_there_whoever_that_is() {
    assertThat(because(listed(p.w.as(p.carol), "bob"))).isEqualTo("not_found");
    assertThat(listed(p.w.as(p.carol), "bob")).isEqualTo(listed(p.w.as(p.carol), "nobody"));
  }

  @Test
  void an_administrator_lists_anybodys() {
    assertThat(refs(list(p.w.as(p.root), p.bob, 50))).containsExactly("bob/corpus");
    assertThat(because(listed(p.w.as(p.root), "nobody"))).isEqualTo("not_found");
  }

  @Test
  void a_token_of_scope_use_reads_what_its_user_may_use() {
    assertThat(refs(list(p.w.using(p.bob), p.bob, 50))).containsExactly("bob/corpus");
    assertThat(projects.find(p.w.using(p.bob), project.ref())).isInstanceOf(Outcome.Done.class);
  }

  @Test
  void an_administrators_token_of_scope_use_sees_only_what_they_may_use() {
    assertThat(because(projects.find(p.w.using(p.root), project.ref()))).isEqualTo("not_found");
    assertThat(because(listed(p.w.using(p.root), "bob"))).isEqualTo("not_found");
    p.w.member(project, p.root, Role.READER);
    Outcome<ProjectView> found = projects.find(p.w.using(p.root), project.ref());
    assertThat(found.orThrow().service()).isEmpty();
  }

  @Test
  void a_token_restricted_to_a_project_shows_that_one_and_no_way_on() {
    Project first = p.bobsProject("a-first", p.bobs);
    Project last = p.bobsProject("z-last", p.bobs);

    for (Project one : List.of(first, project, last)) {
      Actor restricted = p.w.with(p.bob, AToken.of(p.bob).onlyFor(one).build());
      Page<ProjectView, Project.Ref> page = list(restricted, p.bob, 1);
      assertThat(refs(page)).containsExactly(one.ref().toString());
      assertThat(page.next()).isEmpty();
    }
    Actor restricted = p.w.with(p.bob, AToken.of(p.bob).onlyFor(first).build());
    assertThat(because(projects.find(restricted, project.ref()))).isEqualTo("not_found");
  }

  @Test
  void a_token_restricted_to_a_project_finds_it_by_id_and_not_by_the_name_that_is_shown() {
    AccessToken usual = AToken.of(p.bob).onlyFor(project).build();
    AccessToken renamed =
        new AccessToken(
            usual.id(),
            usual.user(),
            usual.name(),
            usual.scope(),
            AccessToken.Provenance.of(usual.origin()),
            Optional.of(new TokenRestriction.ToProject(project.id().value(), "bob/renamed")),
            usual.limits(),
            usual.inherited(),
            usual.createdAt(),
            usual.expiresAt(),
            usual.lastUsedAt(),
            Optional.empty(),
            TokenBinding.NONE,
            Optional.empty());
    Actor restricted =
        new Actor(
            p.bob.id(), p.bob.handle(), false, Optional.of(renamed), Wiring.ADDRESS, "request");

    assertThat(refs(list(restricted, p.bob, 50))).containsExactly(project.ref().toString());
  }

  @Test
  void a_token_restricted_to_a_service_shows_no_project() {
    Actor restricted = p.w.with(p.bob, AToken.of(p.bob).onlyFor(p.bobs).build());

    assertThat(refs(list(restricted, p.bob, 50))).isEmpty();
    assertThat(because(projects.find(restricted, project.ref()))).isEqualTo("not_found");
  }

  @Test
  void a_token_restricted_to_a_project_that_its_holder_left_shows_nothing() {
    Actor restricted = p.w.with(p.carol, AToken.of(p.carol).onlyFor(project).build());

    assertThat(refs(list(restricted, p.carol, 50))).isEmpty();
  }

  private Outcome<Page<ProjectView, Project.Ref>> listed(Actor actor, String whose) {
    return projects.list(actor, new Handle(whose), new PageRequest<>(Optional.empty(), 50));
  }

  private Page<ProjectView, Project.Ref> list(Actor actor, User whose, int limit) {
    Outcome<Page<ProjectView, Project.Ref>> outcome =
        projects.list(actor, whose.handle(), new PageRequest<>(Optional.empty(), limit));
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    return outcome.orThrow();
  }

  private static List<String> refs(Page<ProjectView, Project.Ref> page) {
    return page.items().stream().map(v -> v.project().ref().toString()).toList();
  }
}
