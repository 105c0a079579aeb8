package io.claviger.domain.credentials;

import static io.claviger.domain.credentials.CredentialUpdate.Ruling.CLEAR;
import static io.claviger.domain.credentials.CredentialUpdate.Ruling.CONFIRM;
import static io.claviger.domain.credentials.CredentialUpdate.Ruling.DESTINATION_REQUIRED;
import static io.claviger.domain.credentials.CredentialUpdate.Ruling.HEADERS_REQUIRED;
import static io.claviger.domain.credentials.CredentialUpdate.Ruling.KEEP;
import static io.claviger.domain.credentials.CredentialUpdate.Ruling.SEAL;
import static io.claviger.domain.credentials.CredentialUpdate.Ruling.SECRET_REQUIRED;
import static io.claviger.domain.credentials.CredentialUpdate.Ruling.TAKES_NO_SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CredentialUpdateTest {
  private static List<CredentialUpdate> all() {
    return Stream.of(CredentialKind.values())
        .flatMap(
            kind ->
                IntStream.range(0, 256)
                    .mapToObj(
                        bits ->
                            new CredentialUpdate(
                                kind,
                                (bits & 1) != 0,
                                (bits & 2) != 0,
                                (bits & 4) != 0,
                                (bits & 8) != 0,
                                (bits & 16) != 0,
                                (bits & 32) != 0,
                                (bits & 64) != 0,
                                (bits & 128) != 0)))
        .toList();
  }

  private static List<CredentialUpdate> ending(CredentialUpdate.Ruling ruling) {
    return all().stream().filter(update -> update.judge() == ruling).toList();
  }

  @Test
  void nothing_is_kept_for_another_kind_or_another_destination() {
    assertThat(ending(KEEP)).noneMatch(update -> update.stored() && !update.sameKind());
    assertThat(ending(KEEP))
        .noneMatch(
            update -> update.stored() && update.moves() && update.kind() != CredentialKind.API_KEY);
    assertThat(ending(KEEP)).noneMatch(CredentialUpdate::brings);
  }

  @Test
  void a_secret_is_sealed_only_if_the_write_brings_it_for_a_destination_that_the_caller_knows() {
    assertThat(ending(SEAL))
        .isNotEmpty()
        .allMatch(
            update -> update.brings() && update.destinationKnown() && update.kind().keepsSecret());
    assertThat(ending(DESTINATION_REQUIRED))
        .isNotEmpty()
        .noneMatch(CredentialUpdate::destinationKnown);
  }

  @Test
  void nothing_is_stored_that_would_go_with_header_values_that_somebody_else_set() {
    assertThat(all())
        .filteredOn(update -> update.judge() == SEAL || update.judge() == CONFIRM)
        .allMatch(CredentialUpdate::headersKnown);
    assertThat(ending(HEADERS_REQUIRED))
        .isNotEmpty()
        .allMatch(update -> !update.headersKnown() && update.destinationKnown());
    assertThat(all())
        .filteredOn(update -> !update.brings() && update.kind() == CredentialKind.API_KEY)
        .noneMatch(update -> update.judge() == HEADERS_REQUIRED);
  }

  @Test
  void a_secret_from_which_tokens_are_minted_is_asked_for_again_whenever_what_binds_it_changes() {
    assertThat(all())
        .filteredOn(update -> update.kind().isMinted() && update.kind().keepsSecret())
        .filteredOn(update -> !update.brings() && (update.moves() || !update.sameKind()))
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
                    && !update.sameKind()
                    && update.mayConfirm()
                    && update.destinationKnown());
    assertThat(all())
        .filteredOn(update -> update.kind().isConfirmed() && !update.brings())
        .filteredOn(update -> update.sameKind() && update.moves() && update.stored())
        .isNotEmpty()
        .allMatch(update -> update.judge() == CLEAR);
  }

  @Test
  void kinds_without_a_secret_take_none() {
    assertThat(ending(TAKES_NO_SECRET))
        .hasSize(3 * 128)
        .allMatch(update -> update.brings() && !update.kind().keepsSecret());
  }

  @Test
  void only_what_is_stored_is_cleared() {
    assertThat(ending(CLEAR)).isNotEmpty().allMatch(CredentialUpdate::stored);
  }
}
