package io.claviger.application.gateway;

import static io.claviger.application.Outcomes.because;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import io.claviger.domain.fairness.Borrower;
import io.claviger.domain.fairness.CapacityPolicy;
import io.claviger.domain.fairness.CapacityTerms;
import io.claviger.domain.fairness.Weight;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.ObjectHolder;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import io.claviger.domain.standards.WireFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Alice's service, Bob's project that uses it, and Carol, who calls. */
class CallThroughProjectTest {
  private final Calls c = new Calls();
  private final User carol = c.w.user("carol");
  private final TokenText carols = c.w.stored(AToken.of(carol).build());
  private final Instance service = c.write.withKey(c.alice, "s");
  private final Project project = c.w.stored(AProject.of(c.bob, "p").using(service).build());

  @Test
  void a_caller_with_use_of_their_own_passes_and_is_told_the_services_name() {
    share(AShare.with(c.bob));
    share(AShare.with(carol));
    member();

    try (AuthorizedCall authorized = Calls.authorized(c.call(carols, project))) {
      assertThat(authorized.service()).isEqualTo("alice/s");
      assertThat(authorized.source()).isEqualTo(KeySource.CENTRAL);
      assertThat(authorized.key().map(Calls::text)).contains(Wiring.CANARY);
    }
  }

  @Test
  void members_of_a_project_of_the_services_owner_pass_and_are_told_the_projects_name() {
    Project alices = c.w.stored(AProject.of(c.alice, "p").using(service).build());
    c.w.member(alices, carol, Role.READER);

    try (AuthorizedCall authorized = Calls.authorized(c.call(carols, alices))) {
      assertThat(authorized.service()).isEqualTo("alice/p");
      assertThat(authorized.key().map(Calls::text)).contains(Wiring.CANARY);
    }
  }

  @Test
  void members_of_a_project_whose_owner_may_reshare_pass_and_are_told_the_projects_name() {
    share(AShare.with(c.bob).mayReshare());
    member();

    try (AuthorizedCall authorized = Calls.authorized(c.call(carols, project))) {
      assertThat(authorized.service()).isEqualTo("bob/p");
      assertThat(authorized.source()).isEqualTo(KeySource.CENTRAL);
    }
  }

  @Test
  void a_call_takes_its_turn_as_the_person_whom_the_use_was_lent_to() {
    User bot = AUser.called("bot").serviceAccountOf(c.bob).build();
    c.w.claviger.users().insert(bot);
    TokenText bots = c.w.stored(AToken.of(bot).build());
    Project botsProject = c.w.stored(AProject.of(bot, "p").using(service).build());
    c.w.member(botsProject, carol, Role.READER);
    share(AShare.with(c.bob).mayReshare().weight(30));
    share(AShare.with(carol).weight(3));
    share(AShare.with(bot).mayReshare().weight(4));
    member();

    assertThat(turn(c.call(c.bobs, service))).isEqualTo(turnOf(c.bob, 30));
    assertThat(turn(c.call(carols, service))).isEqualTo(turnOf(carol, 3));
    assertThat(turn(c.call(bots, service))).isEqualTo(turnOf(c.bob, 4));
    assertThat(turn(c.call(carols, project))).isEqualTo(turnOf(c.bob, 30));
    assertThat(turn(c.call(carols, botsProject))).isEqualTo(turnOf(c.bob, 4));
    assertThat(turn(c.call(c.alices, service))).isEqualTo(turnOf(c.alice, 10));
  }

  @Test
  void a_node_counts_a_caller_as_themselves_and_a_service_account_as_who_is_responsible_for_it() {
    User bot = AUser.called("bot").serviceAccountOf(c.bob).build();
    c.w.claviger.users().insert(bot);
    TokenText bots = c.w.stored(AToken.of(bot).build());
    share(AShare.with(c.bob).mayReshare());
    share(AShare.with(bot));
    member();

    assertThat(countedAs(c.call(bots, service))).isEqualTo(c.bob.id().value());
    assertThat(countedAs(c.call(c.bobs, service))).isEqualTo(c.bob.id().value());
    assertThat(countedAs(c.call(carols, project))).isEqualTo(carol.id().value());
  }

  private static UUID countedAs(CallAuthorization.AuthorizationOutcome outcome) {
    try (AuthorizedCall authorized = Calls.authorized(outcome)) {
      return authorized.countedAs();
    }
  }

  private static CapacityTerms turn(CallAuthorization.AuthorizationOutcome outcome) {
    try (AuthorizedCall authorized = Calls.authorized(outcome)) {
      return authorized.terms().capacity().orElseThrow();
    }
  }

