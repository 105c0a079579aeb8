package io.claviger.application.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.claviger.application.builders.ADefinition;
import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AStandard;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.gateway.port.ChangeFeed;
import io.claviger.domain.DisplayName;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.User;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditOutcome;
import io.claviger.domain.audit.AuditTarget;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.UserKey;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.Role;
import io.claviger.testkit.Race;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link ChangeFeed} promises. */
@SuppressWarnings("NullAway.Init") // set before each test
public abstract class ChangeFeedContract extends PortContract {
  private final AtomicInteger names = new AtomicInteger();
  private User alice;
  private User bob;
  private Instance service;
  private Project project;

  @BeforeEach
  void fill() {
    alice = user("alice");
    bob = user("bob");
    service = stored(AnInstance.of(alice, "one").build());
    project = stored(AProject.of(alice, "p").using(service).build());
  }

  @Test
  void who_begins_is_told_that_everything_may_have_changed() {
    assertThat(ports.changes().since(OptionalLong.empty()).everything()).isTrue();
  }

  @Test
  void where_nothing_was_changed_nothing_is_told_and_the_point_stays() {
    long point = point();

    assertThat(since(point)).isEqualTo(new ChangeFeed.Since(point, Set.of(), false));
  }

  @Test
  void a_point_that_was_never_reached_is_worth_nothing() {
    assertThat(since(point() + 1_000).everything()).isTrue();
  }

  @Test
  void what_was_told_is_not_told_again() {
    long before = point();
    update(alice);
    ChangeFeed.Since first = since(before);
    update(bob);

    assertThat(first.subjects()).containsExactly(alice.id().value());
    assertThat(since(first.point()).subjects()).containsExactly(bob.id().value());
    assertThat(since(before).subjects())
        .containsExactlyInAnyOrder(alice.id().value(), bob.id().value());
  }

  @Test
  void a_user_is_told_when_they_change_or_end_and_not_when_they_come() {
    assertThat(toldOf(() -> update(alice))).containsExactly(alice.id().value());
    assertThat(toldOf(() -> ports.users().delete(bob.id()))).contains(bob.id().value());
    assertNothingTold(() -> user("carol"));
  }

  @Test
  void a_token_is_told_of_its_user_when_it_is_another_one_or_ends() {
    AccessToken token = AToken.of(bob).build();
    assertNothingTold(() -> ports.accessTokens().save(token, hash(1)));

    assertThat(
            toldOf(
                () ->
                    ports
                        .accessTokens()
                        .save(AToken.of(bob).expiresAt(NOW.plusSeconds(9)).build(), hash(1))))
        .containsExactly(bob.id().value());
    assertThat(toldOf(() -> ports.accessTokens().deleteAll(bob.id())))
        .containsExactly(bob.id().value());
  }

  @Test
  void a_token_that_is_merely_used_is_not_told() {
    AccessToken token = AToken.of(bob).build();
    ports.accessTokens().save(token, hash(1));

    assertNothingTold(() -> ports.accessTokens().recordUse(token.id(), NOW));
  }

  @Test
  void a_service_is_told_of_its_owner_when_it_comes() {
    assertThat(toldOf(() -> stored(AnInstance.of(alice, "other").build())))
        .containsExactly(alice.id().value());
    assertThat(toldOf(() -> stored(AnInstance.systemLevel("common").build())))
        .containsExactly(UserId.SYSTEM.value());
  }

  @Test
  void a_service_is_told_when_it_changes_or_ends() {
    Instance other = stored(AnInstance.of(alice, "other").build());

    assertThat(
            toldOf(
                () ->
                    ports
                        .instances()
                        .update(
                            AnInstance.of(alice, "other").id(other.id()).disabled().build(),
                            KEEP,
                            KEEP)))
        .containsExactly(other.id().value());
    assertThat(toldOf(() -> ports.instances().delete(other.id())))
        .containsExactly(other.id().value());
  }

  @Test
  void a_service_is_told_when_its_key_is_replaced_or_cleared() {
    assertThat(
            toldOf(
                () ->
                    ports
                        .instances()
                        .update(keyed(), replace(sealed(service, "sk-0123456789")), KEEP)))
        .containsExactly(service.id().value());
    assertThat(
            toldOf(
                () ->
                    ports
                        .instances()
                        .update(keyed(), replace(sealed(service, "sk-9876543210")), KEEP)))
        .containsExactly(service.id().value());
    assertThat(toldOf(() -> ports.instances().update(service, CLEAR, KEEP)))
        .containsExactly(service.id().value());
  }

