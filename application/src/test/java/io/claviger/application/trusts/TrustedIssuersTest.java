package io.claviger.application.trusts;

import static io.claviger.application.Outcomes.because;
import static io.claviger.application.Outcomes.done;
import static io.claviger.application.trusts.TrustWorld.BOT;
import static io.claviger.application.trusts.TrustWorld.CI;
import static io.claviger.application.trusts.TrustWorld.ISSUER;
import static io.claviger.application.trusts.TrustWorld.MAIN;
import static io.claviger.application.trusts.TrustWorld.PEOPLE;
import static io.claviger.application.trusts.TrustWorld.as;
import static io.claviger.application.trusts.TrustWorld.usingOnly;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.trusts.TrustedIssuers.SavedIssuer;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.trusts.TrustedIssuer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Administrators say whose JWTs count at all. */
class TrustedIssuersTest {
  private static final Issuer OTHER = new Issuer("https://other.example");
  private final TrustWorld world = new TrustWorld();
  private final Actor root = as(world.root);

  @Test
  void every_user_reads_them_but_not_with_a_token_of_scope_use() {
    TrustedIssuer saved = done(save(root, "ci", ISSUER)).issuer();

    for (User user : List.of(world.root, world.alice, world.eve, world.bot)) {
      assertThat(done(world.issuers.find(as(user), CI))).isEqualTo(saved);
      assertThat(done(world.issuers.list(as(user), all())).items()).containsExactly(saved);
      assertThat(because(world.issuers.find(usingOnly(user), CI))).isEqualTo("forbidden");
      assertThat(because(world.issuers.list(usingOnly(user), all()))).isEqualTo("forbidden");
    }
    assertThat(because(world.issuers.find(root, new Handle("gone")))).isEqualTo("not_found");
  }

  @Test
  void only_administrators_write_them() {
    assertThat(done(save(root, "ci", ISSUER)).created()).isTrue();

    for (Actor actor :
        List.of(as(world.alice), as(world.eve), as(world.bot), usingOnly(world.root))) {
      assertThat(because(save(actor, "ci", OTHER))).isEqualTo("forbidden");
      assertThat(because(save(actor, "other", OTHER))).isEqualTo("forbidden");
      assertThat(because(delete(actor, Precondition.NONE))).isEqualTo("forbidden");
    }
    assertThat(done(world.issuers.find(root, CI)).issuer()).isEqualTo(ISSUER);
  }

  @Test
  void the_issuer_that_people_sign_in_with_is_none_for_programs() {
    assertThat(because(save(root, "people", PEOPLE))).isEqualTo("/issuer not_allowed");
    assertThat(done(save(root, "ci", ISSUER)).created()).isTrue();
    assertThat(because(save(root, "ci", PEOPLE))).isEqualTo("/issuer not_allowed");
  }

  @Test
  void claviger_itself_is_none_for_programs() {
    TrustedIssuers withOwn =
        TrustedIssuers.of(
            world.ports.trustedIssuers(),
            Optional.empty(),
            Optional.of(OTHER),
            world.ports.credentials(),
            world.changes());

    assertThat(because(withOwn.save(root, CI, Precondition.NONE, OTHER)))
        .isEqualTo("/issuer not_allowed");
    assertThat(done(withOwn.save(root, CI, Precondition.NONE, ISSUER)).created()).isTrue();
  }

  @Test
  void an_address_has_one_name() {
    assertThat(done(save(root, "ci", ISSUER)).created()).isTrue();
    assertThat(done(save(root, "other", OTHER)).created()).isTrue();

    assertThat(because(save(root, "third", ISSUER))).isEqualTo("issuer_taken");
    assertThat(because(save(root, "other", ISSUER))).isEqualTo("issuer_taken");
  }

  @Test
  void it_stays_while_a_trust_names_it() {
    world.withIssuer().trust("main", "s", Map.of(), Duration.ofMinutes(5));

    assertThat(because(delete(root, Precondition.NONE))).isEqualTo("in_use");
    assertThat(done(world.trusts.delete(root, BOT, MAIN, Precondition.NONE))).isEqualTo(MAIN);
    assertThat(done(delete(root, Precondition.NONE))).isEqualTo(CI);
    assertThat(because(delete(root, Precondition.NONE))).isEqualTo("not_found");
  }

  @Test
  void what_was_changed_meanwhile_is_not_overwritten_or_deleted() {
    Precondition first = Precondition.version(1);
    assertThat(done(save(root, "ci", ISSUER)).issuer().version()).isEqualTo(1);
    assertThat(done(save(root, "ci", OTHER)).issuer().version()).isEqualTo(2);

    assertThat(because(world.issuers.save(root, CI, first, ISSUER)))
        .isEqualTo("precondition_failed");
    assertThat(because(delete(root, first))).isEqualTo("precondition_failed");
  }

  @Test
  void every_change_is_on_record_and_the_same_address_again_is_none() {
    assertThat(done(save(root, "ci", ISSUER)).created()).isTrue();
    assertThat(world.lastEvent().action()).isEqualTo(AuditAction.TRUSTED_ISSUER_CREATE);
    assertThat(done(save(root, "ci", OTHER)).created()).isFalse();
    assertThat(world.lastEvent().action()).isEqualTo(AuditAction.TRUSTED_ISSUER_UPDATE);
    int events = world.ports.auditEvents().size();
    assertThat(done(save(root, "ci", OTHER)).created()).isFalse();
    assertThat(world.ports.auditEvents()).hasSize(events);
    assertThat(done(delete(root, Precondition.NONE))).isEqualTo(CI);
    assertThat(world.lastEvent().action()).isEqualTo(AuditAction.TRUSTED_ISSUER_DELETE);

    assertThat(because(save(as(world.eve), "ci", ISSUER))).isEqualTo("forbidden");
    assertThat(world.refusal()).isEqualTo("forbidden");
  }

  private static PageRequest<Handle> all() {
    return new PageRequest<>(Optional.empty(), 10);
  }

  private Outcome<SavedIssuer> save(Actor actor, String name, Issuer issuer) {
    return world.issuers.save(actor, new Handle(name), Precondition.NONE, issuer);
  }

  private Outcome<Handle> delete(Actor actor, Precondition precondition) {
    return world.issuers.delete(actor, CI, precondition);
  }
}
