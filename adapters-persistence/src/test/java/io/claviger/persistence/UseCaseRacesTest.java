package io.claviger.persistence;

import static io.claviger.persistence.ConcurrentAttempts.DONE;
import static io.claviger.persistence.ConcurrentAttempts.MANY;
import static io.claviger.persistence.ConcurrentAttempts.code;
import static io.claviger.persistence.ConcurrentAttempts.count;
import static io.claviger.persistence.ConcurrentAttempts.many;
import static io.claviger.persistence.ConcurrentAttempts.oneAgainstMany;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.ADefinition;
import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.definitions.DefinitionWriteBuilder;
import io.claviger.application.fakes.Seeds;
import io.claviger.application.instances.InstanceWriteBuilder;
import io.claviger.application.projects.Projects.ProjectCommand;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditOutcome;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.fields.FieldWrites;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.testkit.Race;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;

/**
 * Operations in 16 threads, one of which deletes what the others need. Whatever comes first, the
 * stored rows are consistent.
 */
final class UseCaseRacesTest {
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();
  private static final RacingUseCases USE = new RacingUseCases(PORTS);
  private static final String UNKNOWN = "unknown_reference";

  private final User root = PORTS.storedFirst(AUser.called("root").administrator().build());
  private final User alice = PORTS.stored(AUser.called("alice").build());
  private final User bob = PORTS.stored(AUser.called("bob").build());

  @Race.Repeated
  void a_project_is_bound_before_the_share_that_allows_it_ends_or_not_at_all() {
    Instance shared = sharedWithBob("s");

    List<String> outcomes =
        oneAgainstMany(
            () ->
                code(
                    USE.sharing.end(
                        RacingUseCases.as(alice),
                        shared.ref(),
                        GranteeName.user(bob.handle()),
                        Precondition.NONE)),
            n -> bind("p-" + n, shared));

    assertThat(outcomes).isSubsetOf(DONE, UNKNOWN);
    Instant ended = at(AuditAction.SERVICE_UNSHARE);
    assertThat(boundTo(shared))
        .hasSize(count(outcomes, DONE) - 1)
        .allSatisfy(p -> assertThat(p.createdAt()).isBeforeOrEqualTo(ended));
  }

  @Race.Repeated
  void an_instance_is_deleted_or_bound_never_both() {
    Instance shared = sharedWithBob("s");

    List<String> outcomes =
        oneAgainstMany(() -> delete(alice, shared), n -> bind("p-" + n, shared));

    assertThat(outcomes).isSubsetOf(DONE, UNKNOWN, "in_use");
    boolean deleted = PORTS.instances().find(shared.id(), alice.id(), Seeds.SEEDED_AT).isEmpty();
    assertThat(boundTo(shared)).hasSize(deleted ? 0 : count(outcomes, DONE));
    assertThat(outcomes.contains("in_use")).isEqualTo(!deleted);
    assertThat(boundTo(shared).isEmpty()).isEqualTo(deleted);
  }

  /**
   * One walks two services through dimensions that are at no time the same, so that who reads the
   * two at different times may find them so.
   */
  @Race.Repeated
  void no_project_is_rebound_by_dimensions_that_never_were_the_same() {
    Instance from = PORTS.stored(AnInstance.of(bob, "from").dimensions(3).build());
    Instance to = PORTS.stored(AnInstance.of(bob, "to").dimensions(1).build());
    for (int n = 1; n < MANY; n++) {
      PORTS.projects().insert(AProject.of(bob, "p-" + n).using(from).build());
    }

    List<String> outcomes =
        oneAgainstMany(
            () -> {
              for (int turn = 0; turn < 3; turn++) {
                dimensions(to, 2);
                dimensions(from, 1);
                dimensions(to, 3);
                dimensions(from, 2);
                dimensions(to, 1);
                dimensions(from, 3);
              }
              return DONE;
            },
            n -> {
              String outcome = rebind("p-" + n, to);
              for (int again = 0; again < 5 && !outcome.equals(DONE); again++) {
                outcome = rebind("p-" + n, to);
              }
              return outcome;
            });

    assertThat(outcomes).containsOnlyOnce(DONE).isSubsetOf(DONE, "dimensions_differ");
    assertThat(boundTo(to)).isEmpty();
    assertThat(boundTo(from)).hasSize(MANY - 1);
  }

