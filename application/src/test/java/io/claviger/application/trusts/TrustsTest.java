package io.claviger.application.trusts;

import static io.claviger.application.Outcomes.because;
import static io.claviger.application.Outcomes.done;
import static io.claviger.application.trusts.TrustWorld.BOT;
import static io.claviger.application.trusts.TrustWorld.CI;
import static io.claviger.application.trusts.TrustWorld.MAIN;
import static io.claviger.application.trusts.TrustWorld.as;
import static io.claviger.application.trusts.TrustWorld.terms;
import static io.claviger.application.trusts.TrustWorld.usingOnly;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.trusts.Trusts.TrustContent;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.trusts.Trust;
import io.claviger.domain.trusts.TrustTerms;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who says whose JWTs are exchanged, and what ends with that. */
class TrustsTest {
  private static final Duration LIFETIME = Duration.ofMinutes(10);
  private static final TrustTerms TERMS = terms("repo:acme/app:*", Map.of("ref", "main"), LIFETIME);
  private final TrustWorld world = new TrustWorld().withIssuer();

  @Test
  void who_is_responsible_and_administrators_read_and_write_trusts() {
    for (Actor actor : List.of(as(world.alice), as(world.root))) {
      Handle name = new Handle("of-" + actor.handle().value());
      assertThat(done(save(actor, BOT, name, Precondition.NONE)).created()).isTrue();
      assertThat(done(world.trusts.find(actor, BOT, name)).terms()).isEqualTo(TERMS);
      assertThat(done(list(actor)).items()).extracting(Trust::name).contains(name);
      assertThat(done(world.trusts.delete(actor, BOT, name, Precondition.NONE))).isEqualTo(name);
      assertThat(because(world.trusts.find(actor, BOT, name))).isEqualTo("not_found");
    }
  }

  @Test
  void the_account_itself_may_not_widen_what_becomes_a_token_of_it() {
    assertRefused(as(world.bot), BOT, "forbidden");
  }

  @Test
  void a_trust_of_everybody_needs_a_claim() {
    assertThat(because(world.save("all", terms("repo:*", Map.of(), LIFETIME))))
        .isEqualTo("/claims not_allowed");
    assertThat(done(world.save("ours", terms("repo:*", Map.of("owner", "7"), LIFETIME))).created())
        .isTrue();
    assertThat(done(world.save("org", terms("repo:acme/*", Map.of(), LIFETIME))).created())
        .isTrue();
  }

  @Test
  void for_others_there_is_no_such_account() {
    assertRefused(as(world.eve), BOT, "not_found");
    assertRefused(as(world.alice), new Handle("nobody"), "not_found");
  }

  @Test
  void people_have_no_trusts() {
    assertRefused(as(world.root), new Handle("alice"), "forbidden");
    assertRefused(as(world.alice), new Handle("alice"), "forbidden");
    assertRefused(as(world.root), new Handle("_system"), "forbidden");
  }

  @Test
  void a_token_of_scope_use_neither_reads_nor_writes_them() {
    assertRefused(usingOnly(world.alice), BOT, "forbidden");
    assertRefused(usingOnly(world.root), BOT, "forbidden");
  }

  private void assertRefused(Actor actor, Handle account, String code) {
    assertThat(because(world.trusts.find(actor, account, MAIN))).isEqualTo(code);
    assertThat(because(world.trusts.list(actor, account, new PageRequest<>(Optional.empty(), 10))))
        .isEqualTo(code);
    assertThat(because(save(actor, account, MAIN, Precondition.NONE))).isEqualTo(code);
    assertThat(because(world.trusts.delete(actor, account, MAIN, Precondition.NONE)))
        .isEqualTo(code);
  }

  @Test
  void a_trust_names_a_trusted_issuer() {
    assertThat(
            because(
                world.trusts.save(
                    as(world.alice),
                    BOT,
                    MAIN,
                    Precondition.NONE,
                    new TrustContent(new Handle("unknown"), TERMS))))
        .isEqualTo("/issuer unknown_reference");
  }

