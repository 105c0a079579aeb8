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
import io.claviger.domain.policy.Limits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
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
    List<Needed> limitedBy)
    implements Incoming {
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
    if (stores.sharesUsedBy(user, allowed, arrivals.now()).isEmpty()) {
      return new Made.LeftOut(ReportReason.NO_USE_OF_SERVICE, "");
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
}
