package io.claviger.persistence;

import static io.claviger.persistence.ConcurrentAttempts.DONE;
import static io.claviger.persistence.ConcurrentAttempts.code;
import static io.claviger.persistence.ConcurrentAttempts.count;
import static io.claviger.persistence.ConcurrentAttempts.many;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.reviews.Reviews;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.TimeCursor;
import io.claviger.application.shares.Grantees;
import io.claviger.application.sharing.ShareGrants;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.fields.FieldWrites;
import io.claviger.domain.groups.GroupRole;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.reviews.Review;
import io.claviger.domain.reviews.Review.Decision;
import io.claviger.domain.reviews.Review.Line;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import io.claviger.persistence.reviews.JdbcReviews;
import io.claviger.testkit.Race;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Access reviews on a real database. */
@SuppressWarnings("NullAway.Init") // set before each test
final class ReviewsTest {
  private static final Handle TEAM = new Handle("team");
  private static final PageRequest<String> FIRST = new PageRequest<>(Optional.empty(), 50);
  private static final PageRequest<TimeCursor> NEWEST = new PageRequest<>(Optional.empty(), 50);

  /** Makes a project of Alice that uses her service. */
  private static final String LETTERS =
      """
      insert into projects (
        id, owner_id, owner_handle, handle, description, instance_id, version, created_at,
        updated_at)
      select gen_random_uuid(), i.owner_id, i.owner_handle, 'letters', '', i.id, 1, now(), now()
      from instances i
      """;

  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();
  private static final RacingUseCases USE = new RacingUseCases(PORTS);
  private static final AuditedChanges CHANGES = RacingUseCases.changes(PORTS);
  private static final Reviews REVIEWS =
      Reviews.of(
          new JdbcReviews(PORTS.database()),
          PORTS.users(),
          PORTS.instances(),
          PORTS.groups(),
          new ShareGrants(
              PORTS.instances(),
              PORTS.shares(),
              PORTS.borrowRequests(),
              new Grantees(PORTS.users(), PORTS.groups()),
              CHANGES),
          USE.groups,
          CHANGES);

  private final User alice = RacingUseCases.storedFirst(PORTS, AUser.called("alice").build());
  private final User bob = PORTS.stored(AUser.called("bob").build());
  private final User carol = PORTS.stored(AUser.called("carol").build());
  private final User admin = PORTS.stored(AUser.called("ada").administrator().build());
  private Instance x;

  /** Bob is a co-owner of alice/x, and Carol, the manager of the team, a reader. */
  @BeforeEach
  void begin() {
    x = AnInstance.of(alice, "x").build();
    PORTS.instances().insert(x, new SecretChange.Keep(), new SecretChange.Keep());
    var unused =
        List.of(
            USE.groups
                .put(RacingUseCases.as(admin), TEAM, Precondition.NONE, FieldWrites.NONE)
                .orThrow(),
            USE.groups
                .putMember(
                    RacingUseCases.as(admin),
                    TEAM,
                    carol.handle(),
                    GroupRole.MANAGER,
                    Field.absent())
                .orThrow());
    give(GranteeName.user(bob.handle()), Share.Terms.owner());
    give(GranteeName.user(carol.handle()), Share.Terms.reader());
    give(GranteeName.group(TEAM), Share.Terms.reader());
  }

  private void give(GranteeName to, Share.Terms terms) {
    give(x, to, terms);
  }

  private void give(Instance service, GranteeName to, Share.Terms terms) {
    assertThat(
            code(
                USE.sharing.share(
                    RacingUseCases.as(alice), service.ref(), to, Precondition.NONE, terms)))
        .isEqualTo(DONE);
  }

  private Review.Id started() {
    return REVIEWS.startOfService(RacingUseCases.as(alice), x.ref()).orThrow().id();
  }

  private static List<Line> lines(User user, Review.Id id) {
    return REVIEWS.lines(RacingUseCases.as(user), id, FIRST).orThrow().items();
  }

  private static Line line(User user, Review.Id id, String grantee) {
    return lines(user, id).stream()
        .filter(line -> line.grantee().equals(grantee))
        .findFirst()
        .orElseThrow();
  }

