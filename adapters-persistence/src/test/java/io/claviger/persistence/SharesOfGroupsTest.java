package io.claviger.persistence;

import static io.claviger.persistence.GroupWorld.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.gateway.port.CallContexts.HeldShare;
import io.claviger.application.gateway.port.CallContexts.HoldingGroup;
import io.claviger.application.gateway.port.CallContexts.ServiceContext;
import io.claviger.application.instances.port.InstanceFilter;
import io.claviger.application.instances.port.InstanceStore.VisibleInstance;
import io.claviger.application.routing.port.RoutingContexts.RoutingContext;
import io.claviger.application.routing.port.RoutingContexts.SeenService;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.CallLimits;
import io.claviger.domain.policy.UserLimits;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.HeldShares;
import io.claviger.domain.sharing.Permissions;
import io.claviger.domain.sharing.Relationship;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * In random worlds, statements pick the shares that the rule of the domain chooses, and calls are
 * charged to the budgets that the domain says.
 */
@Tag("thorough")
final class SharesOfGroupsTest {
  private static final int WORLDS = 5;
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();

  @Test
  void statements_choose_as_the_domain_does_and_list_what_can_be_called() {
    for (long seed = 1; seed <= WORLDS; seed++) {
      GroupWorld world = new GroupWorld(PORTS.emptied(), seed);
      for (User user : world.users) {
        for (Instance service : world.services) {
          picksAsTheDomain(
              world,
              user,
              service,
              "seed " + seed + ", " + user.handle() + " and " + service.ref());
        }
        listsWhatCanBeCalled(world, user, "seed " + seed + ", " + user.handle());
        listsByRole(world, user, "seed " + seed + ", " + user.handle());
      }
    }
  }

  private static void picksAsTheDomain(
      GroupWorld world, User user, Instance service, String which) {
    HeldShares held = world.held(user, service);
    Optional<HeldShare> expected = expected(held);

    HeldShares seen =
        PORTS
            .instances()
            .find(service.id(), user.id(), NOW)
            .map(VisibleInstance::shares)
            .orElseThrow();
    assertThat(seen.own().map(Share::terms)).as(which).isEqualTo(held.own().map(Share::terms));
    assertThat(seen.byGroup()).as(which).isEqualTo(held.byGroup());
    assertThat(
            PORTS.callContexts().find(service.ref(), user.id(), NOW).flatMap(ServiceContext::share))
        .as(which)
        .isEqualTo(expected);
    Optional<ServiceContext> called =
        PORTS
            .callContexts()
            .gather(GroupWorld.token(user), service.ref(), NOW)
            .orElseThrow()
            .target();
    assertThat(called.isPresent()).as(which).isEqualTo(allows(user, service, held, Action.SEE));
    assertThat(called.flatMap(ServiceContext::share)).as(which).isEqualTo(expected);
    called.ifPresent(context -> chargesAsTheDomain(world, user, service, context, which));
  }

  private static void chargesAsTheDomain(
      GroupWorld world, User user, Instance service, ServiceContext context, String which) {
    UserLimits set = world.set(user);
    CallLimits expected =
        CallLimits.of(
            Optional.empty(),
            new CallLimits.Of(
                service.id().value(),
                service.settings().limits(),
                service.settings().inAll(),
                service.owner().value()),
            HeldShare.grantee(user.id(), expected(world.held(user, service))),
            Optional.empty(),
            set);
    CallLimits read =
        CallLimits.of(
            Optional.empty(),
            context.instance().asCalled(),
            HeldShare.grantee(user.id(), context.share()),
            Optional.empty(),
            context.callersLimits());
    assertThat(read.budgets()).as(which).containsExactlyInAnyOrderElementsOf(expected.budgets());
    assertThat(read.effective().requestsPerMinute())
        .as(which)
        .isEqualTo(expected.effective().requestsPerMinute());
    assertThat(read.models()).as(which).isEqualTo(expected.models());
    assertThat(read.maxOutputTokens()).as(which).isEqualTo(expected.maxOutputTokens());
    assertThat(
            PORTS
                .instances()
                .find(service.id(), user.id(), NOW)
                .map(VisibleInstance::viewersLimits))
        .as(which)
        .hasValueSatisfying(
            seen -> {
              assertThat(seen.own()).isEqualTo(set.own());
              assertThat(seen.groups()).containsExactlyInAnyOrderElementsOf(set.groups());
            });
  }

