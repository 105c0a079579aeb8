package io.claviger.domain.approvals;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.accounts.User;
import io.claviger.domain.approvals.ConsentRules.Consenter;
import io.claviger.domain.approvals.ConsentRules.Verdict;
import io.claviger.domain.instances.InstanceField;
import io.claviger.domain.instances.NeededConsents;
import io.claviger.domain.keys.SecretUpdate.SecretAction;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class ConsentRulesTest {
  private static final Instant NOW = Instant.parse("2026-11-25T00:00:00Z");
  private static final User.Id ASKER = new User.Id(new UUID(0, 1));
  private static final User.Id OTHER = new User.Id(new UUID(0, 2));
  private static final User.Id BEHIND = new User.Id(new UUID(0, 4));
  private static final NeededConsents TWO = new NeededConsents(2);
  private static final List<Boolean> BOTH = List.of(false, true);

  @Test
  void who_may_consent_over_all_combinations() {
    for (boolean asker : BOTH) {
      for (int bits = 0; bits < 1024; bits++) {
        boolean owner = (bits & 16) != 0;
        boolean byAsker = (bits & 32) != 0;
        boolean lately = (bits & 64) != 0;
        boolean behind = (bits & 128) != 0;
        boolean byBehind = (bits & 256) != 0;
        boolean byPerson = (bits & 512) != 0;
        Set<User.Id> responsible = behind ? Set.of(OTHER, BEHIND) : Set.of(BEHIND);
        Consenter consenter =
            new Consenter(
                (bits & 1) != 0,
                (bits & 2) != 0,
                (bits & 4) != 0,
                (bits & 8) != 0,
                owner,
                Optional.of(NOW.minus(Duration.ofDays(lately ? 6 : 7))),
                Optional.of(byAsker ? ASKER : byBehind ? BEHIND : new User.Id(new UUID(0, 3))),
                byPerson);

        Verdict verdict =
            ConsentRules.mayConsent(asker ? ASKER : OTHER, ASKER, responsible, consenter, NOW);

        boolean counts = owner && !((byAsker || byBehind || !byPerson) && lately);
        boolean may =
            !asker
                && !behind
                && consenter.person()
                && !consenter.suspended()
                && (consenter.administrator() || consenter.owningUser() || counts);
        assertThat(verdict == Verdict.MAY).as("%s %s %s", asker, behind, consenter).isEqualTo(may);
        assertThat(verdict == Verdict.ASKED).isEqualTo(asker || behind);
        for (boolean moved : new boolean[] {false, true}) {
          boolean owns = consenter.owningUser() || owner;
          assertThat(ConsentRules.mayDecline(asker ? ASKER : OTHER, ASKER, consenter, moved))
              .isEqualTo(
                  !consenter.suspended()
                      && (asker || consenter.administrator() || (owns && !moved)));
        }
      }
    }
  }

  @Test
  void a_co_owner_of_whom_nobody_knows_since_when_counts_as_new() {
    Consenter consenter =
        new Consenter(true, false, false, false, true, Optional.empty(), Optional.of(ASKER), true);
    assertThat(ConsentRules.mayConsent(OTHER, ASKER, Set.of(), consenter, NOW))
        .isEqualTo(Verdict.NEW_CO_OWNER);
  }

  @Test
  void which_fields_wait_each_by_itself() {
    Set<InstanceField> guarded =
        EnumSet.of(
            InstanceField.PROVIDER,
            InstanceField.API_STANDARD,
            InstanceField.ENDPOINT,
            InstanceField.SETTINGS,
            InstanceField.ORGANIZATION,
            InstanceField.CREDENTIAL);
    for (InstanceField field : InstanceField.values()) {
      Set<InstanceField> waiting =
          ConsentRules.waitingFor(
              EnumSet.of(field), SecretAction.KEEP, SecretAction.KEEP, false, false, TWO, TWO);
      assertThat(waiting).isEqualTo(guarded.contains(field) ? Set.of(field) : Set.of());
    }
  }

  @Test
  void secrets_wait_unless_they_are_cleared_and_numbers_if_they_fall() {
    for (SecretAction key : SecretAction.values()) {
      for (SecretAction headers : SecretAction.values()) {
        for (boolean clears : BOTH) {
          for (boolean moved : BOTH) {
            for (int after = 1; after <= 3; after++) {
              Set<InstanceField> waiting =
                  ConsentRules.waitingFor(
                      EnumSet.of(InstanceField.CREDENTIAL),
                      key,
                      headers,
                      clears,
                      moved,
                      TWO,
                      new NeededConsents(after));
              assertThat(waiting.contains(InstanceField.API_KEY))
                  .isEqualTo(key == SecretAction.REPLACE);
              assertThat(waiting.contains(InstanceField.CUSTOM_HEADERS))
                  .isEqualTo(headers == SecretAction.REPLACE);
              assertThat(waiting.contains(InstanceField.CREDENTIAL))
                  .isEqualTo(!clears || key == SecretAction.REPLACE);
              assertThat(waiting.contains(InstanceField.ENDPOINT)).isEqualTo(moved);
              assertThat(waiting.contains(InstanceField.APPROVALS)).isEqualTo(after < 2);
            }
          }
        }
      }
    }
  }
}