  private static String decide(User user, Review.Id id, String grantee, Decision decision) {
    return code(REVIEWS.decide(RacingUseCases.as(user), id, grantee, decision));
  }

  private static List<String> events(String action) {
    return PORTS
        .sql()
        .sql("select fields[1] from audit_events where action = :action and outcome = 'done'")
        .param("action", action)
        .query(String.class)
        .list();
  }

  private static void run(String sql) {
    int unused = PORTS.sql().sql(sql).update();
  }

  @Test
  void the_end_of_a_reviewed_share_waits_for_the_project_that_it_closes_before_it_locks_anything() {
    give(GranteeName.user(carol.handle()), AShare.with(carol).toEverybody().build().terms());
    PORTS.projects().insert(AProject.of(carol, "open").using(x).openToEverybody().build());
    Review.Id id = started();

    assertThat(
            ConcurrentAttempts.behind(
                PORTS,
                "select id from projects where handle = 'open' for update",
                "select id from instances for update nowait",
                () -> decide(alice, id, "carol", Decision.END)))
        .isEqualTo(DONE);

    assertThat(line(alice, id, "carol").state()).isEqualTo(Review.State.ENDED);
  }

  @Test
  void who_does_not_see_a_review_makes_nobody_wait() {
    give(GranteeName.user(carol.handle()), AShare.with(carol).toEverybody().build().terms());
    PORTS.projects().insert(AProject.of(carol, "open").using(x).openToEverybody().build());
    Review.Id ofService = started();
    Review.Id ofGroup = REVIEWS.startOfGroup(RacingUseCases.as(carol), TEAM).orThrow().id();
    User dave = PORTS.stored(AUser.called("dave").build());

    assertThat(
            ConcurrentAttempts.whileUncommitted(
                PORTS,
                () -> {
                  for (String table : List.of("projects", "instances", "groups")) {
                    assertThat(
                            PORTS
                                .database()
                                .jdbc()
                                .sql("select id from %s for update".formatted(table))
                                .query()
                                .listOfRows())
                        .isNotEmpty();
                  }
                },
                () -> {
                  assertThat(decide(dave, ofService, "carol", Decision.END)).isEqualTo("not_found");
                  assertThat(decide(dave, ofService, "carol", Decision.KEEP))
                      .isEqualTo("not_found");
                  assertThat(decide(dave, ofGroup, "carol", Decision.END)).isEqualTo("not_found");
                }))
        .as("whether they waited for a lock")
        .isFalse();
  }

