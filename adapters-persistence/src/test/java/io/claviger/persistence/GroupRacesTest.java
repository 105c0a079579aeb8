package io.claviger.persistence;

import static io.claviger.persistence.ConcurrentAttempts.DONE;
import static io.claviger.persistence.ConcurrentAttempts.code;
import static io.claviger.persistence.ConcurrentAttempts.oneAgainstMany;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.ADefinition;
import io.claviger.application.builders.AGroup;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.Seeds;
import io.claviger.application.instances.InstanceWriteBuilder;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.projects.Projects.ProjectCommand;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.AppliedBy;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.Responsible;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.fields.FieldWrites;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupMember;
import io.claviger.domain.groups.GroupRole;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.testkit.Race;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;

/** Changes of groups in 16 threads at once. */
final class GroupRacesTest {
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();
  private static final RacingUseCases USE = new RacingUseCases(PORTS);
  private static final int THREADS = 16;

  private final Group team = AGroup.called("team");
  private final User root = PORTS.storedFirst(AUser.called("root").administrator().build());

  @Race.Repeated
  void of_groups_created_at_once_under_one_handle_there_is_one() {
    List<Boolean> created =
        Race.of(
            THREADS,
            n ->
                USE.groups
                    .put(
                        RacingUseCases.as(root), team.handle(), Precondition.NONE, FieldWrites.NONE)
                    .orThrow()
                    .created(),
            1);

    assertThat(created).containsOnlyOnce(true).hasSize(THREADS);
  }

  @Race.Repeated
  void a_member_is_added_before_the_group_is_deleted_or_not_at_all() {
    PORTS.groups().insert(team);
    for (int n = 0; n < THREADS; n++) {
      PORTS.users().insert(AUser.called("user-" + n).build());
    }

    List<String> outcomes =
        oneAgainstMany(
            () ->
                code(USE.groups.delete(RacingUseCases.as(root), team.handle(), Precondition.NONE)),
            n ->
                code(
                    USE.groups.putMember(
                        RacingUseCases.as(root),
                        team.handle(),
                        AUser.called("user-" + n).build().handle(),
                        GroupRole.MEMBER,
                        Field.absent())));

    assertThat(outcomes).isSubsetOf(DONE, "not_found").contains(DONE);
    assertThat(PORTS.groups().find(team.handle())).isEmpty();
    assertThat(PORTS.groups().listMembers(team.id(), Optional.empty(), 100)).isEmpty();
  }

  @Race.Repeated
  void of_managers_who_change_the_same_state_of_a_membership_one_does() {
    User bob = memberBesides("alice");
    GroupMember seen = PORTS.groups().findMember(team.id(), bob.id()).orElseThrow();
    Precondition unchanged = Precondition.version(seen.version());

    List<String> outcomes =
        Race.of(
            THREADS,
            n ->
                code(
                    USE.groups.putMember(
                        RacingUseCases.as(root),
                        team.handle(),
                        bob.handle(),
                        unchanged,
                        GroupRole.MANAGER,
                        Field.of(new AppliedBy("file-" + n)))),
            1);

    assertThat(outcomes).containsOnlyOnce(DONE).isSubsetOf(DONE, "precondition_failed");
  }

  @Race.Repeated
  void nothing_is_made_from_a_definition_after_the_group_that_sees_it_was_left() {
    User bob = memberBesides("alice");
    Definition template = ADefinition.of(root, "template").build();
    PORTS.definitions().insert(template);
    PORTS.definitionShares().insert(template.id(), AShare.with(team).build(), root.id());

    List<String> outcomes =
        oneAgainstMany(
            () -> leave(bob),
            n ->
                code(
                    USE.instances.put(
                        RacingUseCases.as(bob),
                        Instance.Ref.of("bob/i-" + n),
                        Precondition.NONE,
                        InstanceWriteBuilder.of().from(template.ref().toString()).command())));

    assertDoneBeforeLeaving("instances", outcomes);
  }

  @Race.Repeated
  void no_project_is_bound_after_the_group_that_allows_it_was_left() {
    User bob = memberBesides("alice");
    Instance service = AnInstance.of(root, "s").build();
    PORTS.instances().insert(service, new SecretChange.Keep(), new SecretChange.Keep());
    PORTS.shares().insert(service.id(), AShare.with(team).build(), root.id());

    List<String> outcomes =
        oneAgainstMany(
            () -> leave(bob),
            n ->
                code(
                    USE.projects.put(
                        RacingUseCases.as(bob),
                        Project.Ref.of("bob/p-" + n),
                        Precondition.NONE,
                        new ProjectCommand(FieldWrites.NONE, Field.of(service.ref()), false))));

    assertDoneBeforeLeaving("projects", outcomes);
  }

  @Race.Repeated
  void of_two_managers_who_leave_and_are_deleted_at_once_one_stays_to_answer_for_the_account() {
    User bob = memberBesides("alice");
    PORTS.groups().listMembers(team.id(), Optional.empty(), 2).stream()
        .map(
            member ->
                new GroupMember(
                    member.user(), member.handle(), GroupRole.MANAGER, member.createdAt()))
        .forEach(manager -> PORTS.groups().putMember(team.id(), manager));
    PORTS
        .users()
        .insert(
            AUser.called("robot")
                .serviceAccountOf(new Responsible.GroupManagers(team.id().value(), team.handle()))
                .build());

    List<String> outcomes =
        Race.of(
            2,
            n ->
                n == 0
                    ? code(
                        USE.groups.removeMember(
                            RacingUseCases.as(bob), team.handle(), bob.handle()))
                    : code(
                        USE.users.delete(
                            RacingUseCases.as(root),
                            new Handle("alice"),
                            Precondition.NONE,
                            false)),
            1);

    assertThat(outcomes).containsExactlyInAnyOrder(DONE, "in_use");
  }

  private User memberBesides(String other) {
    PORTS.groups().insert(team);
    User bob = AUser.called("bob").build();
    for (User user : List.of(bob, AUser.called(other).build())) {
      PORTS.users().insert(user);
      PORTS
          .groups()
          .putMember(
              team.id(),
              new GroupMember(user.id(), user.handle(), GroupRole.MEMBER, Seeds.SEEDED_AT));
    }
    return bob;
  }

  private String leave(User user) {
    return code(USE.groups.removeMember(RacingUseCases.as(root), team.handle(), user.handle()));
  }

  /**
   * The recorded times are the times of the changes, which are taken while the rows that the
   * changes depend on are locked.
   */
  private void assertDoneBeforeLeaving(String table, List<String> outcomes) {
    assertThat(outcomes).isSubsetOf(DONE, "unknown_reference").contains(DONE);
    Instant left =
        PORTS.auditEvents().stream()
            .filter(e -> e.action() == AuditAction.GROUP_MEMBER_REMOVE)
            .map(AuditEvent::at)
            .findFirst()
            .orElseThrow();
    List<Instant> made =
        PORTS
            .sql()
            .sql("select created_at from " + table + " where owner_handle = 'bob'")
            .query((rs, n) -> rs.getObject(1, OffsetDateTime.class).toInstant())
            .list();
    assertThat(made)
        .hasSize(ConcurrentAttempts.count(outcomes, DONE) - 1)
        .allSatisfy(at -> assertThat(at).isBeforeOrEqualTo(left));
  }
}
