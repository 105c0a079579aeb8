package io.claviger.persistence;

import static io.claviger.persistence.ConcurrentAttempts.DONE;
import static io.claviger.persistence.ConcurrentAttempts.MANY;
import static io.claviger.persistence.ConcurrentAttempts.code;
import static io.claviger.persistence.ConcurrentAttempts.count;
import static io.claviger.persistence.ConcurrentAttempts.many;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.accounts.AccessTokens;
import io.claviger.application.accounts.AccountCommands;
import io.claviger.application.builders.ADefinition;
import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.definitions.DefinitionWriteBuilder;
import io.claviger.application.instances.InstanceFields;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.projects.Projects.ProjectCommand;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.Quotas;
import io.claviger.application.shared.port.CountedKind;
import io.claviger.application.userkeys.UserKeys.NewUserKey;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.fields.FieldWrites;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import io.claviger.testkit.Race;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A user who adds things from 16 threads gets no more than the quota. */
@SuppressWarnings("NullAway.Init") // set before each test
final class QuotaRacesTest {
  private static final int QUOTA = 5;
  private static final String ENDPOINT = "https://here.example/v1";
  private static final String EXCEEDED = "quota_exceeded";
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();
  private static final RacingUseCases USE = new RacingUseCases(PORTS, quotas());

  private User alice;

  private static Quotas quotas() {
    Map<CountedKind, Integer> most = new EnumMap<>(CountedKind.class);
    for (CountedKind kind : CountedKind.values()) {
      most.put(kind, QUOTA);
    }
    return new Quotas(most, PORTS.objectCounts());
  }

  @BeforeEach
  void begin() {
    RacingUseCases.begin(PORTS);
    alice = user("alice");
  }

  @Race.Repeated
  void tokens() {
    assertAsManyAsAllowed(many(n -> issue(alice, "token-" + n)));
    assertThat(rows("access_tokens")).isEqualTo(QUOTA);
  }

  @Race.Repeated
  void projects() {
    assertAsManyAsAllowed(many(n -> project("p" + n)));
    assertThat(rows("projects")).isEqualTo(QUOTA);
  }

  @Race.Repeated
  void definitions() {
    assertAsManyAsAllowed(many(n -> define("d" + n)));
    assertThat(rows("definitions where owner_handle = 'alice'")).isEqualTo(QUOTA);
  }

  @Race.Repeated
  void services() {
    Definition definition = ADefinition.of(alice, "d").build();
    PORTS.definitions().insert(definition);

    assertAsManyAsAllowed(many(n -> register("s" + n)));
    assertThat(rows("instances")).isEqualTo(QUOTA);
  }

  @Race.Repeated
  void shares_of_all_kinds_together() {
    Instance service = service("s");
    Definition definition = ADefinition.of(alice, "d").build();
    PORTS.definitions().insert(definition);
    Project project = AProject.of(alice, "p").build();
    PORTS.projects().insert(project);
    for (int n = 0; n < MANY; n++) {
      user("user-" + n);
    }

    assertAsManyAsAllowed(
        many(
            n ->
                switch (n % 3) {
                  case 0 -> share(alice, service, n);
                  case 1 -> share(definition, n);
                  default -> share(project, n);
                }));
    assertThat(rows("shares") + rows("definition_shares") + rows("project_shares"))
        .isEqualTo(QUOTA);
  }

  /** Whoever gives a share with other terms, or a share of somebody else again, is its giver. */
  @Race.Repeated
  void shares_that_are_taken_over() {
    User root = AUser.called("root").administrator().build();
    PORTS.users().insert(root);
    Instance service = service("s");
    for (int n = 0; n < MANY; n++) {
      PORTS
          .shares()
          .insert(service.id(), AShare.with(user("user-" + n)).givenBy(alice).build(), alice.id());
    }
    Share.Terms more = AShare.with(alice).mayReshare().build().terms();

    List<String> outcomes = many(n -> share(root, service, n, more));

    assertAsManyAsAllowed(outcomes);
    assertThat(rows("shares where given_by = '%s'".formatted(root.id().value()))).isEqualTo(QUOTA);
    assertThat(rows("shares")).isEqualTo(MANY);
    int own = outcomes.indexOf(DONE);
    assertThat(share(root, service, own, AShare.with(alice).toEverybody().build().terms()))
        .isEqualTo(DONE);
  }

  @Test
  void nobody_is_kept_from_permitting_less_with_shares_of_somebody_else() {
    User root = AUser.called("root").administrator().build();
    PORTS.users().insert(root);
    Instance service = service("s");
    for (int n = 0; n <= QUOTA; n++) {
      PORTS
          .shares()
          .insert(
              service.id(),
              AShare.with(user("user-" + n)).mayReshare().givenBy(alice).build(),
              alice.id());
    }

    for (int n = 0; n <= QUOTA; n++) {
      assertThat(share(root, service, n)).isEqualTo(DONE);
    }
    assertThat(share(root, service, 0, AShare.with(alice).mayReshare().build().terms()))
        .as("who has taken over too many shares can't widen one of them")
        .isEqualTo(EXCEEDED);
  }

  @Race.Repeated
  void own_keys() {
    User bob = user("bob");
    List<Instance> services = IntStream.range(0, MANY).mapToObj(n -> systemLevel("s" + n)).toList();

    assertAsManyAsAllowed(many(n -> storeKey(bob, services.get(n))));
    assertThat(rows("user_keys")).isEqualTo(QUOTA);
  }