  /** A reviewer keeps what the review lists, and not a use by the right of somebody else. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "update projects set owner_id = (select id from users where handle = 'carol'),"
            + " owner_handle = 'carol'",
        "update projects set instance_id = null"
      })
  void a_project_that_is_another_ones_or_was_bound_again_has_changed(String edit) {
    give(
        GranteeName.user(carol.handle()),
        new Share.Terms(Role.READER, true, Optional.empty(), Limits.NONE));
    run(LETTERS);
    Review.Id id = started();
    assertThat(line(alice, id, "alice:letters").state()).isEqualTo(Review.State.UNCHANGED);

    run(edit);
    run("update projects set instance_id = (select id from instances)");

    assertThat(line(alice, id, "alice:letters").state()).isEqualTo(Review.State.CHANGED);
    assertThat(decide(alice, id, "alice:letters", Decision.KEEP)).isEqualTo("grant_changed");
  }

  @Test
  void projects_that_pass_the_use_on_are_listed_with_their_owner_and_kept_but_not_ended() {
    run(
        LETTERS
            + """
            union all
            select gen_random_uuid(), u.id, u.handle, 'unlent', '', i.id, 1, now(), now()
            from instances i, users u
            where u.handle = 'carol'
            """);
    User dora = PORTS.stored(AUser.called("dora").build());
    give(
        GranteeName.user(dora.handle()),
        new Share.Terms(Role.READER, true, Optional.empty(), Limits.NONE));
    Review.Id id = started();

    assertThat(lines(alice, id))
        .extracting(Line::grantee)
        .as("Carol may not lend the service on, but Dora may")
        .containsExactly("@team", "alice:letters", "bob", "carol", "dora");
    assertThat(line(alice, id, "alice:letters"))
        .satisfies(
            line -> {
              assertThat(line.kind()).isEqualTo(Review.Kind.PROJECT);
              assertThat(line.givenBy()).contains("alice");
              assertThat(line.role()).isEqualTo("members");
            });
    assertThat(decide(alice, id, "alice:letters", Decision.END)).isEqualTo("not_ended_here");
    assertThat(decide(alice, id, "alice:letters", Decision.KEEP)).isEqualTo(DONE);
    run("update projects set instance_id = null");
    assertThat(line(alice, id, "alice:letters").state()).isEqualTo(Review.State.ENDED);
  }

  @Test
  void the_last_use_is_that_of_the_present_owners_service() {
    LocalDate day = LocalDate.now(ZoneOffset.UTC).minusDays(3);
    run(
        "insert into attributed_users select i.id, i.owner_id, u.id, u.handle, '"
            + day
            + "' from instances i, users u where u.handle = 'carol'");
    run(
        "insert into attributed_users select i.id, u.id, b.id, b.handle, '"
            + day
            + "' from instances i, users u, users b where u.handle = 'ada' and b.handle = 'bob'");
    Review.Id id = started();

    assertThat(line(alice, id, "carol").lastUse()).contains(day);
    assertThat(line(alice, id, "@team").lastUse()).contains(day);
    assertThat(line(alice, id, "bob").lastUse()).isEmpty();
    Review.Id ofTeam = REVIEWS.startOfGroup(RacingUseCases.as(admin), TEAM).orThrow().id();
    assertThat(line(carol, ofTeam, "carol").lastUse()).contains(day);
    assertThat(decide(carol, ofTeam, "carol", Decision.KEEP)).isEqualTo("forbidden");
    use("bob", "central", day, "false");
    assertThat(line(alice, id, "bob").lastUse()).isEmpty();
    use("bob", "user", day.minusDays(1), "false");
    assertThat(line(alice, id, "bob").lastUse()).contains(day.minusDays(1));
  }

  /** Records the use of Alice's service, through those projects of hers that meet a condition. */
  private static void use(String user, String keySource, LocalDate day, String projects) {
    run(
        """
        insert into usage_daily (day, user_id, user_handle, instance_id, instance_ref, owner_id,
          project_id, project_ref, project_owner_id, key_source, requests, errors, bytes_in,
          bytes_out, input_tokens, output_tokens)
        select '%s', u.id, u.handle, i.id, 'alice/x', i.owner_id,
          coalesce(p.id, '00000000-0000-0000-0000-000000000000'), p.owner_handle || '/' || p.handle,
          p.owner_id, '%s', 1, 0, 0, 0, 0, 0
        from users u
        cross join instances i
        left join projects p on p.instance_id = i.id and %s
        where u.handle = '%s'
        """
            .formatted(day, keySource, projects, user));
  }

  @Test
  void the_last_use_of_a_project_is_that_of_its_own_calls_within_the_time_of_reviews() {
    run(LETTERS);
    run(LETTERS.replace("'letters'", "'others'"));
    LocalDate day = LocalDate.now(ZoneOffset.UTC).minusDays(3);
    Review.Id id = started();

    use("bob", "central", day.minusDays(Review.KEPT_FOR.toDays()), "p.handle = 'letters'");
    use("bob", "central", day, "p.handle = 'others'");
    assertThat(line(alice, id, "alice:letters").lastUse()).isEmpty();
    assertThat(line(alice, id, "alice:others").lastUse()).contains(day);

    use("bob", "user", day.minusDays(1), "p.handle = 'letters'");
    assertThat(line(alice, id, "alice:letters").lastUse()).contains(day.minusDays(1));
  }

