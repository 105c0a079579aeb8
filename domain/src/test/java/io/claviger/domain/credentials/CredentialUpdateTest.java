package io.claviger.domain.credentials;

import static io.claviger.domain.credentials.CredentialUpdate.CallerFact.KNOWS_DESTINATION;
import static io.claviger.domain.credentials.CredentialUpdate.CallerFact.KNOWS_HEADERS;
import static io.claviger.domain.credentials.CredentialUpdate.CallerFact.MAY_CONFIRM;
import static io.claviger.domain.credentials.CredentialUpdate.Change.MOVED;
import static io.claviger.domain.credentials.CredentialUpdate.Change.NONE;
import static io.claviger.domain.credentials.CredentialUpdate.Change.OTHER_KIND;
import static io.claviger.domain.credentials.CredentialUpdate.Given.SECRET;
import static io.claviger.domain.credentials.CredentialUpdate.Ruling.CLEAR;
import static io.claviger.domain.credentials.CredentialUpdate.Ruling.CONFIRM;
import static io.claviger.domain.credentials.CredentialUpdate.Ruling.DESTINATION_REQUIRED;
import static io.claviger.domain.credentials.CredentialUpdate.Ruling.HEADERS_REQUIRED;
import static io.claviger.domain.credentials.CredentialUpdate.Ruling.KEEP;
import static io.claviger.domain.credentials.CredentialUpdate.Ruling.SEAL;
import static io.claviger.domain.credentials.CredentialUpdate.Ruling.SECRET_REQUIRED;
import static io.claviger.domain.credentials.CredentialUpdate.Ruling.TAKES_NO_SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.credentials.CredentialUpdate.CallerFact;
import io.claviger.domain.credentials.CredentialUpdate.Change;
import io.claviger.domain.credentials.CredentialUpdate.Given;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CredentialUpdateTest {
  private static List<CredentialUpdate> all() {
    List<CredentialUpdate> all = new ArrayList<>();
    for (CredentialKind kind : CredentialKind.values()) {
      for (Change change : Change.values()) {
        for (boolean isStored : new boolean[] {false, true}) {
          for (Given given : Given.values()) {
            for (Set<CallerFact> caller : everySetOfFacts()) {
              all.add(new CredentialUpdate(kind, change, isStored, given, caller));
            }
          }
        }
      }
    }
    return all;
  }

  private static List<Set<CallerFact>> everySetOfFacts() {
    return IntStream.range(0, 1 << CallerFact.values().length)
        .mapToObj(
            bits ->
                Arrays.stream(CallerFact.values())
                    .filter(fact -> (bits & (1 << fact.ordinal())) != 0)
                    .collect(Collectors.toSet()))
        .toList();
  }

  private static boolean brings(CredentialUpdate update) {
    return update.given() == SECRET;
  }

  private static List<CredentialUpdate> ending(CredentialUpdate.Ruling ruling) {
    return all().stream().filter(update -> update.judge() == ruling).toList();
  }

  @Test
  void nothing_is_kept_for_another_kind_or_another_destination() {
    assertThat(ending(KEEP))
        .noneMatch(update -> update.isStored() && update.change() == OTHER_KIND);
    assertThat(ending(KEEP))
        .noneMatch(
            update ->
                update.isStored()
                    && update.change() == MOVED
                    && update.kind() != CredentialKind.API_KEY);
    assertThat(ending(KEEP)).noneMatch(CredentialUpdateTest::brings);
  }

  @Test
  void a_secret_is_sealed_only_if_the_write_brings_it_for_a_destination_that_the_caller_knows() {
    assertThat(ending(SEAL))
        .isNotEmpty()
        .allMatch(
            update ->
                brings(update)
                    && update.caller().contains(KNOWS_DESTINATION)
                    && update.kind().keepsSecret());
    assertThat(ending(DESTINATION_REQUIRED))
        .isNotEmpty()
        .noneMatch(update -> update.caller().contains(KNOWS_DESTINATION));
  }

  @Test
  void nothing_is_stored_that_would_go_with_header_values_that_somebody_else_set() {
    assertThat(all())
        .filteredOn(update -> update.judge() == SEAL || update.judge() == CONFIRM)
        .allMatch(update -> update.caller().contains(KNOWS_HEADERS));
    assertThat(ending(HEADERS_REQUIRED))
        .isNotEmpty()
        .allMatch(
            update ->
                !update.caller().contains(KNOWS_HEADERS)
                    && update.caller().contains(KNOWS_DESTINATION));
    assertThat(all())
        .filteredOn(update -> !brings(update) && update.kind() == CredentialKind.API_KEY)
        .noneMatch(update -> update.judge() == HEADERS_REQUIRED);
  }

  @Test
  void a_secret_from_which_tokens_are_minted_is_asked_for_again_whenever_what_binds_it_changes() {
    assertThat(all())
        .filteredOn(update -> update.kind().isMinted() && update.kind().keepsSecret())
        .filteredOn(update -> !brings(update) && update.change() != NONE)
        .isNotEmpty()
        .allMatch(update -> update.judge() == SECRET_REQUIRED);
    assertThat(ending(SECRET_REQUIRED)).allMatch(update -> update.kind().isMinted());
  }

  @Test
  void only_a_new_credential_of_one_who_may_confirm_is_confirmed_and_every_change_ends_that() {
    assertThat(ending(CONFIRM))
        .isNotEmpty()
        .allMatch(
            update ->
                update.kind().isConfirmed()
                    && update.change() == OTHER_KIND
                    && update.caller().contains(MAY_CONFIRM)
                    && update.caller().contains(KNOWS_DESTINATION));
    assertThat(all())
        .filteredOn(update -> update.kind().isConfirmed() && !brings(update))
        .filteredOn(update -> update.change() == MOVED && update.isStored())
        .isNotEmpty()
        .allMatch(update -> update.judge() == CLEAR);
  }

  @Test
  void kinds_without_a_secret_take_none() {
    assertThat(ending(TAKES_NO_SECRET))
        .hasSize(3 * 3 * 2 * 8)
        .allMatch(update -> brings(update) && !update.kind().keepsSecret());
  }

  @Test
  void only_what_is_stored_is_cleared() {
    assertThat(ending(CLEAR)).isNotEmpty().allMatch(CredentialUpdate::isStored);
  }
}