  private static void listsWhatCanBeCalled(GroupWorld world, User user, String which) {
    List<Instance.Ref> callable =
        world.services.stream()
            .filter(s -> allows(user, s, world.held(user, s), Action.USE))
            .map(Instance::ref)
            .sorted()
            .toList();
    for (int limit : List.of(1, 2, 100)) {
      assertThat(usable(user, limit)).as(which).isEqualTo(callable);
      assertThat(seen(user, Optional.empty(), limit)).as(which).isEqualTo(callable);
    }
    RoutingContext routing = PORTS.routingContexts().of(user.id(), Optional.empty(), NOW);
    assertThat(routing.callersLimits().groups())
        .as(which)
        .containsExactlyInAnyOrderElementsOf(world.set(user).groups());
    List<SeenService> routed = routing.services();
    assertThat(routed)
        .as(which)
        .extracting(s -> s.instance().ref())
        .containsExactlyInAnyOrderElementsOf(callable);
    for (SeenService service : routed) {
      Instance instance =
          world.services.stream()
              .filter(s -> s.id().equals(service.instance().id()))
              .findFirst()
              .orElseThrow();
      assertThat(service.share()).as(which).isEqualTo(expected(world.held(user, instance)));
    }
  }

  private static void listsByRole(GroupWorld world, User user, String which) {
    for (Role role : Role.values()) {
      List<Instance.Ref> withRole =
          world.services.stream()
              .filter(s -> allows(user, s, world.held(user, s), Action.USE))
              .filter(
                  s ->
                      relationship(user, s, world.held(user, s))
                          .shownRole()
                          .equals(Optional.of(role)))
              .map(Instance::ref)
              .sorted()
              .toList();
      for (int limit : List.of(1, 100)) {
        assertThat(seen(user, Optional.of(role), limit))
            .as(which + " as " + role)
            .isEqualTo(withRole);
      }
    }
  }

  private static List<Instance.Ref> usable(User user, int limit) {
    List<Instance.Ref> all = new ArrayList<>();
    Optional<Instance.Ref> after = Optional.empty();
    List<ServiceContext> page;
    do {
      page = PORTS.callContexts().usableBy(user.id(), after, limit, NOW);
      page.forEach(s -> all.add(s.instance().ref()));
      after = all.isEmpty() ? after : Optional.of(all.get(all.size() - 1));
    } while (page.size() == limit);
    return all;
  }

  private static List<Instance.Ref> seen(User user, Optional<Role> role, int limit) {
    InstanceFilter filter =
        new InstanceFilter(
            Optional.empty(), Optional.empty(), role, Optional.empty(), Optional.empty());
    List<Instance.Ref> all = new ArrayList<>();
    Optional<Instance.Ref> after = Optional.empty();
    List<VisibleInstance> page;
    do {
      page = PORTS.instances().usableBy(user.id(), user.id(), filter.slice(after, limit), NOW);
      page.forEach(s -> all.add(s.instance().ref()));
      after = all.isEmpty() ? after : Optional.of(all.get(all.size() - 1));
    } while (page.size() == limit);
    return all;
  }

  private static Optional<HeldShare> expected(HeldShares held) {
    return held.grant(NOW)
        .map(
            grant ->
                new HeldShare(
                    grant.terms(),
                    held.role(NOW).orElseThrow(),
                    Optional.empty(),
                    grant
                        .group()
                        .map(
                            byGroup ->
                                new HoldingGroup(
                                    byGroup.group(),
                                    byGroup.handle(),
                                    byGroup.terms().pooledLimits()))));
  }

  private static boolean allows(User user, Instance service, HeldShares held, Action action) {
    return Permissions.allows(relationship(user, service, held), action);
  }

  private static Relationship relationship(User user, Instance service, HeldShares held) {
    return Relationship.of(
        user.id(), user.administrator(), service.owner(), service.audience(), held, NOW);
  }
}