  @Test
  void of_a_system_level_service_the_use_by_everybody_is_reviewed_with_the_last_of_anybody() {
    Instance common = AnInstance.systemLevel("s").build();
    PORTS.instances().insert(common, new SecretChange.Keep(), new SecretChange.Keep());
    LocalDate day = LocalDate.now(ZoneOffset.UTC).minusDays(3);
    run(
        "insert into attributed_users select i.id, i.owner_id, u.id, u.handle, '"
            + day
            + "' from instances i, users u where i.handle = 's' and u.handle = 'bob'");

    Review.Id id = REVIEWS.startOfService(RacingUseCases.as(admin), common.ref()).orThrow().id();

    assertThat(lines(admin, id))
        .singleElement()
        .satisfies(
            line -> {
              assertThat(line.kind()).isEqualTo(Review.Kind.EVERYBODY);
              assertThat(line.role()).isEqualTo("reader");
              assertThat(line.state()).isEqualTo(Review.State.UNCHANGED);
              assertThat(line.lastUse()).contains(day);
            });
    run("update instances set audience = 'shared' where handle = 's'");
    assertThat(line(admin, id, "*").state()).isEqualTo(Review.State.ENDED);
    assertThat(lines(alice, started())).extracting(Line::grantee).doesNotContain("*");
  }

  /** Stores another service of Alice, which Dora and Carol use, and a project of Alice with it. */
  private Instance another() {
    Instance y = AnInstance.of(alice, "y").build();
    PORTS.instances().insert(y, new SecretChange.Keep(), new SecretChange.Keep());
    User dora = PORTS.stored(AUser.called("dora").build());
    give(y, GranteeName.user(dora.handle()), Share.Terms.reader());
    give(y, GranteeName.user(carol.handle()), Share.Terms.reader());
    run(LETTERS + "where i.handle = 'y'");
    return y;
  }

  @Test
  void a_review_is_of_one_service_and_its_decisions_are_its_own() {
    Instance y = another();
    String day = LocalDate.now(ZoneOffset.UTC).minusDays(3).toString();
    run(
        "insert into attributed_users select i.id, i.owner_id, u.id, u.handle, '"
            + day
            + "' from instances i, users u where i.handle = 'y' and u.handle = 'carol'");
    Review.Id ofY = REVIEWS.startOfService(RacingUseCases.as(alice), y.ref()).orThrow().id();
    Review.Id id = started();

    assertThat(lines(alice, id)).extracting(Line::grantee).containsExactly("@team", "bob", "carol");
    assertThat(lines(alice, id)).extracting(Line::lastUse).containsOnly(Optional.empty());
    assertThat(lines(alice, ofY))
        .extracting(Line::grantee)
        .containsExactly("alice:letters", "carol", "dora");
    assertThat(decide(alice, ofY, "carol", Decision.END)).isEqualTo(DONE);

    assertThat(line(alice, id, "carol"))
        .satisfies(
            line -> {
              assertThat(line.state()).isEqualTo(Review.State.UNCHANGED);
              assertThat(line.decision()).isEmpty();
            });
    assertThat(REVIEWS.list(RacingUseCases.as(alice), NEWEST).orThrow().items())
        .extracting(each -> each.subject().ref() + " " + each.grants() + " " + each.decided())
        .containsExactly("alice/x 3 0", "alice/y 3 1");
    assertThat(listed(bob)).containsExactly(id);
    assertThat(listed(carol)).isEmpty();
    run("update shares set expires_at = now() - interval '1 minute' where grantee_handle = 'bob'");
    assertThat(listed(bob)).isEmpty();
  }

  private static List<Review.Id> listed(User user) {
    return REVIEWS.list(RacingUseCases.as(user), NEWEST).orThrow().items().stream()
        .map(Review::id)
        .toList();
  }

