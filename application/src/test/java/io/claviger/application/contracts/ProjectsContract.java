package io.claviger.application.contracts;

import static io.claviger.application.shared.ConcurrencyConflict.How.REFERENCE_GONE;
import static io.claviger.application.shared.ConcurrencyConflict.How.TAKEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.ABudget;
import io.claviger.application.builders.ADefinition;
import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.builders.Seen;
import io.claviger.application.projects.port.ProjectStore;
import io.claviger.application.projects.port.ProjectStore.BoundInstance;
import io.claviger.application.projects.port.ProjectStore.VisibleProject;
import io.claviger.application.shared.References;
import io.claviger.application.shared.Sight;
import io.claviger.domain.AppliedBy;
import io.claviger.domain.Description;
import io.claviger.domain.Metadata;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.fields.CommonFields;
import io.claviger.domain.fields.FieldValues;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.policy.PaceKind;
import io.claviger.domain.policy.PaceTerms;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.HeldShares;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link ProjectStore} promises. */
@SuppressWarnings("NullAway.Init") // set before each test
public abstract class ProjectsContract extends TwoUsersContract {
  private User carol;
  private Instance instance;

  @BeforeEach
  void fill() {
    carol = user("carol");
    instance = stored(AnInstance.of(alice, "i").build());
  }

  @Test
  void a_project_is_found_as_stored() {
    Project project = stored(AProject.of(alice, "p").description("two\nlines").build());

    for (User viewer : List.of(alice, bob)) {
      assertSeen(project, viewer, Seen.of(project, none(), none()));
    }
    Project.Ref none = Project.Ref.of("alice/none");
    assertThat(ports.projects().find(none, alice.id())).isEmpty();
    assertThat(ports.projects().lock(none, alice.id())).isEmpty();
    assertThat(ports.projects().hold(none, Sight.ofEverything(alice.id()))).isEmpty();
  }

  @Test
  void limits_of_each_person_are_stored_changed_and_listed_with_what_is_open() {
    Limits limits =
        new Limits(
                Optional.of(7),
                Optional.of(Set.of(new ModelPattern("gpt-*"))),
                Optional.of(Set.of(new Operation("POST embeddings"))),
                Optional.of(9),
                new Budgets(List.of(ABudget.requests(5).in("Europe/Berlin").build())))
            .with(PaceTerms.of(PaceKind.CONCURRENT, 2));
    Project project =
        stored(AProject.of(alice, "p").using(instance).openToEverybody().limits(limits).build());

    assertThat(find(project).limits()).isEqualTo(limits);
    assertThat(ports.projects().listOpen(instance.id(), none(), 9))
        .extracting(open -> open.limits())
        .containsExactly(limits);
    ports.projects().update(project.with(Limits.NONE));
    assertThat(find(project).limits()).isEqualTo(Limits.NONE);
  }

  private Project find(Project project) {
    return ports.projects().find(project.id(), alice.id()).orElseThrow().project();
  }

  @Test
  void a_project_comes_with_its_instance_and_the_shares_of_viewer_and_owner() {
    Definition definition = stored(ADefinition.of(alice, "template").build());
    Instance made =
        stored(
            AnInstance.of(alice, "made")
                .from(definition)
                .limits(new Limits(Optional.of(7), none(), none()))
                .build());
    Share bobs =
        shared(made, AShare.with(bob).role(Role.OWNER).mayReshare().givenBy(alice).build(), alice);
    Share carols = shared(made, AShare.with(carol).expiresAt(NOW).givenVia(bob).build(), bob);
    Project project = stored(AProject.of(bob, "p").using(made).build());
    member(project, AShare.with(carol).role(Role.WRITER).build());

    assertSeen(
        project,
        alice,
        seen(project, none(), new BoundInstance(made, HeldShares.NONE, held(bobs))));
    assertSeen(
        project, bob, seen(project, none(), new BoundInstance(made, held(bobs), held(bobs))));
    assertSeen(
        project,
        carol,
        seen(project, Optional.of(Role.WRITER), new BoundInstance(made, held(carols), held(bobs))));
  }

  @Test
  void a_users_list_is_their_own_and_those_they_are_a_member_of_each_once() {
    User zoe = user("zoe");
    Project alices = stored(AProject.of(alice, "z").using(instance).build());
    Project bobsOne = stored(AProject.of(bob, "a").build());
    Project bobsOther = stored(AProject.of(bob, "b").using(instance).build());
    Project zoes = stored(AProject.of(zoe, "a").build());
    stored(AProject.of(zoe, "hidden").build());
    member(alices, AShare.with(bob).build());
    member(zoes, AShare.with(bob).role(Role.WRITER).build());
    member(zoes, AShare.with(carol).build());

    BoundInstance bound = new BoundInstance(instance, HeldShares.NONE, HeldShares.NONE);
    List<VisibleProject> expected =
        List.of(
            seen(alices, Optional.of(Role.READER), bound),
            Seen.of(bobsOne, none(), none()),
            seen(bobsOther, none(), bound),
            Seen.of(zoes, Optional.of(Role.WRITER), none()));
    assertThat(ports.projects().list(bob.id(), bob.id(), none(), 10)).isEqualTo(expected);
    assertThat(pages(bob, 1)).isEqualTo(expected);
    assertThat(pages(bob, 3)).isEqualTo(expected);
  }

