package io.claviger.persistence;

import static io.claviger.persistence.ConcurrentAttempts.DONE;
import static io.claviger.persistence.ConcurrentAttempts.code;
import static io.claviger.persistence.ConcurrentAttempts.many;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.projects.Projects.ProjectCommand;
import io.claviger.application.shared.Precondition;
import io.claviger.application.sharing.port.AccessHistory.Access;
import io.claviger.application.sharing.port.AccessHistory.AccessQuestion;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.User;
import io.claviger.domain.fields.FieldWrites;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.domain.projects.Visibility;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Share;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.sharing.JdbcAccessHistory;
import io.claviger.testkit.Race;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * With 16 threads, Bob opens a project on a service of Alice while Alice ends his right to do so.
 */
@SuppressWarnings("NullAway.Init") // set before each test
final class OpenProjectRacesTest {
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();
  private static final RacingUseCases USE = new RacingUseCases(PORTS);

  private User alice;
  private User bob;
  private Instance service;
  private Project project;

  @BeforeEach
  void begin() {
    assertThat(PORTS.emptied().users().isEmpty()).isTrue();
    alice = PORTS.stored(AUser.called("alice").build());
    bob = PORTS.stored(AUser.called("bob").build());
    service = PORTS.stored(AnInstance.of(alice, "s").build());
    lend();
    project = AProject.of(bob, "p").using(service).build();
    PORTS.projects().insert(project);
  }

  @Race.Repeated
  void a_project_is_opened_or_the_right_to_open_it_ends() {
    List<String> outcomes =
        many(n -> n % 4 == 0 ? end() : set(n % 2 == 0 ? Visibility.EVERYBODY : Visibility.MEMBERS));

    assertThat(outcomes).contains(DONE).isSubsetOf(DONE, "forbidden");
    assertClosed();
    lend();
    assertClosed();
  }

  @Race.Repeated
  void a_project_is_opened_or_the_right_is_taken_from_the_share() {
    Share.Terms lower = AShare.with(bob).mayReshare().build().terms();

    List<String> outcomes = many(n -> n % 4 == 0 ? give(lower) : set(Visibility.EVERYBODY));

    assertThat(outcomes).contains(DONE).isSubsetOf(DONE, "forbidden");
    assertClosed();
  }

  @Test
  void another_owner_of_the_project_or_the_service_closes_it() {
    User carol = PORTS.stored(AUser.called("carol").build());
    assertThat(set(Visibility.EVERYBODY)).isEqualTo(DONE);
    moved("update instances set owner_id = :to, owner_handle = 'carol'", carol);
    assertClosed();

    Project own =
        AProject.of(bob, "own")
            .using(PORTS.stored(AnInstance.of(bob, "b").build()))
            .openToEverybody()
            .build();
    PORTS.projects().insert(own);
    assertThat(now(own).isOpen()).isTrue();
    moved("update projects set owner_id = :to, owner_handle = 'carol' where handle = 'own'", carol);
    assertThat(PORTS.sql().sql("select count(*) from open_projects").query(Integer.class).single())
        .isZero();
  }

  @Test
  void a_share_that_had_expired_opens_nothing_when_it_lasts_longer() {
    Instant soon = Instant.now().plusSeconds(600);
    assertThat(give(AShare.with(bob).toEverybody().expiresAt(soon).build().terms()))
        .isEqualTo(DONE);
    assertThat(set(Visibility.EVERYBODY)).isEqualTo(DONE);
    int unused =
        PORTS.sql().sql("update shares set expires_at = now() - interval '1 second'").update();

    assertClosed();
    assertThat(give(AShare.with(bob).toEverybody().expiresAt(soon).build().terms()))
        .isEqualTo(DONE);
    assertClosed();
  }

  @Test
  void who_could_use_what_names_everybody_for_as_long_as_the_project_is_open() {
    assertThat(everybodys()).isEmpty();
    assertThat(set(Visibility.EVERYBODY)).isEqualTo(DONE);
    assertThat(everybodys())
        .singleElement()
        .satisfies(
            access -> {
              assertThat(access.project()).contains(project.ref());
              assertThat(access.user()).isEmpty();
              assertThat(access.until()).isEmpty();
            });

    assertThat(end()).isEqualTo(DONE);
    assertThat(everybodys()).singleElement().satisfies(a -> assertThat(a.until()).isPresent());
  }

