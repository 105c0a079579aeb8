package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.claviger.application.budgetreports.port.BudgetStateStore;
import io.claviger.application.budgets.port.BudgetLedger;
import io.claviger.application.budgets.port.HolderNames;
import io.claviger.application.builders.AGroup;
import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AWebhook;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.InMemorySealer;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.webhooks.port.WebhookStore;
import io.claviger.application.webhooks.port.WebhookStore.DueDelivery;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.GranteeId;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetAccount;
import io.claviger.domain.budgets.BudgetHolder;
import io.claviger.domain.budgets.BudgetRaise;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupMember;
import io.claviger.domain.groups.GroupRole;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.projects.Project;
import io.claviger.domain.webhooks.EventReceivers;
import io.claviger.domain.webhooks.Webhook;
import io.claviger.domain.webhooks.WebhookMessage;
import io.claviger.persistence.budgets.JdbcBudgetLedger;
import io.claviger.persistence.budgets.JdbcBudgetStates;
import io.claviger.persistence.budgets.JdbcHolderDirectory;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.webhooks.JdbcWebhooks;
import io.claviger.testkit.Race;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Charges that cross thresholds write messages in their transaction, and nodes share those out. */
final class ThresholdMessagesTest {
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();
  private static final InMemorySealer SEALER = InMemorySealer.withOneKey();
  private static final int MANY = 16;
  private static final long BUDGET = 1_000;

  private final BudgetLedger ledger = new JdbcBudgetLedger(PORTS.database());
  private final WebhookStore webhooks = new JdbcWebhooks(PORTS.database());
  private final User alice = AUser.called("alice").build();
  private final BudgetAccount account = account(BudgetHolder.user(alice.id().value()));
  private final UUID node = UUID.randomUUID();
  private long sequence;

  @BeforeEach
  void fill() {
    PORTS.emptied();
    PORTS.encryptionKeys().add(SEALER.sealingKey(), SEALER.sentinel(SEALER.sealingKey()));
    PORTS.users().insert(alice);
    give(alice.id());
  }

  private static BudgetAccount account(BudgetHolder holder) {
    return new BudgetAccount(
        holder.account(), new Budget.Key(BudgetUnit.TOKENS, BudgetWindow.DAY, BudgetZone.UTC));
  }