  private CapacityTerms turnOf(User borrower, int weight) {
    return CapacityTerms.of(
        CapacityPolicy.USUAL,
        service.id().value(),
        c.alice.id().value(),
        new Borrower(borrower.id().value(), new Weight(weight)));
  }

  @Test
  void members_of_a_project_whose_owner_may_not_do_not() {
    member();
    for (Role role : Role.values()) {
      share(AShare.with(c.bob).role(role));

      assertThat(Calls.refusal(c.call(carols, project))).isEqualTo(CallRefusal.NOT_PASSED_ON);
      end(c.bob);
    }
  }

  @Test
  void a_writers_membership_passes_nothing_on_either() {
    share(AShare.with(c.bob));
    c.w.member(project, carol, Role.WRITER);

    assertThat(Calls.refusal(c.call(carols, project))).isEqualTo(CallRefusal.NOT_PASSED_ON);
  }

  @Test
  void may_reshare_of_a_member_passes_nothing_on_to_others() {
    User dan = c.w.user("dan");
    TokenText dans = c.w.stored(AToken.of(dan).build());
    share(AShare.with(c.bob));
    share(AShare.with(carol).mayReshare());
    member();
    c.w.member(project, dan, Role.READER);

    assertThat(Calls.refusal(c.call(dans, project))).isEqualTo(CallRefusal.NOT_PASSED_ON);
  }

  @Test
  void may_reshare_gives_nothing_else() {
    share(AShare.with(c.bob).mayReshare());
    member();

    assertThat(
            because(
                c.w.sharing.share(
                    c.w.as(c.bob),
                    service.ref(),
                    GranteeName.user(carol.handle()),
                    Precondition.NONE,
                    new Share.Terms(Role.READER, false, Optional.empty(), Limits.NONE))))
        .isEqualTo("forbidden");
    assertThat(Calls.refusal(c.call(carols, service))).isEqualTo(CallRefusal.NOT_FOUND);
    assertThat(because(c.w.instances.find(c.w.as(carol), service.ref()))).isEqualTo("not_found");
  }

  @Test
  void a_share_that_has_expired_passes_nothing_on() {
    share(AShare.with(c.bob).mayReshare().expiresAt(inFiveSeconds()));
    member();
    Calls.authorized(c.call(carols, project)).close();

    c.w.claviger.clock().advance(Duration.ofSeconds(5));

    assertThat(Calls.refusal(c.call(carols, project))).isEqualTo(CallRefusal.INSTANCE_REVOKED);
  }

  @Test
  void ones_own_share_that_has_expired_is_no_use_of_ones_own() {
    share(AShare.with(c.bob));
    share(AShare.with(carol).expiresAt(inFiveSeconds()));
    member();
    Calls.authorized(c.call(carols, project)).close();

    c.w.claviger.clock().advance(Duration.ofSeconds(5));

    assertThat(Calls.refusal(c.call(carols, project))).isEqualTo(CallRefusal.NOT_PASSED_ON);
  }

  @Test
  void when_the_owner_lost_the_service_nobody_passes_with_or_without_use_of_their_own() {
    User dan = c.w.user("dan");
    TokenText dans = c.w.stored(AToken.of(dan).build());
    share(AShare.with(c.bob).mayReshare());
    share(AShare.with(carol).role(Role.OWNER));
    member();
    c.w.member(project, dan, Role.READER);
    end(c.bob);

    assertThat(Calls.refusal(c.call(carols, project))).isEqualTo(CallRefusal.INSTANCE_REVOKED);
    assertThat(Calls.refusal(c.call(dans, project))).isEqualTo(CallRefusal.INSTANCE_REVOKED);
    assertThat(Calls.refusal(c.call(c.bobs, project))).isEqualTo(CallRefusal.INSTANCE_REVOKED);
    Calls.authorized(c.call(carols, service)).close();
  }

  @Test
  void when_the_owner_gets_it_again_all_is_as_before() {
    member();
    assertThat(Calls.refusal(c.call(carols, project))).isEqualTo(CallRefusal.INSTANCE_REVOKED);

    share(AShare.with(c.bob).mayReshare());

    Calls.authorized(c.call(carols, project)).close();
  }

  @Test
  void to_administer_a_service_is_not_to_use_it_through_ones_project() {
    Project roots = c.w.stored(AProject.of(c.root, "p").using(service).build());

    assertThat(Calls.refusal(c.call(c.roots, roots))).isEqualTo(CallRefusal.INSTANCE_REVOKED);
  }