  @Test
  void an_account_has_a_hundred_trusts_at_most() {
    for (int i = 0; i < Trusts.MOST; i++) {
      assertThat(done(world.save("trust-" + i, TERMS)).created()).isTrue();
    }

    assertThat(because(world.save("one-more", TERMS))).isEqualTo("quota_exceeded");
    assertThat(done(world.save("trust-0", TERMS)).created()).isFalse();
  }

  @Test
  void what_was_changed_meanwhile_is_not_overwritten_or_deleted() {
    Precondition first = Precondition.version(1);
    Actor alice = as(world.alice);
    assertThat(because(save(alice, BOT, MAIN, first))).isEqualTo("precondition_failed");
    assertThat(done(save(alice, BOT, MAIN, Precondition.CREATE_ONLY)).trust().version())
        .isEqualTo(1);
    assertThat(because(save(alice, BOT, MAIN, Precondition.CREATE_ONLY)))
        .isEqualTo("precondition_failed");
    assertThat(done(world.save("main", terms("other", Map.of(), LIFETIME))).trust().version())
        .isEqualTo(2);

    assertThat(because(save(alice, BOT, MAIN, first))).isEqualTo("precondition_failed");
    assertThat(because(world.trusts.delete(alice, BOT, MAIN, first)))
        .isEqualTo("precondition_failed");
    assertThat(because(world.trusts.delete(alice, BOT, new Handle("gone"), Precondition.NONE)))
        .isEqualTo("not_found");
  }

  @Test
  void the_same_terms_again_change_nothing() {
    Trust trust = done(world.save("main", TERMS)).trust();
    int events = world.ports.auditEvents().size();

    assertThat(done(world.save("main", TERMS)).trust()).isEqualTo(trust);
    assertThat(world.ports.auditEvents()).hasSize(events);
  }

  @Test
  void every_change_is_on_record_with_what_was_changed() {
    assertThat(done(world.save("main", TERMS)).created()).isTrue();
    assertThat(record()).isEqualTo("TRUST_CREATE [issuer, subject, claims, max_lifetime]");

    assertThat(done(world.save("main", terms("other", Map.of(), LIFETIME))).created()).isFalse();
    assertThat(record()).isEqualTo("TRUST_UPDATE [subject, claims]");

    TrustTerms shorter = terms("other", Map.of(), Duration.ofMinutes(1));
    assertThat(done(world.save("main", shorter)).created()).isFalse();
    assertThat(record()).isEqualTo("TRUST_UPDATE [max_lifetime]");

    assertThat(because(save(as(world.bot), BOT, new Handle("own"), Precondition.NONE)))
        .isEqualTo("forbidden");
    assertThat(world.refusal()).isEqualTo("forbidden");

    assertThat(done(world.trusts.delete(as(world.alice), BOT, MAIN, Precondition.NONE)))
        .isEqualTo(MAIN);
    assertThat(record()).isEqualTo("TRUST_DELETE []");
  }

  @Test
  void trusts_are_listed_by_name_page_by_page() {
    for (String name : List.of("b", "c", "a")) {
      assertThat(done(world.save(name, TERMS)).created()).isTrue();
    }

    Page<Trust, Handle> first =
        done(world.trusts.list(as(world.alice), BOT, new PageRequest<>(Optional.empty(), 2)));
    assertThat(first.items()).extracting(t -> t.name().value()).containsExactly("a", "b");
    Page<Trust, Handle> second =
        done(world.trusts.list(as(world.alice), BOT, new PageRequest<>(first.next(), 2)));
    assertThat(second.items()).extracting(t -> t.name().value()).containsExactly("c");
    assertThat(second.next()).isEmpty();
  }

  private String record() {
    AuditEvent event = world.lastEvent();
    AuditAction action = (AuditAction) event.action();
    return action.name() + " " + event.fields();
  }

  private Outcome<Page<Trust, Handle>> list(Actor actor) {
    return world.trusts.list(actor, BOT, new PageRequest<>(Optional.empty(), 10));
  }

  private Outcome<Trusts.SavedTrust> save(
      Actor actor, Handle account, Handle name, Precondition precondition) {
    return world.trusts.save(actor, account, name, precondition, new TrustContent(CI, TERMS));
  }
}
