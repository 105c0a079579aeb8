package io.claviger.domain.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.GranteeId;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.BudgetHolder;
import io.claviger.domain.groups.Group;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.webhooks.EventReceivers.Holder;
import io.claviger.domain.webhooks.EventReceivers.Parties;
import io.claviger.domain.webhooks.WebhookMessage.Fact;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests who is told about which event, over all types, roles and parties. */
final class EventReceiversTest {
  private static final User.Id OWNER = new User.Id(new UUID(0, 1));
  private static final User.Id CONCERNED = new User.Id(new UUID(0, 2));
  private static final User.Id RESPONSIBLE = new User.Id(new UUID(0, 3));
  private static final List<Holder> HOLDERS = holders();

  private static List<Holder> holders() {
    List<Holder> holders = new ArrayList<>();
    for (Role role : Role.values()) {
      holders.add(new Holder(new User.Id(new UUID(1, role.ordinal())), role));
      holders.add(new Holder(new Group.Id(new UUID(2, role.ordinal())), role));
    }
    return holders;
  }

  private static Set<GranteeId> with(GranteeId... others) {
    return Set.of(others);
  }

  private static Set<GranteeId> coOwners(GranteeId... others) {
    Set<GranteeId> all = new HashSet<>(Set.of(others));
    HOLDERS.stream()
        .filter(holder -> holder.role() == Role.OWNER)
        .map(Holder::grantee)
        .forEach(all::add);
    return all;
  }

  @ParameterizedTest
  @EnumSource(value = EventType.class, mode = EnumSource.Mode.EXCLUDE, names = "BUDGET_CROSSED")
  void each_event_is_told_to_those_who_may_answer_or_are_concerned(EventType type) {
    Set<GranteeId> expected =
        switch (type) {
          case REQUEST_CREATED -> coOwners(OWNER);
          case REQUEST_GRANTED, TRANSFER_OFFERED, WEBHOOK_TEST -> with(CONCERNED);
          case KEY_REJECTED, KEY_OLD, CREDENTIAL_FAILED -> with(CONCERNED);
          case SHARE_EXPIRING -> with(CONCERNED, OWNER);
          case ADMINISTRATOR_CHANGED -> with(CONCERNED, User.Id.SYSTEM);
          case TOKEN_LEAKED, TOKEN_BOUND -> with(OWNER, RESPONSIBLE, User.Id.SYSTEM);
          case BILL_DIFFERS -> with(OWNER);
          case BUDGET_CROSSED -> throw new IllegalArgumentException();
        };
    assertThat(
            EventReceivers.of(
                type,
                new Parties(
                    Optional.of(OWNER), Optional.of(CONCERNED), HOLDERS, List.of(RESPONSIBLE))))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource(
      value = EventType.class,
      names = {"KEY_REJECTED", "KEY_OLD", "CREDENTIAL_FAILED"})
  void the_key_of_a_service_concerns_those_who_may_replace_it(EventType type) {
    assertThat(EventReceivers.of(type, new Parties(Optional.of(OWNER), Optional.empty(), HOLDERS)))
        .isEqualTo(coOwners(OWNER, User.Id.SYSTEM));
  }

  @ParameterizedTest
  @EnumSource(value = EventType.class, mode = EnumSource.Mode.EXCLUDE, names = "BUDGET_CROSSED")
  void readers_and_writers_learn_nothing_by_their_shares(EventType type) {
    List<Holder> low = HOLDERS.stream().filter(h -> h.role() != Role.OWNER).toList();
    assertThat(EventReceivers.of(type, new Parties(Optional.empty(), Optional.empty(), low)))
        .isSubsetOf(Set.of(User.Id.SYSTEM));
  }

  @ParameterizedTest
  @EnumSource(BudgetHolder.Kind.class)
  void a_budget_concerns_who_uses_it_who_lends_it_and_who_gave_it(BudgetHolder.Kind kind) {
    UUID service = new UUID(3, 1);
    User.Id user = new User.Id(new UUID(3, 2));
    Group.Id group = new Group.Id(new UUID(3, 3));
    User.Id manager = new User.Id(new UUID(3, 4));
    BudgetHolder holder =
        switch (kind) {
          case SERVICE_CALLER -> BudgetHolder.callerOf(service, user.value());
          case SERVICE_GROUP -> BudgetHolder.groupOn(service, group.value());
          case SERVICE -> BudgetHolder.service(service);
          case TOKEN -> BudgetHolder.token(new UUID(3, 5));
          case USER -> BudgetHolder.user(user.value());
          case GROUP_MEMBER -> BudgetHolder.memberOf(group.value(), user.value());
          case GROUP_OWNER -> BudgetHolder.ownerIn(group.value(), user.value());
          case GROUP -> BudgetHolder.group(group.value());
          case PROJECT_CALLER -> BudgetHolder.callerThrough(service, user.value());
        };
    Set<GranteeId> expected =
        switch (kind) {
          case SERVICE_CALLER, PROJECT_CALLER -> with(OWNER, user);
          case SERVICE_GROUP, SERVICE, TOKEN -> with(OWNER);
          case USER, GROUP_MEMBER, GROUP_OWNER -> with(user, User.Id.SYSTEM);
          case GROUP -> with(group, manager, User.Id.SYSTEM);
        };
    assertThat(EventReceivers.ofBudget(holder, Optional.of(OWNER), List.of(manager)))
        .isEqualTo(expected);
    assertThatThrownBy(() -> EventReceivers.of(EventType.BUDGET_CROSSED, Parties.owner(OWNER)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_selection_names_types_that_can_be_selected_each_once_in_their_order() {
    SelectedEvents some = SelectedEvents.of(List.of(EventType.KEY_OLD, EventType.KEY_REJECTED));
    assertThat(some.wireNames()).containsExactly("key.rejected", "key.old");
    assertThatThrownBy(() -> SelectedEvents.of(List.of(EventType.WEBHOOK_TEST)))
        .isInstanceOf(InvalidValue.class);
    assertThatThrownBy(() -> SelectedEvents.of(List.of(EventType.KEY_OLD, EventType.KEY_OLD)))
        .isInstanceOf(InvalidValue.class);
  }

  @Test
  void a_value_is_one_line_of_bounded_length() {
    assertThat(new Fact("a", "x\r\ny\u202Ez\u2028").value()).isEqualTo("x y z ");
    assertThat(new Fact("a", "x".repeat(400)).value()).hasSize(Fact.LONGEST).endsWith("…");
  }
}