  @Test
  void the_owner_of_the_project_calls_through_it() {
    share(AShare.with(c.bob));

    try (AuthorizedCall authorized = Calls.authorized(c.call(c.bobs, project))) {
      assertThat(authorized.service()).isEqualTo("alice/s");
    }
  }

  @Test
  void everybody_uses_a_system_level_service_and_so_may_any_member() {
    Project open =
        c.w.stored(
            AProject.of(c.bob, "open").using(c.write.systemLevelWithKey(c.root, "x")).build());
    c.w.member(open, carol, Role.READER);

    try (AuthorizedCall authorized = Calls.authorized(c.call(carols, open))) {
      assertThat(authorized.service()).isEqualTo("_system/x");
    }
  }

  @Test
  void who_is_no_member_finds_nothing_whatever_they_hold() {
    share(AShare.with(c.bob).mayReshare());
    share(AShare.with(carol));

    assertThat(Calls.refusal(c.call(carols, project))).isEqualTo(CallRefusal.NOT_FOUND);
    assertThat(Calls.refusal(c.call(c.alices, project))).isEqualTo(CallRefusal.NOT_FOUND);
    assertThat(c.call(carols, project))
        .isEqualTo(
            c.call(carols, new CallTarget.OfProject(Project.Ref.of("bob/none")), Calls.OPERATION));
  }

  @Test
  void everybody_calls_through_a_project_that_is_open_as_long_as_its_owner_may_open_it() {
    share(AShare.with(c.bob).toEverybody().expiresAt(inFiveSeconds()));
    Project open = c.w.stored(AProject.of(c.bob, "open").using(service).openToEverybody().build());
    TokenText restricted = c.w.stored(AToken.of(carol).onlyFor(project).build());

    try (AuthorizedCall authorized = Calls.authorized(c.call(carols, open))) {
      assertThat(authorized.service()).isEqualTo("bob/open");
    }
    assertThat(Calls.refusal(c.call(restricted, open))).isEqualTo(CallRefusal.NOT_FOUND);
    assertThat(Calls.refusal(c.call(carols, service))).isEqualTo(CallRefusal.NOT_FOUND);

    c.w.claviger.clock().advance(Duration.ofSeconds(5));

    assertThat(Calls.refusal(c.call(carols, open))).isEqualTo(CallRefusal.NOT_FOUND);
  }

  @Test
  void a_project_that_was_open_is_for_its_members_when_the_right_to_open_it_ends() {
    share(AShare.with(c.bob).toEverybody());
    Project open = c.w.stored(AProject.of(c.bob, "open").using(service).openToEverybody().build());
    Calls.authorized(c.call(carols, open)).close();

    end(c.bob);
    assertThat(Calls.refusal(c.call(carols, open))).isEqualTo(CallRefusal.NOT_FOUND);
    share(AShare.with(c.bob).toEverybody());
    assertThat(Calls.refusal(c.call(carols, open))).isEqualTo(CallRefusal.NOT_FOUND);
  }

  @Test
  void what_a_stranger_stores_through_an_open_project_is_their_own() {
    share(AShare.with(c.bob).toEverybody());
    Project open = c.w.stored(AProject.of(c.bob, "open").using(service).openToEverybody().build());
    User dan = c.w.user("dan");
    TokenText dans = c.w.stored(AToken.of(dan).build());
    c.w.member(open, dan, Role.READER);

    assertThat(holder(carols, open)).isEqualTo(ObjectHolder.user(carol.id().value()));
    assertThat(holder(dans, open)).isEqualTo(ObjectHolder.project(open.id().value()));
  }

  @Test
  void an_owner_share_does_not_make_the_account_the_callers() {
    share(AShare.with(c.bob).role(Role.OWNER));
    Project alices = c.w.stored(AProject.of(c.alice, "p").using(service).build());

    assertThat(ownsAccount(c.call(c.bobs, service))).isFalse();
    assertThat(ownsAccount(c.call(c.alices, service))).isTrue();
    assertThat(ownsAccount(c.call(c.alices, alices))).isFalse();
    assertThat(showsRates(c.call(c.bobs, service))).isTrue();
    assertThat(showsRates(c.call(c.bobs, project))).isFalse();
  }

  private static boolean ownsAccount(CallAuthorization.AuthorizationOutcome outcome) {
    try (AuthorizedCall authorized = Calls.authorized(outcome)) {
      return authorized.isolation().orElseThrow().caller().orElseThrow().ownsAccount();
    }
  }

  private static boolean showsRates(CallAuthorization.AuthorizationOutcome outcome) {
    try (AuthorizedCall authorized = Calls.authorized(outcome)) {
      return authorized.showsRates();
    }
  }