  @Test
  void a_list_is_met_by_its_viewer() {
    Project bobs = stored(AProject.of(bob, "p").using(instance).build());
    Share carols = shared(instance, AShare.with(carol).givenBy(alice).build(), alice);
    member(bobs, AShare.with(carol).build());

    assertThat(ports.projects().list(bob.id(), carol.id(), none(), 10))
        .containsExactly(
            seen(
                bobs,
                Optional.of(Role.READER),
                new BoundInstance(instance, held(carols), HeldShares.NONE)));
  }

  @Test
  void projects_that_use_an_instance_are_listed_and_counted_as_far_as_somebody_sees_them() {
    Project alices = stored(AProject.of(alice, "p").using(instance).build());
    Project bobs = stored(AProject.of(bob, "q").using(instance).build());
    stored(AProject.of(bob, "unbound").build());
    Sight all = Sight.ofEverything(alice.id());
    Sight bobsSight = new Sight(bob.id(), false, none(), false);

    assertThat(ports.projects().listUsing(instance.id(), all, none(), 10))
        .containsExactly(alices.ref(), bobs.ref());
    assertThat(ports.projects().listUsing(instance.id(), all, none(), 1))
        .containsExactly(alices.ref());
    assertThat(ports.projects().listUsing(instance.id(), all, Optional.of(alices.ref()), 10))
        .containsExactly(bobs.ref());
    assertThat(ports.projects().countUsing(instance.id(), all, 10)).isEqualTo(2);
    assertThat(ports.projects().listUsing(instance.id(), bobsSight, none(), 10))
        .containsExactly(bobs.ref());
    assertThat(ports.projects().countUsing(instance.id(), bobsSight, 10)).isEqualTo(1);
    member(alices, AShare.with(bob).build());
    assertThat(ports.projects().countUsing(instance.id(), bobsSight, 10)).isEqualTo(2);
    assertThat(ports.projects().countUsing(instance.id(), all, 1)).isEqualTo(1);
  }

  @Test
  void what_uses_an_instance_is_counted_and_named_as_far_as_the_viewer_sees_it() {
    Instance other = stored(AnInstance.of(alice, "other").build());
    stored(AProject.of(alice, "p").using(instance).build());
    Project bobs = stored(AProject.of(bob, "p").using(instance).build());
    stored(AProject.of(bob, "other").using(other).build());
    stored(AProject.of(bob, "none").build());
    member(bobs, AShare.with(carol).build());

    assertThat(using(alice, false)).isEqualTo(new References(2, List.of("alice/p")));
    assertThat(using(bob, false)).isEqualTo(new References(2, List.of("bob/p")));
    assertThat(using(carol, false)).isEqualTo(new References(2, List.of("bob/p")));
    assertThat(using(user("dan"), false)).isEqualTo(new References(2, List.of()));
    assertThat(using(carol, true)).isEqualTo(new References(2, List.of("alice/p", "bob/p")));
    Instance unused = stored(AnInstance.of(alice, "unused").build());
    assertThat(ports.projects().using(unused.id(), alice.id(), true)).isEqualTo(References.NONE);
  }

  @Test
  void what_uses_a_users_instances_is_what_others_have() {
    Instance other = stored(AnInstance.of(alice, "other").build());
    Instance bobsOwn = stored(AnInstance.of(bob, "i").build());
    stored(AProject.of(alice, "p").using(instance).build());
    Project bobs = stored(AProject.of(bob, "p").using(instance).build());
    stored(AProject.of(bob, "own").using(bobsOwn).build());
    stored(AProject.of(carol, "q").using(other).build());
    stored(AProject.of(carol, "none").build());
    member(bobs, AShare.with(alice).build());

    assertThat(usingInstancesOf(alice, alice, false))
        .isEqualTo(new References(2, List.of("bob/p")));
    assertThat(usingInstancesOf(alice, carol, false))
        .isEqualTo(new References(2, List.of("carol/q")));
    assertThat(usingInstancesOf(alice, alice, true))
        .isEqualTo(new References(2, List.of("bob/p", "carol/q")));
    assertThat(usingInstancesOf(carol, alice, true)).isEqualTo(References.NONE);
  }

  @Test
  void of_many_the_first_twenty_are_named() {
    IntStream.range(0, 25)
        .forEach(n -> stored(AProject.of(bob, "p-%02d".formatted(n)).using(instance).build()));
    List<String> firstTwenty = IntStream.range(0, 20).mapToObj("bob/p-%02d"::formatted).toList();

    assertThat(using(bob, false)).isEqualTo(new References(25, firstTwenty));
    assertThat(usingInstancesOf(alice, bob, true)).isEqualTo(new References(25, firstTwenty));
  }