  @Test
  void a_review_of_a_group_is_of_its_members_and_for_its_managers() {
    User dora = PORTS.stored(AUser.called("dora").build());
    Handle crew = new Handle("crew");
    var unused =
        List.of(
            USE.groups
                .put(RacingUseCases.as(admin), crew, Precondition.NONE, FieldWrites.NONE)
                .orThrow(),
            USE.groups
                .putMember(
                    RacingUseCases.as(admin),
                    crew,
                    dora.handle(),
                    GroupRole.MANAGER,
                    Field.absent())
                .orThrow(),
            USE.groups
                .putMember(
                    RacingUseCases.as(admin), TEAM, bob.handle(), GroupRole.MEMBER, Field.absent())
                .orThrow());
    Review.Id ofTeam = REVIEWS.startOfGroup(RacingUseCases.as(admin), TEAM).orThrow().id();
    Review.Id ofCrew = REVIEWS.startOfGroup(RacingUseCases.as(admin), crew).orThrow().id();

    assertThat(lines(admin, ofTeam)).extracting(Line::grantee).containsExactly("bob", "carol");
    assertThat(lines(admin, ofCrew)).extracting(Line::grantee).containsExactly("dora");
    assertThat(listed(carol)).containsExactly(ofTeam);
    assertThat(listed(dora)).containsExactly(ofCrew);
    assertThat(listed(bob)).isEmpty();
    assertThat(listed(admin)).containsExactly(ofCrew, ofTeam);
  }

  @Test
  void a_share_that_has_expired_is_not_reviewed_nor_what_projects_passed_on_by_it() {
    give(
        GranteeName.user(carol.handle()),
        new Share.Terms(Role.READER, true, Optional.empty(), Limits.NONE));
    run(LETTERS);
    run(
        "update projects set owner_id = (select id from users where handle = 'carol'),"
            + " owner_handle = 'carol'");
    assertThat(lines(alice, started()))
        .extracting(Line::grantee)
        .containsExactly("@team", "bob", "carol", "carol:letters");
    run(
        "update shares set expires_at = now() - interval '1 minute' where grantee_handle ="
            + " 'carol'");

    assertThat(lines(alice, started())).extracting(Line::grantee).containsExactly("@team", "bob");
  }

  @Test
  void open_reviews_of_one_service_or_group_by_one_user_are_counted() {
    Instance y = another();
    for (int n = 0; n < Review.MOST_OF_SUBJECT; n++) {
      assertThat(started()).isNotNull();
    }

    assertThat(code(REVIEWS.startOfService(RacingUseCases.as(alice), x.ref())))
        .isEqualTo("too_many_reviews");
    assertThat(code(REVIEWS.startOfService(RacingUseCases.as(alice), y.ref()))).isEqualTo(DONE);
    run("update reviews set started_at = now() - interval '90 days', until = now()");
    assertThat(code(REVIEWS.startOfService(RacingUseCases.as(alice), x.ref()))).isEqualTo(DONE);
    for (int n = 0; n < Review.MOST_OF_SUBJECT; n++) {
      assertThat(code(REVIEWS.startOfGroup(RacingUseCases.as(admin), TEAM))).isEqualTo(DONE);
    }
    assertThat(code(REVIEWS.startOfGroup(RacingUseCases.as(admin), TEAM)))
        .isEqualTo("too_many_reviews");
  }

  @Test
  void an_expired_share_has_ended_and_one_that_is_given_again_has_changed() {
    Review.Id id = started();
    run(
        "update shares set expires_at = now() - interval '1 minute' where grantee_handle ="
            + " 'carol'");
    assertThat(line(alice, id, "carol").state()).isEqualTo(Review.State.ENDED);
    assertThat(decide(alice, id, "carol", Decision.END)).isEqualTo("grant_ended");
    assertThat(started()).isNotEqualTo(id);
    assertThat(PORTS.shares().delete(x.id(), bob.id())).isTrue();
    give(GranteeName.user(bob.handle()), Share.Terms.owner());
    assertThat(decide(alice, id, "bob", Decision.KEEP)).isEqualTo("grant_changed");
  }

  @Test
  void a_share_with_other_terms_has_changed() {
    Review.Id id = started();
    give(
        GranteeName.user(carol.handle()),
        new Share.Terms(Role.WRITER, false, Optional.empty(), Limits.NONE));

    assertThat(line(alice, id, "carol").state()).isEqualTo(Review.State.CHANGED);
    assertThat(line(alice, id, "bob").state()).isEqualTo(Review.State.UNCHANGED);
    assertThat(decide(alice, id, "carol", Decision.KEEP)).isEqualTo("grant_changed");
  }

