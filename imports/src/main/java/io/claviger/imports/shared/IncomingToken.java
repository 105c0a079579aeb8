package io.claviger.imports.shared;

import io.claviger.application.accounts.ImportedTokens.Added;
import io.claviger.application.accounts.ImportedTokens.NewImportedToken;
import io.claviger.application.shared.AuditTargets;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.budgets.BudgetHolder;
import io.claviger.domain.groups.Group;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * A token whose text is not known, but only its hash.
 *
 * @param ownerKind the owner's kind: user or service account
 * @param owner the owner's id in the source
 * @param services the ids, in the source, of the only services for which the token can be used
 * @param spent the amount that was already spent from the token's budget, in nano-dollars, tokens
 *     or requests
 * @param limitedBy the limits and memberships without which the token would allow more than in the
 *     source
 * @param pool the pooled limits without which the token would allow more than in the source; empty
 *     if there are none
 */
public record IncomingToken(
    TargetStores stores,
    TokenHash hash,
    ImportedKind ownerKind,
    String owner,
    TokenName name,
    AccessToken.Imported imported,
    Set<String> services,
    Limits limits,
    Instant expiresAt,
    long spent,
    List<Needed> limitedBy,
    Optional<Pool> pool)
    implements Incoming {
  /**
   * The limits that a group's shares set on all members of the group together.
   *
   * @param group the group's id in the source
   * @param limits the pooled limits of each share, keyed by the service's id in the source
   */
  public record Pool(String group, Map<String, Limits> limits) {
    public Pool {
      limits = Map.copyOf(limits);
    }
  }

  @Override
  public ImportedKind kind() {
    return ImportedKind.TOKEN;
  }

  @Override
  public String id() {
    return HexFormat.of().formatHex(hash.bytes());
  }

  @Override
  public String label() {
    return name.value() + " (" + id().substring(0, 8) + ")";
  }

  @Override
  public List<Needed> needed() {
    List<Needed> needed = new ArrayList<>(limitedBy);
    needed.addFirst(new Needed(ownerKind, owner, ReportReason.OWNER_MISSING));
    pool.ifPresent(
        of -> needed.add(new Needed(ImportedKind.GROUP, of.group(), ReportReason.GROUP_MISSING)));
    return needed;
  }

  @Override
  public Made make(Arrivals arrivals) {
    User.Id user = new User.Id(arrivals.require(ownerKind, owner));
    Set<UUID> allowed =
        services.stream()
            .flatMap(id -> arrivals.find(ImportedKind.SERVICE, id).stream())
            .collect(Collectors.toUnmodifiableSet());
    if (allowed.isEmpty()) {
      return new Made.LeftOut(ReportReason.SERVICE_MISSING, "");
    }
    Map<UUID, Set<UUID>> used = stores.sharesUsedBy(user, allowed, arrivals.now());
    if (used.isEmpty()) {
      return new Made.LeftOut(ReportReason.NO_USE_OF_SERVICE, "");
    }
    Optional<String> wider = pool.flatMap(of -> leavesPool(of, arrivals, used));
    if (wider.isPresent()) {
      return new Made.LeftOut(ReportReason.LIMIT_NOT_CARRIED, wider.get());
    }
    AccessToken.Imported bounded =
        new AccessToken.Imported(imported.from(), imported.prefix(), Optional.of(allowed));
    return switch (stores
        .importedTokens(arrivals)
        .add(
            new NewImportedToken(
                user, name, hash, bounded, Optional.empty(), limits, arrivals.now(), expiresAt))) {
      case Added.TooManyPrefixes many ->
          new Made.LeftOut(ReportReason.TOO_MANY_PREFIXES, imported.prefix().value());
      case Added.Taken taken -> new Made.LeftOut(ReportReason.TOKEN_TAKEN, "");
      case Added.Known known -> new Made.Existing(known.token().id().value());
      case Added.New made -> {
        stores.open(BudgetHolder.token(made.token().id().value()), limits, spent);
        yield new Made.New(
            made.token().id().value(),
            Optional.of(user.value()),
            AuditAction.TOKEN_CREATE,
            AuditTargets.user(user, stores.handleOf(ownerKind, user.value())),
            List.of("name", "scope", "expires_at", "imported_from"));
      }
    };
  }

  /**
   * Returns why calls with the token would not count against a pool of the source: the group's
   * share in Claviger allows more, or the token's owner can use another share. Empty if all calls
   * count.
   *
   * @param used the holders of the shares that the token's owner can use, keyed by service
   */
  private Optional<String> leavesPool(Pool of, Arrivals arrivals, Map<UUID, Set<UUID>> used) {
    UUID group = arrivals.require(ImportedKind.GROUP, of.group());
    String name = "@" + stores.handleOf(ImportedKind.GROUP, group);
    for (Map.Entry<String, Limits> pooled : of.limits().entrySet()) {
      Optional<UUID> service = arrivals.find(ImportedKind.SERVICE, pooled.getKey());
      if (service.isEmpty() || !used.containsKey(service.get())) {
        continue;
      }
      if (stores
          .shares
          .find(new Instance.Id(service.get()), new Group.Id(group))
          .filter(share -> IncomingShare.isWithin(share.terms(), pooled.getValue()))
          .isEmpty()) {
        return Optional.of("the share of " + name);
      }
      if (!Set.of(group).equals(used.get(service.get()))) {
        return Optional.of("another share than that of " + name);
      }
    }
    return Optional.empty();
  }
}
