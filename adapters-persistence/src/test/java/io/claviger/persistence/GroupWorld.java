package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.Seeds;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.limits.port.AssignedLimitsStore.StoredLimits;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.groups.Group;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.LimitsInAll;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.policy.PaceKind;
import io.claviger.domain.policy.PaceTerms;
import io.claviger.domain.policy.UserLimits;
import io.claviger.domain.sharing.GroupShare;
import io.claviger.domain.sharing.HeldShares;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import io.claviger.persistence.shared.Parameters;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * Random users, groups, services and shares, stored, and remembered here as they are. Ties are
 * frequent: there are two creation times, and three expiries, one of which is over.
 */
final class GroupWorld {
  static final Instant NOW = Seeds.SEEDED_AT;

  private final PostgresPorts ports;
  private final Random random;
  final List<User> users = new ArrayList<>();
  final List<Instance> services = new ArrayList<>();
  private final List<Group.Id> groups = new ArrayList<>();
  private final List<Membership> memberships = new ArrayList<>();
  private final List<OwnShare> own = new ArrayList<>();
  private final List<SharedWithGroup> byGroup = new ArrayList<>();

  private final Map<Group.Id, UserLimits.OfGroup> groupLimits = new HashMap<>();

  private record Membership(Group.Id group, User user) {}

  private record OwnShare(Instance.Id service, User user, Share share) {}

  private record SharedWithGroup(Instance.Id service, GroupShare share) {}

  GroupWorld(PostgresPorts ports, long seed) {
    this.ports = ports;
    this.random = new Random(seed);
    int unused = ports.sql().sql("delete from groups").update();
    users.add(user(AUser.called("u0").administrator().build()));
    for (int n = 1; n < 5; n++) {
      users.add(user(AUser.called("u" + n).build()));
    }
    for (int n = 0; n < 6; n++) {
      service(
          AnInstance.of(users.get(random.nextInt(3)), "s" + n)
              .limits(limits())
              .budgetsInAll(budgets())
              .limitsInAll(new LimitsInAll(some(1 + random.nextInt(9)), pace()))
              .build());
    }
    service(AnInstance.systemLevel("s").build());
    for (int n = 0; n < 4; n++) {
      group("g" + n);
    }
    users.stream().filter(user -> random.nextBoolean()).forEach(this::limit);
    groups.forEach(this::limit);
    for (int n = 0; n < 10; n++) {
      shareWithUser();
    }
    for (int n = 0; n < 14; n++) {
      shareWithGroup();
    }
  }

  /** Returns the shares that the user holds, by the rule of the domain. */
  HeldShares held(User user, Instance service) {
    Optional<Share> share =
        own.stream()
            .filter(s -> s.service().equals(service.id()) && s.user().equals(user))
            .map(OwnShare::share)
            .findFirst();
    List<GroupShare> shares =
        service.owner().equals(user.id())
            ? List.of()
            : byGroup.stream()
                .filter(s -> s.service().equals(service.id()))
                .map(SharedWithGroup::share)
                .filter(s -> memberships.contains(new Membership(s.group(), user)))
                .toList();
    return HeldShares.of(share, shares, NOW);
  }

  static TokenHash token(User user) {
    return new TokenHash(
        ByteBuffer.allocate(32)
            .putLong(user.id().value().getMostSignificantBits())
            .putLong(user.id().value().getLeastSignificantBits())
            .array());
  }

  private User user(User user) {
    ports.users().insert(user);
    ports.accessTokens().save(AToken.of(user).build(), token(user));
    return user;
  }

  private void service(Instance service) {
    ports.instances().insert(service, new SecretChange.Keep(), new SecretChange.Keep());
    services.add(service);
  }

  private void group(String handle) {
    // Half of the ids begin with a bit that is a sign in Java, and a digit like others in SQL.
    Group.Id group = new Group.Id(new UUID(random.nextLong(), random.nextLong()));
    groups.add(group);
    change(
        """
        insert into groups (id, handle, display_name, kind, version, created_at, updated_at)
        values ('%s', '%s', 'G', 'local', 1, now(), now())
        """
            .formatted(group.value(), handle));
    for (User user : users) {
      if (random.nextInt(3) > 0) {
        memberships.add(new Membership(group, user));
        change(
            "insert into group_members values ('%s', '%s', 'member', now())"
                .formatted(group.value(), user.id().value()));
      }
    }
  }

  private void shareWithUser() {
    Instance service = services.get(random.nextInt(services.size() - 1));
    User user = users.get(random.nextInt(users.size()));
    if (service.owner().equals(user.id())
        || own.stream().anyMatch(s -> s.service().equals(service.id()) && s.user().equals(user))) {
      return;
    }
    AShare builder = AShare.with(user).role(Role.values()[random.nextInt(3)]).limits(limits());
    Optional<Instant> end = end();
    Share share = end.map(builder::expiresAt).orElse(builder).build();
    ports.shares().insert(service.id(), share, service.owner());
    own.add(new OwnShare(service.id(), user, share));
  }