  @Test
  void unbinding_changes_others_projects_and_names_them() {
    Project own = stored(AProject.of(alice, "own").using(instance).build());
    Project carols = stored(AProject.of(carol, "p").using(instance).build());
    Project bobs = stored(AProject.of(bob, "p").description("kept").using(instance).build());
    Instance bobsOwn = stored(AnInstance.of(bob, "i").build());
    Project unconcerned = stored(AProject.of(carol, "other").using(bobsOwn).build());

    assertThat(ports.projects().unbindFromInstancesOf(alice.id(), NOW))
        .containsExactly(bobs.ref(), carols.ref());

    assertThat(now(bobs)).isEqualTo(bobs.with(bobs.values(), none(), NOW));
    assertThat(now(carols)).isEqualTo(carols.with(carols.values(), none(), NOW));
    assertThat(now(own)).isEqualTo(own);
    assertThat(now(unconcerned)).isEqualTo(unconcerned);
    assertThat(ports.projects().unbindFromInstancesOf(alice.id(), NOW)).isEmpty();
  }

  @Test
  void a_handle_is_taken_once_for_each_owner() {
    stored(AProject.of(alice, "same").build());
    stored(AProject.of(bob, "same").build());

    assertLost(TAKEN, () -> stored(AProject.of(alice, "same").build()));
  }

  @Test
  void a_project_needs_its_owner_and_its_instance() {
    User gone = AUser.called("gone").build();
    Instance noInstance = AnInstance.of(alice, "gone").build();
    Project project = stored(AProject.of(alice, "p").build());

    assertLost(REFERENCE_GONE, () -> stored(AProject.of(gone, "p").build()));
    assertLost(REFERENCE_GONE, () -> stored(AProject.of(alice, "q").using(noInstance).build()));
    assertLost(
        REFERENCE_GONE,
        () ->
            ports
                .projects()
                .update(project.with(project.values(), Optional.of(noInstance.id()), NOW)));
  }

  @Test
  void an_update_replaces_description_and_instance() {
    Project before = stored(AProject.of(alice, "p").build());

    Project changed =
        before.with(
            FieldValues.defaults(Project.FIELDS)
                .with(CommonFields.DESCRIPTION, new Description("new"))
                .with(CommonFields.METADATA, new Metadata("{\"n\":1.0}"))
                .with(CommonFields.APPLIED_BY, new AppliedBy("team")),
            Optional.of(instance.id()),
            NOW);
    ports.projects().update(changed);

    assertThat(now(before)).isEqualTo(changed);
  }

  @Test
  void what_is_gone_can_not_be_updated_or_deleted() {
    Project gone = AProject.of(alice, "gone").build();

    assertLost(REFERENCE_GONE, () -> ports.projects().update(gone));
    assertLost(REFERENCE_GONE, () -> ports.projects().delete(gone.id()));
  }

  @Test
  void a_deleted_project_leaves_its_instance() {
    Project project = stored(AProject.of(bob, "p").using(instance).build());

    ports.projects().delete(project.id());

    assertThat(ports.projects().find(project.ref(), bob.id())).isEmpty();
    assertThat(ports.instances().find(instance.id(), alice.id(), NOW)).isPresent();
  }

  private void assertSeen(Project project, User viewer, VisibleProject expected) {
    assertThat(ports.projects().find(project.ref(), viewer.id())).contains(expected);
    assertThat(ports.projects().find(project.id(), viewer.id())).contains(expected);
    assertThat(ports.projects().lock(project.ref(), viewer.id())).contains(expected);
    assertThat(ports.projects().hold(project.ref(), Sight.ofEverything(viewer.id())))
        .contains(expected);
  }

  private Project now(Project project) {
    return ports.projects().find(project.ref(), alice.id()).orElseThrow().project();
  }

  private References using(User viewer, boolean all) {
    return ports.projects().using(instance.id(), viewer.id(), all);
  }

  private References usingInstancesOf(User owner, User viewer, boolean all) {
    return ports.projects().usingInstancesOf(owner.id(), viewer.id(), all);
  }

  private void member(Project project, Share share) {
    ports.projectShares().insert(project.id(), share, project.owner());
  }

  private static VisibleProject seen(
      Project project, Optional<Role> membership, BoundInstance bound) {
    return Seen.of(project, membership, Optional.of(bound));
  }

  private List<VisibleProject> pages(User user, int size) {
    List<VisibleProject> seen = new ArrayList<>();
    Optional<Project.Ref> after = Optional.empty();
    List<VisibleProject> page = ports.projects().list(user.id(), user.id(), after, size);
    while (!page.isEmpty()) {
      seen.addAll(page);
      after = Optional.of(page.get(page.size() - 1).project().ref());
      page = ports.projects().list(user.id(), user.id(), after, size);
    }
    return seen;
  }

  private static HeldShares held(Share share) {
    return HeldShares.own(Optional.of(share));
  }
}