  private void give(GranteeId receiver) {
    Webhook webhook = AWebhook.of(receiver).createdAt(now()).build();
    try (Secret secret = Secret.takingOver(new byte[32])) {
      webhooks.insert(
          webhook, SEALER.seal(secret, KeyBinding.ofWebhookSecret(webhook.id(), webhook.url())));
    }
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MICROS);
  }

  /** The node has spent this much since it began. */
  private void spend(BudgetAccount charged, long inAll) {
    spend(charged, Optional.empty(), inAll);
  }

  private void spend(BudgetAccount charged, Optional<Instant> window, long inAll) {
    sequence++;
    ledger.exchange(
        node,
        List.of(
            new BudgetLedger.LedgerExchange(
                charged,
                window,
                Optional.empty(),
                1,
                sequence,
                inAll,
                0,
                new BudgetLedger.Demand(BUDGET, 1, 1, 0),
                0)));
  }

  private List<WebhookMessage.ThresholdReached> delivered() {
    List<WebhookMessage.ThresholdReached> messages = new ArrayList<>();
    List<DueDelivery> due = webhooks.takeDue(now(), Duration.ofMinutes(1), 10);
    while (!due.isEmpty()) {
      for (DueDelivery one : due) {
        messages.add((WebhookMessage.ThresholdReached) one.message());
        webhooks.recordDelivered(one, now());
      }
      due = webhooks.takeDue(now(), Duration.ofMinutes(1), 10);
    }
    return messages;
  }

  @Test
  void each_threshold_is_told_once_in_a_window() {
    spend(account, 0);
    spend(account, 499);
    assertThat(delivered()).isEmpty();
    spend(account, 500);
    spend(account, 501);
    assertThat(delivered())
        .extracting(WebhookMessage.ThresholdReached::threshold)
        .containsExactly(50);
    spend(account, 1_001);

    assertThat(delivered())
        .extracting(
            WebhookMessage.ThresholdReached::threshold,
            WebhookMessage.ThresholdReached::amount,
            WebhookMessage.ThresholdReached::settled)
        .containsExactly(tuple(80, BUDGET, 1_001L), tuple(100, BUDGET, 1_001L));
    spend(account, 2_000);
    assertThat(delivered()).isEmpty();
  }

  @Test
  void what_is_crossed_when_a_raise_ends_is_told_without_further_charges() {
    BudgetStateStore states = new JdbcBudgetStates(PORTS.database());
    BudgetRaise raise =
        new BudgetRaise(
            UUID.randomUUID(), BUDGET, states.now().plus(Duration.ofHours(1)), states.now());
    assertThat(states.insert(account, raise, alice.id(), Optional.empty(), Long.MAX_VALUE, false))
        .isEqualTo(BudgetStateStore.RaiseOutcome.STORED);
    spend(account, 0);
    spend(account, 1_500);
    assertThat(delivered())
        .extracting(
            WebhookMessage.ThresholdReached::threshold, WebhookMessage.ThresholdReached::amount)
        .containsExactly(tuple(50, 2 * BUDGET));

    assertThat(states.end(account, raise.id())).isTrue();
    spend(account, 1_500);
    spend(account, 1_500);

    assertThat(delivered())
        .extracting(
            WebhookMessage.ThresholdReached::threshold,
            WebhookMessage.ThresholdReached::amount,
            WebhookMessage.ThresholdReached::settled)
        .containsExactly(tuple(80, BUDGET, 1_500L), tuple(100, BUDGET, 1_500L));
  }

  /** What is in force later says nothing about a window that has ended. */
  @Test
  void a_raise_that_ends_with_its_window_crosses_nothing_in_this_window() {
    BudgetStateStore states = new JdbcBudgetStates(PORTS.database());
    BudgetRaise raise =
        new BudgetRaise(
            UUID.randomUUID(), BUDGET, states.now().plus(Duration.ofHours(1)), states.now());
    assertThat(states.insert(account, raise, alice.id(), Optional.empty(), Long.MAX_VALUE, false))
        .isEqualTo(BudgetStateStore.RaiseOutcome.STORED);
    spend(account, 0);
    spend(account, 1_500);
    assertThat(delivered())
        .extracting(WebhookMessage.ThresholdReached::threshold)
        .containsExactly(50);

    Instant window = endWindow();
    assertThat(states.end(account, raise.id())).isTrue();
    spend(account, Optional.of(window), 1_500);
    spend(account, Optional.of(window), 1_510);

    assertThat(delivered()).isEmpty();
  }

  @Test
  void what_is_settled_after_the_end_of_a_window_crosses_its_thresholds() {
    spend(account, 0);
    spend(account, 799);
    Instant window = endWindow();

    spend(account, Optional.of(window), 800);

    assertThat(delivered())
        .extracting(WebhookMessage.ThresholdReached::threshold)
        .containsExactly(50, 80);
  }

  /** Ends the current window early, and returns when it began. */
  private static Instant endWindow() {
    return PORTS
        .database()
        .jdbc()
        .sql("update budget_windows set ends_at = budget_clock() returning starts_at")
        .query(Timestamp.class)
        .single()
        .toInstant();
  }

  @Test
  void a_suspended_user_is_not_told_nor_later() {
    spend(account, 0);
    spend(account, 500);
    PORTS.users().update(alice.withSuspension(Optional.of(now()), now()));
    spend(account, 800);
    assertThat(delivered()).isEmpty();

    User suspended = PORTS.users().find(alice.handle()).orElseThrow();
    PORTS.users().update(suspended.withSuspension(Optional.empty(), now()));

    assertThat(delivered()).isEmpty();
    spend(account, 1_000);
    assertThat(delivered())
        .extracting(WebhookMessage.ThresholdReached::threshold)
        .containsExactly(100);
  }

  @Test
  void a_message_says_which_budget_it_is_about() {
    spend(account, 0);
    spend(account, 600);

    WebhookMessage.ThresholdReached message = delivered().getFirst();

    assertThat(message.holder()).isEqualTo(BudgetHolder.user(alice.id().value()));
    assertThat(message.budget()).isEqualTo(account.key());
    assertThat(message.windowStartsAt()).isBefore(message.resetsAt().orElseThrow());
  }

  @Test
  void who_lends_a_service_is_told_about_its_callers() {
    User bob = AUser.called("bob").build();
    PORTS.users().insert(bob);
    Instance service = AnInstance.of(alice, "s").build();
    PORTS.instances().insert(service, new SecretChange.Keep(), new SecretChange.Keep());
    BudgetAccount caller = account(BudgetHolder.callerOf(service.id().value(), bob.id().value()));
    give(bob.id());
    spend(caller, 0);
    spend(caller, 500);

    assertThat(delivered())
        .hasSize(2)
        .extracting(WebhookMessage.ThresholdReached::threshold)
        .containsOnly(50);
  }

  /** The database writes the messages, and the domain says to whom: both have to be the same. */
  @ParameterizedTest
  @EnumSource(BudgetHolder.Kind.class)
  void those_are_told_whom_the_domain_names(BudgetHolder.Kind kind) {
    User bob = PORTS.stored(AUser.called("bob").build());
    User carol = PORTS.stored(AUser.called("carol").build());
    User dave = PORTS.stored(AUser.called("dave").build());
    Group team = AGroup.called("team");
    PORTS.groups().insert(team);
    PORTS
        .groups()
        .putMember(
            team.id(), new GroupMember(carol.id(), carol.handle(), GroupRole.MANAGER, now()));
    PORTS
        .groups()
        .putMember(team.id(), new GroupMember(dave.id(), dave.handle(), GroupRole.MEMBER, now()));
    Instance service = AnInstance.of(alice, "s").build();
    PORTS.instances().insert(service, new SecretChange.Keep(), new SecretChange.Keep());
    AccessToken token = AToken.of(alice).build();
    PORTS.accessTokens().save(token, new TokenHash(new byte[32]));
    for (GranteeId one : List.of(bob.id(), carol.id(), dave.id(), team.id(), User.Id.SYSTEM)) {
      give(one);
    }
    UUID on = service.id().value();
    UUID group = team.id().value();
    BudgetHolder holder =
        switch (kind) {
          case SERVICE_CALLER -> BudgetHolder.callerOf(on, bob.id().value());
          case SERVICE_GROUP -> BudgetHolder.groupOn(on, group);
          case SERVICE -> BudgetHolder.service(on);
          case TOKEN -> BudgetHolder.token(token.id().value());
          case USER -> BudgetHolder.user(bob.id().value());
          case GROUP_MEMBER -> BudgetHolder.memberOf(group, bob.id().value());
          case GROUP_OWNER -> BudgetHolder.ownerIn(group, bob.id().value());
          case GROUP -> BudgetHolder.group(group);
          case PROJECT_CALLER -> BudgetHolder.callerThrough(project(), bob.id().value());
        };
    spend(account(holder), 0);
    spend(account(holder), 500);

    List<GranteeId> told =
        webhooks.takeDue(now(), Duration.ofMinutes(1), 10).stream()
            .map(due -> due.webhook().receiver())
            .toList();
    assertThat(told)
        .containsExactlyInAnyOrderElementsOf(
            EventReceivers.ofBudget(holder, Optional.of(alice.id()), List.of(carol.id())));
  }

  @Test
  void who_owns_a_project_is_told_about_those_who_call_through_it() {
    User bob = AUser.called("bob").build();
    PORTS.users().insert(bob);
    Project project = AProject.of(alice, "p").build();
    PORTS.projects().insert(project);
    BudgetHolder caller = BudgetHolder.callerThrough(project.id().value(), bob.id().value());
    give(bob.id());
    spend(account(caller), 0);
    spend(account(caller), 500);

    assertThat(delivered())
        .hasSize(2)
        .extracting(WebhookMessage.ThresholdReached::holder)
        .containsOnly(caller);
    HolderNames names =
        new JdbcHolderDirectory(new Database(PORTS.dataSource()))
            .names(List.of(caller))
            .getOrDefault(caller, HolderNames.NONE);
    assertThat(names.project()).contains(project.ref());
    assertThat(names.user()).contains(bob.handle());
  }

  @Test
  void accounts_of_what_is_gone_are_charged_all_the_same() {
    for (BudgetHolder holder :
        List.of(
            BudgetHolder.callerOf(UUID.randomUUID(), UUID.randomUUID()),
            BudgetHolder.groupOn(UUID.randomUUID(), UUID.randomUUID()),
            BudgetHolder.service(UUID.randomUUID()),
            BudgetHolder.token(UUID.randomUUID()),
            BudgetHolder.user(UUID.randomUUID()),
            BudgetHolder.memberOf(UUID.randomUUID(), UUID.randomUUID()),
            BudgetHolder.group(UUID.randomUUID()),
            BudgetHolder.callerThrough(UUID.randomUUID(), UUID.randomUUID()))) {
      spend(account(holder), 0);
      spend(account(holder), 900);
    }
    assertThat(delivered()).isEmpty();
  }

  @Test
  void of_many_nodes_that_deliver_at_once_one_gets_each_message() {
    spend(account, 0);
    spend(account, 1_000);

    List<List<DueDelivery>> taken =
        Race.of(MANY, n -> webhooks.takeDue(now(), Duration.ofMinutes(1), 10), 1);

    assertThat(taken.stream().flatMap(List::stream)).hasSize(1);
  }

  private UUID project() {
    Project project = AProject.of(alice, "p").build();
    PORTS.projects().insert(project);
    return project.id().value();
  }
}