  @Test
  void a_share_is_told_of_its_service_when_it_is_given_changed_or_ended() {
    assertThat(toldOf(() -> shared(service, AShare.with(bob).build(), alice)))
        .containsExactlyInAnyOrder(service.id().value(), bob.id().value());
    assertThat(
            toldOf(
                () ->
                    ports
                        .shares()
                        .update(
                            service.id(), AShare.with(bob).role(Role.WRITER).build(), alice.id())))
        .containsExactly(service.id().value());
    assertThat(toldOf(() -> ports.shares().delete(service.id(), bob.id())))
        .containsExactly(service.id().value());
  }

  @Test
  void a_default_and_an_acceptance_are_told_of_their_user() {
    shared(service, AShare.with(bob).build(), alice);
    Set<UUID> bobs = Set.of(bob.id().value());

    assertThat(toldOf(() -> ports.defaultServices().choose(bob.id(), service.id())))
        .isEqualTo(bobs);
    assertThat(toldOf(() -> ports.defaultServices().forget(bob.id()))).isEqualTo(bobs);
    assertThat(toldOf(() -> ports.bareNames().accept(service.id(), bob.id(), NOW))).isEqualTo(bobs);
    assertThat(toldOf(() -> ports.bareNames().withdraw(service.id(), bob.id()))).isEqualTo(bobs);
  }

  @Test
  void a_project_is_told_when_it_changes_or_ends_and_not_when_it_comes() {
    Project other = AProject.of(alice, "other").build();
    assertNothingTold(() -> stored(other));

    assertThat(toldOf(() -> ports.projects().update(boundTo(other, service))))
        .containsExactly(other.id().value());
    assertThat(toldOf(() -> ports.projects().delete(other.id())))
        .containsExactly(other.id().value());
  }

  @Test
  void a_membership_is_told_of_its_project_when_it_is_given_changed_or_ended() {
    assertThat(
            toldOf(
                () ->
                    ports
                        .projectShares()
                        .insert(project.id(), AShare.with(bob).build(), alice.id())))
        .containsExactly(project.id().value());
    assertThat(
            toldOf(
                () ->
                    ports
                        .projectShares()
                        .update(
                            project.id(), AShare.with(bob).role(Role.WRITER).build(), alice.id())))
        .containsExactly(project.id().value());
    assertThat(toldOf(() -> ports.projectShares().delete(project.id(), bob.id())))
        .containsExactly(project.id().value());
  }

  @Test
  void a_users_own_key_is_told_of_the_user_when_it_is_stored_replaced_or_deleted() {
    assertThat(toldOf(() -> userKey(service, bob))).containsExactly(bob.id().value());
    assertThat(toldOf(() -> save(new UserKey(service.id(), bob.id(), NOW.plusSeconds(1)))))
        .containsExactly(bob.id().value());
    assertThat(toldOf(() -> save(new UserKey(service.id(), bob.id(), NOW.plusSeconds(1)))))
        .containsExactly(bob.id().value());
    assertThat(toldOf(() -> ports.userKeys().delete(service.id(), bob.id())))
        .containsExactly(bob.id().value());
  }

  @Test
  void a_standard_is_everything_when_it_changes_and_nothing_when_it_comes() {
    assertNothingTold(() -> ports.apiStandards().insert(AStandard.called("mine").build()));

    long before = point();
    ports.apiStandards().update(AStandard.called("mine").description("other").version(2).build());

    assertThat(since(before).everything()).isTrue();
    assertThat(since(since(before).point()).everything()).isFalse();
  }

  @Test
  void what_goes_along_is_told_too() {
    Instance bobs = stored(AnInstance.of(bob, "bobs").build());
    Project uses = stored(AProject.of(alice, "uses").using(service).build());
    shared(service, AShare.with(bob).build(), alice);
    User carol = user("carol");
    ports.accessTokens().save(AToken.of(carol).onlyFor(bobs).build(), hash(1));
    SealedValue unused = userKey(bobs, alice);

    assertThat(toldOf(() -> ports.users().delete(bob.id())))
        .contains(
            bob.id().value(),
            bobs.id().value(),
            service.id().value(),
            carol.id().value(),
            alice.id().value())
        .doesNotContain(uses.id().value());
  }

  @Test
  void what_no_call_depends_on_is_not_told() {
    Definition definition = ADefinition.of(alice, "d").build();
    assertNothingTold(() -> stored(definition));
    assertNothingTold(
        () ->
            ports.definitionShares().insert(definition.id(), AShare.with(bob).build(), alice.id()));
    assertNothingTold(() -> ports.definitions().delete(definition.id()));
    assertNothingTold(() -> ports.auditTrail().record(event()));
  }

  @Test
  void nothing_is_told_while_a_transaction_is_open() {
    long before = point();

    ChangeFeed.Since within =
        ports
            .transactions()
            .inTransaction(
                () -> {
                  update(alice);
                  return since(before);
                });

    assertThat(within).isEqualTo(new ChangeFeed.Since(before, Set.of(), false));
    assertThat(since(before).subjects()).containsExactly(alice.id().value());
  }

