package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.audit.port.AuditFilter;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnEvent;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.DisplayName;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.fields.CommonFields;
import io.claviger.domain.fields.FieldWrites;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests the audit trail while many threads make changes, are refused and read at the same time. */
final class AuditRacesTest {
  @AutoClose private static final PostgresPorts PORTS = new PostgresPorts();
  private static final Instant NOW = Instant.parse("2026-02-03T04:05:06Z");
  private static final int EACH = 40;

  @BeforeEach
  void empty() {
    PostgresPorts unused = PORTS.emptied();
  }

  @Test
  void who_reads_pages_while_others_record_skips_and_repeats_nothing() {
    List<UUID> before = new ArrayList<>();
    for (int n = 0; n < 200; n++) {
      AuditEvent event =
          AnEvent.of(AuditAction.USER_UPDATE).at(Instant.now().minusMillis(n / 7)).build();
      PORTS.auditTrail().record(event);
      before.add(event.id());
    }
    ConcurrentLinkedQueue<List<UUID>> walks = new ConcurrentLinkedQueue<>();
    List<String> outcomes =
        ConcurrentAttempts.many(
            n -> {
              if (n % 2 == 0) {
                walks.add(walk(7));
              } else {
                for (int i = 0; i < EACH; i++) {
                  PORTS
                      .auditTrail()
                      .record(AnEvent.of(AuditAction.USER_UPDATE).at(Instant.now()).build());
                }
              }
              return ConcurrentAttempts.DONE;
            });

    assertThat(outcomes).containsOnly(ConcurrentAttempts.DONE);
    assertThat(walks)
        .hasSize(ConcurrentAttempts.MANY / 2)
        .allSatisfy(walk -> assertThat(walk).doesNotHaveDuplicates().containsAll(before));
    assertThat(walk(200)).hasSize(200 + EACH * ConcurrentAttempts.MANY / 2);
  }

  @Test
  void every_attempt_of_many_at_once_is_on_record_once() {
    RacingUseCases use = new RacingUseCases(PORTS);
    User root = AUser.called("root").administrator().build();
    User alice = AUser.called("alice").build();
    PORTS.users().insert(root);
    PORTS.users().insert(alice);
    AtomicInteger done = new AtomicInteger();
    List<String> outcomes =
        ConcurrentAttempts.many(
            n -> {
              for (int i = 0; i < 10; i++) {
                if (use.users.update(
                        RacingUseCases.as(n % 2 == 0 ? root : alice),
                        alice.handle(),
                        Precondition.NONE,
                        renaming("name-" + n + "-" + i, n % 2 == 1))
                    instanceof Outcome.Done<User>) {
                  done.incrementAndGet();
                }
              }
              return ConcurrentAttempts.DONE;
            });

    assertThat(outcomes).containsOnly(ConcurrentAttempts.DONE);
    assertThat(PORTS.auditEvents())
        .hasSize(10 * ConcurrentAttempts.MANY)
        .filteredOn(e -> e.outcome().wireName().equals("done"))
        .hasSize(done.get());
  }

  @Test
  void what_two_nodes_count_of_one_address_adds_up() {
    RejectedTokens one = new RejectedTokens(PORTS.auditTrail(), PORTS.ids(), PORTS.accessTokens());
    RejectedTokens two = new RejectedTokens(PORTS.auditTrail(), PORTS.ids(), PORTS.accessTokens());
    AtomicInteger minute = new AtomicInteger();
    List<String> outcomes =
        ConcurrentAttempts.many(
            n -> {
              for (int i = 0; i < EACH; i++) {
                Instant now = NOW.plusSeconds(30L * minute.getAndIncrement() / 100);
                RejectedTokens node = n % 2 == 0 ? one : two;
                Optional<Duration> unused = node.countAndRecord("192.0.2.9", "r", now);
                if (i % 8 == 0) {
                  node.flush(now);
                }
              }
              return ConcurrentAttempts.DONE;
            });
    one.settle(NOW);
    two.settle(NOW);

    assertThat(outcomes).containsOnly(ConcurrentAttempts.DONE);
    assertThat(PORTS.auditEvents().stream().mapToInt(AuditEvent::count).sum())
        .isEqualTo(EACH * ConcurrentAttempts.MANY);
  }

  @Test
  void many_uses_at_once_on_many_nodes_are_written_down_once() {
    User alice = AUser.called("alice").build();
    PORTS.users().insert(alice);
    AccessToken token = AToken.of(alice).build();
    PORTS.accessTokens().save(token, new TokenHash(new byte[32]));
    for (String statement :
        List.of(
            "create table written (at timestamptz)",
            """
            create function note_written() returns trigger language plpgsql as
            'begin insert into written values (new.last_used_at); return null; end'
            """,
            """
            create trigger note_written after update on access_tokens
            for each row execute function note_written()
            """)) {
      int unused = PORTS.sql().sql(statement).update();
    }

    List<String> outcomes =
        ConcurrentAttempts.many(
            n -> {
              PORTS.accessTokens().recordUse(token.id(), NOW.plusMillis(n));
              return ConcurrentAttempts.DONE;
            });

    assertThat(outcomes).containsOnly(ConcurrentAttempts.DONE);
    assertThat(PORTS.sql().sql("select count(*) from written").query(Long.class).single())
        .isEqualTo(1);
  }

  private static FieldWrites renaming(String name, boolean toAdministrator) {
    FieldWrites renaming =
        FieldWrites.NONE.with(CommonFields.DISPLAY_NAME, Field.of(new DisplayName(name)));
    return toAdministrator ? renaming.with(User.ADMINISTRATOR, Field.of(true)) : renaming;
  }

  private static List<UUID> walk(int limit) {
    List<UUID> ids = new ArrayList<>();
    Optional<TimeCursor> after = Optional.empty();
    List<AuditEvent> page;
    do {
      page = new ArrayList<>();
      PORTS.auditEventStore().newest(Optional.empty(), AuditFilter.NONE, after, limit, page::add);
      page.forEach(event -> ids.add(event.id()));
      after =
          page.isEmpty()
              ? after
              : Optional.of(new TimeCursor(page.getLast().at(), page.getLast().id()));
    } while (!page.isEmpty());
    return ids;
  }
}