  @Test
  void who_has_all_they_may_still_changes_what_they_have_and_others_still_add() {
    assertThat(many(n -> project("p" + n))).contains(EXCEEDED);
    String there =
        PORTS
            .sql()
            .sql("select handle from projects order by handle limit 1")
            .query(String.class)
            .single();
    assertThat(project(there)).isEqualTo(DONE);
    assertThat(issue(user("bob"), "bobs")).isEqualTo(DONE);
  }

  /** Far from the quota they share a lock; near it they wait for each other. */
  @Test
  void a_quota_above_the_number_of_connections_is_filled_and_not_exceeded() {
    int connections =
        PORTS
            .sql()
            .sql("select cast(current_setting('max_connections') as integer)")
            .query(Integer.class)
            .single();
    int quota = connections + MANY;
    RacingUseCases use =
        new RacingUseCases(
            PORTS, new Quotas(Map.of(CountedKind.PROJECT, quota), PORTS.objectCounts()));
    int each = quota / MANY + 1;

    List<String> outcomes =
        many(
            n ->
                IntStream.range(0, each)
                    .mapToObj(m -> project(use, "p" + n + "-" + m))
                    .reduce((first, last) -> last)
                    .orElseThrow());

    assertThat(outcomes).contains(EXCEEDED).isSubsetOf(DONE, EXCEEDED);
    assertThat(rows("projects")).isEqualTo(quota);
  }

  @Test
  void what_was_deleted_makes_room() {
    assertThat(many(n -> issue(alice, "token-" + n))).contains(EXCEEDED);
    AccessToken first = PORTS.accessTokens().listOf(alice.id(), Optional.empty(), 1).getFirst();
    assertThat(PORTS.accessTokens().delete(alice.id(), first.id())).isTrue();
    assertThat(issue(alice, "another")).isEqualTo(DONE);
  }

  private static void assertAsManyAsAllowed(List<String> outcomes) {
    assertThat(outcomes).containsOnly(DONE, EXCEEDED);
    assertThat(count(outcomes, DONE)).isEqualTo(QUOTA);
  }

  private static String issue(User user, String name) {
    AccessTokens.NewToken command = AccountCommands.token(name);
    return code(USE.accessTokens.issue(RacingUseCases.as(user), user.handle(), command));
  }

  private String define(String handle) {
    Definition.Ref ref = new Definition.Ref(alice.handle(), new Handle(handle));
    return code(
        USE.definitions.put(
            RacingUseCases.as(alice),
            ref,
            Precondition.NONE,
            DefinitionWriteBuilder.openAi().command()));
  }

  private String register(String handle) {
    Instance.Ref ref = new Instance.Ref(alice.handle(), new Handle(handle));
    return code(
        USE.instances.put(
            RacingUseCases.as(alice),
            ref,
            Precondition.NONE,
            InstanceFields.none().from("alice/d").write()));
  }

  private String project(String handle) {
    return project(USE, handle);
  }

  private String project(RacingUseCases use, String handle) {
    ProjectCommand command = new ProjectCommand(FieldWrites.NONE, Field.absent(), false);
    Project.Ref ref = new Project.Ref(alice.handle(), new Handle(handle));
    return code(use.projects.put(RacingUseCases.as(alice), ref, Precondition.NONE, command));
  }

  private static String share(User giver, Instance service, int n) {
    return share(
        giver, service, n, new Share.Terms(Role.READER, false, Optional.empty(), Limits.NONE));
  }

  private static String share(User giver, Instance service, int n, Share.Terms terms) {
    return code(
        USE.sharing.share(
            RacingUseCases.as(giver),
            service.ref(),
            GranteeName.user(grantee(n)),
            Precondition.NONE,
            terms));
  }

  private String share(Definition definition, int n) {
    return code(
        USE.definitions.share(
            RacingUseCases.as(alice),
            definition.ref(),
            GranteeName.user(grantee(n)),
            Precondition.NONE));
  }

  private String share(Project project, int n) {
    return code(
        USE.projects.share(
            RacingUseCases.as(alice),
            project.ref(),
            GranteeName.user(grantee(n)),
            Precondition.NONE,
            Role.READER,
            Field.absent()));
  }

  private static String storeKey(User user, Instance service) {
    try (Secret key = Secret.apiKey("sk-0123456789".getBytes(StandardCharsets.US_ASCII))) {
      return code(
          USE.userKeys.save(
              RacingUseCases.as(user), service.ref(), new NewUserKey(key, Endpoint.of(ENDPOINT))));
    }
  }

  private static Handle grantee(int n) {
    return new Handle("user-" + n);
  }

  private Instance service(String handle) {
    return inserted(AnInstance.of(alice, handle).build());
  }

  private static Instance systemLevel(String handle) {
    return inserted(
        AnInstance.systemLevel(handle)
            .endpoint(ENDPOINT)
            .keyPolicy(new KeyPolicy(true, true, false))
            .build());
  }

  private static Instance inserted(Instance instance) {
    PORTS.instances().insert(instance, new SecretChange.Keep(), new SecretChange.Keep());
    return instance;
  }

  private static User user(String handle) {
    User user = AUser.called(handle).build();
    PORTS.users().insert(user);
    return user;
  }

  private static int rows(String table) {
    return PORTS.sql().sql("select count(*) from " + table).query(Integer.class).single();
  }
}