  /** Claviger never moves a right, but somebody with its role in the database may. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "update shares set instance_id = :service, instance_handle = 'other'",
        "update project_shares set project_id = :project, project_handle = 'q'",
        "update open_projects set project_id = :project",
        "update group_members set user_id = :user",
        "update group_members set group_id = md5('h')::uuid"
      })
  void who_could_use_what_has_rights_that_were_moved_in_the_database(String move) {
    User carol = PORTS.stored(AUser.called("carol").build());
    Instance other = PORTS.stored(AnInstance.of(alice, "other").build());
    Project next = AProject.of(bob, "q").using(service).build();
    PORTS.projects().insert(next);
    if (move.contains("open_projects")) {
      assertThat(set(Visibility.EVERYBODY)).isEqualTo(DONE);
    }
    execute(
        """
        insert into project_shares (project_id, owner_handle, project_handle, grantee_id,
          grantee_handle, role, version, created_at)
        select id, owner_handle, handle, :user, 'carol', 'reader', 1, now()
        from projects
        where handle = 'p'
        """,
        carol,
        other,
        next);
    execute(
        """
        insert into groups (id, handle, display_name, kind, version, created_at, updated_at)
        select md5(h)::uuid, h, h, 'local', 1, now(), now()
        from unnest(array['g', 'h']) h
        """,
        carol,
        other,
        next);
    execute(
        """
        insert into group_members (group_id, user_id, role, created_at)
        values (md5('g')::uuid, :user, 'member', now())
        """,
        bob,
        other,
        next);
    assertThat(missingInHistory()).isEmpty();

    execute(move, carol, other, next);

    assertThat(missingInHistory()).isEmpty();
  }

  private static void execute(String statement, User user, Instance service, Project project) {
    int rows =
        PORTS
            .sql()
            .sql(statement)
            .param("user", user.id().value())
            .param("service", service.id().value())
            .param("project", project.id().value())
            .update();
    assertThat(rows).isPositive();
  }

  /** Returns the rights that exist and are not in the history, and the other way round. */
  private static List<String> missingInHistory() {
    return PORTS
        .sql()
        .sql(
            """
            with present as (
              select 'share' as kind, instance_id as of_id, grantee_id as holder_id from shares
              union all
              select 'project_member', project_id, grantee_id from project_shares
              union all
              select 'project_member', project_id, '01900000-0000-7000-8000-000000000001'
              from open_projects
              union all
              select 'group_member', group_id, user_id from group_members),
            noted as (
              select kind, of_id, holder_id
              from access_spans
              where until is null and kind in (select kind from present))
            (select 'not noted: ' || kind from present
              where (kind, of_id, holder_id) not in (select kind, of_id, holder_id from noted))
            union all
            (select 'has ended: ' || kind from noted
              where (kind, of_id, holder_id) not in (select kind, of_id, holder_id from present))
            """)
        .query(String.class)
        .list();
  }

  private List<Access> everybodys() {
    return new JdbcAccessHistory(new Database(PORTS.dataSource()))
            .find(
                new AccessQuestion(
                    service.ref(), Optional.of(service.id()), true, LocalDate.now(ZoneOffset.UTC)),
                Optional.empty(),
                99)
            .stream()
            .filter(access -> access.way().equals("everybody"))
            .toList();
  }

  @Test
  void what_is_deleted_leaves_nothing_open() {
    assertThat(set(Visibility.EVERYBODY)).isEqualTo(DONE);
    assertThat(PORTS.projects().listOpen(service.id(), Optional.empty(), 9))
        .extracting(open -> open.ref())
        .containsExactly(project.ref());
    int unused = PORTS.sql().sql("delete from users where handle = 'bob'").update();

    assertThat(PORTS.projects().listOpen(service.id(), Optional.empty(), 9)).isEmpty();
  }

  private static void moved(String statement, User to) {
    int unused = PORTS.sql().sql("set constraints all deferred").update();
    int rows = PORTS.sql().sql(statement).param("to", to.id().value()).update();
    assertThat(rows).isEqualTo(1);
  }

  private void assertClosed() {
    assertThat(now(project).isOpen()).isFalse();
    assertThat(PORTS.projects().listOpen(service.id(), Optional.empty(), 9)).isEmpty();
  }

  private static Project now(Project which) {
    return PORTS.projects().find(which.id(), which.owner()).orElseThrow().project();
  }

  private void lend() {
    PORTS.shares().insert(service.id(), AShare.with(bob).toEverybody().build(), alice.id());
  }

  private String set(Visibility visibility) {
    return code(
        USE.projects.patch(
            RacingUseCases.as(bob),
            project.ref(),
            Precondition.NONE,
            new ProjectCommand(
                FieldWrites.NONE.with(Project.VISIBILITY, Field.of(visibility)),
                Field.absent(),
                false)));
  }

  private String give(Share.Terms terms) {
    return code(
        USE.sharing.share(
            RacingUseCases.as(alice),
            service.ref(),
            GranteeName.user(bob.handle()),
            Precondition.NONE,
            terms));
  }

  private String end() {
    return code(
        USE.sharing.end(
            RacingUseCases.as(alice),
            service.ref(),
            GranteeName.user(bob.handle()),
            Precondition.NONE));
  }
}