  @Race.Repeated
  void nothing_is_made_from_a_definition_after_it_was_deleted() {
    Definition template = stored(ADefinition.of(alice, "template").isPublic().build());

    List<String> outcomes =
        oneAgainstMany(
            () ->
                code(
                    USE.definitions.delete(
                        RacingUseCases.as(alice), template.ref(), Precondition.NONE)),
            n -> make("i-" + n, template.ref()));

    assertMadeBefore(at(AuditAction.DEFINITION_DELETE), outcomes);
    assertThat(made()).allMatch(i -> i.settings().definition().isEmpty());
  }

  @Race.Repeated
  void nothing_is_made_from_a_definition_after_it_was_made_private() {
    Definition template = stored(ADefinition.of(alice, "template").isPublic().build());

    List<String> outcomes =
        oneAgainstMany(
            () ->
                code(
                    USE.definitions.patch(
                        RacingUseCases.as(alice),
                        template.ref(),
                        Precondition.NONE,
                        DefinitionWriteBuilder.of().isPublic(false).command())),
            n -> make("i-" + n, template.ref()));

    Definition hidden =
        PORTS.definitions().find(template.ref(), alice.id()).orElseThrow().definition();
    assertThat(hidden.isPublic()).isFalse();
    assertMadeBefore(hidden.updatedAt(), outcomes);
  }

  @Race.Repeated
  void nothing_is_made_from_a_definition_after_the_sight_of_it_ended() {
    Definition template = stored(ADefinition.of(alice, "template").build());
    PORTS.definitionShares().insert(template.id(), AShare.with(bob).build(), alice.id());

    List<String> outcomes =
        oneAgainstMany(
            () ->
                code(
                    USE.definitions.endShare(
                        RacingUseCases.as(alice),
                        template.ref(),
                        GranteeName.user(bob.handle()),
                        Precondition.NONE)),
            n -> make("i-" + n, template.ref()));

    assertMadeBefore(at(AuditAction.DEFINITION_UNSHARE), outcomes);
  }

  @Race.Repeated
  void a_user_is_deleted_or_their_instance_bound_never_both() {
    Instance shared = sharedWithBob("s");

    List<String> outcomes =
        oneAgainstMany(() -> delete(root, alice, false), n -> bind("p-" + n, shared));

    assertThat(outcomes).isSubsetOf(DONE, UNKNOWN, "in_use");
    boolean deleted = PORTS.users().find(alice.handle()).isEmpty();
    assertThat(PORTS.instances().find(shared.id(), bob.id(), Seeds.SEEDED_AT).isEmpty())
        .isEqualTo(deleted);
    assertThat(boundTo(shared)).hasSize(deleted ? 0 : count(outcomes, DONE));
    assertThat(boundTo(shared).isEmpty()).isEqualTo(deleted);
    assertThat(outcomes.contains("in_use")).isEqualTo(!deleted);
  }

  @Race.Repeated
  void a_user_is_deleted_by_force_whoever_binds_their_instance() {
    Instance shared = sharedWithBob("s");

    List<String> outcomes =
        oneAgainstMany(() -> delete(root, alice, true), n -> bind("p-" + n, shared));

    assertThat(outcomes).isSubsetOf(DONE, UNKNOWN);
    assertThat(PORTS.users().find(alice.handle())).isEmpty();
    assertThat(PORTS.instances().find(shared.id(), bob.id(), Seeds.SEEDED_AT)).isEmpty();
    assertThat(projects())
        .hasSize(count(outcomes, DONE) - 1)
        .allMatch(p -> p.instance().isEmpty())
        .allMatch(p -> p.version() == 2);
  }

  @Race.Repeated
  void of_two_administrators_who_demote_each_other_one_remains() {
    User other = PORTS.stored(AUser.called("other").administrator().build());

    List<String> outcomes = many(n -> n % 2 == 0 ? demote(root, other) : demote(other, root));

    assertThat(outcomes).contains(DONE).isSubsetOf(DONE, "last_administrator");
    assertThat(administrators()).isEqualTo(1);
  }