  @Test
  void a_co_owners_end_ends_what_they_gave_and_their_sight_of_the_review() {
    User dora = PORTS.stored(AUser.called("dora").build());
    assertThat(
            code(
                USE.sharing.share(
                    RacingUseCases.as(bob),
                    x.ref(),
                    GranteeName.user(dora.handle()),
                    Precondition.NONE,
                    Share.Terms.reader())))
        .isEqualTo(DONE);
    Review.Id id = started();

    assertThat(decide(bob, id, "bob", Decision.KEEP)).isEqualTo("forbidden");
    assertThat(decide(alice, id, "bob", Decision.END)).isEqualTo(DONE);
    assertThat(line(alice, id, "dora").state()).isEqualTo(Review.State.ENDED);
    assertThat(events("service.unshare")).containsExactlyInAnyOrder("bob", "dora");
    assertThat(events("review.end")).containsExactly("bob");
    assertThat(code(REVIEWS.find(RacingUseCases.as(bob), id))).isEqualTo("not_found");
    assertThat(REVIEWS.list(RacingUseCases.as(bob), NEWEST).orThrow().items()).isEmpty();
  }

  @Test
  void a_service_account_keeps_no_grant_of_who_can_act_as_it() {
    User robot = PORTS.stored(AUser.called("robot").serviceAccountOf(carol).build());
    User other = PORTS.stored(AUser.called("other").serviceAccountOf(carol).build());
    give(GranteeName.user(robot.handle()), Share.Terms.owner());
    give(GranteeName.user(other.handle()), Share.Terms.reader());
    Review.Id id = started();

    assertThat(decide(robot, id, "carol", Decision.KEEP)).isEqualTo("forbidden");
    assertThat(decide(robot, id, "other", Decision.KEEP)).isEqualTo("forbidden");
    assertThat(decide(robot, id, "@team", Decision.KEEP)).isEqualTo(DONE);
    assertThat(decide(robot, id, "carol", Decision.END)).isEqualTo(DONE);
    assertThat(decide(alice, id, "other", Decision.KEEP)).isEqualTo(DONE);
  }

  @Test
  void after_a_transfer_administrators_alone_see_what_was_reviewed() {
    Review.Id id = started();
    run(
        """
        with given as (delete from shares)
        update instances set owner_id = u.id, owner_handle = u.handle
        from users u
        where u.handle = 'carol'
        """);

    assertThat(code(REVIEWS.find(RacingUseCases.as(carol), id))).isEqualTo("not_found");
    assertThat(code(REVIEWS.find(RacingUseCases.as(alice), id))).isEqualTo("not_found");
    assertThat(REVIEWS.list(RacingUseCases.as(carol), NEWEST).orThrow().items()).isEmpty();
    assertThat(lines(admin, id)).extracting(Line::state).containsOnly(Review.State.ENDED);
  }

  @Test
  void members_of_a_group_that_is_kept_elsewhere_are_kept_and_not_ended() {
    run("update groups set kind = 'synced', issuer = 'https://idp.example', claim_value = 'team'");
    Review.Id id = REVIEWS.startOfGroup(RacingUseCases.as(admin), TEAM).orThrow().id();

    assertThat(decide(admin, id, "carol", Decision.END)).isEqualTo("synced");
    assertThat(decide(admin, id, "carol", Decision.KEEP)).isEqualTo(DONE);
  }

  @Test
  void a_review_closes_and_is_removed_in_the_end() {
    Review.Id id = started();
    run(
        "update reviews set until = now() - interval '1 second', started_at = now() - interval '90"
            + " days'");
    assertThat(decide(alice, id, "carol", Decision.KEEP)).isEqualTo("review_closed");
    run(
        "update reviews set started_at = now() - interval '399 days', until = now() - interval '309"
            + " days'");
    REVIEWS.removeOld();
    assertThat(lines(alice, id)).hasSize(3);
    run(
        "update reviews set started_at = now() - interval '401 days', until = now() - interval '311"
            + " days'");
    REVIEWS.removeOld();
    assertThat(code(REVIEWS.find(RacingUseCases.as(alice), id))).isEqualTo("not_found");
  }

