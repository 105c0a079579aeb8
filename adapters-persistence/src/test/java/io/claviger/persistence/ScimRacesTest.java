package io.claviger.persistence;

import static io.claviger.persistence.ConcurrentAttempts.DONE;
import static io.claviger.persistence.ConcurrentAttempts.count;
import static io.claviger.persistence.ConcurrentAttempts.manyBehind;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Outcomes;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.builders.ScimPush;
import io.claviger.application.identity.Identities;
import io.claviger.application.identity.UnfollowedPeople;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.scim.ScimCaller;
import io.claviger.application.scim.ScimGroups;
import io.claviger.application.scim.ScimUsers;
import io.claviger.application.scim.port.ScimGroupStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.DisplayName;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.accounts.User;
import io.claviger.domain.fields.FieldWrites;
import io.claviger.domain.groups.Group;
import io.claviger.domain.identity.Identity;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.identity.LinkedIdentity;
import io.claviger.domain.identity.Subject;
import io.claviger.domain.identity.UnfollowedGroups;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.scim.ScimSettings;
import io.claviger.domain.scim.ScimSubject;
import io.claviger.domain.scim.ScimToken;
import io.claviger.domain.transfers.Transfer;
import io.claviger.domain.transfers.TransferItem;
import io.claviger.domain.transfers.TransferState;
import io.claviger.testkit.Race;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Identity providers that call several nodes at once, on PostgreSQL. */
final class ScimRacesTest {
  private static final int THREADS = 16;
  private static final Issuer ISSUER = new Issuer("https://id.example");
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();
  private static final AuditedChanges CHANGES = RacingUseCases.changes(PORTS);
  private static final Identities.Stores STORES = PORTS.identityStores();
  private static final ScimUsers USERS =
      ScimUsers.of(PORTS.scimUsers(), STORES, ScimSettings.DEFAULT, Duration.ofDays(7), CHANGES);
  private static final ScimGroups GROUPS =
      ScimGroups.of(
          PORTS.scimGroups(),
          PORTS.groups(),
          PORTS.scimUsers(),
          STORES,
          ScimSettings.DEFAULT,
          CHANGES);
  private static final ScimGroups ADMINISTERING =
      ScimGroups.of(
          PORTS.scimGroups(),
          PORTS.groups(),
          PORTS.scimUsers(),
          STORES,
          new ScimSettings(ScimSubject.DEFAULT, false, Optional.of("admins")),
          CHANGES);
  private static final RacingUseCases ACCOUNTS = new RacingUseCases(PORTS);

  private final ScimToken token =
      new ScimToken(
          new ScimToken.Id(UUID.randomUUID()),
          new TokenName("idp"),
          ISSUER,
          Instant.now(),
          Optional.empty());
  private final ScimCaller caller = new ScimCaller(token, "192.0.2.1", "request");

  @BeforeEach
  void begin() {
    assertThat(PORTS.emptied().users().isEmpty()).isTrue();
    PORTS.users().insert(AUser.called("root").administrator().build());
    PORTS.scimTokens().insert(token, new TokenHash(new byte[32]));
  }

  @Race.Repeated
  void changes_that_wait_while_their_token_ends_are_refused() {
    List<String> outcomes =
        manyBehind(
            PORTS,
            () -> assertThat(PORTS.scimTokens().delete(token.id())).isTrue(),
            n -> said(USERS.create(caller, ScimPush.person("p" + n + "@x", "p" + n, true))));

    assertThat(outcomes).containsOnly("forbidden");
    assertThat(PORTS.scimUsers().count(ISSUER)).isZero();
  }

  @Test
  void a_sign_in_that_is_due_is_not_put_off() {
    User root = PORTS.users().find(new Handle("root")).orElseThrow();
    Instant due = Instant.now().truncatedTo(ChronoUnit.MICROS);

    PORTS.identities().setSignInDueUnlessSet(root.id(), due);
    PORTS.identities().setSignInDueUnlessSet(root.id(), due.plusSeconds(1));

    assertThat(
            PORTS
                .sql()
                .sql("select sign_in_due_at from users where handle = 'root'")
                .query((rs, n) -> rs.getTimestamp(1).toInstant())
                .single())
        .isEqualTo(due);
  }