  @Test
  void one_transaction_is_one_point() {
    long before = point();

    boolean unused =
        ports
            .transactions()
            .inTransaction(
                () -> {
                  update(alice);
                  update(bob);
                  return true;
                });

    assertThat(since(before))
        .isEqualTo(
            new ChangeFeed.Since(before + 1, Set.of(alice.id().value(), bob.id().value()), false));
  }

  @Test
  void what_is_rolled_back_is_not_told() {
    long before = point();

    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                ports
                    .transactions()
                    .inTransaction(
                        () -> {
                          update(alice);
                          throw new IllegalStateException("no");
                        }));

    assertThat(since(before)).isEqualTo(new ChangeFeed.Since(before, Set.of(), false));
  }

  @Test
  void who_changed_something_is_told_of_it_at_once_in_any_company() {
    List<User> users = users(16);

    List<Boolean> told =
        Race.of(
            16,
            n -> {
              long before = point();
              update(users.get(n));
              return since(before).subjects().contains(users.get(n).id().value());
            },
            10);

    assertThat(told).hasSize(160).containsOnly(true);
  }

  /**
   * Otherwise, a reader that has passed a point would miss a change that was committed before it.
   */
  @Test
  void who_read_up_to_a_point_has_missed_nothing_before_it() {
    int writers = 15;
    int each = 20;
    List<User> users = users(writers * each);
    AtomicInteger next = new AtomicInteger();
    AtomicInteger writing = new AtomicInteger(writers);
    Set<UUID> told = new HashSet<>();
    AtomicBoolean everything = new AtomicBoolean();
    long begin = point();

    List<Boolean> unused =
        Race.of(
            writers + 1,
            n -> {
              if (n < writers) {
                for (int i = 0; i < each; i++) {
                  update(users.get(next.getAndIncrement()));
                }
                return writing.decrementAndGet() >= 0;
              }
              long point = begin;
              boolean last;
              do {
                last = writing.get() == 0;
                ChangeFeed.Since since = since(point);
                told.addAll(since.subjects());
                everything.compareAndSet(false, since.everything());
                point = since.point();
              } while (!last);
              return true;
            },
            1);

    assertThat(everything).isFalse();
    assertThat(told)
        .containsExactlyInAnyOrderElementsOf(users.stream().map(u -> u.id().value()).toList());
    assertThat(point() - begin).isEqualTo(users.size());
  }

  private List<User> users(int count) {
    List<User> users = new ArrayList<>();
    boolean unused =
        ports
            .transactions()
            .inTransaction(
                () -> {
                  for (int i = 0; i < count; i++) {
                    users.add(user("user-" + i));
                  }
                  return true;
                });
    return users;
  }

  /** To something that was not there before. */
  private void update(User user) {
    DisplayName name = new DisplayName("name-" + names.incrementAndGet());
    ports.users().update(user.with(name, user.email(), user.administrator(), NOW));
  }

  private boolean save(UserKey key) {
    return ports.userKeys().save(key, sealed(service, "sk-0123456789"));
  }

  private Instance keyed() {
    return AnInstance.of(alice, "one").id(service.id()).apiKeySetAt(NOW).build();
  }

  private static Project boundTo(Project project, Instance instance) {
    return new Project(
        project.id(),
        project.owner(),
        project.ref(),
        project.description(),
        Optional.of(instance.id()),
        2,
        project.createdAt(),
        NOW);
  }

  private AuditEvent event() {
    return new AuditEvent(
        ports.ids().next(),
        NOW,
        Optional.of(alice.id()),
        Optional.of(alice.handle()),
        Optional.empty(),
        "192.0.2.1",
        "r-1",
        AuditAction.SERVICE_UPDATE,
        new AuditTarget("service", Optional.empty(), "alice/one", Optional.empty()),
        AuditOutcome.DONE,
        List.of());
  }

  /** The rows that one change reports. */
  private Set<UUID> toldOf(Runnable change) {
    long before = point();
    change.run();
    ChangeFeed.Since since = since(before);
    assertThat(since.everything()).isFalse();
    assertThat(since.point()).isGreaterThan(before);
    return since.subjects();
  }

  private void assertNothingTold(Runnable change) {
    long before = point();
    change.run();
    assertThat(since(before)).isEqualTo(new ChangeFeed.Since(before, Set.of(), false));
  }

  private long point() {
    return ports.changes().since(OptionalLong.empty()).point();
  }

  private ChangeFeed.Since since(long point) {
    return ports.changes().since(OptionalLong.of(point));
  }
}
