package io.claviger.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.gateway.AuthorizationCache;
import io.claviger.application.gateway.CallAuthorization;
import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.port.AuthorizedCall.AuthorizationBasis;
import io.claviger.application.instances.InstanceWriteBuilder;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.instances.Instance;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Fifteen threads call by the share of a group that their user leaves meanwhile. */
class LeftGroupRaceTest {
  private static final UUID GROUP = new UUID(0, 1);

  @Test
  void no_call_of_who_left_passes_once_they_have_left() {
    try (RaceFixture fixture = RaceFixture.lend()) {
      Actor alice = fixture.user("alice");
      RaceFixture.Person bob = fixture.person("bob", false);
      Instance.Ref ref = lent(fixture, alice);
      for (int round = 0; round < RaceFixture.ROUNDS; round++) {
        join(fixture, bob.actor());
        AuthorizationBasis stream = authorized(fixture, bob.token(), ref);
        AtomicBoolean left = new AtomicBoolean();

        List<AuthorizationOutcome> after =
            SimultaneousThreads.sixteen(
                n -> {
                  if (n == 0) {
                    leave(fixture, bob.actor());
                    // Until the node has read the change, it may use rows that are 50 ms old.
                    fixture.context().get(AuthorizationCache.class).refresh();
                    left.set(true);
                  }
                  boolean last;
                  AuthorizationOutcome outcome;
                  do {
                    last = left.get();
                    outcome = fixture.call(bob.token(), ref);
                    close(outcome);
                  } while (!last);
                  return outcome;
                });

        assertThat(after).allMatch(LeftGroupRaceTest::isNotFound);
        assertThat(lookedAgain(fixture, bob.token(), ref, stream))
            .as("a stream that was open by the share")
            .contains(CallRefusal.NOT_FOUND);
      }
    }
  }

  @Test
  void what_a_node_remembers_of_a_group_ends_with_the_next_reading_of_changes() {
    try (RaceFixture fixture = RaceFixture.lend()) {
      Actor alice = fixture.user("alice");
      RaceFixture.Person bob = fixture.person("bob", false);
      Instance.Ref ref = lent(fixture, alice);
      List<String> ends =
          List.of(
              "delete from group_members where group_id = :a and user_id = :b",
              "delete from shares where group_id = :a and cast(:b as uuid) is not null",
              "delete from groups where id = :a and cast(:b as uuid) is not null",
              """
              update shares set expires_at = now()
              where group_id = :a and cast(:b as uuid) is not null
              """);
      for (String end : ends) {
        join(fixture, bob.actor());
        fixture.context().get(AuthorizationCache.class).refresh();
        AuthorizationBasis unused = authorized(fixture, bob.token(), ref);

        fixture.changeElsewhere(end, GROUP, bob.actor().id().value());
        fixture.context().get(AuthorizationCache.class).refresh();

        assertThat(
                fixture
                    .context()
                    .get(CallAuthorization.class)
                    .authorizeAtOnce(RaceFixture.request(bob.token(), ref)))
            .as(end)
            .isEmpty();
        assertThat(fixture.call(bob.token(), ref)).as(end).matches(LeftGroupRaceTest::isNotFound);
        regroup(fixture, ref);
      }
    }
  }

  private static Instance.Ref lent(RaceFixture fixture, Actor alice) {
    Instance.Ref ref = RaceFixture.ref(alice, "lent");
    InstanceWriteBuilder keyed =
        InstanceWriteBuilder.openAi().endpoint("https://api.openai.com/v1").key("sk-0123456789");
    assertThat(fixture.put(alice, ref, Precondition.NONE, keyed))
        .isInstanceOf(io.claviger.application.shared.Outcome.Done.class);
    group(fixture, ref);
    return ref;
  }

  private static void group(RaceFixture fixture, Instance.Ref ref) {
    fixture.changeElsewhere(
        """
        insert into groups (id, handle, display_name, kind, version, created_at, updated_at)
        values (:a, :b, 'Research', 'local', 1, now(), now())
        """,
        GROUP,
        "research");
    fixture.changeElsewhere(
        """
        insert into shares (instance_id, owner_handle, instance_handle, grantee_id, grantee_handle,
          role, may_reshare, version, created_at)
        select id, owner_handle, handle, :a, '@research', 'reader', false, 1, now()
        from instances where owner_handle || '/' || handle = :b
        """,
        GROUP,
        ref.toString());
  }

  private static void regroup(RaceFixture fixture, Instance.Ref ref) {
    if (fixture.count("select count(*) from groups where id = :a and :b = ''", GROUP, "") == 1) {
      fixture.changeElsewhere("delete from groups where id = :a and :b = ''", GROUP, "");
    }
    group(fixture, ref);
  }

  private static void join(RaceFixture fixture, Actor user) {
    fixture.changeElsewhere(
        "insert into group_members values (:a, :b, 'member', now())", GROUP, user.id().value());
  }

  private static void leave(RaceFixture fixture, Actor user) {
    fixture.changeElsewhere(
        "delete from group_members where group_id = :a and user_id = :b", GROUP, user.id().value());
  }

  private static AuthorizationBasis authorized(
      RaceFixture fixture, TokenText token, Instance.Ref ref) {
    AuthorizationOutcome outcome = fixture.call(token, ref);
    assertThat(outcome).isInstanceOf(AuthorizationOutcome.Authorized.class);
    close(outcome);
    return ((AuthorizationOutcome.Authorized) outcome).call().basis();
  }

  private static Optional<CallRefusal> lookedAgain(
      RaceFixture fixture, TokenText token, Instance.Ref ref, AuthorizationBasis basis) {
    return fixture
        .context()
        .get(CallAuthorization.class)
        .lookAgain(RaceFixture.request(token, ref), basis);
  }

  private static boolean isNotFound(CallAuthorization.AuthorizationOutcome outcome) {
    return outcome instanceof AuthorizationOutcome.Refused refused
        && refused.why() == CallRefusal.NOT_FOUND;
  }

  private static void close(AuthorizationOutcome outcome) {
    if (outcome instanceof AuthorizationOutcome.Authorized authorized) {
      authorized.call().close();
    }
  }
}