  @Race.Repeated
  void of_two_administrators_who_delete_or_demote_each_other_one_remains() {
    User other = PORTS.stored(AUser.called("other").administrator().build());

    List<String> outcomes =
        many(n -> n % 2 == 0 ? delete(root, other, false) : demote(other, root));

    assertThat(outcomes).contains(DONE).isSubsetOf(DONE, "last_administrator", "not_found");
    assertThat(administrators()).isEqualTo(1);
  }

  private void assertMadeBefore(Instant end, List<String> outcomes) {
    assertThat(outcomes).isSubsetOf(DONE, UNKNOWN);
    assertThat(made())
        .hasSize(count(outcomes, DONE) - 1)
        .allSatisfy(i -> assertThat(i.createdAt()).isBeforeOrEqualTo(end));
  }

  private String bind(String handle, Instance service) {
    return code(
        USE.projects.put(RacingUseCases.as(bob), bobs(handle), Precondition.NONE, using(service)));
  }

  private String rebind(String handle, Instance service) {
    return code(
        USE.projects.patch(
            RacingUseCases.as(bob), bobs(handle), Precondition.NONE, using(service)));
  }

  private Project.Ref bobs(String handle) {
    return Project.Ref.of(bob.handle() + "/" + handle);
  }

  private static ProjectCommand using(Instance service) {
    return new ProjectCommand(FieldWrites.NONE, Field.of(service.ref()), false);
  }

  private String make(String handle, Definition.Ref template) {
    return code(
        USE.instances.put(
            RacingUseCases.as(bob),
            Instance.Ref.of("bob/" + handle),
            Precondition.NONE,
            InstanceWriteBuilder.of().from(template.toString()).command()));
  }

  private void dimensions(Instance service, int dimensions) {
    String outcome =
        code(
            USE.instances.patch(
                RacingUseCases.as(bob),
                service.ref(),
                Precondition.NONE,
                InstanceWriteBuilder.of().dimensions(dimensions).command()));
    assertThat(outcome).isEqualTo(DONE);
  }

  private static String delete(User actor, Instance service) {
    return code(USE.instances.delete(RacingUseCases.as(actor), service.ref(), Precondition.NONE));
  }

  private static String delete(User actor, User whom, boolean force) {
    return code(
        USE.users.delete(RacingUseCases.as(actor), whom.handle(), Precondition.NONE, force));
  }

  private static String demote(User actor, User whom) {
    FieldWrites command = FieldWrites.NONE.with(User.ADMINISTRATOR, Field.of(false));
    return code(
        USE.users.update(RacingUseCases.as(actor), whom.handle(), Precondition.NONE, command));
  }

  /** When it was done, by the audit trail. */
  private static Instant at(AuditAction action) {
    return PORTS.auditEvents().stream()
        .filter(e -> e.action() == action && e.outcome() == AuditOutcome.DONE)
        .map(AuditEvent::at)
        .findFirst()
        .orElseThrow();
  }

  private List<Project> projects() {
    return PORTS.projects().list(bob.id(), bob.id(), Optional.empty(), 50).stream()
        .map(seen -> seen.project())
        .toList();
  }

  private List<Project> boundTo(Instance service) {
    return projects().stream().filter(p -> p.instance().equals(Optional.of(service.id()))).toList();
  }

  /** What Bob has. */
  private List<Instance> made() {
    return PORTS.sql().sql("select handle from instances").query(String.class).list().stream()
        .map(handle -> Instance.Ref.of("bob/" + handle))
        .map(ref -> PORTS.instances().find(ref, bob.id(), Seeds.SEEDED_AT).orElseThrow().instance())
        .toList();
  }

  private static int administrators() {
    return PORTS.transactions().inTransaction(() -> PORTS.users().lockAdministrators().size());
  }

  private Instance sharedWithBob(String handle) {
    Instance instance = PORTS.stored(AnInstance.of(alice, handle).build());
    PORTS.shares().insert(instance.id(), AShare.with(bob).build(), alice.id());
    return instance;
  }

  private static Definition stored(Definition definition) {
    PORTS.definitions().insert(definition);
    return definition;
  }
}