  private ObjectHolder holder(TokenText token, Project through) {
    try (AuthorizedCall authorized = Calls.authorized(c.call(token, through))) {
      return authorized.isolation().orElseThrow().caller().orElseThrow().holder();
    }
  }

  @Test
  void who_left_finds_nothing() {
    share(AShare.with(c.bob).mayReshare());
    member();
    assertThat(c.w.claviger.projectShares().delete(project.id(), carol.id())).isTrue();

    assertThat(Calls.refusal(c.call(carols, project))).isEqualTo(CallRefusal.NOT_FOUND);
  }

  @Test
  void an_administrator_sees_it_but_is_no_member() {
    share(AShare.with(c.bob).mayReshare());

    assertThat(Calls.refusal(c.call(c.roots, project))).isEqualTo(CallRefusal.NOT_PERMITTED);
  }

  @Test
  void a_project_that_uses_nothing_leads_nowhere() {
    Project unbound = c.w.stored(AProject.of(c.bob, "unbound").build());

    assertThat(Calls.refusal(c.call(c.bobs, unbound))).isEqualTo(CallRefusal.PROJECT_UNBOUND);
  }

  @Test
  void an_unknown_token_is_bad() {
    assertThat(Calls.refusal(c.call(TokenText.of(new byte[64]), project)))
        .isEqualTo(CallRefusal.BAD_TOKEN);
  }

  @Test
  void a_token_restricted_to_the_project_passes_there_and_not_beside_it() {
    share(AShare.with(c.bob));
    share(AShare.with(carol));
    member();
    TokenText restricted = c.w.stored(AToken.of(carol).onlyFor(project).build());

    Calls.authorized(c.call(restricted, project)).close();
    assertThat(Calls.refusal(c.call(restricted, service))).isEqualTo(CallRefusal.NOT_FOUND);
  }

  @Test
  void a_token_restricted_to_another_project_or_to_the_service_does_not_pass() {
    share(AShare.with(c.bob).mayReshare());
    share(AShare.with(carol));
    member();
    Project other = c.w.stored(AProject.of(c.bob, "other").using(service).build());
    c.w.member(other, carol, Role.READER);

    TokenText toOther = c.w.stored(AToken.of(carol).onlyFor(other).build());
    TokenText toService = c.w.stored(AToken.of(carol).onlyFor(service).build());

    assertThat(Calls.refusal(c.call(toOther, project))).isEqualTo(CallRefusal.NOT_FOUND);
    assertThat(Calls.refusal(c.call(toService, project))).isEqualTo(CallRefusal.NOT_FOUND);
  }

  @Test
  void what_becomes_of_the_call_is_the_services_matter() {
    share(AShare.with(c.bob).mayReshare());
    member();

    assertThat(
            Calls.refusal(
                c.call(carols, new CallTarget.OfProject(project.ref()), "DELETE assistants/all")))
        .isEqualTo(CallRefusal.OPERATION_NOT_ALLOWED);
    c.w
        .claviger
        .instances()
        .update(
            TamperedInstances.disabled(service), new SecretChange.Keep(), new SecretChange.Keep());
    CallAuthorization.AuthorizationOutcome refused = c.call(carols, project);
    assertThat(Calls.refusal(refused)).isEqualTo(CallRefusal.DISABLED);
    assertThat(((CallAuthorization.AuthorizationOutcome.Refused) refused).service())
        .map(CallAuthorization.KnownService::format)
        .contains(WireFormat.OPENAI);
  }

  @Test
  void whether_the_service_is_disabled_is_told_to_those_only_who_pass() {
    Instance off = c.w.stored(AnInstance.of(c.alice, "off").disabled().build());
    Project uses = c.w.stored(AProject.of(c.bob, "uses-off").using(off).build());

    CallAuthorization.AuthorizationOutcome refused = c.call(c.bobs, uses);

    assertThat(Calls.refusal(refused)).isEqualTo(CallRefusal.INSTANCE_REVOKED);
    assertThat(((CallAuthorization.AuthorizationOutcome.Refused) refused).service()).isEmpty();
  }

  private void share(AShare share) {
    Share unused = c.w.stored(service, share.givenBy(c.alice).build());
  }

  private void end(User grantee) {
    assertThat(c.w.claviger.shares().delete(service.id(), grantee.id())).isTrue();
  }

  private void member() {
    c.w.member(project, carol, Role.READER);
  }

  private Instant inFiveSeconds() {
    return c.w.claviger.clock().instant().plusSeconds(5);
  }
}