  @Race.Repeated
  void a_sign_in_of_people_whom_nobody_asks_about_is_demanded_once() {
    for (int n = 0; n < 40; n++) {
      User user = AUser.called("person" + n).build();
      PORTS.users().insert(user);
      Identity identity = new Identity(ISSUER, new Subject("s" + n));
      PORTS
          .identities()
          .insert(
              new LinkedIdentity(
                  identity,
                  user.id(),
                  false,
                  false,
                  Instant.now(),
                  Optional.of(Instant.now()),
                  UnfollowedGroups.NONE,
                  false));
    }

    List<Integer> demanded =
        Race.of(
            THREADS,
            n ->
                new UnfollowedPeople(
                        Optional.empty(), PORTS.identities(), CHANGES, PORTS.database()::clock)
                    .demandSignIns(),
            1);

    assertThat(demanded.stream().mapToInt(Integer::intValue).sum()).isEqualTo(40);
    assertThat(
            PORTS
                .sql()
                .sql("select count(*) from audit_events where 'sign_in_due' = any (fields)")
                .query(Integer.class)
                .single())
        .isEqualTo(40);
  }

  /** The receiver has two weeks to accept, and the offer would end with the giver. */
  @Test
  void a_leaver_whose_service_is_offered_to_somebody_is_suspended_and_not_deleted() {
    ScimUsers deleting =
        ScimUsers.of(
            PORTS.scimUsers(),
            STORES,
            new ScimSettings(ScimSubject.DEFAULT, true, Optional.empty()),
            Duration.ofDays(7),
            CHANGES);
    UUID id =
        USERS.create(caller, ScimPush.person("lea@x", "l", true)).orThrow().user().id().value();
    User lea = PORTS.users().find(new Handle("lea")).orElseThrow();
    User heir = AUser.called("hal").build();
    PORTS.users().insert(heir);
    Instance service = AnInstance.of(lea, "x").build();
    PORTS.instances().insert(service, new SecretChange.Keep(), new SecretChange.Keep());
    Transfer offer =
        Transfer.offered(
            new Transfer.Id(UUID.randomUUID()),
            new Transfer.Party(lea.id(), lea.handle()),
            new Transfer.Party(heir.id(), heir.handle()),
            lea.handle(),
            List.of(
                new TransferItem(
                    TransferItem.Kind.SERVICE,
                    Optional.of(service.id().value()),
                    service.ref().handle(),
                    Optional.empty())),
            Instant.now().truncatedTo(ChronoUnit.MICROS));
    PORTS.transfers().insert(offer, lea.id());

    assertThat(isDone(deleting.delete(caller, id))).isTrue();
    assertThat(PORTS.users().find(new Handle("lea")).orElseThrow().suspended()).isTrue();
    assertThat(PORTS.transfers().listOpenTo(heir.id(), 1)).hasSize(1);

    PORTS.transfers().end(offer.ended(TransferState.DECLINED, offer.items(), Instant.now()));
    assertThat(USERS.create(caller, ScimPush.person("lea@x", "l", true)).orThrow().active())
        .isTrue();
    assertThat(isDone(deleting.delete(caller, id))).isTrue();
    assertThat(PORTS.users().find(new Handle("lea"))).isEmpty();
  }

  @Race.Repeated
  void of_many_who_make_the_same_user_one_does() {
    List<Boolean> made =
        Race.of(
            THREADS, n -> isDone(USERS.create(caller, ScimPush.person("alice@x", "a", true))), 1);

    assertThat(made).containsOnlyOnce(true);
    assertThat(PORTS.scimUsers().count(ISSUER)).isEqualTo(1);
    assertThat(PORTS.users().find(new Handle("alice"))).isPresent();
  }

  @Race.Repeated
  void of_many_with_one_name_each_is_another_user() {
    List<Boolean> made =
        Race.of(
            THREADS,
            n -> isDone(USERS.create(caller, ScimPush.person("alice@h" + n, "a" + n, true))),
            1);

    assertThat(made).contains(true);
    assertThat(PORTS.scimUsers().count(ISSUER))
        .isEqualTo((int) made.stream().filter(done -> done).count());
  }