  private void shareWithGroup() {
    Instance service = services.get(random.nextInt(services.size() - 1));
    int number = random.nextInt(groups.size());
    Group.Id group = groups.get(number);
    if (byGroup.stream()
        .anyMatch(s -> s.service().equals(service.id()) && s.share().group().equals(group))) {
      return;
    }
    Role role = Role.values()[random.nextInt(2)];
    Instant createdAt = NOW.minusSeconds(random.nextInt(2));
    GroupShare share =
        new GroupShare(
            group,
            new Handle("g" + number),
            new Share.Terms(role, false, end(), limits(), limits()),
            Optional.empty(),
            createdAt);
    byGroup.add(new SharedWithGroup(service.id(), share));
    StatementSpec statement =
        ports
            .sql()
            .sql(
                """
                insert into shares (
                  instance_id, owner_handle, instance_handle, grantee_id, grantee_handle, role,
                  may_reshare, expires_at, limit_requests_per_minute, limit_models,
                  limit_operations, limit_max_output_tokens, limit_budgets, limit_pace,
                  pooled_limit_requests_per_minute, pooled_limit_models, pooled_limit_operations,
                  pooled_limit_max_output_tokens, pooled_limit_budgets, pooled_limit_pace, version,
                  created_at)
                values (:service, :owner, :handle, :group, :at, :role, false, :end,
                  :limit_requests_per_minute, :limit_models, :limit_operations,
                  :limit_max_output_tokens, :limit_budgets, :limit_pace,
                  :pooled_limit_requests_per_minute,
                  :pooled_limit_models, :pooled_limit_operations, :pooled_limit_max_output_tokens,
                  :pooled_limit_budgets, :pooled_limit_pace, 1, :created)
                """)
            .param("service", service.id().value())
            .param("owner", service.ref().owner().value())
            .param("handle", service.ref().handle().value())
            .param("group", group.value())
            .param("at", "@g" + number)
            .param("role", role.name().toLowerCase(Locale.ROOT))
            .param("end", Parameters.at(share.terms().expiresAt()))
            .param("created", Parameters.at(createdAt));
    StatementSpec limited = Parameters.withLimits(statement, share.terms().limits());
    int inserted = Parameters.withLimits(limited, "pooled_", share.terms().pooledLimits()).update();
    assertThat(inserted).isEqualTo(1);
  }

  private Optional<Instant> end() {
    return switch (random.nextInt(4)) {
      case 0 -> Optional.of(NOW);
      case 1 -> Optional.of(NOW.plusSeconds(1));
      default -> Optional.empty();
    };
  }

  private Limits limits() {
    return random.nextBoolean()
        ? Limits.NONE
        : new Limits(
                some(1 + random.nextInt(9)),
                some(Set.of(new ModelPattern("m-" + random.nextInt(3)), new ModelPattern("n*"))),
                some(Set.of(new Operation("POST a"), new Operation("GET b/{c}"))),
                some(1 + random.nextInt(9)),
                budgets())
            .with(pace());
  }

  private PaceTerms pace() {
    Map<PaceKind, Integer> each = new EnumMap<>(PaceKind.class);
    for (PaceKind kind : PaceKind.values()) {
      some(1 + random.nextInt(9)).ifPresent(limit -> each.put(kind, limit));
    }
    return new PaceTerms(each);
  }

  private <T> Optional<T> some(T value) {
    return random.nextBoolean() ? Optional.of(value) : Optional.empty();
  }

  private Budgets budgets() {
    Map<Budget.Key, Budget> all = new LinkedHashMap<>();
    for (int n = random.nextInt(5); n > 0; n--) {
      BudgetUnit unit = BudgetUnit.values()[random.nextInt(3)];
      Budget budget =
          new Budget(
              1 + random.nextLong(unit.most()),
              unit,
              BudgetWindow.values()[random.nextInt(4)],
              random.nextBoolean() ? BudgetZone.UTC : new BudgetZone("Asia/Kathmandu"),
              BudgetBound.values()[random.nextInt(2)],
              unit == BudgetUnit.USD && random.nextBoolean());
      all.putIfAbsent(budget.key(), budget);
    }
    return new Budgets(List.copyOf(all.values()));
  }

  /** Returns the limits that administrators set for the user and for the user's groups. */
  UserLimits set(User user) {
    return new UserLimits(
        ports.assignedLimits().find(user.id()).limits(),
        memberships.stream()
            .filter(membership -> membership.user().equals(user))
            .map(membership -> groupLimits.get(membership.group()))
            .filter(limits -> !limits.each().isNone() || !limits.pooled().isNone())
            .toList());
  }

  private void limit(User user) {
    ports.assignedLimits().save(user.id(), new StoredLimits(limits(), 1), NOW);
  }

  private void limit(Group.Id group) {
    UserLimits.OfGroup limits = new UserLimits.OfGroup(group.value(), limits(), limits());
    ports.assignedLimits().save(group, false, new StoredLimits(limits.each(), 1), NOW);
    ports.assignedLimits().save(group, true, new StoredLimits(limits.pooled(), 1), NOW);
    groupLimits.put(group, limits);
  }

  private void change(String sql) {
    assertThat(ports.sql().sql(sql).update()).isEqualTo(1);
  }
}