  @Race.Repeated
  void decisions_of_several_about_one_grant_are_recorded_once() {
    Review.Id id = started();

    List<String> kept = many(n -> decide(n % 2 == 0 ? alice : admin, id, "carol", Decision.KEEP));

    assertThat(kept).containsOnly(DONE);
    assertThat(events("review.keep")).containsExactly("carol");
    List<String> ended = many(n -> decide(n % 2 == 0 ? bob : admin, id, "carol", Decision.END));
    assertThat(ended).containsOnly(DONE);
    assertThat(events("review.end")).containsExactly("carol");
    assertThat(events("service.unshare")).containsExactly("carol");
  }

  @Race.Repeated
  void an_end_that_races_keeping_stands() {
    Review.Id id = started();

    List<String> outcomes =
        many(
            n ->
                n % 2 == 0
                    ? "keep " + decide(alice, id, "carol", Decision.KEEP)
                    : "end " + decide(admin, id, "carol", Decision.END));

    assertThat(outcomes)
        .allMatch(said -> List.of("keep done", "keep decision_stands", "end done").contains(said));
    assertThat(count(outcomes, "end done")).isEqualTo(8);
    assertThat(line(alice, id, "carol").decision()).contains(Decision.END);
    assertThat(PORTS.shares().find(x.id(), carol.id())).isEmpty();
    assertThat(events("review.end")).containsExactly("carol");
    assertThat(events("review.keep")).hasSizeLessThanOrEqualTo(1);
    assertThat(events("service.unshare")).containsExactly("carol");
  }

  @Race.Repeated
  void a_share_that_ends_at_the_same_time_ends_once() {
    Review.Id id = started();

    List<String> outcomes =
        many(
            n ->
                switch (n % 3) {
                  case 0 -> "end " + decide(alice, id, "carol", Decision.END);
                  case 1 -> "keep " + decide(admin, id, "carol", Decision.KEEP);
                  default ->
                      "unshare "
                          + code(
                              USE.sharing.end(
                                  RacingUseCases.as(alice),
                                  x.ref(),
                                  GranteeName.user(carol.handle()),
                                  Precondition.NONE));
                });

    assertThat(PORTS.shares().find(x.id(), carol.id())).isEmpty();
    assertThat(events("service.unshare")).containsExactly("carol");
    boolean byReview = outcomes.contains("end done");
    assertThat(events("review.end")).hasSize(byReview ? 1 : 0);
    assertThat(outcomes.contains("end grant_ended")).isEqualTo(!byReview);
    assertThat(outcomes).allMatch(said -> !said.startsWith("unshare") || said.endsWith(DONE));
  }

  @Race.Repeated
  void a_member_who_leaves_while_the_review_ends_the_membership_leaves_once() {
    Review.Id id = REVIEWS.startOfGroup(RacingUseCases.as(admin), TEAM).orThrow().id();

    List<String> outcomes =
        many(
            n ->
                n % 2 == 0
                    ? "end " + decide(admin, id, "carol", Decision.END)
                    : "leave "
                        + code(
                            USE.groups.removeMember(
                                RacingUseCases.as(admin), TEAM, carol.handle())));

    assertThat(events("group.member_remove")).containsExactly("carol");
    assertThat(events("review.end")).hasSize(outcomes.contains("end done") ? 1 : 0);
  }

  @Race.Repeated
  void reviews_that_are_started_at_once_stay_within_the_bound() {
    List<String> outcomes =
        many(n -> code(REVIEWS.startOfService(RacingUseCases.as(bob), x.ref())));

    assertThat(count(outcomes, DONE)).isEqualTo(Review.MOST_OF_SUBJECT);
    assertThat(count(outcomes, "too_many_reviews")).isEqualTo(16 - Review.MOST_OF_SUBJECT);
    assertThat(code(REVIEWS.startOfService(RacingUseCases.as(alice), x.ref()))).isEqualTo(DONE);
  }
}