  @Race.Repeated
  void one_administrator_is_left_when_all_are_suspended_at_once() {
    List<UUID> ids = IntStream.range(0, THREADS).mapToObj(n -> administrator("p" + n)).toList();
    User root = PORTS.users().find(new Handle("root")).orElseThrow();
    PORTS.users().update(root.withAdministrator(false, Instant.now()));

    List<Boolean> suspended =
        Race.of(
            THREADS,
            n ->
                isDone(
                    USERS.update(
                        caller,
                        ids.get(n),
                        before -> ScimPush.person("p" + n + "@x", "p" + n, false))),
            1);

    assertThat(suspended).containsOnlyOnce(false);
    assertThat(PORTS.scimUsers().countOtherAdministrators(root.id())).isEqualTo(1);
  }

  @Race.Repeated
  void members_who_are_added_at_once_are_all_members() {
    List<UUID> ids =
        IntStream.range(0, THREADS)
            .mapToObj(
                n -> made(USERS.create(caller, ScimPush.person("m" + n + "@x", "m" + n, true))))
            .toList();
    UUID group =
        value(GROUPS.create(caller, new DisplayName("team"), Optional.empty(), Set.of()))
            .group()
            .id()
            .value();

    List<Boolean> added =
        Race.of(
            THREADS,
            n ->
                isDone(
                    GROUPS.update(caller, group, ScimPush.members(Set.of(ids.get(n)), Set.of()))),
            1);

    assertThat(added).containsOnly(true);
    assertThat(value(GROUPS.members(caller, group))).hasSize(THREADS);
  }

  @Race.Repeated
  void a_user_whom_the_issuer_deleted_meanwhile_stays_deleted() {
    UUID id = made(USERS.create(caller, ScimPush.person("alice@x", "a", true)));

    List<String> outcomes =
        manyBehind(
            PORTS,
            () -> lockUser("alice"),
            n ->
                switch (n % 4) {
                  case 0 -> said(USERS.delete(caller, id));
                  case 1 -> said(USERS.update(caller, id, before -> before));
                  default ->
                      said(
                          USERS.update(
                              caller, id, before -> ScimPush.person("alice@x", "a", true)));
                });

    assertThat(outcomes).isSubsetOf(DONE, "not_found");
    assertThat(count(IntStream.of(0, 4, 8, 12).mapToObj(outcomes::get).toList(), DONE)).isOne();
    assertThat(PORTS.scimUsers().find(new User.Id(id)).orElseThrow().deleted()).isTrue();
    assertThat(PORTS.users().find(new Handle("alice")).orElseThrow().suspended()).isTrue();

    List<String> back =
        manyBehind(
            PORTS,
            () -> lockUser("alice"),
            n -> said(USERS.create(caller, ScimPush.person("alice@x", "a", true))));
    assertThat(count(back, DONE)).isOne();
    assertThat(back).isSubsetOf(DONE, "uniqueness");
    assertThat(PORTS.users().find(new Handle("alice")).orElseThrow().suspended()).isFalse();
  }

  @Race.Repeated
  void a_group_that_the_issuer_deleted_meanwhile_stays_deleted() {
    UUID member = made(USERS.create(caller, ScimPush.person("alice@x", "a", true)));
    ScimGroups.View team =
        value(GROUPS.create(caller, new DisplayName("team"), Optional.empty(), Set.of()));
    UUID id = team.group().id().value();

    List<String> outcomes =
        manyBehind(
            PORTS,
            () -> assertThat(PORTS.scimGroups().lock(team.group().id())).isPresent(),
            n ->
                n % 4 == 0
                    ? said(GROUPS.delete(caller, id))
                    : said(GROUPS.update(caller, id, ScimPush.members(Set.of(member), Set.of()))));

    assertThat(outcomes).isSubsetOf(DONE, "not_found");
    assertThat(count(IntStream.of(0, 4, 8, 12).mapToObj(outcomes::get).toList(), DONE)).isOne();
    assertThat(PORTS.scimGroups().find(team.group().id()).flatMap(ScimGroupStore.Entry::record))
        .matches(record -> record.orElseThrow().deleted());
    assertThat(PORTS.scimGroups().members(team.group().id())).isEmpty();

    List<String> back =
        manyBehind(
            PORTS,
            () -> assertThat(PORTS.scimGroups().lock(team.group().id())).isPresent(),
            n ->
                said(
                    GROUPS.create(
                        caller, new DisplayName("team"), Optional.empty(), Set.of(member))));
    assertThat(count(back, DONE)).isOne();
    assertThat(back).isSubsetOf(DONE, "uniqueness");
  }

