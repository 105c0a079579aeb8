package io.claviger.persistence;

import static io.claviger.persistence.ConcurrentAttempts.MANY;
import static io.claviger.persistence.ConcurrentAttempts.many;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Outcomes;
import io.claviger.application.accounts.Users;
import io.claviger.application.builders.AUser;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.accounts.User;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** 16 browsers finish sign-ins at once. */
final class SignInRacesTest {
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();
  private static final RacingSignIns SIGN_INS = new RacingSignIns(PORTS);

  @BeforeEach
  void begin() {
    RacingUseCases.begin(PORTS);
  }

  @Test
  void first_sign_ins_of_one_subject_make_one_user() {
    List<String> outcomes = many(n -> SIGN_INS.outcome(SIGN_INS.begun(), "alice alice-id"));

    assertThat(outcomes).containsOnly("Completed");
    assertThat(count("users where handle = 'alice'")).isEqualTo(1);
    assertThat(
            count("identities i join users u on u.id = i.user_id and u.created_at = i.linked_at"))
        .isEqualTo(1);
    assertThat(count("groups")).isEqualTo(2);
    assertThat(count("group_members")).isEqualTo(2);
  }

  @Test
  void of_several_people_who_would_have_one_handle_one_gets_it() {
    List<String> outcomes = many(n -> SIGN_INS.outcome(SIGN_INS.begun(), "alice subject-" + n));

    assertThat(outcomes).filteredOn("Completed"::equals).hasSize(1);
    assertThat(outcomes).filteredOn("HANDLE_TAKEN"::equals).hasSize(MANY - 1);
    assertThat(count("identities")).isEqualTo(1);
  }

  @Test
  void a_sign_in_is_finished_once() {
    RacingSignIns.Begun begun = SIGN_INS.begun();

    List<String> outcomes = many(n -> SIGN_INS.outcome(begun, "alice alice-id"));

    assertThat(outcomes).filteredOn("Completed"::equals).hasSize(1);
    assertThat(outcomes).filteredOn("UNKNOWN_ATTEMPT"::equals).hasSize(MANY - 1);
  }

  @Test
  void another_browser_can_not_finish_a_sign_in() {
    RacingSignIns.Begun victims = SIGN_INS.begun();
    RacingSignIns.Begun attackers = SIGN_INS.begun();

    assertThat(
            SIGN_INS.outcome(
                new RacingSignIns.Begun(attackers.state(), victims.binding()),
                "mallory mallory-id"))
        .isEqualTo("UNKNOWN_ATTEMPT");
    assertThat(
            SIGN_INS.outcome(
                new RacingSignIns.Begun(victims.state(), attackers.binding()), "alice alice-id"))
        .isEqualTo("UNKNOWN_ATTEMPT");
    assertThat(SIGN_INS.outcome(victims, "alice alice-id")).isEqualTo("Completed");
    assertThat(SIGN_INS.outcome(attackers, "mallory mallory-id")).isEqualTo("Completed");
  }

  @Test
  void a_handle_that_sign_ins_and_administrators_want_at_once_is_given_once() {
    User root = AUser.called("root").administrator().build();
    PORTS.users().insert(root);
    Actor administrator = RacingUseCases.as(root);
    RacingUseCases operations = new RacingUseCases(PORTS);

    List<String> outcomes =
        many(
            n ->
                n % 2 == 0
                    ? SIGN_INS.outcome(SIGN_INS.begun(), "alice subject-" + n)
                    : made(operations, administrator));

    assertThat(outcomes)
        .filteredOn(one -> one.equals("Completed") || one.equals("made"))
        .hasSize(1);
    assertThat(outcomes)
        .filteredOn(one -> !one.equals("Completed") && !one.equals("made"))
        .hasSize(MANY - 1)
        .containsOnly("HANDLE_TAKEN", "handle_taken");
    assertThat(count("users where handle = 'alice'")).isEqualTo(1);
    assertThat(count("identities")).isEqualTo(outcomes.contains("Completed") ? 1 : 0);
  }

  @Test
  void a_user_with_the_same_address_is_not_found_by_it() {
    assertThat(SIGN_INS.outcome(SIGN_INS.begun(), "alice alice-id")).isEqualTo("Completed");

    assertThat(SIGN_INS.outcome(SIGN_INS.begun(), "mallory mallory-id")).isEqualTo("Completed");

    assertThat(count("users where email = 'same@example.org'")).isEqualTo(2);
  }

  private static String made(RacingUseCases operations, Actor administrator) {
    Outcome<Users.CreatedUser> outcome =
        operations.users.create(administrator, Users.NewUser.of("alice"));
    return outcome instanceof Outcome.Done ? "made" : Outcomes.because(outcome);
  }

  private static int count(String of) {
    return PORTS.sql().sql("select count(*) from " + of).query(Integer.class).single();
  }
}