  @Race.Repeated
  void who_is_deleted_meanwhile_joins_no_group() {
    UUID id = made(USERS.create(caller, ScimPush.person("alice@x", "a", true)));
    List<UUID> groups =
        IntStream.range(0, THREADS)
            .mapToObj(
                n ->
                    value(
                            GROUPS.create(
                                caller, new DisplayName("team" + n), Optional.empty(), Set.of()))
                        .group()
                        .id()
                        .value())
            .toList();

    List<String> outcomes =
        manyBehind(
            PORTS,
            () -> assertThat(said(USERS.delete(caller, id))).isEqualTo(DONE),
            n ->
                said(GROUPS.update(caller, groups.get(n), ScimPush.members(Set.of(id), Set.of()))));

    assertThat(outcomes).containsOnly("/members invalidValue");
    assertThat(made(USERS.create(caller, ScimPush.person("alice@x", "a", true)))).isEqualTo(id);
    assertThat(groups).allMatch(group -> PORTS.scimGroups().members(new Group.Id(group)).isEmpty());
  }

  private static void lockUser(String handle) {
    assertThat(PORTS.users().lock(new Handle(handle))).isPresent();
  }

  /**
   * One change locks the members who leave, and the other all administrators. In different orders
   * they would wait for each other.
   */
  @Race.Repeated
  void the_administrators_group_changes_while_its_members_are_demoted() {
    List<UUID> ids = IntStream.range(0, THREADS).mapToObj(this::identified).toList();
    UUID group =
        value(
                ADMINISTERING.create(
                    caller, new DisplayName("admins"), Optional.empty(), Set.copyOf(ids)))
            .group()
            .id()
            .value();
    Actor root = RacingUseCases.as(PORTS.users().find(new Handle("root")).orElseThrow());
    assertThat(administrators()).isEqualTo(THREADS + 1);
    long deadlocks = PORTS.deadlocks();

    List<Boolean> done =
        Race.of(
            THREADS,
            n ->
                isDone(
                    switch (n % 4) {
                      case 0 -> ADMINISTERING.update(caller, group, only(Set.of()));
                      case 1 -> ADMINISTERING.update(caller, group, only(Set.copyOf(ids)));
                      default ->
                          ACCOUNTS.users.update(
                              root,
                              new Handle("p" + n),
                              Precondition.NONE,
                              FieldWrites.NONE.with(User.ADMINISTRATOR, Field.of(false)));
                    }),
            1);

    assertThat(done).containsOnly(true);
    assertThat(PORTS.deadlocks()).isEqualTo(deadlocks);
    assertThat(isDone(ADMINISTERING.update(caller, group, only(Set.of())))).isTrue();
    assertThat(administrators()).as("root alone").isEqualTo(1);
  }

  /** A person whom SCIM made and who has signed in. */
  private UUID identified(int n) {
    UUID id = made(USERS.create(caller, ScimPush.person("p" + n + "@x", "p" + n, true)));
    PORTS
        .identities()
        .insert(
            new LinkedIdentity(
                new Identity(ISSUER, new Subject("p" + n)),
                new User.Id(id),
                false,
                true,
                Instant.now(),
                Optional.empty(),
                UnfollowedGroups.NONE,
                false));
    return id;
  }

  private static ScimGroups.Change only(Set<UUID> members) {
    return new ScimGroups.Change(
        Optional.empty(), Optional.empty(), Optional.of(members), Set.of(), Set.of());
  }

  private static int administrators() {
    return PORTS.transactions().inTransaction(() -> PORTS.users().lockAdministrators().size());
  }

  private UUID administrator(String name) {
    UUID id = made(USERS.create(caller, ScimPush.person(name + "@x", name, true)));
    User user = PORTS.users().find(new Handle(name)).orElseThrow();
    PORTS.users().update(user.withAdministrator(true, Instant.now()));
    return id;
  }

  private static UUID made(Outcome<ScimUsers.View> outcome) {
    return value(outcome).user().id().value();
  }

  private static <T> T value(Outcome<T> outcome) {
    return outcome.asOptional().orElseThrow();
  }

  private static String said(Outcome<?> outcome) {
    return outcome instanceof Outcome.Done ? DONE : Outcomes.because(outcome);
  }

  private static boolean isDone(Outcome<?> outcome) {
    return outcome instanceof Outcome.Done;
  }
}
